//! `shipworthy check`

use std::fs::File;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;

use super::settings::Settings;
use super::{FAILED, FOUND, Failure, PASSED, ReadArgs, colored, complain, print};
use crate::config::{FailOn, parse_kube_version, unknown};
use crate::input::render::{Cached, Limits, NoRenderer, Tools};
use crate::input::{STDIN, discover, display, normalize};
use crate::lint::{Policy, Report, Selection, lint};
use crate::report::{self, Format, Style};
use crate::rule::Severity;

/// Columns of a report that goes to no terminal.
const DEFAULT_WIDTH: usize = 100;

#[derive(Args)]
pub(super) struct CheckArgs {
    /// Files and directories; `-` is standard input
    #[arg(value_name = "PATH", default_value = ".")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    read: ReadArgs,
    /// The report's format; by default full on a terminal, else concise
    #[arg(long, visible_alias = "format", value_name = "FORMAT", env = "SHIPWORTHY_OUTPUT_FORMAT")]
    output_format: Option<String>,
    /// Write the report to FILE instead, or one more in FORMAT to FILE
    #[arg(short, long, value_name = "[FORMAT=]FILE", env = "SHIPWORTHY_OUTPUT_FILE")]
    output_file: Vec<String>,
    /// Fail at findings of this severity and above, or never [default: error]
    #[arg(long, value_name = "error|warning|info|never", env = "SHIPWORTHY_FAIL_ON")]
    fail_on: Option<String>,
    /// Hide findings below this severity [default: warning; info in formats for programs]
    #[arg(long, value_name = "error|warning|info", env = "SHIPWORTHY_MIN_SEVERITY")]
    min_severity: Option<String>,
    /// Run exactly these rules or groups, at their own levels
    #[arg(long, value_name = "RULE,…", value_delimiter = ',', env = "SHIPWORTHY_SELECT")]
    select: Vec<String>,
    /// Do not run these rules or groups
    #[arg(long, value_name = "RULE,…", value_delimiter = ',', env = "SHIPWORTHY_IGNORE")]
    ignore: Vec<String>,
    /// Show no progress
    #[arg(long, env = "SHIPWORTHY_NO_PROGRESS")]
    no_progress: bool,
    /// Print nothing but the report
    #[arg(short, long, env = "SHIPWORTHY_QUIET")]
    quiet: bool,
    /// List what was not looked at
    #[arg(short, long, env = "SHIPWORTHY_VERBOSE")]
    verbose: bool,
}

pub(super) fn run(args: &CheckArgs) -> Result<u8, Failure> {
    let options = Options::read(args)?;
    let invocation = Invocation::open(&args.paths, &args.read)?;
    let named = |names: &[String]| names.iter().filter(|name| !name.is_empty()).cloned().collect();
    let selection = Selection { select: named(&args.select), ignore: named(&args.ignore) };
    selection.check(&invocation.settings.rules).map_err(Failure)?;
    let policy = invocation.policy(&selection, &args.read)?;
    let found = invocation.discover(&args.read)?;
    found.problems.iter().for_each(|problem| complain(problem));
    let report = lint(&found.inputs, &policy);
    options.write(&report, args)?;
    let fail_on = options.fail_on.or(invocation.settings.config.fail_on()).unwrap_or(FailOn::At(Severity::Error));
    Ok(verdict(&report, fail_on, !found.problems.is_empty()))
}

/// The exit code: what could not be done outweighs what was found.
fn verdict(report: &Report<'_>, fail_on: FailOn, has_problems: bool) -> u8 {
    // That something was not rendered is no judgement of it.
    let judged = report.findings.iter().any(|finding| finding.rule.check != "chart-not-rendered");
    if report.summary.documents == 0 && !judged {
        complain(
            "nothing was linted: neither a Kubernetes object nor a Dockerfile is among the inputs (-v lists what was not looked at)",
        );
        return FAILED;
    }
    let fails = match fail_on {
        FailOn::At(severity) => report.worst().is_some_and(|worst| worst >= severity),
        FailOn::Never => false,
    };
    match (has_problems, fails) {
        (true, _) => FAILED,
        (false, true) => FOUND,
        (false, false) => PASSED,
    }
}

/// The settings and the request of a run.
pub(super) struct Invocation {
    pub(super) settings: Settings,
    request: discover::Request,
}

