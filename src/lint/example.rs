//! A rule's example, linted: its test, and what its page shows.

use std::collections::BTreeSet;

use super::policy::{Policy, Selection};
use super::{Report, lint};
use crate::config::{Config, ConfigError, FILE_NAMES};
use crate::input::discover::closed_scopes;
use crate::input::render::{Made, Render, Tool};
use crate::input::{ClosedScope, InputFile, Inputs};
use crate::release::kustomize::is_kustomization;
use crate::rule::{Example, Rule, Severity};

/// Beside a `Chart.yaml` or kustomization, what its tool prints.
const STDOUT: &str = ".stdout";
/// Beside a `Chart.yaml` or kustomization, what its tool complains.
const STDERR: &str = ".stderr";

/// Lints an example with all rules. A `shipworthy.yaml` among its files is the configuration.
/// What helm and kustomize print stands in files `.stdout` and `.stderr` beside the chart or
/// kustomization; a chart that has neither is not rendered.
///
/// # Errors
///
/// What is wrong with that configuration.
pub fn lint_example<'r>(example: &Example, rules: &'r [Rule]) -> Result<Report<'r>, ConfigError> {
    let mut inputs = Inputs::default();
    let mut config = Config::default();
    let is_output = |path: &str| matches!(split(path).1, STDOUT | STDERR);
    for (path, text) in example.files.iter().filter(|(path, _)| !is_output(path)) {
        if FILE_NAMES.contains(&path.as_ref()) {
            config = Config::parse(path, text, rules)?;
        } else {
            inputs.files.push(file(path, text));
        }
    }
    let scopes = closed_scopes(&config, &inputs.files);
    inputs.closed = scopes.map_err(|error| ConfigError::of_file(FILE_NAMES[0], error.to_string()))?;
    renders(example, &mut inputs);
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

fn file(path: &str, text: &str) -> InputFile {
    let path = path.to_string();
    InputFile { location: path.clone(), path, bytes: text.as_bytes().to_vec(), target: true, named: false }
}

fn renders(example: &Example, inputs: &mut Inputs) {
    for index in 0..inputs.files.len() {
        let (directory, name) = split(&inputs.files[index].path);
        let (directory, is_chart) = (directory.to_string(), name == "Chart.yaml");
        let printed = |name: &str| text_of(example, &directory, name);
        let made = match (printed(STDOUT), printed(STDERR)) {
            _ if !is_chart && !is_kustomization(name) => continue,
            (Some(output), warnings) => manifests(inputs, &directory, output, warnings.unwrap_or_default()),
            (None, Some(complaint)) => Made::Failed(complaint.trim().trim_start_matches("Error: ").to_string()),
            (None, None) if is_chart => Made::NotRendered("no tool is at hand".to_string()),
            (None, None) => continue,
        };
        let was_made = matches!(made, Made::Manifests { .. });
        let below = format!("{directory}/");
        let own = (0..inputs.files.len()).filter(|file| inputs.files[*file].path.starts_with(&below));
        let own: Vec<_> = own.filter(|file| !inputs.files[*file].path.ends_with('>')).collect();
        match is_chart {
            true => inputs.parts.extend(own),
            false if was_made => inputs.covered.extend(own),
            false => {}
        }
        let tool = if is_chart { Tool::Helm } else { Tool::Kustomize };
        let release = split(&directory).1.to_string();
        let (values, value_files) = (Vec::new(), Vec::new());
        let sources = (0..inputs.files.len()).filter(|file| inputs.covered.contains(file)).collect();
        inputs.renders.push(Render {
            tool,
            release,
            directory,
            values,
            value_files,
            sources,
            file: index,
            whole: true,
            orchestrator: None,
            made,
        });
    }
}

fn text_of<'e>(example: &'e Example, directory: &str, name: &str) -> Option<&'e str> {
    let text = example.files.iter().find(|(path, _)| split(path) == (directory, name));
    text.map(|(_, text)| text.as_ref())
}

/// What was rendered, as a closed scope of its own.
fn manifests(inputs: &mut Inputs, directory: &str, output: &str, warnings: &str) -> Made {
    let index = inputs.files.len();
    let name = split(directory).1.to_string();
    inputs.files.push(file(&format!("{directory}/<{name}>"), output));
    inputs.closed.push(ClosedScope {
        name,
        namespace: None,
        orchestrator: None,
        files: vec![index],
        dockerfiles: Vec::new(),
    });
    Made::Manifests { file: index, warnings: warnings.to_string() }
}

/// A path's directory and name.
fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}
