//! From what was rendered back to what was written: the template, base or patch that a
//! reader can open.

mod build;
mod chart;
mod fields;
mod inline;
mod layout;
mod template;
mod values;

use std::collections::{HashMap, HashSet};

use rayon::prelude::*;

use crate::input::Inputs;
use crate::input::render::{Made, Tool};
use crate::source::{SourceId, Sources, Span};
use crate::syntax::yaml::Document;
use build::Build;
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
    /// What a kustomization is built of, with locations, the outermost first.
    sources: Vec<(String, SourceId)>,
}

/// What was rendered, ready to be traced.
pub struct Tracer<'s> {
    charts: HashMap<SourceId, Chart<'s>>,
    builds: HashMap<SourceId, Build<'s>>,
    documents: HashMap<Span, Traced<'s>>,
}

impl<'s> Tracer<'s> {
    /// Compares documents with what they were rendered from. `source` gives the source of a
    /// file of the inputs.
    #[must_use]
    pub fn new(inputs: &Inputs, sources: &'s Sources, source: &dyn Fn(usize) -> SourceId, documents: &[Span]) -> Self {
        let wanted: HashSet<_> = documents.iter().map(|document| document.source).collect();
        let rendered = rendered(inputs, source).into_iter().filter(|rendered| wanted.contains(&rendered.output));
        let (charts, builds): (Vec<_>, Vec<_>) = rendered.partition(|rendered| rendered.tool == Tool::Helm);
        let builds = builds.par_iter().map(|rendered| (rendered.output, Build::new(sources, rendered))).collect();
        let charts: HashMap<_, _> = charts
            .par_iter()
            .map(|rendered| {
                let own: Vec<_> = documents.iter().filter(|it| it.source == rendered.output).copied().collect();
                (rendered.output, Chart::new(sources, rendered, &own))
            })
            .collect();
        let documents = documents
            .par_iter()
            .filter_map(|document| Some((*document, charts.get(&document.source)?.trace(*document))))
            .collect();
        Self { charts, builds, documents }
    }

    /// Where a place in a document is written.
    #[must_use]
    pub fn origin(&self, document: &Document<'_>, span: Span) -> Option<Origin> {
        if let Some(build) = self.builds.get(&span.source) {
            return build.origin(document, span);
        }
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
            sources: render.sources.iter().map(|file| (inputs.files[*file].location.clone(), source(*file))).collect(),
            values: render.value_files.iter().rev().map(|file| source(*file)).collect(),
        });
    }
    found
}
