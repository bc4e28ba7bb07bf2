//! Reports: one file per format.

mod checkstyle;
mod concise;
pub mod facts;
mod full;
mod github;
mod gitlab;
mod group;
pub mod json;
mod junit;
mod markdown;
pub mod merge;
pub mod page;
mod place;
mod sarif;
mod tally;
#[cfg(test)]
mod trial;

use std::io::{self, Write};

use crate::lint::{Finding, Report};
use crate::rule::{Rule, Severity};

/// A format of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people: every finding with its lines.
    Full,
    /// For people and editors: a line for each finding.
    Concise,
    /// For programs.
    Json,
    /// For code scanning: SARIF 2.1.0.
    Sarif,
    /// Commands of GitHub Actions, which annotate the lines of a pull request.
    Github,
    /// GitLab's code quality report.
    Gitlab,
    /// For what reads tests.
    Junit,
    /// For what reads Checkstyle's reports.
    Checkstyle,
    /// For a comment, or the summary of a job.
    Markdown,
}

impl Format {
    /// Every format, with its name.
    pub const ALL: [(&'static str, Self); 9] = [
        ("full", Self::Full),
        ("concise", Self::Concise),
        ("json", Self::Json),
        ("sarif", Self::Sarif),
        ("github", Self::Github),
        ("gitlab", Self::Gitlab),
        ("junit", Self::Junit),
        ("checkstyle", Self::Checkstyle),
        ("markdown", Self::Markdown),
    ];

    /// The format of a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, format)| *format)
    }

    /// The severity below which findings are hidden by default.
    #[must_use]
    pub fn default_min_severity(self) -> Severity {
        match self {
            Self::Full | Self::Concise | Self::Github | Self::Markdown => Severity::Warning,
            Self::Json | Self::Sarif | Self::Gitlab | Self::Junit | Self::Checkstyle => Severity::Info,
        }
    }
}

/// How a report is to look.
#[derive(Clone, Copy, Debug)]
pub struct Style<'s> {
    /// Findings below are hidden, and counted.
    pub min_severity: Severity,
    /// Whether colours may be used.
    pub color: bool,
    /// Whether ids of rules may be links to their pages.
    pub links: bool,
    /// The working directory as seen from the root of the repository: `deploy/shop`, or nothing.
    /// Formats for code hosts count paths from there.
    pub repository: &'s str,
    /// Columns of the terminal.
    pub width: usize,
    /// Whether what was skipped is listed, rather than counted.
    pub verbose: bool,
}

impl Default for Style<'_> {
    fn default() -> Self {
        Self { min_severity: Severity::Info, color: false, links: false, repository: "", width: 100, verbose: false }
    }
}

impl Style<'_> {
    /// The findings that are shown.
    fn shown<'f, 'r>(self, report: &'f Report<'r>) -> impl Iterator<Item = &'f Finding<'r>> + use<'f, 'r> {
        let least = self.min_severity;
        report.findings.iter().filter(move |finding| finding.severity >= least)
    }
}

/// Writes a report.
///
/// # Errors
///
/// Those of the writer.
pub fn write(report: &Report<'_>, format: Format, style: Style<'_>, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Full => full::write(report, style, out),
        Format::Concise => concise::write(report, style, out),
        Format::Json => json::write(report, style, out),
        Format::Sarif => sarif::write(report, style, out),
        Format::Github => github::write(report, style, out),
        Format::Gitlab => gitlab::write(report, style, out),
        Format::Junit => junit::write(report, style, out),
        Format::Checkstyle => checkstyle::write(report, style, out),
        Format::Markdown => markdown::write(report, style, out),
    }
}

/// Where the page of a rule can be read, once the project says where its home is. A user's own
/// rule has no page.
fn page_url(rule: &Rule) -> Option<String> {
    let home = Some(env!("CARGO_PKG_REPOSITORY")).filter(|home| !home.is_empty())?;
    let is_built_in = crate::rule::builtin().iter().any(|known| known.id == rule.id);
    is_built_in.then(|| format!("{}/blob/main/docs/rules/{}.md", home.trim_end_matches('/'), rule.id))
}
