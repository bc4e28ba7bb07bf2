//! `shipworthy rules`

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::{Color, Failure, PASSED, print};
use crate::rule::{self, Rule};

#[derive(Args)]
pub(super) struct RulesArgs {
    /// The form of the list
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    format: ListFormat,
}

#[derive(Clone, Copy, ValueEnum)]
enum ListFormat {
    /// A line for each rule
    Text,
    /// For programs
    Json,
}

pub(super) fn run(args: &RulesArgs) -> Result<u8, Failure> {
    let rules = rule::builtin();
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
