//! GitLab's code quality report.

use std::io::{self, Write};

use serde::Serialize;

use super::Style;
use super::place::Place;
use crate::lint::{Finding, Report};
use crate::rule::Severity;

#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: &'a str,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

pub(super) fn write(report: &Report<'_>, style: Style<'_>, out: &mut dyn Write) -> io::Result<()> {
    let places: Vec<_> =
        style.shown(report).map(|finding| (finding, Place::of(&report.sources, finding.hit.span, style))).collect();
    let issues: Vec<_> = places.iter().map(|(finding, place)| issue(finding, place)).collect();
    serde_json::to_writer_pretty(&mut *out, &issues)?;
    writeln!(out)
}

fn issue<'a>(finding: &'a Finding<'_>, place: &'a Place<'_>) -> Issue<'a> {
    Issue {
        description: finding.hit.message.clone(),
        check_name: &finding.rule.id,
        fingerprint: &finding.fingerprint,
        severity: match finding.severity {
            Severity::Error => "critical",
            Severity::Warning => "major",
            Severity::Info => "info",
        },
        location: Location {
            path: place.path.trim_start_matches("./"),
            lines: Lines { begin: place.start.line, end: place.end.line },
        },
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use serde_json::Value;

    use super::super::{Format, trial};
    use super::*;

    #[test]
    fn every_issue_has_what_gitlab_asks_for() {
        let issues: Vec<Value> = serde_json::from_str(&trial::written(Format::Gitlab, Severity::Info)).unwrap();
        assert_eq!(issues.len(), 2);
        assert_eq!(issues[0]["location"]["path"], "deploy/a,b.yaml");
        assert_eq!(issues[0]["location"]["lines"]["begin"], 5);
        assert_eq!(issues[0]["severity"], "critical");
        let prints: HashSet<_> = issues.iter().map(|issue| issue["fingerprint"].as_str().unwrap()).collect();
        assert_eq!(prints.len(), issues.len());
    }
}
