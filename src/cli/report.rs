//! `shipworthy report`

use std::fs;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{Color, FAILED, Failure, PASSED, complain, print};
use crate::report::merge::merge;

#[derive(Args)]
pub(super) struct ReportArgs {
    #[command(subcommand)]
    command: ReportCommand,
}

#[derive(Subcommand)]
enum ReportCommand {
    /// Joins the JSON reports of `check --shard` runs into one
    Merge {
        /// The reports
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
    },
}

pub(super) fn run(args: &ReportArgs) -> Result<u8, Failure> {
    let ReportCommand::Merge { files } = &args.command;
    let read = |file: &PathBuf| {
        let name = file.display().to_string();
        let text = fs::read_to_string(file).map_err(|error| Failure(format!("{name}: {error}")))?;
        Ok((name, text))
    };
    let texts: Result<Vec<_>, Failure> = files.iter().map(read).collect();
    let merged = merge(&texts?).map_err(Failure)?;
    print(Color::Never, |out| {
        serde_json::to_writer_pretty(&mut *out, &merged)?;
        writeln!(out)
    })?;
    if merged["summary"]["documents"] == 0 && merged["findings"].as_array().is_none_or(Vec::is_empty) {
        complain("nothing was linted in any of the reports");
        return Ok(FAILED);
    }
    Ok(PASSED)
}
