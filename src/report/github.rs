//! Commands of GitHub Actions, which put a note on the lines of a pull request; then the report
//! for people, because the log shows neither the place nor more than the first ten of a level.

use std::borrow::Cow;
use std::io::{self, Write};

use xxhash_rust::xxh3::xxh3_64;

use super::place::Place;
use super::{Style, full};
use crate::lint::{Finding, Report};
use crate::rule::Severity;

pub(super) fn write(report: &Report<'_>, style: Style<'_>, out: &mut dyn Write) -> io::Result<()> {
    // GitHub shows ten of each level in a step: the worst ones come first.
    for severity in [Severity::Error, Severity::Warning, Severity::Info] {
        for finding in style.shown(report).filter(|finding| finding.severity == severity) {
            writeln!(out, "{}", command(report, finding, style))?;
        }
    }
    let mut text = Vec::new();
    full::write(report, style, &mut text)?;
    // A manifest must not command the runner, and cannot know this word.
    let word = format!("shipworthy-{:016x}", xxh3_64(&text));
    writeln!(out, "::stop-commands::{word}")?;
    out.write_all(&text)?;
    writeln!(out, "::{word}::")
}

fn command(report: &Report<'_>, finding: &Finding<'_>, style: Style<'_>) -> String {
    let place = Place::of(&report.sources, finding.hit.span, style);
    let level = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let (file, title) = (property(&place.path), property(&finding.rule.id));
    let (first, last) = (place.start.line, place.end.line);
    // GitHub refuses columns of a place on several lines.
    let columns = match first == last {
        true => format!(",col={},endColumn={}", place.start.column, place.end.column),
        false => String::new(),
    };
    let text = format!("{}\n{}", finding.hit.message, finding.help());
    format!("::{level} file={file},line={first},endLine={last}{columns},title={title}::{}", data(text.trim_end()))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> Cow<'_, str> {
    match text.contains(['%', '\r', '\n', ':', ',']) {
        true => Cow::Owned(data(text).replace(':', "%3A").replace(',', "%2C")),
        false => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Format, trial};
    use super::*;

    #[test]
    fn what_means_something_to_the_runner_is_escaped() {
        assert_eq!(data("50%\r\n::x"), "50%25%0D%0A::x");
        assert_eq!(property("a,b:c%.yaml"), "a%2Cb%3Ac%25.yaml");
    }

    #[test]
    fn the_worst_come_first_each_in_one_line() {
        let text = trial::written(Format::Github, Severity::Info);
        let (commands, report) = text.split_once("::stop-commands::").unwrap();
        let levels: Vec<_> = commands.lines().map(|line| line.split(' ').next().unwrap()).collect();
        assert_eq!(levels, ["::error", "::warning"]);
        let first = commands.lines().next().unwrap();
        assert!(
            first.starts_with(
                "::error file=deploy/a%2Cb.yaml,line=5,endLine=5,col=11,endColumn=12,title=config-value-not-string::"
            ),
            "{first}"
        );
        let word = report.lines().next().unwrap();
        assert!(report.ends_with(&format!("::{word}::\n")), "{report}");
    }
}