impl Invocation {
    pub(super) fn open(paths: &[PathBuf], read: &ReadArgs) -> Result<Self, Failure> {
        let directory = std::env::current_dir()?;
        let stdin_path = read.stdin_filename.clone().unwrap_or_else(|| STDIN.to_string());
        let request =
            discover::Request { directory, paths: paths.to_vec(), stdin_path, kube_version: read.kube_version.clone() };
        let settings = Settings::read(&request, &read.config)?;
        Ok(Self { settings, request })
    }

    pub(super) fn policy(&self, selection: &Selection, read: &ReadArgs) -> Result<Policy<'_>, Failure> {
        let mut policy = Policy::new(&self.settings.rules, &self.settings.config, selection);
        if let Some(version) = &read.kube_version {
            policy.kube_minor = parse_kube_version(version).map_err(Failure)?;
        }
        Ok(policy)
    }

    /// Finds the files, and renders charts and kustomizations.
    pub(super) fn discover(&self, read: &ReadArgs) -> Result<discover::Found, Failure> {
        let config = self.settings.config_path.as_deref();
        let mut found = discover::discover(&self.request, &self.settings.config, config).map_err(|error| {
            let directory = &self.request.directory;
            let shown = config.map_or(String::new(), |path| display(directory, &normalize(directory, path)));
            Failure(format!("{shown}: {error}"))
        })?;
        if read.no_render {
            found.render(&NoRenderer);
        } else {
            let limits = Limits { time: Duration::from_secs(read.render_timeout), ..Limits::default() };
            found.render(&Cached::new(Tools::find(limits)));
        }
        Ok(found)
    }
}

/// The options of the command line, understood.
struct Options {
    format: Format,
    files: Vec<(Format, PathBuf)>,
    instead: Option<PathBuf>,
    fail_on: Option<FailOn>,
    min_severity: Option<Severity>,
}

impl Options {
    fn read(args: &CheckArgs) -> Result<Self, Failure> {
        let format = match &args.output_format {
            Some(name) => parse_format(name)?,
            None if io::stdout().is_terminal() => Format::Full,
            None => Format::Concise,
        };
        let word = |name: &str, word: &str, known: &[&str]| {
            Failure(unknown(&format!("value of --{name}"), word, known.iter().copied()))
        };
        let fail_on = args.fail_on.as_deref().map(|text| {
            FailOn::parse(text).ok_or_else(|| word("fail-on", text, &["error", "warning", "info", "never"]))
        });
        let min_severity = args.min_severity.as_deref().map(|text| match FailOn::parse(text) {
            Some(FailOn::At(severity)) => Ok(severity),
            _ => Err(word("min-severity", text, &["error", "warning", "info"])),
        });
        let mut options = Self {
            format,
            files: Vec::new(),
            instead: None,
            fail_on: fail_on.transpose()?,
            min_severity: min_severity.transpose()?,
        };
        for output in &args.output_file {
            match output.split_once('=').and_then(|(name, file)| Some((Format::parse(name)?, file))) {
                Some((format, file)) => options.files.push((format, PathBuf::from(file))),
                None => options.instead = Some(PathBuf::from(output)),
            }
        }
        Ok(options)
    }

    fn write(&self, report: &Report<'_>, args: &CheckArgs) -> Result<(), Failure> {
        let style = |format: Format, color| Style {
            min_severity: self.min_severity.unwrap_or(format.default_min_severity()),
            color,
            width: terminal_width(),
            verbose: args.verbose,
        };
        match &self.instead {
            Some(path) => write_file(report, self.format, style(self.format, false), path)?,
            None => {
                let color = colored(args.read.color);
                print(args.read.color, |out| report::write(report, self.format, style(self.format, color), out))?;
            }
        }
        self.files.iter().try_for_each(|(format, path)| write_file(report, *format, style(*format, false), path))
    }
}

fn parse_format(name: &str) -> Result<Format, Failure> {
    let known = Format::ALL.iter().map(|(name, _)| *name);
    Format::parse(name).ok_or_else(|| {
        Failure(format!("{} (known: {})", unknown("format", name, known.clone()), known.collect::<Vec<_>>().join(", ")))
    })
}

fn write_file(report: &Report<'_>, format: Format, style: Style, path: &Path) -> Result<(), Failure> {
    let failure = |error: io::Error| Failure(format!("{}: {error}", path.display()));
    let mut out = io::BufWriter::new(File::create(path).map_err(failure)?);
    report::write(report, format, style, &mut out).and_then(|()| io::Write::flush(&mut out)).map_err(failure)
}

fn terminal_width() -> usize {
    let columns = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    columns.unwrap_or(DEFAULT_WIDTH).clamp(40, 200)
}
