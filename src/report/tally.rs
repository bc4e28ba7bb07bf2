//! The last lines of a report for people: what was found, hidden, suppressed and skipped.

use std::io::{self, Write};

use super::Style;
use crate::lint::Report;
use crate::rule::Severity;

pub(super) fn write(report: &Report<'_>, style: Style<'_>, out: &mut dyn Write) -> io::Result<()> {
    let summary = &report.summary;
    let looked_at = format!("{} in {}", count(summary.documents, "document"), count(summary.files, "file"));
    let shown =
        [Severity::Error, Severity::Warning, Severity::Info].into_iter().filter(|level| *level >= style.min_severity);
    let found: Vec<_> = shown.map(|level| count(report.count(level), level.as_str())).collect();
    writeln!(out, "{looked_at}: {}", found.join(", "))?;
    let hidden = report.findings.iter().filter(|finding| finding.severity < style.min_severity).count();
    if hidden > 0 {
        writeln!(out, "{} hidden: --min-severity info shows them", count(hidden, "finding"))?;
    }
    if !report.known.is_empty() {
        writeln!(out, "{} known already", count(report.known.len(), "finding"))?;
    }
    if summary.suppressed > 0 {
        writeln!(out, "{} suppressed", count(summary.suppressed, "finding"))?;
    }
    skipped(report, style, out)
}

fn skipped(report: &Report<'_>, style: Style<'_>, out: &mut dyn Write) -> io::Result<()> {
    let skipped = &report.summary.skipped;
    if skipped.is_empty() {
        return Ok(());
    }
    if !style.verbose {
        return writeln!(out, "{} not looked at: -v lists them", count(skipped.len(), "file or document"));
    }
    writeln!(out, "not looked at:")?;
    skipped.iter().try_for_each(|skipped| writeln!(out, "  {}: {}", skipped.path, skipped.reason))
}

/// `1 file`, `2 files`, `2 files or documents`.
pub(super) fn count(number: usize, words: &str) -> String {
    if number == 1 {
        return format!("1 {words}");
    }
    let plural: Vec<_> = words.split(" or ").map(|word| format!("{word}s")).collect();
    format!("{number} {}", plural.join(" or "))
}
