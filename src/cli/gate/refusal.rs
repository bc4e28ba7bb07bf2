//! What a gate says of the stream that it refuses: few lines, which Argo CD shows as its error.

use crate::cli::complain;
use crate::config::FailOn;
use crate::lint::{Finding, Report};
use crate::rule::Severity;

/// More findings are only counted.
const MAX_FINDINGS: usize = 20;
/// More letters of a finding are left out.
const MAX_LETTERS: usize = 400;

/// The findings that the stream is refused for, the worst first.
pub(super) fn write(report: &Report<'_>, fail_on: FailOn) {
    let counts = |finding: &&Finding<'_>| matches!(fail_on, FailOn::At(severity) if finding.severity >= severity);
    let mut findings: Vec<_> = report.findings.iter().filter(counts).collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    complain(&format!("refused: {}", self::counts(report)));
    findings.iter().take(MAX_FINDINGS).for_each(|finding| complain(&line(report, finding)));
    if findings.len() > MAX_FINDINGS {
        complain(&format!("and {} more: `shipworthy check -` shows them all", findings.len() - MAX_FINDINGS));
    }
}

/// `2 errors, 1 warning in 7 objects`.
pub(super) fn counts(report: &Report<'_>) -> String {
    let count = |number: usize, word: &str| format!("{number} {word}{}", if number == 1 { "" } else { "s" });
    let (errors, warnings) = (report.count(Severity::Error), report.count(Severity::Warning));
    let documents = count(report.summary.documents, "document");
    format!("{}, {} in {documents}", count(errors, "error"), count(warnings, "warning"))
}

/// `<stdin>:12:3: error[rule] Deployment web: message (shop/templates/web.yaml)`
fn line(report: &Report<'_>, finding: &Finding<'_>) -> String {
    let source = report.sources.get(finding.hit.span.source);
    let place = source.position(finding.hit.span.start);
    let (path, severity, rule) = (source.path(), finding.severity, &finding.rule.id);
    let name = finding.resource.as_ref().map_or(String::new(), |resource| {
        let name = resource.name.as_deref().unwrap_or("without a name");
        format!(" {} {name}:", resource.kind)
    });
    let template = finding.template.as_ref().map_or(String::new(), |template| format!(" ({template})"));
    let message = &finding.hit.message;
    let line = format!("{path}:{}:{}: {severity}[{rule}]{name} {message}{template}", place.line, place.column);
    let mut letters = line.chars().map(|letter| if letter.is_control() { ' ' } else { letter });
    let short: String = letters.by_ref().take(MAX_LETTERS).collect();
    if letters.next().is_some() { short + "…" } else { short }
}
