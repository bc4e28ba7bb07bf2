//! Applies the fixes of findings.
//!
//! Everything happens in memory: fixes that touch each other wait for the next round, and each
//! round is linted anew. What comes out is what every file held and what it is to hold; writing
//! it is up to the caller.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::check::{Edit, Fix, Safety};
use crate::input::Inputs;
use crate::lint::{Finding, Report};
use crate::source::SourceId;

/// After so many rounds, fixes that undo each other are left alone.
const MOST_ROUNDS: usize = 10;
/// The rules that say that a text can no longer be read.
const BROKEN: [&str; 2] = ["syntax-error", "duplicate-key"];

/// A file that was mended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its path, as reports print it.
    pub path: String,
    /// What it held.
    pub before: String,
    /// What it is to hold.
    pub after: String,
    /// Both, with stars in the place of secrets.
    pub masked: (String, String),
}

/// What fixes make of a run's files.
#[derive(Clone, Debug, Default)]
pub struct Mended {
    /// The files, in the order of the inputs.
    pub changes: Vec<Change>,
    /// How many findings they mend.
    pub fixed: usize,
}

/// Which fixes may be made.
#[derive(Clone, Copy)]
pub struct Licence<'l> {
    /// Whether those that may change what somebody meant count, too.
    pub with_unsafe: bool,
    /// Whether a file may be touched, by its index.
    pub may_change: &'l dyn Fn(usize) -> bool,
}

/// Makes the fixes of a report, and those of what `lint` says of the files then. `inputs` hold
/// the mended files in the end.
pub fn mend<'r>(
    inputs: &mut Inputs,
    first: &Report<'r>,
    licence: Licence<'_>,
    lint: &dyn Fn(&Inputs) -> Report<'r>,
) -> Mended {
    let mut changes: BTreeMap<usize, Change> = BTreeMap::new();
    let mut fixed = 0;
    let mut latest: Option<Report<'r>> = None;
    // Nothing is rendered anew in between: where a template was mended, its findings are old.
    let mut stale: BTreeSet<usize> = BTreeSet::new();
    for _ in 0..MOST_ROUNDS {
        let report = latest.as_ref().unwrap_or(first);
        let may_change = |file: usize| (licence.may_change)(file) && !stale.contains(&file);
        let round = Round::of(report, Licence { may_change: &may_change, ..licence });
        if round.mended == 0 {
            break;
        }
        let before = changes.clone();
        for (file, (source, edits)) in &round.edits {
            let change = changes.entry(*file).or_insert_with(|| unchanged(report, *source));
            change.after = applied(&change.after, edits);
            change.masked.1 = applied(&change.masked.1, edits);
            inputs.files[*file].bytes = change.after.clone().into_bytes();
        }
        let next = lint(inputs);
        if broken(&next) > broken(report) {
            // No fix may break what could be read.
            for (file, (source, _)) in &round.edits {
                inputs.files[*file].bytes = report.sources.get(*source).text().into();
            }
            changes = before;
            break;
        }
        stale.extend(&round.templates);
        fixed += round.mended;
        latest = Some(next);
    }
    Mended { changes: changes.into_values().filter(|change| change.before != change.after).collect(), fixed }
}

fn unchanged(report: &Report<'_>, source: SourceId) -> Change {
    let text = report.sources.get(source).text().to_string();
    let masked = report.masked(source).into_owned();
    let path = report.sources.get(source).path().to_string();
    Change { path, before: text.clone(), after: text, masked: (masked.clone(), masked) }
}

fn broken(report: &Report<'_>) -> usize {
    report.findings.iter().filter(|finding| BROKEN.contains(&finding.rule.id.as_ref())).count()
}

/// The fixes that can be made together: of several that touch, the first one.
#[derive(Default)]
struct Round<'f> {
    /// By file.
    edits: BTreeMap<usize, (SourceId, Vec<&'f Edit>)>,
    /// What is edited already, by file: ends by starts.
    taken: HashMap<usize, BTreeMap<u32, u32>>,
    /// Files that stand for what is rendered from them.
    templates: BTreeSet<usize>,
    /// How many findings are mended.
    mended: usize,
}

impl<'f> Round<'f> {
    fn of(report: &'f Report<'_>, licence: Licence<'_>) -> Self {
        // Sources stand in the order of the files.
        let sources = report.sources.iter().enumerate();
        let files: HashMap<SourceId, usize> = sources.map(|(file, (source, _))| (source, file)).collect();
        let file_of = |edit: &Edit| files.get(&edit.span.source).copied();
        let mut round = Self::default();
        // One line of a template may be behind many findings: it is mended once for all.
        let mut made: HashSet<Vec<(SourceId, u32, u32, &str)>> = HashSet::new();
        for finding in &report.findings {
            let Some(fix) = finding.hit.fix.as_ref().filter(|fix| !fix.edits.is_empty()) else { continue };
            let may = |edit: &Edit| file_of(edit).is_some_and(|file| (licence.may_change)(file));
            if !(licence.with_unsafe || fix.safety == Safety::Safe) || !fix.edits.iter().all(may) {
                continue;
            }
            let key = |edit: &'f Edit| (edit.span.source, edit.span.start, edit.span.end, edit.text.as_str());
            let key: Vec<_> = fix.edits.iter().map(key).collect();
            if made.contains(&key) {
                round.mended += 1;
            } else if round.add(finding, fix, &file_of) {
                made.insert(key);
            }
        }
        round
    }

