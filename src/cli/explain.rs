//! `shipworthy explain`

use std::io::{self, Write};

use clap::Args;

use super::{Color, Failure, PASSED, print};
use crate::config::unknown;
use crate::lint::lint_example;
use crate::rule::{self, Example, Rule};

#[derive(Args)]
pub(super) struct ExplainArgs {
    /// The rule's id
    #[arg(value_name = "RULE")]
    rule: String,
}

pub(super) fn run(args: &ExplainArgs) -> Result<u8, Failure> {
    let rules = rule::builtin();
    let Some(rule) = rules.iter().find(|rule| rule.id == args.rule) else {
        return Err(Failure(unknown("rule", &args.rule, rules.iter().map(|rule| rule.id.as_ref()))));
    };
    print(Color::Auto, |out| write(rule, out))?;
    Ok(PASSED)
}

fn write(rule: &Rule, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{} ({})\n\n{}.\n", rule.id, rule.group, rule.summary.trim_end_matches('.'))?;
    for (case, level) in rule.levels.iter() {
        writeln!(out, "  {level:<8}{case}")?;
    }
    writeln!(out, "\n{}\nWhat to do: {}\n", rule.rationale, rule.remedy.trim())?;
    for (name, value) in rule.params.iter() {
        writeln!(out, "Parameter {name}: {value}")?;
    }
    if !rule.references.is_empty() {
        writeln!(out, "Source: {}\n", rule.references.join("; "))?;
    }
    rule.bad.iter().try_for_each(|example| {
        write_example("Bad", example, out)?;
        write_findings(rule, example, out)
    })?;
    rule.good.iter().try_for_each(|example| write_example("Good", example, out))
}

/// What the rule says of an example, and how it would mend it.
fn write_findings(rule: &Rule, example: &Example, out: &mut dyn Write) -> io::Result<()> {
    let report = lint_example(example, rule::builtin()).map_err(io::Error::other)?;
    for finding in report.findings.iter().filter(|finding| finding.rule.id == rule.id) {
        let source = report.sources.get(finding.hit.span.source);
        let start = source.position(finding.hit.span.start);
        let (severity, message) = (finding.severity, &finding.hit.message);
        writeln!(out, "  {}:{}:{}: {severity}: {message}", source.path(), start.line, start.column)?;
        if let Some(fix) = &finding.hit.fix {
            writeln!(out, "    fix ({}): {}", fix.safety, fix.description)?;
        }
    }
    writeln!(out)
}

fn write_example(title: &str, example: &Example, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{title}: {}\n", example.name)?;
    for (path, text) in example.files.iter() {
        writeln!(out, "  {path}")?;
        text.lines().try_for_each(|line| writeln!(out, "    {line}"))?;
    }
    writeln!(out)
}
