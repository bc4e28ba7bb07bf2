//! From what was rendered back to what was written: the template, base or patch that a
//! reader can open.

mod chart;
mod layout;
mod template;
mod values;

use std::collections::HashMap;

use rayon::prelude::*;

use crate::input::Inputs;
use crate::input::render::{Made, Tool};
use crate::source::{SourceId, Sources, Span};
use crate::syntax::yaml::Document;
use chart::{Chart, Traced};

/// Where something that was rendered is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The place.
    pub span: Span,
    /// Whether the line is not certain.
    pub approximate: bool,
    /// Whether the very same bytes stand there, so that an edit of them can be made there.
    pub literal: bool,
    /// The keys of the values that were printed there.
    pub values: Vec<Span>,
}

impl Origin {
    /// A place near by.
    fn near(span: Span) -> Self {
        Self { span, approximate: true, literal: false, values: Vec::new() }
    }
}

/// A render that gave manifests.
struct Rendered {
    tool: Tool,
    /// The manifests.
    output: SourceId,
    /// Its files, by their path from its directory.
    files: HashMap<String, SourceId>,
    /// Files of values that were given, the strongest first.
    values: Vec<SourceId>,
}

/// What was rendered, ready to be traced.
pub struct Tracer<'s> {
    charts: HashMap<SourceId, Chart<'s>>,
    documents: HashMap<Span, Traced<'s>>,
}

impl<'s> Tracer<'s> {
    /// Compares documents with what they were rendered from. `source` gives the source of a
    /// file of the inputs.
    #[must_use]
    pub fn new(inputs: &Inputs, sources: &'s Sources, source: &dyn Fn(usize) -> SourceId, documents: &[Span]) -> Self {
        let rendered = rendered(inputs, source).into_iter().filter(|rendered| rendered.tool == Tool::Helm);
        let rendered: Vec<_> = rendered.collect();
        let charts: HashMap<_, _> = rendered
            .par_iter()
            .filter_map(|rendered| {
                let own: Vec<_> = documents.iter().filter(|it| it.source == rendered.output).copied().collect();
                (!own.is_empty()).then(|| (rendered.output, Chart::new(sources, rendered, &own)))
            })
            .collect();
        let documents = documents
            .par_iter()
            .filter_map(|document| Some((*document, charts.get(&document.source)?.trace(*document))))
            .collect();
        Self { charts, documents }
    }

    /// Where a place in a document is written.
    #[must_use]
    pub fn origin(&self, document: &Document<'_>, span: Span) -> Option<Origin> {
        let chart = self.charts.get(&span.source)?;
        chart.origin(self.documents.get(&document.span())?, document, span)
    }
}

fn rendered(inputs: &Inputs, source: &dyn Fn(usize) -> SourceId) -> Vec<Rendered> {
    let mut found = Vec::new();
    for render in &inputs.renders {
        let Made::Manifests { file: output, .. } = render.made else { continue };
        let location = &inputs.files[render.file].location;
        let folder = location.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
        let below = inputs.files.iter().enumerate().filter(|(index, _)| *index != output);
        let below = below.filter_map(|(index, file)| Some((file.location.strip_prefix(&folder)?, index)));
        let own = below.filter(|(_, index)| render.tool != Tool::Helm || inputs.parts.contains(index));
        found.push(Rendered {
            tool: render.tool,
            output: source(output),
            files: own.map(|(path, index)| (path.to_string(), source(index))).collect(),
            values: render.value_files.iter().rev().map(|file| source(*file)).collect(),
        });
    }
    found
}
