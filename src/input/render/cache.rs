//! What was rendered before, in the user's cache directory.
//!
//! The key is the content: of the tool, of its arguments and of every file that it may read.
//! Whatever is there may be deleted at any time, and what is old is.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use walkdir::WalkDir;
use xxhash_rust::xxh3::Xxh3;

use super::{Job, Outcome, Renderer, Tools};

/// The cache may take this many bytes.
const MOST: u64 = 256 * 1024 * 1024;
/// Where more is taken, the oldest is deleted down to this many.
const KEPT: u64 = 192 * 1024 * 1024;
/// What is made of more bytes is rendered anew.
const MOST_READ: u64 = 64 * 1024 * 1024;
/// The form of what is kept; another one is not found.
const FORM: &str = "renders-1";

/// The tools of the machine, asked only for what they were not asked before.
#[derive(Clone, Debug)]
pub struct Cached {
    tools: Tools,
    folder: Option<PathBuf>,
}

impl Cached {
    /// Keeps what the tools render below the user's cache directory, if there is one.
    #[must_use]
    pub fn new(tools: Tools) -> Self {
        let folder = user_cache().map(|cache| cache.join("shipworthy").join(FORM));
        if let Some(folder) = &folder {
            prune(folder);
        }
        Self { tools, folder }
    }
}

impl Renderer for Cached {
    fn render(&self, job: &Job) -> Outcome {
        let place = self.folder.as_ref().and_then(|folder| Some(folder.join(self.key(job)?)));
        if let Some(known) = place.as_ref().and_then(|place| read(place)) {
            return known;
        }
        let outcome = self.tools.render(job);
        if let (Outcome::Made { manifests, warnings }, Some(place)) = (&outcome, &place) {
            // What cannot be kept is rendered again.
            let _ = write(place, manifests, warnings);
        }
        outcome
    }
}

impl Cached {
    /// Nothing where the tool is missing, or a file cannot be read.
    fn key(&self, job: &Job) -> Option<String> {
        let mut hash = Xxh3::new();
        let mut put = |bytes: &[u8]| {
            hash.update(&(bytes.len() as u64).to_le_bytes());
            hash.update(bytes);
        };
        let (program, arguments) = self.tools.program(job)?;
        let metadata = fs::metadata(program).ok()?;
        put(program.as_os_str().as_encoded_bytes());
        put(&metadata.len().to_le_bytes());
        put(&seconds(metadata.modified().ok()?).to_le_bytes());
        arguments.iter().for_each(|argument| put(argument.as_bytes()));
        put(job.values.inline.as_deref().unwrap_or_default().as_bytes());
        let mut total = 0;
        for path in job.reads.iter().chain(&job.values.files) {
            let walk = WalkDir::new(path).follow_links(true).sort_by_file_name().into_iter();
            // No chart reads those, but a repository whose root is a chart has them.
            let is_foreign =
                |entry: &walkdir::DirEntry| matches!(entry.file_name().to_str(), Some(".git" | "node_modules"));
            for entry in walk.filter_entry(|entry| !is_foreign(entry)) {
                let entry = entry.ok()?;
                if entry.file_type().is_file() {
                    total += entry.metadata().ok()?.len();
                    if total > MOST_READ {
                        return None;
                    }
                    put(job.seen(entry.path()).as_bytes());
                    put(&fs::read(entry.path()).ok()?);
                }
            }
        }
        Some(format!("{:032x}", hash.digest128()))
    }
}

/// A file of the cache: a line with two lengths, what the tool said, the manifests.
fn read(place: &Path) -> Option<Outcome> {
    let bytes = fs::read(place).ok()?;
    let line = bytes.iter().position(|byte| *byte == b'\n')?;
    let (said, printed) = std::str::from_utf8(&bytes[..line]).ok()?.split_once(' ')?;
    let (said, printed): (usize, usize) = (said.parse().ok()?, printed.parse().ok()?);
    let rest = &bytes[line + 1..];
    let is_whole = said.checked_add(printed) == Some(rest.len());
    let warnings = String::from_utf8(rest.get(..said).filter(|_| is_whole)?.to_vec()).ok()?;
    let file = fs::File::options().append(true).open(place).ok()?;
    // What is used is not old.
    let _ = file.set_modified(SystemTime::now());
    Some(Outcome::Made { manifests: rest[said..].to_vec(), warnings })
}

fn write(place: &Path, manifests: &[u8], warnings: &str) -> io::Result<()> {
    let folder = place.parent().unwrap_or(Path::new("."));
    create_private(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    writeln!(file, "{} {}", warnings.len(), manifests.len())?;
    file.write_all(warnings.as_bytes())?;
    file.write_all(manifests)?;
    file.persist(place)?;
    Ok(())
}

/// Deletes the oldest files of a cache that has become too large.
fn prune(folder: &Path) {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let files = entries.filter_map(|entry| {
        let metadata = entry.metadata().ok().filter(fs::Metadata::is_file)?;
        Some((metadata.modified().ok()?, metadata.len(), entry.path()))
    });
    let mut files: Vec<_> = files.collect();
    let mut total: u64 = files.iter().map(|(_, length, _)| length).sum();
    if total <= MOST {
        return;
    }
    files.sort();
    for (_, length, path) in files {
        if total <= KEPT {
            break;
        }
        // Another run may have deleted it.
        let _ = fs::remove_file(path);
        total -= length;
    }
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH).map(|since| since.as_secs()).unwrap_or(0)
}

/// Rendered manifests may hold secrets.
fn create_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// The user's cache directory, as the platform has it.
fn user_cache() -> Option<PathBuf> {
    let variable = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let home = || variable("HOME");
    if cfg!(windows) {
        variable("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        home().map(|home| home.join("Library/Caches"))
    } else {
        variable("XDG_CACHE_HOME").or_else(|| home().map(|home| home.join(".cache")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_what_is_broken_is_not() {
        let folder = tempfile::TempDir::new().unwrap();
        let place = folder.path().join("key");
        write(&place, b"a: 1\n", "careful\n").unwrap();
        let made = Outcome::Made { manifests: b"a: 1\n".to_vec(), warnings: "careful\n".to_string() };
        assert_eq!(read(&place), Some(made));
        fs::write(&place, "8 5\ncareful\na: ").unwrap();
        assert_eq!(read(&place), None);
        assert_eq!(read(&folder.path().join("none")), None);
    }
}
