//! `--fix` and `--diff`

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use similar::TextDiff;
use tempfile::NamedTempFile;

use super::Failure;
use crate::check::Safety;
use crate::fix::Change;
use crate::input::Inputs;
use crate::lint::Report;

/// Whether a file may be mended: it is a target of this run and a file of the tree, and all of it
/// is text.
pub(super) fn may_change(inputs: &Inputs, file: usize, stdin_path: &str) -> bool {
    let Some(input) = inputs.files.get(file) else { return false };
    let is_of_the_tree = !input.path.starts_with('<') && input.path != stdin_path;
    input.target && is_of_the_tree && std::str::from_utf8(&input.bytes).is_ok()
}

/// Writes mended files, each in one step, with the permissions that it has.
pub(super) fn write_files(changes: &[Change], directory: &Path) -> Result<(), Failure> {
    changes.iter().try_for_each(|change| {
        let path = directory.join(&change.path);
        write_file(&path, change).map_err(|error| Failure(format!("{}: not mended: {error}", change.path)))
    })
}

/// Writes what files held before.
pub(super) fn take_back(changes: &[Change], directory: &Path) -> Result<(), Failure> {
    let back =
        |change: &Change| Change { before: change.after.clone(), after: change.before.clone(), ..change.clone() };
    write_files(&changes.iter().map(back).collect::<Vec<_>>(), directory)
}

fn write_file(path: &Path, change: &Change) -> io::Result<()> {
    // A link stays one.
    let path = path.canonicalize()?;
    if fs::read(&path)? != change.before.as_bytes() {
        return Err(io::Error::other("it was changed by somebody else in the meantime"));
    }
    let mut file = NamedTempFile::new_in(path.parent().unwrap_or(Path::new(".")))?;
    file.write_all(change.after.as_bytes())?;
    file.as_file().set_permissions(fs::metadata(&path)?.permissions())?;
    file.persist(&path)?;
    Ok(())
}

/// What would be written, as a patch. Secrets are stars in it.
pub(super) fn write_diff(changes: &[Change], out: &mut dyn Write) -> io::Result<()> {
    for change in changes {
        let (before, after) = &change.masked;
        let diff = TextDiff::from_lines(before, after);
        let header = (format!("a/{}", change.path), format!("b/{}", change.path));
        write!(out, "{}", diff.unified_diff().context_radius(3).header(&header.0, &header.1))?;
    }
    Ok(())
}

/// "2 findings fixed in 1 file, 3 remain, 1 of them can be fixed by --unsafe-fixes"
pub(super) fn summary(fixed: usize, changes: &[Change], left: &Report<'_>, with_unsafe: bool) -> String {
    let plural = |number: usize, word: &str| format!("{number} {word}{}", if number == 1 { "" } else { "s" });
    let unsafe_ones = left.findings.iter().filter_map(|finding| finding.hit.fix.as_ref());
    let unsafe_ones = unsafe_ones.filter(|fix| fix.safety == Safety::Unsafe && !fix.edits.is_empty()).count();
    let more = match unsafe_ones {
        0 => String::new(),
        _ if with_unsafe => String::new(),
        more => format!(" ({more} of them can be fixed by --unsafe-fixes)"),
    };
    let (found, files) = (plural(fixed, "finding"), plural(changes.len(), "file"));
    format!("{found} fixed in {files}, {} left{more}", plural(left.findings.len(), "finding"))
}
