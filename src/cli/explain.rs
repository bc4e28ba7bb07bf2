//! `shipworthy explain`

use clap::Args;

use super::settings::Settings;
use super::{Color, ConfigArgs, Failure, PASSED, print};
use crate::config::unknown;
use crate::report::page::{self, Form};

#[derive(Args)]
pub(super) struct ExplainArgs {
    /// The rule's id
    #[arg(value_name = "RULE")]
    rule: String,
    #[command(flatten)]
    config: ConfigArgs,
}

pub(super) fn run(args: &ExplainArgs) -> Result<u8, Failure> {
    let rules = Settings::here(&args.config)?.rules;
    let Some(rule) = rules.iter().find(|rule| rule.id == args.rule) else {
        return Err(Failure(unknown("rule", &args.rule, rules.iter().map(|rule| rule.id.as_ref()))));
    };
    print(Color::Auto, |out| page::write(rule, &rules, Form::Terminal, out))?;
    Ok(PASSED)
}
