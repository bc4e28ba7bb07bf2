//! JUnit's XML: a suite for each file, a failed test for each finding. Advice is a skipped
//! test: it is shown, and makes no build unstable.

use std::io::{self, Write};

use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};

use super::Style;
use super::place::Place;
use crate::lint::{Finding, Report};
use crate::rule::Severity;

pub(super) fn write(report: &Report<'_>, style: Style<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut junit = quick_junit::Report::new("shipworthy");
    let mut suite: Option<TestSuite> = None;
    for finding in style.shown(report) {
        let place = Place::of(&report.sources, finding.hit.span, style);
        if let Some(full) = suite.take_if(|suite| suite.name.as_str() != place.path) {
            junit.add_test_suite(full);
        }
        suite.get_or_insert_with(|| TestSuite::new(place.path.as_ref())).add_test_case(case(finding, &place));
    }
    junit.add_test_suites(suite);
    // A report without any test is a failure to many readers.
    if junit.test_suites.is_empty() {
        let mut suite = TestSuite::new("shipworthy");
        suite.add_test_case(TestCase::new("no findings", TestCaseStatus::success()));
        junit.add_test_suite(suite);
    }
    let text = junit.to_string().map_err(io::Error::other)?;
    writeln!(out, "{}", text.trim_end())
}

fn case(finding: &Finding<'_>, place: &Place<'_>) -> TestCase {
    let mut status = match finding.severity {
        Severity::Info => TestCaseStatus::skipped(),
        _ => TestCaseStatus::non_success(NonSuccessKind::Failure),
    };
    let at = format!("{}:{}:{}", place.path, place.start.line, place.start.column);
    status.set_message(finding.hit.message.as_str());
    status.set_type(finding.severity.as_str());
    status.set_description(format!("{at}: {}\n{}", finding.hit.message, finding.help()));
    let mut case = TestCase::new(format!("{} at {}:{}", finding.rule.id, place.start.line, place.start.column), status);
    case.set_classname(place.path.as_ref());
    case
}

#[cfg(test)]
mod tests {
    use super::super::{Format, trial};
    use super::*;

    #[test]
    fn each_finding_is_a_test_that_failed() {
        let text = trial::written(Format::Junit, Severity::Info);
        let read = quick_junit::Report::deserialize(text.as_bytes()).unwrap();
        assert_eq!((read.tests, read.failures), (2, 2), "{text}");
        assert_eq!(read.test_suites[0].name.as_str(), "deploy/a,b.yaml");
        assert!(text.contains("config-value-not-string at 5:11"), "{text}");
    }

    #[test]
    fn no_finding_is_a_test_that_passed() {
        let text = trial::nothing(Format::Junit);
        let read = quick_junit::Report::deserialize(text.as_bytes()).unwrap();
        assert_eq!((read.tests, read.failures), (1, 0), "{text}");
    }
}
