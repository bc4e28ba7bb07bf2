//! The command line: one file per command.

mod adopt;
mod check;
mod explain;
mod facts;
mod gate;
mod init;
mod invocation;
mod mend;
mod output;
mod progress;
mod report;
mod rules;
mod schema;
mod settings;
mod shell;
mod since;

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::builder::FalseyValueParser;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use crate::config::{FailOn, unknown};
use crate::lint::Selection;
use crate::rule::{Rule, Severity};

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
    Check(Box<check::CheckArgs>),
    /// Passes a rendered stream on, byte for byte, if it passes; for pipelines and Argo CD
    Gate(Box<gate::GateArgs>),
    /// Prints what was resolved, with origins: replicas, rollouts, probes and their times
    Facts(facts::FactsArgs),
    /// Writes a commented shipworthy.yaml for the tree it finds
    Init(init::InitArgs),
    /// Prints a rule's page
    Explain(explain::ExplainArgs),
    /// Lists the rules
    Rules(rules::RulesArgs),
    /// Prints the JSON Schema of the configuration, of a rule file or of the JSON report
    Schema(schema::SchemaArgs),
    /// Joins reports
    Report(report::ReportArgs),
    /// Prints what makes a shell complete the commands and options
    Completions(shell::CompletionsArgs),
    /// Prints the manual page
    Man,
}

/// Options that say which configuration counts.
#[derive(Args, Clone, Debug)]
struct ConfigArgs {
    /// The configuration; by default the nearest shipworthy.yaml above the paths
    #[arg(long, value_name = "FILE", env = "SHIPWORTHY_CONFIG")]
    config: Option<PathBuf>,
    /// Read no configuration
    #[arg(long, env = "SHIPWORTHY_ISOLATED", value_parser = FalseyValueParser::new(), conflicts_with = "config")]
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
    #[arg(long, env = "SHIPWORTHY_NO_RENDER", value_parser = FalseyValueParser::new())]
    no_render: bool,
    /// How long a chart or kustomization may take to render
    #[arg(long, value_name = "SECONDS", default_value_t = 60, env = "SHIPWORTHY_RENDER_TIMEOUT")]
    render_timeout: u64,
    /// When to use colours
    #[arg(long, value_enum, default_value_t = Color::Auto, env = "SHIPWORTHY_COLOR")]
    color: Color,
}

/// Options that say which rules run, and what fails.
#[derive(Args, Clone, Debug)]
struct JudgeArgs {
    /// Fail at findings of this severity and above, or never [default: error]
    #[arg(long, value_name = "error|warning|info|never", env = "SHIPWORTHY_FAIL_ON")]
    fail_on: Option<String>,
    /// Run exactly these rules or groups, at their own levels
    #[arg(long, value_name = "RULE,…", value_delimiter = ',', env = "SHIPWORTHY_SELECT")]
    select: Vec<String>,
    /// Do not run these rules or groups
    #[arg(long, value_name = "RULE,…", value_delimiter = ',', env = "SHIPWORTHY_IGNORE")]
    ignore: Vec<String>,
}

impl JudgeArgs {
    /// What fails, where the command line or the configuration says it.
    fn fail_on(&self, configured: Option<FailOn>) -> Result<FailOn, Failure> {
        let Some(text) = &self.fail_on else {
            return Ok(configured.unwrap_or(FailOn::At(Severity::Error)));
        };
        let known = ["error", "warning", "info", "never"];
        FailOn::parse(text).ok_or_else(|| Failure(unknown("value of --fail-on", text, known.into_iter())))
    }

    /// The rules that run.
    fn selection(&self, rules: &[Rule]) -> Result<Selection, Failure> {
        let named = |names: &[String]| names.iter().filter(|name| !name.is_empty()).cloned().collect();
        let selection = Selection { select: named(&self.select), ignore: named(&self.ignore) };
        selection.check(rules).map_err(Failure)?;
        Ok(selection)
    }
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
            Color::Auto if is_forced() => anstream::ColorChoice::Always,
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
    let matches = Cli::command().get_matches();
    let cli = Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    let result = match cli.command {
        Command::Check(args) => check::run(&args),
        Command::Gate(args) => gate::run(&args, matches.subcommand_matches("gate")),
        Command::Facts(args) => facts::run(&args),
        Command::Init(args) => init::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Rules(args) => rules::run(&args),
        Command::Schema(args) => schema::run(&args),
        Command::Report(args) => report::run(&args),
        Command::Completions(args) => shell::completions(&args, Cli::command()),
        Command::Man => shell::man(Cli::command()),
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
    match color.choice() {
        anstream::ColorChoice::Auto => anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never,
        choice => choice != anstream::ColorChoice::Never,
    }
}

/// Whether the environment asks for colours in a way that anstream does not know. NO_COLOR weighs
/// more.
fn is_forced() -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    is_set("FORCE_COLOR") && std::env::var_os("FORCE_COLOR").is_some_and(|value| value != "0") && !is_set("NO_COLOR")
}
