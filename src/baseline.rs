//! The findings that a project lives with: a file that hides them, and only ever shrinks.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::fault::ConfigError;
use crate::lint::Report;

/// The form of the file.
const VERSION: u32 = 1;

/// A baseline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    version: u32,
    findings: Vec<Entry>,
}

/// A finding of a baseline: the fingerprint counts, the rest is for people.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The path.
    pub path: String,
    /// The rule.
    pub rule: String,
    /// The message, as it was.
    pub message: String,
    /// The fingerprint.
    pub fingerprint: String,
}

impl Baseline {
    /// The baseline that hides every finding of a report.
    #[must_use]
    pub fn of(report: &Report<'_>) -> Self {
        let entries = report.findings.iter().map(|finding| Entry {
            path: report.sources.get(finding.hit.span.source).path().to_string(),
            rule: finding.rule.id.to_string(),
            message: finding.hit.message.clone(),
            fingerprint: finding.fingerprint.clone(),
        });
        let mut findings: Vec<_> = entries.collect();
        findings.sort();
        Self { version: VERSION, findings }
    }

    /// Reads a baseline.
    ///
    /// # Errors
    ///
    /// What is wrong with it, and where.
    pub fn read(path: &str, text: &str) -> Result<Self, ConfigError> {
        let read: Result<Self, _> = serde_json::from_str(text);
        let baseline = read.map_err(|error| {
            let whole = error.to_string();
            let message = whole.rsplit_once(" at line ").map_or(whole.as_str(), |(message, _)| message);
            ConfigError {
                path: path.to_string(),
                line: error.line() as u64,
                column: error.column() as u64,
                message: format!("no baseline: {message}"),
            }
        })?;
        if baseline.version != VERSION {
            let message = format!("a baseline of version {}, and only {VERSION} is known here", baseline.version);
            return Err(ConfigError::of_file(path, message));
        }
        Ok(baseline)
    }

    /// The text of the file.
    ///
    /// # Errors
    ///
    /// None that is known of.
    pub fn text(&self) -> serde_json::Result<String> {
        serde_json::to_string_pretty(self).map(|text| text + "\n")
    }

    /// How many findings it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.findings.len()
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }

    /// Hides its findings.
    pub fn hide(&self, report: &mut Report<'_>) {
        let known: HashSet<_> = self.findings.iter().map(|entry| entry.fingerprint.as_str()).collect();
        report.hide_known(|fingerprint| known.contains(fingerprint));
    }

    /// Its findings that a report did not have, hidden or not.
    #[must_use]
    pub fn not_in(&self, report: &Report<'_>) -> Vec<&Entry> {
        let found: HashSet<_> = report.findings.iter().map(|finding| &finding.fingerprint).collect();
        let is_gone =
            |entry: &&Entry| !found.contains(&entry.fingerprint) && !report.known.contains(&entry.fingerprint);
        self.findings.iter().filter(is_gone).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::input::{InputFile, Inputs};
    use crate::lint::{Policy, Selection, lint};
    use crate::rule::builtin;

    fn report(data: &str) -> Report<'static> {
        let text = format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata: {{{data}}}\n");
        let path = "a.yaml".to_string();
        let file = InputFile { location: path.clone(), path, bytes: text.into(), target: true, named: true };
        let inputs = Inputs { files: vec![file], ..Inputs::default() };
        lint(&inputs, &Policy::new(builtin(), &Config::default(), &Selection::default()))
    }

    #[test]
    fn what_it_holds_is_hidden_and_what_is_no_more_is_told() {
        let baseline = Baseline::of(&report("A: 1, B: 2"));
        let read = Baseline::read("b.json", &baseline.text().unwrap()).unwrap();
        assert_eq!(read, baseline);
        let mut now = report("B: 2, C: 3");
        baseline.hide(&mut now);
        let gone: Vec<_> = baseline.not_in(&now).into_iter().map(|entry| entry.message.clone()).collect();
        assert_eq!(now.known.len(), 1);
        assert_eq!(now.findings.len(), 1);
        assert!(now.findings[0].hit.message.contains('C'), "{}", now.findings[0].hit.message);
        assert_eq!(gone.len(), 1);
        assert!(gone[0].contains('A'), "{gone:?}");
    }

    #[test]
    fn faults_have_their_places() {
        let fault = |text: &str| Baseline::read("b.json", text).unwrap_err().to_string();
        assert_eq!(fault("{\n  \"version\": 1,\n"), "b.json:3:0: no baseline: EOF while parsing a value");
        assert_eq!(
            fault("{\"version\": 1, \"finding\": []}"),
            "b.json:1:24: no baseline: unknown field `finding`, expected `version` or `findings`"
        );
        assert_eq!(
            fault("{\"version\": 2, \"findings\": []}"),
            "b.json: a baseline of version 2, and only 1 is known here"
        );
    }
}
