//! Releases that the tree itself tells of: Argo CD's Applications and Flux' `HelmReleases` and
//! Kustomizations that deploy a chart or kustomization of the same repository.

mod argo;
mod flux;
mod generate;
mod json;
mod repository;

use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::Values;
use super::tree::Tree;
use crate::release::Orchestrator;
use crate::source::Sources;
use crate::syntax::yaml::{self, Node};
use repository::Repository;

/// A file above this size, in bytes, holds no such object.
const MAX_SIZE: u64 = 1024 * 1024;

/// What an object deploys from the repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Deployed {
    pub(super) orchestrator: Orchestrator,
    pub(super) release: String,
    pub(super) directory: PathBuf,
    pub(super) values: Values,
}

/// What an object tells.
#[derive(Debug, Default)]
struct Found {
    deployed: Vec<Deployed>,
    /// What it deploys from elsewhere, or in a way that cannot be followed.
    passed: Vec<String>,
}

/// What the tree tells.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// What is deployed, with the file that says so.
    pub(super) deployed: Vec<(PathBuf, Deployed)>,
    /// What could not be followed, with the file.
    pub(super) passed: Vec<(PathBuf, String)>,
}

/// Reads every Application, `HelmRelease` and Kustomization of a tree.
pub(super) fn read(tree: Tree<'_>) -> Told {
    let repository = Repository::new(tree);
    let files: Vec<_> = tree.files.keys().filter(|file| is_manifest(file)).collect();
    let found: Vec<_> = files.par_iter().flat_map_iter(|file| of_file(file, &repository)).collect();
    let mut told = Told::default();
    for (file, found) in found {
        told.deployed.extend(found.deployed.into_iter().map(|deployed| (file.clone(), deployed)));
        told.passed.extend(found.passed.into_iter().map(|passed| (file.clone(), passed)));
    }
    told
}

/// A template is none.
fn is_manifest(file: &Path) -> bool {
    let is_yaml = file.extension().is_some_and(|end| end == "yaml" || end == "yml");
    is_yaml && !file.ancestors().skip(1).any(|above| above.ends_with("templates"))
}

fn of_file(file: &Path, repository: &Repository<'_>) -> Vec<(PathBuf, Found)> {
    let is_small = fs::metadata(file).is_ok_and(|metadata| metadata.len() <= MAX_SIZE);
    let text = Some(file).filter(|_| is_small).and_then(|file| fs::read_to_string(file).ok()).unwrap_or_default();
    if !text.contains("argoproj.io/") && !text.contains("toolkit.fluxcd.io/") {
        return Vec::new();
    }
    let id = Sources::default().add("", "");
    let documents = yaml::split(&text).into_iter().filter_map(|chunk| yaml::parse(id, &text, &chunk).ok()).flatten();
    let documents: Vec<_> = documents.collect();
    let found = documents.iter().filter_map(|document| of_object(document.root(), repository));
    found.map(|found| (file.to_path_buf(), found)).collect()
}

fn of_object(root: Node<'_>, repository: &Repository<'_>) -> Option<Found> {
    let group = root.string("apiVersion")?.split_once('/')?.0;
    let read = match (group, root.string("kind")?) {
        ("argoproj.io", "Application") => argo::application,
        ("argoproj.io", "ApplicationSet") => argo::application_set,
        ("helm.toolkit.fluxcd.io", "HelmRelease") => flux::helm_release,
        ("kustomize.toolkit.fluxcd.io", "Kustomization") => flux::kustomization,
        _ => return None,
    };
    Some(read(&json::of(root), repository))
}
