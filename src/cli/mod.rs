//! The command line: one file per command.

mod check;
mod explain;
mod facts;
mod init;
mod rules;
mod settings;

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Is this release fit to ship? Lints deployment manifests for what would make a deploy drop
/// requests, lose work or not go through.
#[derive(Parser)]
#[command(name = "shipworthy", version, about, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Lints manifests
    Check(check::CheckArgs),
    /// Prints what was resolved, with origins: replicas, rollouts, probes and their times
    Facts(facts::FactsArgs),
    /// Writes a commented shipworthy.yaml for the tree it finds
    Init(init::InitArgs),
    /// Prints a rule's page
    Explain(explain::ExplainArgs),
    /// Lists the rules
    Rules(rules::RulesArgs),
}

/// Options that say which configuration counts.
#[derive(Args, Clone, Debug)]
struct ConfigArgs {
    /// The configuration; by default the nearest shipworthy.yaml above the paths
    #[arg(long, value_name = "FILE", env = "SHIPWORTHY_CONFIG")]
    config: Option<PathBuf>,
    /// Read no configuration
    #[arg(long, env = "SHIPWORTHY_ISOLATED", conflicts_with = "config")]
    isolated: bool,
}

/// Options that say how to read and judge.
#[derive(Args, Clone, Debug)]
struct ReadArgs {
    #[command(flatten)]
    config: ConfigArgs,
    /// The version of Kubernetes to judge for; by default the newest that is known
    #[arg(long, value_name = "X.Y", env = "SHIPWORTHY_KUBE_VERSION")]
    kube_version: Option<String>,
    /// The path of standard input in reports
    #[arg(long, value_name = "PATH", env = "SHIPWORTHY_STDIN_FILENAME")]
    stdin_filename: Option<String>,
    /// Render no charts and kustomizations
    #[arg(long, env = "SHIPWORTHY_NO_RENDER")]
    no_render: bool,
    /// How long a chart or kustomization may take to render
    #[arg(long, value_name = "SECONDS", default_value_t = 60, env = "SHIPWORTHY_RENDER_TIMEOUT")]
    render_timeout: u64,
    /// When to use colours
    #[arg(long, value_enum, default_value_t = Color::Auto, env = "SHIPWORTHY_COLOR")]
    color: Color,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Color {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl Color {
    fn choice(self) -> anstream::ColorChoice {
        match self {
            Color::Auto => anstream::ColorChoice::Auto,
            Color::Always => anstream::ColorChoice::Always,
            Color::Never => anstream::ColorChoice::Never,
        }
    }
}

/// Why shipworthy could not do its job, and what to do about it.
#[derive(Debug)]
struct Failure(String);

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

/// There was nothing to complain about.
const PASSED: u8 = 0;
/// There are findings.
const FOUND: u8 = 1;
/// shipworthy could not do its job.
const FAILED: u8 = 2;

/// Runs the program with the process's arguments.
#[must_use]
pub fn run() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Check(args) => check::run(&args),
        Command::Facts(args) => facts::run(&args),
        Command::Init(args) => init::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Rules(args) => rules::run(&args),
    };
    match result {
        Ok(code) => ExitCode::from(code),
        Err(Failure(message)) => {
            complain(&message);
            ExitCode::from(FAILED)
        }
    }
}

/// Says what went wrong. Where even that cannot be written, nothing is left to do.
fn complain(message: &str) {
    let _ = writeln!(io::stderr(), "shipworthy: {message}");
}

/// Writes to standard output through `write`. A reader that has seen enough (`| head`) is no
/// failure.
fn print(color: Color, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    let stdout = anstream::AutoStream::new(io::stdout().lock(), color.choice());
    let mut out = io::BufWriter::new(stdout);
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure(format!("standard output: {error}"))),
        _ => Ok(()),
    }
}

/// Whether standard output takes colours.
fn colored(color: Color) -> bool {
    match anstream::AutoStream::choice(&io::stdout()) {
        _ if color == Color::Always => true,
        anstream::ColorChoice::Never => false,
        _ => color != Color::Never,
    }
}
