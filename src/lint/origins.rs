//! Findings in what was rendered, at the place that a reviewer can open.

use std::collections::HashSet;

use rayon::prelude::*;

use super::finding::{Finding, RenderedAt, RenderedRelease};
use super::texts::Texts;
use super::workspace::Workspace;
use crate::check::{Edit, Fix, Related};
use crate::input::Inputs;
use crate::input::render::{Made, Render};
use crate::source::Span;
use crate::syntax::yaml::Document;
use crate::trace::{Origin, Tracer};

/// A shorter text is no secret, wherever it is found again.
const SHORTEST_SECRET: usize = 4;

/// Where what was rendered is written.
pub(super) struct Origins<'a> {
    workspace: &'a Workspace<'a>,
    inputs: &'a Inputs,
    texts: &'a Texts,
    tracer: Tracer<'a>,
    /// The documents of what was rendered, in order.
    documents: Vec<(Span, &'a Document<'a>)>,
}

impl<'a> Origins<'a> {
    /// Compares the documents that findings lie in, or that ask not to be told something, with
    /// what they were rendered from.
    pub(super) fn new(
        workspace: &'a Workspace<'a>,
        inputs: &'a Inputs,
        texts: &'a Texts,
        findings: &[Finding<'_>],
    ) -> Self {
        let rendered = |span: Span| workspace.rendered.contains_key(&span.source);
        let documents = workspace.documents.iter().map(|document| (document.span(), *document));
        let mut documents: Vec<_> = documents.filter(|(span, _)| rendered(*span)).collect();
        documents.sort_by_key(|(span, _)| *span);
        let places = findings.iter().flat_map(|finding| {
            let related = finding.hit.related.iter().map(|related| related.span);
            related.chain([finding.hit.span]).collect::<Vec<_>>()
        });
        let places: Vec<_> = places.filter(|place| rendered(*place)).collect();
        let found = places.into_iter().filter_map(|place| holding(&documents, place)).map(Document::span);
        let asking = documents.iter().filter(|(span, _)| workspace.sources.slice(*span).contains("shipworthy"));
        let wanted: HashSet<_> = found.chain(asking.map(|(span, _)| *span)).collect();
        let mut wanted: Vec<_> = wanted.into_iter().collect();
        wanted.sort();
        let tracer = Tracer::new(inputs, workspace.sources, &|file| texts.source(file), &wanted);
        Self { workspace, inputs, texts, tracer, documents }
    }

    /// What was rendered, and with which values.
    pub(super) fn renders(&self) -> Vec<RenderedRelease> {
        let made = self.inputs.renders.iter().filter(|render| matches!(render.made, Made::Manifests { .. }));
        let release = |render: &Render| RenderedRelease {
            tool: render.tool.to_string(),
            release: render.release.clone(),
            path: render.directory.clone(),
            values: render.values.clone(),
            by: render.orchestrator.map(|tool| tool.to_string()),
        };
        made.map(release).collect()
    }

    /// Moves findings to where they are written, and leaves out those that lie in no target
    /// there.
    pub(super) fn trace<'r>(&self, findings: Vec<Finding<'r>>) -> Vec<Finding<'r>> {
        findings.into_par_iter().filter_map(|finding| self.moved(finding)).collect()
    }

    fn moved<'r>(&self, mut finding: Finding<'r>) -> Option<Finding<'r>> {
        let span = finding.hit.span;
        finding.hit.related = finding.hit.related.into_iter().map(|related| self.related(related)).collect();
        finding.hit.fix = finding.hit.fix.map(|fix| self.fix(fix));
        let Some(render) = self.workspace.rendered.get(&span.source).map(|index| &self.inputs.renders[*index]) else {
            return Some(finding);
        };
        let origin = self.origin(span)?;
        finding.hit.span = origin.span;
        finding.template = None;
        finding.hit.related.extend(origin.values.iter().map(|value| {
            let message = "the value comes from here".to_string();
            Related { span: *value, message }
        }));
        let line = self.workspace.sources.get(span.source).position(span.start).line;
        let (release, approximate) = (render.release.clone(), origin.approximate);
        finding.rendered = Some(RenderedAt { span, release, line, approximate });
        let is_target = |span: Span| self.workspace.is_target(span);
        let is_told = render.whole
            || is_target(finding.hit.span)
            || finding.hit.related.iter().any(|related| is_target(related.span));
        is_told.then_some(finding)
    }

    fn related(&self, related: Related) -> Related {
        match self.is_rendered(related.span).then(|| self.origin(related.span)).flatten() {
            Some(origin) => Related { span: origin.span, ..related },
            None => related,
        }
    }

    /// A fix whose edits can be made where the text was written; else what it would do.
    fn fix(&self, fix: Fix) -> Fix {
        if !fix.edits.iter().any(|edit| self.is_rendered(edit.span)) {
            return fix;
        }
        let edits = self.edits(&fix.edits).unwrap_or_default();
        Fix { edits, ..fix }
    }

    /// Edits moved together: all that they span must be written to the letter in one place. An
    /// insertion alone spans nothing that could be found again.
    fn edits(&self, edits: &[Edit]) -> Option<Vec<Edit>> {
        let start = edits.iter().map(|edit| edit.span.start).min()?;
        let end = edits.iter().map(|edit| edit.span.end).max()?;
        let whole = Span { start, end, ..edits.first()?.span };
        if whole.is_empty() || edits.iter().any(|edit| edit.span.source != whole.source) {
            return None;
        }
        let origin = self.traced(whole).filter(|origin| origin.literal && !origin.approximate)?;
        if self.workspace.sources.slice(origin.span) != self.workspace.sources.slice(whole) {
            return None;
        }
        let moved = edits.iter().map(|edit| {
            let at = |offset: u32| origin.span.start + (offset - start);
            let span = Span { start: at(edit.span.start), end: at(edit.span.end), ..origin.span };
            Edit { span, text: edit.text.clone() }
        });
        Some(moved.collect())
    }

    /// Where texts of what was rendered are written to the letter. Where that is not certain, it
    /// is every place of the template that reads the same.
    pub(super) fn places(&self, spans: &[Span]) -> Vec<Span> {
        let rendered = spans.iter().filter(|span| self.is_rendered(**span));
        let traced = rendered.filter_map(|span| Some((*span, self.traced(*span)?)));
        let places = traced.flat_map(|(span, origin)| {
            let text = self.workspace.sources.get(origin.span.source).text();
            let (written, printed) = (self.workspace.sources.slice(origin.span), self.workspace.sources.slice(span));
            if written == printed {
                return vec![origin.span];
            }
            let same = text.match_indices(printed).filter(|_| printed.len() >= SHORTEST_SECRET);
            let place = |(at, _): (usize, &str)| Span::new(origin.span.source, at as u32, (at + printed.len()) as u32);
            same.map(place).collect()
        });
        places.collect()
    }

    fn is_rendered(&self, span: Span) -> bool {
        self.workspace.rendered.contains_key(&span.source)
    }

    fn traced(&self, span: Span) -> Option<Origin> {
        self.tracer.origin(holding(&self.documents, span)?, span)
    }

    /// The origin of a place; the chart or kustomization itself where nothing more is known.
    fn origin(&self, span: Span) -> Option<Origin> {
        self.traced(span).or_else(|| {
            let render = &self.inputs.renders[*self.workspace.rendered.get(&span.source)?];
            let place = Span::new(self.texts.source(render.file), 0, 0);
            Some(Origin { span: place, approximate: true, literal: false, values: Vec::new() })
        })
    }
}

/// The document that holds a place.
fn holding<'d>(documents: &[(Span, &'d Document<'d>)], place: Span) -> Option<&'d Document<'d>> {
    let after = documents.partition_point(|(span, _)| (span.source, span.start) <= (place.source, place.start));
    let (span, document) = documents.get(after.checked_sub(1)?)?;
    let is_inside = span.source == place.source && place.start <= span.end;
    is_inside.then_some(*document)
}
