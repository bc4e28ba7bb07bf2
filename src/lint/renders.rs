//! What came of renders, with places: failures, and hooks that helm left out.

use std::collections::HashMap;

use super::texts::Texts;
use crate::input::Inputs;
use crate::input::render::{Made, Render, Tool};
use crate::release::deploy::hook::HELM_HOOK;
use crate::release::render::{DroppedHook, RenderFault};
use crate::source::{Source, SourceId, Span};
use crate::syntax::yaml;

/// The complaint of helm about a hook, in front of the quoted value.
const SKIPPED_HOOK: &str = "skipping unknown hook: ";
/// The complaint of helm about dependencies, in front of their names.
const MISSING: &str = "found in Chart.yaml, but missing in charts/ directory: ";

/// What is judged of renders, apart from the manifests.
#[derive(Default)]
pub struct Renders {
    /// Charts and kustomizations that gave no manifests.
    pub faults: Vec<RenderFault>,
    /// What helm left out.
    pub dropped: Vec<DroppedHook>,
}

impl Renders {
    pub(super) fn read(inputs: &Inputs, texts: &Texts) -> Self {
        let reader = Reader::new(inputs, texts);
        let mut found = Self::default();
        for render in &inputs.renders {
            match &render.made {
                Made::Manifests { warnings, .. } => found.dropped.extend(reader.dropped(render, warnings)),
                Made::Failed(why) => found.faults.push(reader.failed(render, why)),
                Made::NotRendered(why) => found.faults.push(reader.fault(render, false, why.clone())),
            }
        }
        found
    }
}

struct Reader<'i> {
    inputs: &'i Inputs,
    texts: &'i Texts,
    by_location: HashMap<&'i str, usize>,
}

impl<'i> Reader<'i> {
    fn new(inputs: &'i Inputs, texts: &'i Texts) -> Self {
        let files = inputs.files.iter().enumerate();
        Self { inputs, texts, by_location: files.map(|(index, file)| (file.location.as_str(), index)).collect() }
    }

    fn fault(&self, render: &Render, tried: bool, why: String) -> RenderFault {
        let kind = if render.tool == Tool::Helm { "the chart" } else { "the kustomization" };
        let what = match render.tool {
            Tool::Helm => format!("{kind} {} for release {}", render.directory, render.release),
            Tool::Kustomize => format!("{kind} {}", render.directory),
        };
        let place = self.place(render);
        RenderFault { place, tool: render.tool.to_string(), what, tried, why, help: None, at: None }
    }

    fn failed(&self, render: &Render, why: &str) -> RenderFault {
        let mut fault = self.fault(render, true, why.to_string());
        if let Some((_, names)) = why.split_once(MISSING) {
            fault.why = format!("its dependencies are not in charts/: {}", names.trim());
            fault.help = Some(format!("Run `helm dependency build {}`.", render.directory));
        }
        fault.at = self.place_in_words(render, why);
        fault
    }

    /// The name of a chart; the first key of a kustomization.
    fn place(&self, render: &Render) -> Span {
        let id = self.texts.source(render.file);
        let text = self.texts.sources.get(id).text();
        let documents = yaml::split(text).first().and_then(|chunk| yaml::parse(id, text, chunk).ok());
        let root = documents.as_ref().and_then(|documents| documents.first()).map(yaml::Document::root);
        let name = root.and_then(|root| root.get("name")).filter(|_| render.tool == Tool::Helm);
        let first = root.and_then(|root| root.entries().next()).map(|entry| entry.key);
        name.or(first).map_or(Span::new(id, 0, 0), yaml::Node::span)
    }

    /// The first `shop/templates/web.yaml:12:20` in what a tool said, the column left out.
    fn place_in_words(&self, render: &Render, said: &str) -> Option<Span> {
        let words = said.split(|letter: char| letter.is_whitespace() || "()\"'<>".contains(letter));
        words.filter(|word| word.contains('/')).find_map(|word| {
            let mut parts = word.split(':');
            let source = self.template(render, parts.next()?)?;
            let line = parts.next().and_then(|line| line.parse::<usize>().ok()).unwrap_or(1);
            let line = line_span(self.texts.sources.get(source), line);
            Some(Span::new(source, line.0, line.1))
        })
    }

    /// The source of a template by the path that helm prints, which begins with the chart's
    /// name.
    fn template(&self, render: &Render, path: &str) -> Option<SourceId> {
        let (_, below) = path.split_once('/')?;
        let chart = self.inputs.files[render.file].location.rsplit_once('/').map(|(directory, _)| directory);
        let location = chart.map_or_else(|| below.to_string(), |chart| format!("{chart}/{below}"));
        let file = self.by_location.get(location.as_str())?;
        Some(self.texts.source(*file))
    }

    fn dropped(&self, render: &Render, warnings: &str) -> Vec<DroppedHook> {
        let values = warnings.lines().filter_map(|line| line.split_once(SKIPPED_HOOK)).map(|(_, value)| value.trim());
        let mut places: Vec<Span> = Vec::new();
        let hooks = values.map(|value| {
            let value = serde_json::from_str(value).unwrap_or_else(|_| value.to_string());
            let place = self.annotation(render, &value, &places).unwrap_or_else(|| self.place(render));
            places.push(place);
            DroppedHook { value, place, release: render.release.clone() }
        });
        hooks.collect()
    }

    /// The line of a template that has the annotation with a value, and is not among those
    /// that are `taken`.
    fn annotation(&self, render: &Render, value: &str, taken: &[Span]) -> Option<Span> {
        let folder = self.inputs.files[render.file].location.rsplit_once('/').map_or("", |(folder, _)| folder);
        let parts = self.inputs.parts.iter().filter(|part| self.inputs.files[**part].location.starts_with(folder));
        let places = parts.flat_map(|part| {
            let source = self.texts.source(*part);
            let text = self.texts.sources.get(source).text();
            let lines = text.match_indices(HELM_HOOK).filter_map(move |(at, _)| {
                let rest = text[at + HELM_HOOK.len()..].lines().next()?;
                let before = rest.find(value).filter(|_| rest.trim_start_matches(['"', '\'']).starts_with(':'))?;
                let start = at + HELM_HOOK.len() + before;
                Some(Span::new(source, start as u32, (start + value.len()) as u32))
            });
            lines.collect::<Vec<_>>()
        });
        let places: Vec<_> = places.collect();
        places.iter().find(|place| !taken.contains(place)).or(places.first()).copied()
    }
}

/// The bytes of a line (from 1), without what it is indented by.
fn line_span(source: &Source, line: usize) -> (u32, u32) {
    let range = source.line_range(line.saturating_sub(1)).unwrap_or(0..0);
    let text = &source.text()[range.clone()];
    let indent = text.len() - text.trim_start().len();
    ((range.start + indent) as u32, range.end as u32)
}
