//! An earlier revision of the tree, as git knows it.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::discover::looked_at;
use super::render::command::{self, Ended, Limits};

/// Filters of large files would reach for the network.
const NO_FILTERS: [&str; 6] =
    ["-c", "filter.lfs.smudge=", "-c", "filter.lfs.process=", "-c", "filter.lfs.required=false"];

/// A commit of the repository that a directory lies in.
#[derive(Clone, Debug)]
pub struct Revision {
    git: PathBuf,
    commit: String,
    root: PathBuf,
}

/// What differs between a commit and the working tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    /// The files that are there, absolute.
    pub files: BTreeSet<PathBuf>,
    /// Whether a file is gone that others may have relied on.
    pub has_gone: bool,
}

/// The tree of a commit, until it is dropped.
#[derive(Debug)]
pub struct Checkout {
    root: PathBuf,
    _folder: TempDir,
}

impl Checkout {
    /// The root of the repository there.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }
}

impl Revision {
    /// Looks a revision up.
    ///
    /// # Errors
    ///
    /// There is no git, no repository, or no such revision.
    pub fn find(directory: &Path, name: &str) -> Result<Self, String> {
        let git = command::find("git").ok_or("there is no git on the PATH")?;
        let ask = |arguments: &[&str]| run(&git, directory, arguments, None);
        let folder = ask(&["rev-parse", "--show-prefix"])?;
        let folder = String::from_utf8_lossy(&folder).trim_end_matches('\n').to_string();
        let depth = folder.split('/').filter(|part| !part.is_empty()).count();
        let root = directory.ancestors().nth(depth).unwrap_or(directory).to_path_buf();
        let commit = format!("{name}^{{commit}}");
        let commit = ask(&["rev-parse", "--verify", "--quiet", "--end-of-options", &commit]).map_err(|_| {
            "git knows no such revision (a shallow clone has only the last ones: fetch-depth: 0)".to_string()
        })?;
        let commit = String::from_utf8_lossy(&commit).trim().to_string();
        Ok(Self { git, commit, root })
    }

    /// The root of the repository.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    fn ask(&self, arguments: &[&str]) -> Result<Vec<u8>, String> {
        run(&self.git, &self.root, arguments, None)
    }

    /// The files that differ from it, those among them that git does not track yet.
    ///
    /// # Errors
    ///
    /// What git says.
    pub fn changed(&self) -> Result<Changed, String> {
        let options = ["-z", "--name-status", "--no-renames", "--no-ext-diff", "--ignore-submodules"];
        let arguments = [&["-c", "diff.relative=false", "diff"][..], &options, &[&self.commit, "--"]].concat();
        let known = self.ask(&arguments)?;
        let new = self.ask(&["ls-files", "-z", "--others", "--exclude-standard"])?;
        let mut changed = Changed::default();
        let mut words = texts(&known);
        while let (Some(status), Some(path)) = (words.next(), words.next()) {
            if status == "D" {
                changed.has_gone |= matters(&path);
            } else {
                changed.files.insert(self.root.join(path));
            }
        }
        changed.files.extend(texts(&new).map(|path| self.root.join(path)));
        Ok(changed)
    }

    /// Writes its tree into a folder of its own. Neither the repository nor its index changes.
    ///
    /// # Errors
    ///
    /// What git says.
    pub fn check_out(&self) -> Result<Checkout, String> {
        let folder = tempfile::Builder::new().prefix("shipworthy-").tempdir().map_err(|error| error.to_string())?;
        let place = folder.path().canonicalize().unwrap_or_else(|_| folder.path().to_path_buf());
        // Images are matched with the name of the repository's folder.
        let root = place.join("tree").join(self.root.file_name().unwrap_or(OsStr::new("repository")));
        // What looks for the repository's root must find it here.
        fs::create_dir_all(root.join(".git")).map_err(|error| error.to_string())?;
        let index = place.join("index");
        run(&self.git, &self.root, &["read-tree", &self.commit], Some(&index))?;
        let prefix = format!("--prefix={}/", root.display());
        let arguments = [&NO_FILTERS[..], &["checkout-index", "--all", "--force", "--quiet", &prefix]].concat();
        run(&self.git, &self.root, &arguments, Some(&index))?;
        Ok(Checkout { root, _folder: folder })
    }
}

/// Whether others may have relied on a file, by its name.
fn matters(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    looked_at(name) || path.split('/').any(|part| part == "templates")
}

/// Texts that end in a zero byte each.
fn texts(bytes: &[u8]) -> impl Iterator<Item = String> + '_ {
    let texts = bytes.split(|byte| *byte == 0).filter(|text| !text.is_empty());
    texts.map(|text| String::from_utf8_lossy(text).into_owned())
}

fn run(git: &Path, directory: &Path, arguments: &[&str], index: Option<&Path>) -> Result<Vec<u8>, String> {
    let arguments: Vec<_> = arguments.iter().map(ToString::to_string).collect();
    let variables: Vec<_> = index.iter().map(|index| ("GIT_INDEX_FILE", index.as_os_str())).collect();
    match command::run_with(git, &arguments, directory, Limits::default(), &variables) {
        Ok(Ended::Exited { succeeded: true, output, .. }) => Ok(output),
        Ok(Ended::Exited { complaint, .. }) => {
            let said = complaint.lines().find(|line| !line.trim().is_empty()).unwrap_or("git failed without a word");
            Err(said.trim_start_matches("fatal: ").to_string())
        }
        Ok(Ended::OutOfTime) => Err("git took too long".to_string()),
        Ok(Ended::TooMuchOutput) => Err("git printed too much".to_string()),
        Err(error) => Err(format!("git cannot be run: {error}")),
    }
}
