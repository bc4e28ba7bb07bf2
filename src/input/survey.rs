//! What a tree holds that a configuration would name.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use globset::GlobSet;

use super::discover::{Request, files_below};
use super::render::{Deployment, Plan, Tool, Tree};
use super::{display, is_dockerfile_name};
use crate::config::Config;

/// What a tree holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Survey {
    /// The charts and kustomizations that are deployed on their own.
    pub deployments: Vec<Surveyed>,
    /// The Dockerfiles.
    pub dockerfiles: Vec<String>,
}

/// A chart or a kustomization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Surveyed {
    /// The tool that renders it.
    pub tool: Tool,
    /// A name for its release.
    pub name: String,
    /// Its directory.
    pub path: String,
    /// Files with values for some environment.
    pub variants: Vec<String>,
    /// Files with values that the chart is tested with.
    pub tests: Vec<String>,
    /// Who deploys it, where the tree says so.
    pub by: Option<String>,
}

/// Looks at the tree below a directory.
#[must_use]
pub fn survey(directory: &Path) -> Survey {
    let request = Request {
        directory: directory.to_path_buf(),
        paths: vec![PathBuf::from(".")],
        stdin_path: String::new(),
        kube_version: None,
    };
    let files = files_below(&request, directory, &GlobSet::empty());
    let named = [directory.to_path_buf()];
    let tree =
        Tree { directory, root: directory, boundary: directory, files: &files, named: &named, kube_version: None };
    let plan = Plan::new(tree, &Config::default());
    let mut seen = BTreeSet::new();
    let deployments = plan.deployments().filter(|deployment| seen.insert(deployment.clone()));
    let deployments = deployments.map(|deployment| surveyed(deployment, directory, &files.keys().collect::<Vec<_>>()));
    let is_dockerfile = |file: &&PathBuf| is_dockerfile_name(&file.to_string_lossy());
    let dockerfiles = files.keys().filter(is_dockerfile).map(|file| display(directory, file));
    Survey { deployments: deployments.collect(), dockerfiles: dockerfiles.collect() }
}

fn surveyed(deployment: Deployment, directory: &Path, files: &[&PathBuf]) -> Surveyed {
    let below = files.iter().filter_map(|file| Some((file.as_path(), file.strip_prefix(&deployment.directory).ok()?)));
    let is_chart = deployment.tool == Tool::Helm;
    let yaml = below.filter(|(_, path)| is_chart && path.extension().is_some_and(|end| end == "yaml" || end == "yml"));
    let (mut variants, mut tests) = (Vec::new(), Vec::new());
    for (file, path) in yaml {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let is_values = (stem.starts_with("values") && stem != "values") || stem.ends_with("values");
        match path.parent().map(|folder| folder.to_string_lossy().into_owned()).as_deref() {
            Some("ci") if stem.ends_with("values") => tests.push(display(directory, file)),
            Some("") if is_values && stem != "values" => variants.push(display(directory, file)),
            Some("values") => variants.push(display(directory, file)),
            _ => {}
        }
    }
    let path = display(directory, &deployment.directory);
    Surveyed { tool: deployment.tool, name: deployment.release, path, variants, tests, by: deployment.by }
}
