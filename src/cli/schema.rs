//! `shipworthy schema`

use clap::{Args, ValueEnum};

use super::{Color, Failure, PASSED, print};
use crate::schema;

#[derive(Args)]
pub(super) struct SchemaArgs {
    /// What it describes
    #[arg(value_enum)]
    of: Of,
}

#[derive(Clone, Copy, ValueEnum)]
enum Of {
    /// shipworthy.yaml
    Config,
    /// A rule file
    Rule,
    /// The JSON report
    Report,
}

pub(super) fn run(args: &SchemaArgs) -> Result<u8, Failure> {
    let schema = match args.of {
        Of::Config => schema::config(),
        Of::Rule => schema::rule(),
        Of::Report => schema::report(),
    };
    print(Color::Never, |out| {
        serde_json::to_writer_pretty(&mut *out, &schema)?;
        writeln!(out)
    })?;
    Ok(PASSED)
}
