//! Reports: one file per format.

mod concise;
pub mod facts;
mod full;
mod group;
mod json;
pub mod page;
mod tally;

use std::io::{self, Write};

use crate::lint::Report;
use crate::rule::Severity;

/// A format of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people: every finding with its lines.
    Full,
    /// For people and editors: a line for each finding.
    Concise,
    /// For programs.
    Json,
}

impl Format {
    /// Every format, with its name.
    pub const ALL: [(&'static str, Self); 3] = [("full", Self::Full), ("concise", Self::Concise), ("json", Self::Json)];

    /// The format of a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, format)| *format)
    }

    /// The severity below which findings are hidden by default.
    #[must_use]
    pub fn default_min_severity(self) -> Severity {
        match self {
            Self::Full | Self::Concise => Severity::Warning,
            Self::Json => Severity::Info,
        }
    }
}

/// How a report is to look.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Findings below are hidden, and counted.
    pub min_severity: Severity,
    /// Whether colours may be used.
    pub color: bool,
    /// Columns of the terminal.
    pub width: usize,
    /// Whether what was skipped is listed, rather than counted.
    pub verbose: bool,
}

/// Writes a report.
///
/// # Errors
///
/// Those of the writer.
pub fn write(report: &Report<'_>, format: Format, style: Style, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Full => full::write(report, style, out),
        Format::Concise => concise::write(report, style, out),
        Format::Json => json::write(report, style, out),
    }
}
