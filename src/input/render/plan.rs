//! What is to be rendered, and for which release.
//!
//! The configuration's releases come first, then what Argo CD and Flux are told to deploy from
//! the same repository. A chart or kustomization that none of them names is a release of its own, unless it is only a part of others: a library chart, a chart in
//! another one's `charts/`, a component, a kustomization that another one takes in. Nothing
//! is rendered that no target lies in.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::chart::{self, CHART, Chart};
use super::gitops;
use super::kustomization::{self, Closure, Kustomization};
use super::tree::Tree;
use super::{Job, Outcome, Tool, Values};
use crate::config::{Config, HelmConfig, ReleaseConfig, nearest};
use crate::input::{display, normalize};
use crate::release::Orchestrator;
use crate::release::kustomize::is_kustomization;

/// What is to be rendered.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    pub(super) items: Vec<Item>,
    /// Charts that are only parts of others.
    pub(super) libraries: BTreeSet<PathBuf>,
    /// What objects of Argo CD and Flux deploy that is not among the inputs, with their file.
    pub(super) passed: Vec<(PathBuf, String)>,
    /// What is wrong with the configuration's releases.
    pub problems: Vec<String>,
}

/// Who says how something is rendered.
#[derive(Clone, Debug, Default)]
struct Said {
    /// The entry of the configuration.
    scope: Option<usize>,
    /// Who applies it.
    orchestrator: Option<Orchestrator>,
    /// The file that says so, where that is not the configuration.
    file: Option<PathBuf>,
}

/// A render to come.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) job: Job,
    /// What comes of it, where that can be told without trying.
    pub(super) foregone: Option<Outcome>,
    /// The closed scope of the inputs that it joins; a new one otherwise.
    pub(super) scope: Option<usize>,
    pub(super) orchestrator: Option<Orchestrator>,
    /// What findings about the render itself point at.
    pub(super) file: PathBuf,
    /// Files that are texts for it, and no manifests.
    pub(super) parts: Vec<PathBuf>,
    /// Manifests that are judged as rendered, and no more on their own.
    pub(super) covers: Vec<PathBuf>,
    /// Whether a whole of targets is rendered: findings anywhere in it count.
    pub(super) whole: bool,
    pub(super) values: Vec<String>,
}

impl Plan {
    /// Finds what is to be rendered.
    #[must_use]
    pub fn new(tree: Tree<'_>, config: &Config) -> Self {
        let mut planner = Planner { tree, plan: Self::default(), rendered: BTreeSet::new() };
        for (scope, release) in config.releases.iter().enumerate() {
            planner.release(scope, release);
        }
        planner.gitops();
        planner.charts();
        planner.kustomizations();
        planner.plan
    }

    /// What is to be rendered, in short.
    pub fn deployments(&self) -> impl Iterator<Item = Deployment> {
        self.items.iter().map(|item| Deployment {
            directory: item.job.directory.clone(),
            release: item.job.release.clone(),
            tool: item.job.tool,
            by: item.orchestrator.map(|tool| tool.to_string()),
        })
    }
}

/// A chart or kustomization that is deployed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deployment {
    /// Its directory, absolute.
    pub directory: PathBuf,
    /// The name of its release.
    pub release: String,
    /// The tool that renders it.
    pub tool: Tool,
    /// Who deploys it, where the tree says so.
    pub by: Option<String>,
}

impl Said {
    fn by(scope: usize, release: &ReleaseConfig) -> Self {
        Self { scope: Some(scope), orchestrator: release.deployed_by(), file: None }
    }
}

struct Planner<'t> {
    tree: Tree<'t>,
    plan: Plan,
    /// The directories that a release names.
    rendered: BTreeSet<PathBuf>,
}

