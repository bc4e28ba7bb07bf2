//! For a comment on a pull request, or `$GITHUB_STEP_SUMMARY`: a table, the worst first.

use std::io::{self, Write};

use super::place::Place;
use super::{Style, group, page_url, tally};
use crate::lint::{Finding, Report};
use crate::rule::Severity;

/// GitHub takes 65,536 characters in a comment; what comes after the table needs some.
const MOST_BYTES: usize = 60_000;

pub(super) fn write(report: &Report<'_>, style: Style<'_>, out: &mut dyn Write) -> io::Result<()> {
    let [errors, warnings] = [Severity::Error, Severity::Warning].map(|level| report.count(level));
    let verdict = match (errors, warnings) {
        (0, 0) => "no errors, no warnings".to_string(),
        _ => format!("{}, {}", tally::count(errors, "error"), tally::count(warnings, "warning")),
    };
    writeln!(out, "### shipworthy: {verdict}\n")?;
    table(report, style, out)?;
    let mut lines = Vec::new();
    tally::write(report, style, &mut lines)?;
    for line in String::from_utf8_lossy(&lines).lines() {
        let item = if line.starts_with("  ") { "  - " } else { "- " };
        writeln!(out, "{item}{}", escape(line.trim()))?;
    }
    Ok(())
}

fn table(report: &Report<'_>, style: Style<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut groups = group::group(style.shown(report));
    if groups.is_empty() {
        return Ok(());
    }
    groups.sort_by_key(|group| std::cmp::Reverse(group.first.severity));
    writeln!(out, "| | Where | What | Rule |\n| --- | --- | --- | --- |")?;
    let (mut written, mut left) = (0, 0);
    for group in &groups {
        let row = row(report, group.first, group.rest(false), style);
        if left > 0 || written + row.len() > MOST_BYTES {
            left += 1;
        } else {
            written += row.len();
            writeln!(out, "{row}")?;
        }
    }
    if left > 0 {
        writeln!(out, "\n{} left out: there is no room for more.", tally::count(left, "row"))?;
    }
    writeln!(out)
}

fn row(report: &Report<'_>, finding: &Finding<'_>, rest: Option<String>, style: Style<'_>) -> String {
    let place = Place::of(&report.sources, finding.hit.span, style);
    let rule = match page_url(finding.rule) {
        Some(url) => format!("[{}]({url})", code(&finding.rule.id)),
        None => code(&finding.rule.id),
    };
    let place = code(&format!("{}:{}", place.path, place.start.line));
    let rest = rest.map(|rest| format!("<br>{}", escape(&rest))).unwrap_or_default();
    let (message, help) = (escape(&finding.hit.message), escape(finding.help().trim()));
    format!("| {} | {place} | **{message}**{rest}<br>{help} | {rule} |", finding.severity)
}

/// Text that Markdown takes to the letter, in one line: no emphasis, link, mention or table cell
/// comes of it.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\n' => escaped.push_str("<br>"),
            '\r' => {}
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            // A backslash before these two would not keep anybody from being called.
            '@' => escaped.push_str("&#64;"),
            '#' => escaped.push_str("&#35;"),
            '\\' | '|' | '*' | '_' | '`' | '~' | '[' | ']' | '$' => escaped.extend(['\\', letter]),
            letter => escaped.push(letter),
        }
    }
    escaped
}

/// Code within a table: a bar would end the cell, and a backtick the code.
fn code(text: &str) -> String {
    let text = text.replace('|', "\\|").replace(['\n', '\r'], " ");
    match text.contains('`') {
        true => format!("`` {text} ``"),
        false => format!("`{text}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Format, trial};
    use super::*;

    #[test]
    fn the_worst_row_comes_first() {
        let text = trial::written(Format::Markdown, Severity::Warning);
        let rows: Vec<_> = text.lines().filter(|line| line.starts_with("| ")).skip(2).collect();
        assert_eq!(rows.len(), 2, "{text}");
        assert!(rows[0].starts_with("| error | `deploy/a,b.yaml:5` | **"), "{text}");
        assert!(text.starts_with("### shipworthy: 1 error, 1 warning\n\n"), "{text}");
        assert!(trial::nothing(Format::Markdown).starts_with("### shipworthy: no errors, no warnings\n"));
    }

    #[test]
    fn nothing_of_a_text_becomes_markup() {
        assert_eq!(escape("a|b <i> @me #1 *x*\ny"), "a\\|b &lt;i&gt; &#64;me &#35;1 \\*x\\*<br>y");
        assert_eq!(code("a|`b"), "`` a\\|`b ``");
    }
}
