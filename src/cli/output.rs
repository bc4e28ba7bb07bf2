//! Where reports go, and in which formats.

use std::fs::File;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::FalseyValueParser;

use super::{Color, Failure, colored, print};
use crate::config::{FailOn, unknown};
use crate::input::display;
use crate::lint::Report;
use crate::report::{self, Format, Style};
use crate::rule::Severity;

/// Columns of a report that goes to no terminal.
const DEFAULT_WIDTH: usize = 100;

/// Options that say what a report looks like and where it goes.
#[derive(Args, Clone, Debug)]
pub(super) struct OutputArgs {
    /// The report's format; by default full on a terminal, else concise
    #[arg(long, visible_alias = "format", value_name = "FORMAT", env = "SHIPWORTHY_OUTPUT_FORMAT")]
    output_format: Option<String>,
    /// Write the report to FILE instead, or one more in FORMAT to FILE
    #[arg(short, long, value_name = "[FORMAT=]FILE", env = "SHIPWORTHY_OUTPUT_FILE")]
    output_file: Vec<String>,
    /// Hide findings below this severity [default: warning; info in formats for programs]
    #[arg(long, value_name = "error|warning|info", env = "SHIPWORTHY_MIN_SEVERITY")]
    min_severity: Option<String>,
    /// Print nothing but the report
    #[arg(short, long, env = "SHIPWORTHY_QUIET", value_parser = FalseyValueParser::new())]
    pub(super) quiet: bool,
    /// List what was not looked at
    #[arg(short, long, env = "SHIPWORTHY_VERBOSE", value_parser = FalseyValueParser::new())]
    verbose: bool,
}

/// The options, understood.
pub(super) struct Output {
    format: Format,
    files: Vec<(Format, PathBuf)>,
    instead: Option<PathBuf>,
    min_severity: Option<Severity>,
    verbose: bool,
    color: Color,
    /// The working directory as seen from the repository's root.
    repository: String,
}

impl Output {
    pub(super) fn read(args: &OutputArgs, color: Color) -> Result<Self, Failure> {
        let format = match &args.output_format {
            Some(name) => parse_format(name)?,
            None if io::stdout().is_terminal() => Format::Full,
            None => Format::Concise,
        };
        let min_severity = args.min_severity.as_deref().map(|text| match FailOn::parse(text) {
            Some(FailOn::At(severity)) => Ok(severity),
            _ => Err(Failure(unknown("value of --min-severity", text, ["error", "warning", "info"].into_iter()))),
        });
        let mut output = Self {
            format,
            files: Vec::new(),
            instead: None,
            min_severity: min_severity.transpose()?,
            verbose: args.verbose,
            color,
            repository: folder_in_repository(&std::env::current_dir()?),
        };
        args.output_file.iter().try_for_each(|file| output.add(file))?;
        Ok(output)
    }

    /// `FILE`, or `FORMAT=FILE`. A path that looks like the latter is written `./a=b`.
    fn add(&mut self, file: &str) -> Result<(), Failure> {
        let is_word = |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase());
        match file.split_once('=').filter(|(name, _)| is_word(name)) {
            Some((name, file)) => self.files.push((parse_format(name)?, PathBuf::from(file))),
            None if self.instead.is_some() => {
                return Err(Failure(format!(
                    "-o {file}: the report can go to one file only; `-o FORMAT={file}` writes one more"
                )));
            }
            None => self.instead = Some(PathBuf::from(file)),
        }
        Ok(())
    }

    /// Writes every report.
    pub(super) fn write(&self, report: &Report<'_>) -> Result<(), Failure> {
        if self.instead.is_none() {
            let color = colored(self.color);
            let links = color && supports_hyperlinks::on(supports_hyperlinks::Stream::Stdout);
            let style = Style { color, links, ..self.style(self.format) };
            print(self.color, |out| report::write(report, self.format, style, out))?;
        }
        self.write_files(report)
    }

    /// Writes the reports that go to files.
    pub(super) fn write_files(&self, report: &Report<'_>) -> Result<(), Failure> {
        let instead = self.instead.iter().map(|path| (self.format, path));
        let mut files = instead.chain(self.files.iter().map(|(format, path)| (*format, path)));
        files.try_for_each(|(format, path)| {
            let failure = |error: io::Error| Failure(format!("{}: {error}", path.display()));
            let mut out = io::BufWriter::new(File::create(path).map_err(failure)?);
            report::write(report, format, self.style(format), &mut out)
                .and_then(|()| io::Write::flush(&mut out))
                .map_err(failure)
        })
    }

    fn style(&self, format: Format) -> Style<'_> {
        Style {
            min_severity: self.min_severity.unwrap_or(format.default_min_severity()),
            repository: &self.repository,
            width: terminal_width(),
            verbose: self.verbose,
            ..Style::default()
        }
    }
}

fn parse_format(name: &str) -> Result<Format, Failure> {
    let known = Format::ALL.iter().map(|(name, _)| *name);
    Format::parse(name).ok_or_else(|| {
        Failure(format!("{} (known: {})", unknown("format", name, known.clone()), known.collect::<Vec<_>>().join(", ")))
    })
}

/// A directory as seen from the root of its repository; nothing if that is it, or if there is none.
fn folder_in_repository(directory: &Path) -> String {
    let root = directory.ancestors().find(|above| above.join(".git").exists());
    root.filter(|root| *root != directory).map(|root| display(root, directory)).unwrap_or_default()
}

fn terminal_width() -> usize {
    let columns = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    columns.unwrap_or(DEFAULT_WIDTH).clamp(40, 200)
}
