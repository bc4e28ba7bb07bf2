//! Charts as they lie in a directory: what is one, and which files belong to it.

use std::fs;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::read_mapping;

/// The file that makes a directory a chart.
pub(super) const CHART: &str = "Chart.yaml";

/// What `Chart.yaml` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Chart {
    /// Its name.
    pub(super) name: String,
    /// Whether it holds only what other charts include.
    pub(super) is_library: bool,
}

impl Chart {
    /// Reads a directory's `Chart.yaml`. Nothing where that is no mapping with a name, so
    /// that a template of a chart is none.
    #[must_use]
    pub(super) fn read(directory: &Path) -> Option<Self> {
        let text = fs::read_to_string(directory.join(CHART)).ok()?;
        read_mapping(&text, |root| {
            let is_library = root.string("type") == Some("library");
            Some(Self { name: root.string("name")?.to_string(), is_library })
        })
    }
}

/// The chart that a directory is deployed by: the outermost one that holds it in `charts/`.
#[must_use]
pub fn outermost(directory: &Path) -> &Path {
    let parent = directory.parent().filter(|above| above.ends_with("charts")).and_then(Path::parent);
    match parent {
        Some(parent) if parent.join(CHART).is_file() => outermost(parent),
        _ => directory,
    }
}

/// Whether a path from a chart's directory is one of the chart's own files, rather than
/// something else of a repository whose root is a chart.
#[must_use]
pub(super) fn is_own_file(relative: &Path) -> bool {
    let mut parts = relative.components();
    let first = parts.next().map(|part| part.as_os_str().to_string_lossy().into_owned()).unwrap_or_default();
    match parts.next() {
        Some(_) => matches!(first.as_str(), "templates" | "charts" | "crds" | "ci" | "files"),
        None => first == CHART || first.starts_with("values") || first == "Chart.lock",
    }
}

/// The files of a chart and of those in its `charts/` that manifests are made of: templates,
/// values and what the charts are called.
#[must_use]
pub(super) fn parts(directory: &Path) -> Vec<PathBuf> {
    let mut found: Vec<_> = [CHART, "values.yaml"].map(|name| directory.join(name)).to_vec();
    found.retain(|path| path.is_file());
    for folder in ["templates", "crds"] {
        found.extend(files_below(&directory.join(folder)));
    }
    for chart in directories_in(&directory.join("charts")) {
        found.extend(parts(&chart));
    }
    found
}

/// A symbolic link below `directory` that leads out of `boundary`, with where it leads.
#[must_use]
pub(super) fn link_out_of(directory: &Path, boundary: &Path) -> Option<(PathBuf, PathBuf)> {
    let boundary = boundary.canonicalize().unwrap_or_else(|_| boundary.to_path_buf());
    let links = WalkDir::new(directory).sort_by_file_name().into_iter().filter_map(Result::ok);
    let links = links.filter(|entry| entry.path_is_symlink() && entry.depth() > 0);
    links.map(walkdir::DirEntry::into_path).find_map(|link| {
        let leads = link.canonicalize().ok()?;
        (!leads.starts_with(&boundary)).then_some((link, leads))
    })
}

fn files_below(directory: &Path) -> Vec<PathBuf> {
    let entries = WalkDir::new(directory).sort_by_file_name().into_iter().filter_map(Result::ok);
    entries.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path).collect()
}

fn directories_in(directory: &Path) -> Vec<PathBuf> {
    let entries = WalkDir::new(directory).min_depth(1).max_depth(1).sort_by_file_name().into_iter();
    let entries = entries.filter_map(Result::ok).filter(|entry| entry.file_type().is_dir());
    entries.map(walkdir::DirEntry::into_path).collect()
}

#[cfg(test)]
mod tests {
    use super::is_own_file;
    use std::path::Path;

    #[test]
    fn a_chart_at_the_root_of_a_repository_does_not_own_all_of_it() {
        for own in ["Chart.yaml", "values-prod.yaml", "templates/web.yaml", "charts/db/templates/x.yaml"] {
            assert!(is_own_file(Path::new(own)), "{own}");
        }
        assert!(!is_own_file(Path::new("deploy/web.yaml")) && !is_own_file(Path::new("skaffold.yaml")));
    }
}
