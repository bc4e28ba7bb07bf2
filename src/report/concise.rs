//! `path:line:column: severity[rule] message`, a line for each finding.

use std::io::{self, Write};

use super::{Style, tally};
use crate::lint::Report;

pub(super) fn write(report: &Report<'_>, style: Style<'_>, out: &mut dyn Write) -> io::Result<()> {
    for finding in style.shown(report) {
        let source = report.sources.get(finding.hit.span.source);
        let start = source.position(finding.hit.span.start);
        let (line, column) = (start.line, start.column);
        let (severity, rule, message) = (finding.severity, &finding.rule.id, &finding.hit.message);
        writeln!(out, "{}:{line}:{column}: {severity}[{rule}] {message}", source.path())?;
    }
    tally::write(report, style, out)
}
