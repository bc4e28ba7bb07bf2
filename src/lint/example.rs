//! A rule's example, linted: its test, and what its page shows.

use std::collections::BTreeSet;

use super::policy::{Policy, Selection};
use super::{Report, lint};
use crate::config::{Config, ConfigError, FILE_NAMES};
use crate::input::discover::closed_scopes;
use crate::input::{InputFile, Inputs};
use crate::rule::{Example, Rule, Severity};

/// Lints an example with all rules. A `shipworthy.yaml` among its files is the configuration.
///
/// # Errors
///
/// What is wrong with that configuration.
pub fn lint_example<'r>(example: &Example, rules: &'r [Rule]) -> Result<Report<'r>, ConfigError> {
    let mut inputs = Inputs::default();
    let mut config = Config::default();
    for (path, text) in example.files.iter() {
        if FILE_NAMES.contains(&path.as_ref()) {
            config = Config::parse(path, text, rules)?;
        } else {
            let path = path.to_string();
            let bytes = text.as_bytes().to_vec();
            inputs.files.push(InputFile { location: path.clone(), path, bytes, target: true, named: false });
        }
    }
    let scopes = closed_scopes(&config, &inputs.files);
    inputs.closed = scopes.map_err(|error| ConfigError::of_file(FILE_NAMES[0], error.to_string()))?;
    Ok(lint(&inputs, &Policy::new(rules, &config, &Selection::default())))
}

/// What an example expects, and what was found. A finding is `file: case: marked text`.
#[derive(Clone, Debug)]
pub struct Trial<'e> {
    /// The example.
    pub example: &'e Example,
    /// The findings of the rule that it expects, in order.
    pub expected: Vec<String>,
    /// The findings of the rule.
    pub found: Vec<String>,
    /// The other rules that it expects to fire, at warning and above.
    pub expected_also: Vec<String>,
    /// The other rules that fired, at warning and above.
    pub found_also: Vec<String>,
}

impl Trial<'_> {
    /// Whether all was as expected.
    #[must_use]
    pub fn is_right(&self) -> bool {
        self.flags_are_right() && self.expected_also == self.found_also
    }

    /// Whether the rule found what is expected, whatever other rules say.
    #[must_use]
    pub fn flags_are_right(&self) -> bool {
        self.expected == self.found
    }
}

/// Lints an example of a rule, and compares what was found with what it expects.
///
/// # Errors
///
/// What is wrong with the example's configuration.
pub fn try_example<'e>(rule: &Rule, example: &'e Example, rules: &[Rule]) -> Result<Trial<'e>, ConfigError> {
    let report = lint_example(example, rules)?;
    let flags = example.flags.iter().map(|flag| format!("{}: {}: {}", flag.file, flag.case, flag.text));
    let others = report.findings.iter().filter(|finding| finding.rule.id != rule.id);
    let others = others.filter(|finding| finding.severity >= Severity::Warning);
    let ids = |ids: BTreeSet<&str>| ids.into_iter().map(str::to_string).collect();
    Ok(Trial {
        example,
        expected: flags.collect(),
        found: flagged(&report, rule),
        expected_also: ids(example.also.iter().map(AsRef::as_ref).collect()),
        found_also: ids(others.map(|finding| finding.rule.id.as_ref()).collect()),
    })
}

/// The findings of a rule: `file: case: marked text`.
#[must_use]
pub fn flagged(report: &Report<'_>, rule: &Rule) -> Vec<String> {
    let findings = report.findings.iter().filter(|finding| finding.rule.id == rule.id);
    let flags = findings.map(|finding| {
        let path = report.sources.get(finding.hit.span.source).path();
        format!("{path}: {}: {}", finding.hit.case, report.sources.slice(finding.hit.span))
    });
    flags.collect()
}
