//! `--baseline` and `--write-baseline`

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::Failure;
use crate::baseline::{Baseline, Entry};
use crate::input::discover::Found;
use crate::lint::{Policy, Report};

/// The findings that a baseline holds, if there is one.
pub(super) struct Known(Option<(PathBuf, Baseline)>);

impl Known {
    pub(super) fn read(path: Option<&Path>) -> Result<Self, Failure> {
        let Some(path) = path else { return Ok(Self(None)) };
        let shown = path.display().to_string();
        let text = fs::read_to_string(path).map_err(|error| Failure(format!("{shown}: {error}")))?;
        Ok(Self(Some((path.to_path_buf(), Baseline::read(&shown, &text)?))))
    }

    /// Writes the baseline that hides every finding, hides them, and says so.
    pub(super) fn write(path: &Path, report: &mut Report<'_>) -> Result<String, Failure> {
        let baseline = Baseline::of(report);
        let text = baseline.text()?;
        fs::write(path, text).map_err(|error| Failure(format!("{}: {error}", path.display())))?;
        baseline.hide(report);
        Ok(format!("{} written to {}", count(baseline.len(), "finding"), path.display()))
    }

    pub(super) fn hide(&self, report: &mut Report<'_>) {
        if let Some((_, baseline)) = &self.0 {
            baseline.hide(report);
        }
    }

    /// What to say of entries that no longer occur, so that the baseline shrinks.
    pub(super) fn fixed(&self, found: &Found, report: &Report<'_>, policy: &Policy<'_>) -> Option<String> {
        let (path, baseline) = self.0.as_ref()?;
        let ran: HashSet<_> = policy.rules().iter().map(|active| active.rule.id.as_ref()).collect();
        let known: HashSet<_> = found.inputs.files.iter().map(|file| file.path.as_str()).collect();
        let targets = found.inputs.files.iter().filter(|file| file.target).map(|file| file.path.as_str());
        let targets: HashSet<_> = targets.collect();
        // Only of what was looked at, and of what is no more, can that be told.
        let is_gone = |path: &str| found.left_out == 0 && !known.contains(path) && !Path::new(path).exists();
        let fixed = baseline.not_in(report).into_iter().filter(|entry: &&Entry| {
            ran.contains(entry.rule.as_str()) && (targets.contains(entry.path.as_str()) || is_gone(&entry.path))
        });
        let count = fixed.count();
        let path = path.display();
        match count {
            0 => None,
            1 => Some(format!("{path}: 1 entry is fixed: write it anew with --write-baseline {path}")),
            _ => Some(format!("{path}: {count} entries are fixed: write it anew with --write-baseline {path}")),
        }
    }
}

fn count(number: usize, word: &str) -> String {
    format!("{number} {word}{}", if number == 1 { "" } else { "s" })
}