impl Planner<'_> {
    fn release(&mut self, scope: usize, release: &ReleaseConfig) {
        if let Some(helm) = &release.helm {
            let directory = normalize(self.tree.root, Path::new(&helm.chart));
            if directory.join(CHART).is_file() {
                let values = self.values(helm, release);
                let name = helm.release_name.clone().unwrap_or_else(|| release.name.clone());
                self.rendered.insert(directory.clone());
                self.chart(&directory, name, values, &Said::by(scope, release));
            } else {
                self.problem(release, "helm.chart", &helm.chart, CHART);
            }
        }
        if let Some(path) = &release.kustomize {
            let directory = normalize(self.tree.root, Path::new(path));
            if let Some(file) = kustomization::file_of(&directory) {
                self.rendered.insert(directory.clone());
                let values = Values { namespace: release.namespace().map(str::to_string), ..Values::default() };
                self.kustomization(&directory, file, &release.name, values, &Said::by(scope, release));
            } else {
                self.problem(release, "kustomize", path, "kustomization.yaml");
            }
        }
    }

    /// A directory of the configuration that is none of what it should be.
    fn problem(&mut self, release: &ReleaseConfig, key: &str, path: &str, file: &str) {
        let known = self.tree.files.keys().filter(|known| known.ends_with(file)).filter_map(|known| known.parent());
        let known: Vec<_> = known.map(|known| display(self.tree.root, known)).collect();
        let near = nearest(path, known.iter().map(String::as_str));
        let near = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
        let message = format!("releases: {}: {key}: there is no {file} in {path}{near}", release.name);
        self.plan.problems.push(message);
    }

    fn values(&self, helm: &HelmConfig, release: &ReleaseConfig) -> Values {
        let set = helm.set.iter().map(|(key, value)| (key.clone(), value.to_string()));
        Values {
            namespace: helm.namespace.clone().or_else(|| release.namespace().map(str::to_string)),
            files: helm.values.iter().map(|file| normalize(self.tree.root, Path::new(file))).collect(),
            set: set.collect(),
            inline: None,
            kube_version: helm.kube_version.clone(),
            api_versions: helm.api_versions.clone(),
        }
    }

    /// What Argo CD and Flux are told, of directories that the configuration does not name.
    fn gitops(&mut self) {
        let configured = self.rendered.clone();
        let told = gitops::read(self.tree);
        self.plan.passed = told.passed;
        for (file, deployed) in told.deployed {
            let gitops::Deployed { orchestrator, release, directory, values } = deployed;
            if configured.contains(&directory) {
                continue;
            }
            let said = Said { scope: None, orchestrator: Some(orchestrator), file: Some(file) };
            if directory.join(CHART).is_file() {
                self.rendered.insert(directory.clone());
                self.chart(&directory, release_name(&release), values, &said);
            } else if let Some(file) =
                kustomization::file_of(&directory).filter(|file| Kustomization::read(file).is_some())
            {
                self.rendered.insert(directory.clone());
                self.kustomization(&directory, file, &release, values, &said);
            }
        }
    }

    /// The charts of the tree that no release names, with their own values.
    fn charts(&mut self) {
        let files = self.tree.files.keys().filter(|file| file.ends_with(CHART)).filter_map(|file| file.parent());
        let charts: BTreeSet<_> = files.map(chart::outermost).map(Path::to_path_buf).collect();
        for directory in charts {
            match Chart::read(&directory) {
                Some(chart) if chart.is_library => {
                    self.plan.libraries.insert(directory);
                }
                Some(chart) if !self.rendered.contains(&directory) => {
                    self.chart(&directory, release_name(&chart.name), Values::default(), &Said::default());
                }
                _ => {}
            }
        }
    }

    fn chart(&mut self, directory: &Path, name: String, mut values: Values, said: &Said) {
        let own = below(self.tree.files, directory)
            .filter(|(file, _)| file.strip_prefix(directory).is_ok_and(chart::is_own_file));
        let mut targets: Vec<_> = own.filter(|(_, target)| **target).map(|(file, _)| file.clone()).collect();
        let is_target = |file: &&PathBuf| self.tree.files.get(*file).copied().unwrap_or(false);
        targets.extend(values.files.iter().chain(&said.file).filter(is_target).cloned());
        if targets.is_empty() {
            return;
        }
        let is_template = |file: &PathBuf| {
            let templates = file.ancestors().any(|above| above.ends_with("templates"));
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            templates && !name.starts_with('_') && (name.ends_with(".yaml") || name.ends_with(".yml"))
        };
        values.kube_version = values.kube_version.or_else(|| self.tree.kube_version.map(str::to_string));
        let shown = self.shown(directory, &values);
        let foregone = self.link_out(&[directory.to_path_buf()]).or_else(|| self.missing_values(&values));
        let mut parts = chart::parts(directory);
        parts.extend(values.files.iter().filter(|file| file.is_file()).cloned());
        self.push(Item {
            job: self.job(Tool::Helm, name, directory, values),
            foregone,
            scope: said.scope,
            orchestrator: said.orchestrator,
            file: directory.join(CHART),
            parts,
            covers: Vec::new(),
            whole: !targets.iter().all(is_template),
            values: shown,
        });
    }

    /// The kustomizations of the tree that no release names and that no other one takes in.
    fn kustomizations(&mut self) {
        let files = self.tree.files.keys().filter(|file| is_kustomization(&file.to_string_lossy()));
        let read: Vec<_> = files.filter_map(|file| Some((file.clone(), Kustomization::read(file)?))).collect();
        let taken_in: BTreeSet<_> = read.iter().flat_map(|(_, read)| read.directories.iter().cloned()).collect();
        for (file, read) in read {
            let Some(directory) = file.parent().map(Path::to_path_buf) else { continue };
            let named = self.tree.named.contains(&directory) || self.tree.named.contains(&file);
            let is_part = read.is_component || (taken_in.contains(&directory) && !named);
            if !is_part && !self.rendered.contains(&directory) {
                let name = display(self.tree.root, &directory);
                let name = if name == "." { "kustomization".to_string() } else { name };
                self.kustomization(&directory, file, &name, Values::default(), &Said::default());
            }
        }
    }

    fn kustomization(&mut self, directory: &Path, file: PathBuf, name: &str, values: Values, said: &Said) {
        let closure = Closure::of(directory);
        let is_target = |file: &&PathBuf| self.tree.files.get(*file).copied().unwrap_or(false);
        let targets: Vec<_> = closure.files.iter().chain(&said.file).filter(is_target).collect();
        if targets.is_empty() {
            return;
        }
        let directories: Vec<_> = closure.kustomizations.iter().filter_map(|file| file.parent()).collect();
        let directories: Vec<_> = directories.into_iter().map(Path::to_path_buf).collect();
        let says = |file: &&&PathBuf| closure.kustomizations.contains(file) || said.file.as_ref() == Some(file);
        let whole = targets.iter().any(|target| says(&target));
        let mut job = self.job(Tool::Kustomize, name.to_string(), directory, values);
        job.reads = closure.files.iter().cloned().collect();
        let obstacle = closure.obstacle.as_ref();
        let foregone = obstacle.map(|why| Outcome::NotRendered(format!("{why}: {}", job.by_hand())));
        let is_manifest =
            |file: &&PathBuf| file.extension().is_some_and(|end| end == "yaml" || end == "yml" || end == "json");
        let others = closure.files.iter().filter(is_manifest).filter(|file| !closure.kustomizations.contains(file));
        self.push(Item {
            job,
            foregone: foregone.or_else(|| self.link_out(&directories)),
            scope: said.scope,
            orchestrator: said.orchestrator,
            file,
            parts: Vec::new(),
            covers: closure.kustomizations.iter().chain(others).cloned().collect(),
            whole,
            values: Vec::new(),
        });
    }

    /// Adds a render, unless another one is the very same: one application on many clusters.
    fn push(&mut self, item: Item) {
        if !self.plan.items.iter().any(|known| known.job == item.job && known.scope == item.scope) {
            self.plan.items.push(item);
        }
    }

    fn job(&self, tool: Tool, release: String, directory: &Path, values: Values) -> Job {
        let (root, directory) = (self.tree.root.to_path_buf(), directory.to_path_buf());
        Job { tool, release, root, reads: vec![directory.clone()], directory, values }
    }

    fn link_out(&self, directories: &[PathBuf]) -> Option<Outcome> {
        let (link, leads) =
            directories.iter().find_map(|directory| chart::link_out_of(directory, self.tree.boundary))?;
        let [link, leads] = [link, leads].map(|path| display(self.tree.directory, &path));
        Some(Outcome::Failed(format!("the symbolic link {link} leads out of the tree, to {leads}: it is not followed")))
    }

    /// A file of values that is not there, with the nearest one that is.
    fn missing_values(&self, values: &Values) -> Option<Outcome> {
        let missing = values.files.iter().find(|file| !file.is_file())?;
        let beside = self.tree.files.keys().filter(|known| known.parent() == missing.parent());
        let beside: Vec<_> = beside.map(|known| display(self.tree.root, known)).collect();
        let missing = display(self.tree.root, missing);
        let near = nearest(&missing, beside.iter().map(String::as_str));
        let near = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
        Some(Outcome::Failed(format!("there is no file of values {missing}{near}")))
    }

    /// The values that are used, for people.
    fn shown(&self, directory: &Path, values: &Values) -> Vec<String> {
        let own = Some(directory.join("values.yaml")).filter(|file| file.is_file());
        let files = own.iter().chain(&values.files).map(|file| display(self.tree.directory, file));
        let inline = values.inline.iter().map(|_| "values in place".to_string());
        files.chain(inline).chain(values.set.iter().map(|(key, _)| format!("set {key}"))).collect()
    }
}

/// The files below a directory. Paths are sorted by their parts, so they stand together.
fn below<'f>(
    files: &'f BTreeMap<PathBuf, bool>,
    directory: &'f Path,
) -> impl Iterator<Item = (&'f PathBuf, &'f bool)> + 'f {
    files.range(directory.to_path_buf()..).take_while(move |(file, _)| file.starts_with(directory))
}

/// A name that helm takes for a release: that of the chart, as far as it goes.
fn release_name(chart: &str) -> String {
    let name: String =
        chart.to_lowercase().chars().map(|it| if it.is_ascii_alphanumeric() { it } else { '-' }).collect();
    let name: String = name.trim_matches('-').chars().take(53).collect();
    let name = name.trim_end_matches('-');
    if name.is_empty() { "release".to_string() } else { name.to_string() }
}

#[cfg(test)]
mod tests {
    use super::release_name;

    #[test]
    fn a_chart_lends_its_name_as_far_as_helm_takes_it() {
        assert_eq!(release_name("shop"), "shop");
        assert_eq!(release_name("My_Shop."), "my-shop");
        assert_eq!(release_name("__"), "release");
        assert_eq!(release_name(&"a".repeat(80)).len(), 53);
    }
}
