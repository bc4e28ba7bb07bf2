//! Kustomizations as they lie in directories: which files a build is made of.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::read_mapping;
use crate::input::normalize;
use crate::release::kustomize::is_kustomization;
use crate::syntax::yaml::Node;

/// The names that a kustomization's file may have, in kustomize's order.
const NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];
/// Kustomizations deeper than this within each other are not followed.
const MAX_DEPTH: usize = 32;

/// Lists whose entries are files with manifests, or directories with kustomizations.
const RESOURCES: [&str; 3] = ["resources", "bases", "components"];
/// Lists whose entries are files, or YAML in place.
const FILES: [&str; 7] =
    ["patchesStrategicMerge", "crds", "configurations", "transformers", "generators", "validators", "replacements"];
/// Lists whose entries have a `path`.
const PATHS: [&str; 3] = ["patches", "patchesJson6902", "replacements"];

/// The file of a directory that makes it a kustomization.
#[must_use]
pub(super) fn file_of(directory: &Path) -> Option<PathBuf> {
    NAMES.iter().map(|name| directory.join(name)).find(|file| file.is_file())
}

/// What one kustomization names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Kustomization {
    /// Whether it is only a part of others.
    pub(super) is_component: bool,
    /// Directories that it takes in.
    pub(super) directories: Vec<PathBuf>,
    /// Files that it takes in.
    pub(super) files: Vec<PathBuf>,
    /// Why it cannot be built without network or more rights, if it cannot.
    pub(super) obstacle: Option<String>,
}

impl Kustomization {
    /// Reads a kustomization; nothing where the file is something else, such as one of Flux.
    #[must_use]
    pub(super) fn read(file: &Path) -> Option<Self> {
        let text = fs::read_to_string(file).ok()?;
        let directory = file.parent()?;
        read_mapping(&text, |root| {
            let foreign = |version: &str| !version.starts_with("kustomize.config.k8s.io/");
            if !is_kustomization(&file.to_string_lossy()) || root.string("apiVersion").is_some_and(foreign) {
                return None;
            }
            let mut found = Self { is_component: root.string("kind") == Some("Component"), ..Self::default() };
            found.take_resources(root, directory);
            found.take_files(root, directory);
            let inflates = ["helmCharts", "helmChartInflationGenerator"].iter().any(|key| root.get(key).is_some());
            if inflates {
                let why = "it inflates Helm charts, which kustomize does only with --enable-helm and from the network";
                found.obstacle.get_or_insert(why.to_string());
            }
            Some(found)
        })
    }

    fn take_resources(&mut self, root: Node<'_>, directory: &Path) {
        let listed = RESOURCES.iter().filter_map(|key| root.get(key)).flat_map(Node::items).filter_map(Node::as_str);
        for entry in listed {
            let path = normalize(directory, Path::new(entry));
            if path.is_dir() {
                self.directories.push(path);
            } else if path.is_file() {
                self.files.push(path);
            } else if is_remote(entry) {
                let entry = entry.rsplit_once('@').map_or(entry, |(_, host)| host);
                self.obstacle.get_or_insert(format!("it takes {entry} from the network"));
            }
        }
    }

    fn take_files(&mut self, root: Node<'_>, directory: &Path) {
        let items = |key: &&str| root.get(key).into_iter().flat_map(Node::items).collect::<Vec<_>>();
        let plain = FILES.iter().flat_map(items).filter_map(Node::as_str);
        let paths = PATHS.iter().flat_map(items).filter_map(|item| item.string("path"));
        let generated = ["configMapGenerator", "secretGenerator"].iter().flat_map(items).flat_map(data_files);
        let schema = root.get("openapi").and_then(|openapi| openapi.string("path"));
        let named = plain.chain(paths).chain(generated).chain(schema).filter(|entry| !entry.contains('\n'));
        for entry in named.collect::<Vec<_>>() {
            let path = normalize(directory, Path::new(entry));
            if path.is_dir() {
                self.directories.push(path);
            } else if path.is_file() {
                self.files.push(path);
            } else if entry.contains("://") {
                self.obstacle.get_or_insert(format!("it takes {entry} from the network"));
            }
        }
    }
}

