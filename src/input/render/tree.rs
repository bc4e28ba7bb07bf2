//! What planning sees of the directory tree.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The directory tree, as far as planning asks for it.
#[derive(Clone, Copy, Debug)]
pub struct Tree<'t> {
    /// The working directory.
    pub directory: &'t Path,
    /// The root of the context: where the configuration's paths begin.
    pub root: &'t Path,
    /// What no symbolic link may lead out of.
    pub boundary: &'t Path,
    /// Every file, and whether it is a target.
    pub files: &'t BTreeMap<PathBuf, bool>,
    /// The paths that the user named.
    pub named: &'t [PathBuf],
    /// The version of Kubernetes, where it is said.
    pub kube_version: Option<&'t str>,
}
