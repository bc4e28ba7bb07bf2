//! Findings into a report: their order, their fingerprints, what was looked at.

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashSet};

use rayon::prelude::*;

use super::finding::{Finding, Report, Summary};
use super::fingerprint;
use super::origins::Origins;
use super::workspace::Workspace;
use crate::release::Build;
use crate::release::secrets::secret_values;
use crate::source::Span;

/// All of a report but the texts, which the workspace still borrows.
pub(super) struct Assembled<'r> {
    findings: Vec<Finding<'r>>,
    secrets: Vec<Span>,
    summary: Summary,
}

impl<'r> Assembled<'r> {
    /// Sorts findings, leaves out what is there twice because a file belongs to two releases,
    /// and gives each its fingerprint.
    pub(super) fn new(
        workspace: &Workspace<'_>,
        mut findings: Vec<Finding<'r>>,
        suppressed: usize,
        origins: &Origins<'_>,
    ) -> Self {
        findings.sort_by(|one, other| order(workspace, one, other));
        findings.dedup_by(|one, other| is_same(one, other));
        fingerprint::assign(workspace, &mut findings);
        let (secrets, summary) = (secrets(workspace, &findings, origins), summarize(workspace, suppressed));
        Self { findings, secrets, summary }
    }

    /// The report, once nothing borrows the texts any more.
    pub(super) fn into_report(self, sources: crate::source::Sources) -> Report<'r> {
        Report {
            sources,
            findings: self.findings,
            secrets: self.secrets,
            known: BTreeSet::new(),
            summary: self.summary,
        }
    }
}

/// By path, offset, rule and message; what is left only makes the order whole.
fn order(workspace: &Workspace<'_>, one: &Finding<'_>, other: &Finding<'_>) -> Ordering {
    let path = |finding: &Finding<'_>| workspace.sources.get(finding.hit.span.source).path();
    let by_path = match one.hit.span.source == other.hit.span.source {
        true => Ordering::Equal,
        false => path(one).cmp(path(other)),
    };
    by_path
        .then_with(|| one.hit.span.start.cmp(&other.hit.span.start))
        .then_with(|| one.rule.id.cmp(&other.rule.id))
        .then_with(|| one.hit.message.cmp(&other.hit.message))
        .then_with(|| one.hit.span.end.cmp(&other.hit.span.end))
}

fn is_same(one: &Finding<'_>, other: &Finding<'_>) -> bool {
    one.rule.id == other.rule.id
        && one.hit.span == other.hit.span
        && one.hit.message == other.hit.message
        && one.resource == other.resource
}

/// The values of secrets in every source that a finding points into: a drawn finding shows
/// the lines around it, too.
fn secrets(workspace: &Workspace<'_>, findings: &[Finding<'_>], origins: &Origins<'_>) -> Vec<Span> {
    let related =
        |finding: &Finding<'_>| finding.hit.related.iter().map(|related| related.span.source).collect::<Vec<_>>();
    let rendered = |finding: &Finding<'_>| finding.rendered.as_ref().map(|rendered| rendered.span.source);
    let places = |finding: &Finding<'_>| {
        related(finding).into_iter().chain([finding.hit.span.source]).chain(rendered(finding)).collect::<Vec<_>>()
    };
    let shown: HashSet<_> = findings.iter().flat_map(places).collect();
    let objects = workspace.releases.objects().par_iter();
    let shown = objects.filter(|object| shown.contains(&object.document().source()));
    let mut spans: Vec<_> = shown.flat_map_iter(secret_values).collect();
    spans.extend(origins.places(&spans));
    spans.extend(workspace.releases.builds().iter().flat_map(Build::secret_values));
    spans.sort();
    spans.dedup();
    spans
}

fn summarize(workspace: &Workspace<'_>, suppressed: usize) -> Summary {
    let whole = workspace.documents.iter().map(|document| document.span());
    let broken = workspace.broken.iter().map(|error| error.span);
    let builds = workspace.releases.builds().iter().map(Build::span);
    let mut spans: Vec<_> = whole.chain(broken).chain(builds).filter(|span| workspace.is_target(*span)).collect();
    let documents = spans.len();
    spans.sort();
    spans.dedup_by_key(|span| span.source);
    Summary { files: spans.len(), documents, suppressed, skipped: workspace.skipped.clone() }
}
