//! Renders what was planned, and puts what came out beside the other inputs.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::plan::{Item, Plan};
use super::{Made, Outcome, Render, Renderer, Tool};
use crate::input::{ClosedScope, InputFile, Inputs, Skipped, display};

/// A template among the targets, and the chart that it is rendered with.
#[derive(Clone, Debug)]
pub struct Template {
    /// The template.
    pub path: PathBuf,
    /// The directory of the outermost chart.
    pub chart: PathBuf,
}

/// Where paths are seen from.
#[derive(Clone, Copy, Debug)]
pub struct Places<'p> {
    /// The working directory.
    pub directory: &'p Path,
    /// The root of the context.
    pub root: &'p Path,
}

/// Renders a plan, and notes the templates that nothing came of.
pub fn perform(plan: &Plan, templates: &[Template], renderer: &dyn Renderer, inputs: &mut Inputs, places: Places<'_>) {
    let outcomes: Vec<_> = plan.items.par_iter().map(|item| outcome(item, renderer)).collect();
    let known = inputs.files.iter().enumerate().map(|(index, file)| (file.location.clone(), index)).collect();
    let targets = templates.iter().map(|template| template.path.as_path()).collect();
    let mut joiner = Joiner { inputs, places, known, targets, outputs: HashSet::new(), charts: HashMap::new() };
    for (item, outcome) in plan.items.iter().zip(outcomes) {
        joiner.join(item, outcome);
    }
    for template in templates {
        joiner.note(template, plan);
    }
    for (file, what) in &plan.passed {
        joiner.pass(file, what);
    }
}

fn outcome(item: &Item, renderer: &dyn Renderer) -> Outcome {
    item.foregone.clone().unwrap_or_else(|| renderer.render(&item.job))
}

struct Joiner<'i> {
    inputs: &'i mut Inputs,
    places: Places<'i>,
    /// Files by their location.
    known: HashMap<String, usize>,
    /// The templates among the targets.
    targets: HashSet<&'i Path>,
    /// The templates that something came of, by chart directory and the path that helm prints.
    outputs: HashSet<(PathBuf, String)>,
    /// The charts that were tried: whether they were rendered.
    charts: HashMap<PathBuf, bool>,
}

impl Joiner<'_> {
    fn join(&mut self, item: &Item, outcome: Outcome) {
        let Some(file) = self.file(&item.file) else { return };
        let tried = !matches!(outcome, Outcome::NotRendered(_));
        let is_made = matches!(outcome, Outcome::Made { .. });
        if item.job.tool == Tool::Helm {
            *self.charts.entry(item.job.directory.clone()).or_default() |= is_made;
            let parts = item.parts.iter().filter(|_| tried).filter_map(|part| self.file(part)).collect::<Vec<_>>();
            self.inputs.parts.extend(parts);
            self.inputs.parts.insert(file);
        }
        let made = match outcome {
            Outcome::Made { manifests, warnings } => {
                let covers = item.covers.iter().filter_map(|file| self.file(file)).collect::<Vec<_>>();
                self.inputs.covered.extend(covers);
                self.outputs.extend(sources(&manifests).map(|source| (item.job.directory.clone(), source)));
                Made::Manifests { file: self.manifests(item, file, manifests), warnings }
            }
            Outcome::Failed(why) => Made::Failed(why),
            Outcome::NotRendered(why) => Made::NotRendered(why),
        };
        let sources = item.covers.iter().filter_map(|file| self.file(file)).collect();
        let value_files = item.job.values.files.iter().filter_map(|file| self.file(file)).collect();
        self.inputs.renders.push(Render {
            tool: item.job.tool,
            release: item.job.release.clone(),
            directory: display(self.places.directory, &item.job.directory),
            values: item.values.clone(),
            value_files,
            sources,
            file,
            whole: item.whole,
            orchestrator: item.orchestrator,
            made,
        });
    }

    /// Adds what was rendered, in the scope of its release.
    fn manifests(&mut self, item: &Item, of: usize, bytes: Vec<u8>) -> usize {
        let index = self.inputs.files.len();
        let name = format!("<{}>", item.job.release);
        let folder = self.inputs.files[of].location.rsplit_once('/').map_or("", |(folder, _)| folder);
        let location = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
        self.inputs.files.push(InputFile { path: name, location, bytes, target: true, named: false });
        match item.scope.and_then(|scope| self.inputs.closed.get_mut(scope)) {
            Some(scope) => scope.files.push(index),
            None => self.inputs.closed.push(ClosedScope {
                name: item.job.release.clone(),
                namespace: item.job.values.namespace.clone(),
                orchestrator: item.orchestrator,
                files: vec![index],
                dockerfiles: Vec::new(),
            }),
        }
        index
    }

    /// The index of a file, which is read if it is none of the tree's.
    fn file(&mut self, path: &Path) -> Option<usize> {
        let location = display(self.places.root, path);
        if let Some(index) = self.known.get(&location) {
            return Some(*index);
        }
        let bytes = fs::read(path).ok()?;
        let target = self.targets.contains(path);
        let index = self.inputs.files.len();
        let path = display(self.places.directory, path);
        self.known.insert(location.clone(), index);
        self.inputs.files.push(InputFile { path, location, bytes, target, named: false });
        self.inputs.parts.insert(index);
        Some(index)
    }

    /// Says why a template of the targets was not looked at, if it was not.
    fn note(&mut self, template: &Template, plan: &Plan) {
        let chart = display(self.places.directory, &template.chart);
        let reason = match self.charts.get(&template.chart) {
            _ if plan.libraries.contains(&template.chart) => {
                format!("a template of the library chart {chart}, which only other charts render")
            }
            Some(true) if self.came_of(template) => return,
            Some(true) => "a template that nothing came of with the values used".to_string(),
            _ => format!("a template of the Helm chart {chart}, which was not rendered"),
        };
        let path = display(self.places.directory, &template.path);
        self.inputs.skipped.push(Skipped { path, reason });
    }

    /// Notes what an object of the targets deploys from elsewhere.
    fn pass(&mut self, file: &Path, what: &str) {
        let known = self.known.get(&display(self.places.root, file));
        if known.is_some_and(|index| self.inputs.files[*index].target) {
            let path = display(self.places.directory, file);
            self.inputs.skipped.push(Skipped { path, reason: format!("{what}: not looked at") });
        }
    }

    /// Whether helm names a template as the source of a manifest. It prints the names of
    /// charts where the tree has their directories, which may differ.
    fn came_of(&self, template: &Template) -> bool {
        let name = template.path.file_name().unwrap_or_default().to_string_lossy();
        let is_helper = name.starts_with('_') || !(name.ends_with(".yaml") || name.ends_with(".yml"));
        let relative = display(&template.chart, &template.path);
        is_helper || self.outputs.contains(&(template.chart.clone(), relative))
    }
}

/// The templates that helm names as sources, without the chart's name in front.
fn sources(manifests: &[u8]) -> impl Iterator<Item = String> {
    let lines = manifests.split(|byte| *byte == b'\n').filter_map(|line| line.strip_prefix(b"# Source: "));
    let names: HashSet<_> = lines.filter_map(|line| std::str::from_utf8(line).ok()).map(str::trim).collect();
    let paths = names.into_iter().filter_map(|name| name.split_once('/')).map(|(_, path)| path.to_string());
    paths.collect::<Vec<_>>().into_iter()
}
