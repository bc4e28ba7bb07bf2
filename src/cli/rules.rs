//! `shipworthy rules`

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};

use super::settings::{Settings, load_rules, rule_texts};
use super::{Color, ConfigArgs, FOUND, Failure, PASSED, print};
use crate::lint::{Trial, try_example};
use crate::rule::{self, Rule};

#[derive(Args)]
pub(super) struct RulesArgs {
    #[command(subcommand)]
    command: Option<RulesCommand>,
    /// The form of the list
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    format: ListFormat,
    #[command(flatten)]
    config: ConfigArgs,
}

#[derive(Subcommand)]
enum RulesCommand {
    /// Runs the examples of a folder's rule files
    Test {
        /// The folder
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum ListFormat {
    /// A line for each rule
    Text,
    /// For programs
    Json,
}

pub(super) fn run(args: &RulesArgs) -> Result<u8, Failure> {
    if let Some(RulesCommand::Test { folder }) = &args.command {
        return test(folder);
    }
    let rules = Settings::here(&args.config)?.rules;
    print(Color::Auto, |out| match args.format {
        ListFormat::Text => {
            rules.iter().try_for_each(|rule| writeln!(out, "{:<32} {:<10} {}", rule.id, rule.group, rule.summary))
        }
        ListFormat::Json => {
            let list: Vec<Value> = rules.iter().map(as_json).collect();
            serde_json::to_writer_pretty(&mut *out, &list)?;
            writeln!(out)
        }
    })?;
    Ok(PASSED)
}

fn as_json(rule: &Rule) -> Value {
    let levels: serde_json::Map<_, _> =
        rule.levels.iter().map(|(case, level)| (case.to_string(), Value::from(level.as_str()))).collect();
    json!({
        "id": rule.id,
        "group": rule.group,
        "summary": rule.summary,
        "levels": levels,
        "on": rule.on,
        "references": rule.references,
        "preview": rule.preview,
    })
}

/// Runs the examples of every rule of a folder. What other rules say of an example is no business
/// of it: a user need not know them.
fn test(folder: &Path) -> Result<u8, Failure> {
    let directory = std::env::current_dir()?;
    let texts = rule_texts(folder, &directory);
    let texts = texts.map_err(|error| Failure(format!("{}: {error}", folder.display())))?;
    let own = load_rules(&texts, &directory)?;
    let all = [rule::builtin(), &own].concat();
    let tested: Result<Vec<_>, Failure> = own.iter().map(|rule| Ok((rule, trials(rule, &all)?))).collect();
    let tested = tested?;
    print(Color::Auto, |out| {
        tested.iter().try_for_each(|(rule, trials)| write_tested(rule, trials, out))?;
        write_tally(&tested, out)
    })?;
    let failed = tested.iter().flat_map(|(_, trials)| trials).any(|trial| !trial.flags_are_right());
    Ok(if failed { FOUND } else { PASSED })
}

fn trials<'e>(rule: &'e Rule, rules: &[Rule]) -> Result<Vec<Trial<'e>>, Failure> {
    let examples = rule.bad.iter().chain(rule.good.iter());
    let trials = examples.map(|example| try_example(rule, example, rules));
    let trials: Result<Vec<_>, _> = trials.collect();
    trials.map_err(|error| Failure(format!("an example of {}: {error}", rule.id)))
}

fn write_tested(rule: &Rule, trials: &[Trial<'_>], out: &mut dyn Write) -> io::Result<()> {
    let word = match trials.iter().filter(|trial| !trial.flags_are_right()).count() {
        _ if trials.is_empty() => "untested",
        0 => "ok",
        _ => "failed",
    };
    writeln!(out, "{word:<9} {}: {} bad, {} good", rule.id, rule.bad.len(), rule.good.len())?;
    for trial in trials.iter().filter(|trial| !trial.flags_are_right()) {
        writeln!(out, "  {}", trial.example.name)?;
        write_list("expected", &trial.expected, out)?;
        write_list("found", &trial.found, out)?;
    }
    Ok(())
}

fn write_list(title: &str, lines: &[String], out: &mut dyn Write) -> io::Result<()> {
    let nothing = if lines.is_empty() { " nothing" } else { "" };
    writeln!(out, "    {title}:{nothing}")?;
    lines.iter().try_for_each(|line| writeln!(out, "      {}", line.replace('\n', "\n      ")))
}

fn write_tally(tested: &[(&Rule, Vec<Trial<'_>>)], out: &mut dyn Write) -> io::Result<()> {
    let untested = tested.iter().filter(|(_, trials)| trials.is_empty()).count();
    let failed = tested.iter().filter(|(_, trials)| trials.iter().any(|trial| !trial.flags_are_right())).count();
    let ok = tested.len() - failed - untested;
    writeln!(out, "{ok} ok, {failed} failed, {untested} without examples")
}