fn data_files(generator: Node<'_>) -> Vec<&str> {
    let listed = |key: &str| generator.get(key).into_iter().flat_map(Node::items).filter_map(Node::as_str);
    let files = listed("files").map(|entry| entry.split_once('=').map_or(entry, |(_, file)| file));
    files.chain(listed("envs")).chain(generator.string("env")).collect()
}

/// Whether an entry that is no local path is one of a repository or a server.
fn is_remote(entry: &str) -> bool {
    let host = entry.split('/').next().unwrap_or_default();
    entry.contains("://")
        || entry.starts_with("git@")
        || entry.starts_with("git::")
        || entry.contains("?ref=")
        || (entry.contains('/') && !host.starts_with('.') && host.contains('.'))
}

/// All that a kustomization is built of.
#[derive(Clone, Debug, Default)]
pub(super) struct Closure {
    /// Its kustomizations, itself first.
    pub(super) kustomizations: Vec<PathBuf>,
    /// Every file, kustomizations among them.
    pub(super) files: BTreeSet<PathBuf>,
    /// The first reason that keeps it from being built.
    pub(super) obstacle: Option<String>,
}

impl Closure {
    /// Follows a kustomization's directory.
    #[must_use]
    pub(super) fn of(directory: &Path) -> Self {
        let mut closure = Self::default();
        closure.follow(directory, 0);
        closure
    }

    fn follow(&mut self, directory: &Path, depth: usize) {
        let Some(file) = file_of(directory).filter(|file| depth < MAX_DEPTH && !self.files.contains(file)) else {
            return;
        };
        self.files.insert(file.clone());
        let Some(read) = Kustomization::read(&file) else { return };
        self.kustomizations.push(file);
        self.files.extend(read.files);
        if self.obstacle.is_none() {
            self.obstacle = read.obstacle;
        }
        for directory in read.directories {
            self.follow(&directory, depth + 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remote_resources_are_told_from_missing_ones() {
        for remote in ["https://example.com/x.yaml", "github.com/org/repo?ref=v1", "git@host:org/repo", "example.com/a"]
        {
            assert!(is_remote(remote), "{remote}");
        }
        for local in ["../base", "web.yaml", "./a/b", "base/web.yaml"] {
            assert!(!is_remote(local), "{local}");
        }
    }

    #[test]
    fn a_build_is_followed_through_its_bases_and_patches() {
        let directory = tempfile::TempDir::new().unwrap();
        let write = |path: &str, text: &str| {
            let path = directory.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write("base/kustomization.yaml", "resources: [web.yaml, missing.yaml]\n");
        write("base/web.yaml", "kind: Service\n");
        write(
            "prod/kustomization.yaml",
            "resources: [../base]\npatches: [{path: p.yaml}, {patch: \"a: 1\"}]\nconfigMapGenerator: [{name: c, files: [k=v.txt]}]\n",
        );
        write("prod/p.yaml", "kind: Service\n");
        write("prod/v.txt", "x");
        write("flux/kustomization.yaml", "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n");
        let closure = Closure::of(&directory.path().join("prod"));
        let names: Vec<_> = closure.files.iter().map(|file| file.strip_prefix(directory.path()).unwrap()).collect();
        let expected =
            ["base/kustomization.yaml", "base/web.yaml", "prod/kustomization.yaml", "prod/p.yaml", "prod/v.txt"];
        assert_eq!(names, expected.map(Path::new));
        assert_eq!(closure.kustomizations.len(), 2);
        assert!(closure.obstacle.is_none());
        assert!(Kustomization::read(&directory.path().join("flux/kustomization.yaml")).is_none());
    }
}
