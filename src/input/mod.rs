//! What to read: files below the paths a user names, and the tree around them.
//!
//! Nothing here lints. Charts and kustomizations are rendered in [`render`]. The command line finds files with [`discover`]; a library caller may
//! bring [`Inputs`] of its own.

pub mod discover;
mod encoding;
mod path;
pub mod render;
pub mod revision;
pub mod survey;

pub use encoding::{Decoded, Encoding, decode};
pub use path::{display, is_context_name, is_dockerfile_name, normalize};

use std::collections::BTreeSet;

use crate::release::Orchestrator;
use render::Render;

/// The path that standard input has in reports.
pub const STDIN: &str = "<stdin>";

/// A file to look at.
#[derive(Clone, Debug)]
pub struct InputFile {
    /// The path that reports print: relative to the working directory, with `/`.
    pub path: String,
    /// The path from the root of the context (the configuration's folder, or the
    /// repository's root): what globs are matched against, and what nearness is judged by.
    pub location: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Whether findings in it are reported: it was named, or lies below a folder that was.
    pub target: bool,
    /// Whether the user named this very file.
    pub named: bool,
}

/// A file that was not looked at, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Skipped {
    /// Its path, as reports print it.
    pub path: String,
    /// Why, as a phrase.
    pub reason: String,
}

/// All that a run looks at.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// The files of the directory tree, and standard input.
    pub files: Vec<InputFile>,
    /// Closed scopes: which files are applied together. A file in none of them belongs to
    /// the directory tree.
    pub closed: Vec<ClosedScope>,
    /// The file that was piped and stands nowhere in the tree: its index.
    pub piped: Option<usize>,
    /// Files that were passed over without reading them.
    pub skipped: Vec<Skipped>,
    /// The name of the repository: of the directory that is the root of the context.
    pub repository: Option<String>,
    /// Charts and kustomizations, and what came of rendering them.
    pub renders: Vec<Render>,
    /// Indexes of files that a render was made of and that are no manifests: templates, values.
    pub parts: BTreeSet<usize>,
    /// Indexes of manifests that are judged as a kustomization renders them. On their own they
    /// stand in the tree for reference only.
    pub covered: BTreeSet<usize>,
}

impl Inputs {
    /// Adds a stream that was piped. It is a scope of its own, whose files are still to be said.
    pub fn add_piped(&mut self, path: &str, bytes: Vec<u8>, scope: ClosedScope) {
        let index = self.files.len();
        self.piped = Some(index);
        self.closed.push(ClosedScope { files: vec![index], ..scope });
        let (location, path) = (path.to_string(), path.to_string());
        self.files.push(InputFile { location, path, bytes, target: true, named: true });
    }
}

/// Files that are applied together, with nothing else.
#[derive(Clone, Debug, Default)]
pub struct ClosedScope {
    /// The name of the release.
    pub name: String,
    /// The namespace of objects that name none.
    pub namespace: Option<String>,
    /// Who applies it, where that is said.
    pub orchestrator: Option<Orchestrator>,
    /// Indexes of its files.
    pub files: Vec<usize>,
    /// Indexes of the Dockerfiles that build its images; any, where it names none.
    pub dockerfiles: Vec<usize>,
}