    fn add(&mut self, finding: &Finding<'_>, fix: &'f Fix, file_of: &dyn Fn(&Edit) -> Option<usize>) -> bool {
        let placed: Vec<_> = fix.edits.iter().filter_map(|edit| Some((file_of(edit)?, edit))).collect();
        if placed.iter().any(|(file, edit)| self.touches(*file, edit)) {
            return false;
        }
        for (file, edit) in placed {
            let end = self.taken.entry(file).or_default().entry(edit.span.start).or_default();
            *end = edit.span.end.max(*end);
            self.edits.entry(file).or_insert((edit.span.source, Vec::new())).1.push(edit);
            self.templates.extend(finding.rendered.as_ref().map(|_| file));
        }
        self.mended += 1;
        true
    }

    /// Whether an edit overlaps with one that is made, or meets it so that the order would matter.
    fn touches(&self, file: usize, edit: &Edit) -> bool {
        let taken = self.taken.get(&file);
        let before = taken.and_then(|taken| taken.range(..=edit.span.end).next_back());
        before.is_some_and(|(_, end)| *end >= edit.span.start)
    }
}

/// A text with edits made, which do not overlap. Where lines end in CR and LF, so do new ones.
fn applied(text: &str, edits: &[&Edit]) -> String {
    let mut edits = edits.to_vec();
    edits.sort_by_key(|edit| edit.span.start);
    let is_dos = text.find('\n').is_some_and(|end| text[..end].ends_with('\r'));
    let mut result = String::with_capacity(text.len());
    let mut done = 0;
    for edit in edits {
        let range = edit.span.range();
        result.push_str(text.get(done..range.start).unwrap_or_default());
        match is_dos {
            true => result.push_str(&edit.text.replace("\r\n", "\n").replace('\n', "\r\n")),
            false => result.push_str(&edit.text),
        }
        done = range.end.max(done);
    }
    result.push_str(text.get(done..).unwrap_or_default());
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::input::InputFile;
    use crate::lint::{Policy, Selection, lint};
    use crate::rule::builtin;

    fn mended(text: &str, with_unsafe: bool) -> (Mended, Inputs) {
        let file = InputFile {
            path: "a.yaml".to_string(),
            location: "a.yaml".to_string(),
            bytes: text.into(),
            target: true,
            named: true,
        };
        let mut inputs = Inputs { files: vec![file], ..Inputs::default() };
        let policy = Policy::new(builtin(), &Config::default(), &Selection::default());
        let first = lint(&inputs, &policy);
        let licence = Licence { with_unsafe, may_change: &|_| true };
        (mend(&mut inputs, &first, licence, &|inputs| lint(inputs, &policy)), inputs)
    }

    fn config_map(data: &str) -> String {
        format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata:\n{data}")
    }

    #[test]
    fn several_fixes_are_made_at_once_and_once_only() {
        let (found, inputs) = mended(&config_map("  A: 1 # why\n  B: true\n"), false);
        assert_eq!(found.fixed, 2);
        assert_eq!(found.changes[0].after, config_map("  A: \"1\" # why\n  B: \"true\"\n"));
        assert_eq!(inputs.files[0].bytes, found.changes[0].after.as_bytes());
        assert!(mended(&found.changes[0].after, true).0.changes.is_empty());
    }

    #[test]
    fn line_breaks_and_other_letters_stay_what_they_are() {
        let text = format!("\u{feff}{}", config_map("  Ü: ü\n  A: 1\n")).replace('\n', "\r\n");
        let (found, _) = mended(&text, false);
        assert_eq!(found.changes[0].after, text.replace("A: 1", "A: \"1\""));
    }

    #[test]
    fn a_diff_shows_no_secret() {
        let (found, _) = mended(&config_map("  DB_PASSWORD: 12345\n"), false);
        let change = &found.changes[0];
        assert!(change.after.contains("\"12345\""), "{change:?}");
        assert!(!change.masked.0.contains("12345") && !change.masked.1.contains("12345"), "{change:?}");
    }

    #[test]
    fn inserted_lines_end_as_the_others_do() {
        let edit = Edit { span: crate::source::Span::new(source(), 4, 4), text: "b: 1\n".to_string() };
        assert_eq!(applied("a:\r\nc", &[&edit]), "a:\r\nb: 1\r\nc");
    }

    fn source() -> SourceId {
        crate::source::Sources::default().add("x", "")
    }
}
