//! The repository that sources may mean, as the files tell.

use std::fs;
use std::path::{Path, PathBuf};

use crate::input::normalize;
use crate::input::render::tree::Tree;

/// The repository around the inputs.
pub(super) struct Repository<'t> {
    tree: Tree<'t>,
    root: PathBuf,
    /// `owner/name` of its remotes; none where they are not known.
    remotes: Vec<String>,
}

impl<'t> Repository<'t> {
    pub(super) fn new(tree: Tree<'t>) -> Self {
        let git = tree.root.ancestors().find(|directory| directory.join(".git").exists());
        let root = git.unwrap_or(tree.boundary).to_path_buf();
        let text = fs::read_to_string(root.join(".git/config")).unwrap_or_default();
        let urls = text.lines().filter_map(|line| line.trim().strip_prefix("url")?.trim().strip_prefix('='));
        Self { tree, root, remotes: urls.map(|url| last_parts(url.trim())).collect() }
    }

    /// Whether a URL may be that of this repository.
    pub(super) fn is_own(&self, url: Option<&str>) -> bool {
        let url = url.map(last_parts).unwrap_or_default();
        self.remotes.is_empty()
            || url.contains("{{")
            || self.remotes.iter().any(|remote| remote.eq_ignore_ascii_case(&url))
    }

    /// A path from its root.
    pub(super) fn path(&self, relative: &str) -> PathBuf {
        normalize(&self.root, Path::new(relative.trim_start_matches('/')))
    }

    /// All of its directories, from its root.
    pub(super) fn directories(&self) -> Vec<String> {
        directories_of(&self.root, self.tree.files.keys())
    }

    /// All of its files, from its root.
    pub(super) fn files(&self) -> impl Iterator<Item = (String, PathBuf)> {
        self.tree.files.keys().filter_map(|file| {
            let relative = file.strip_prefix(&self.root).ok()?;
            Some((relative.to_string_lossy().replace('\\', "/"), file.clone()))
        })
    }
}

/// The directories that files stand in, with those above them, from a root.
fn directories_of<'f>(root: &Path, files: impl Iterator<Item = &'f PathBuf>) -> Vec<String> {
    let mut found = std::collections::BTreeSet::new();
    for file in files {
        let Ok(relative) = file.strip_prefix(root) else { continue };
        let above = relative.ancestors().skip(1).map(|path| path.to_string_lossy().replace('\\', "/"));
        for directory in above.filter(|directory| !directory.is_empty()) {
            if !found.insert(directory) {
                break;
            }
        }
    }
    found.into_iter().collect()
}

/// `owner/name` of a repository's URL.
fn last_parts(url: &str) -> String {
    let url = url.trim_end_matches('/').trim_end_matches(".git");
    let mut parts = url.rsplit(['/', ':']);
    let name = parts.next().unwrap_or_default();
    let owner = parts.next().unwrap_or_default();
    format!("{owner}/{name}")
}

#[cfg(test)]
mod tests {
    use super::last_parts;

    #[test]
    fn urls_of_one_repository_are_alike() {
        for url in [
            "https://example.com/shop/deploy.git",
            "git@example.com:shop/deploy.git",
            "ssh://git@example.com/shop/deploy",
        ] {
            assert_eq!(last_parts(url), "shop/deploy");
        }
    }
}
