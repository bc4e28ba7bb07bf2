//! Findings, and the report that holds them.

use super::fingerprint;
use super::workspace::Workspace;
use crate::check::Hit;
use crate::input::Skipped;
use crate::release::secrets::secret_values;
use crate::release::{Build, Object, Releases};
use crate::rule::{Rule, Severity};
use crate::source::{Sources, Span};

/// A fault, judged.
#[derive(Clone, Debug)]
pub struct Finding<'r> {
    /// The rule.
    pub rule: &'r Rule,
    /// How bad it is.
    pub severity: Severity,
    /// The fault: case, place, message, related places, fix.
    pub hit: Hit,
    /// The object it is about, where it is about one.
    pub resource: Option<Resource>,
    /// Stays the same while the finding does, whatever its line: 16 hex digits.
    pub fingerprint: String,
}

impl Finding<'_> {
    /// What to do: the check's own words, else the rule's remedy.
    #[must_use]
    pub fn help(&self) -> &str {
        self.hit.help.as_deref().unwrap_or(&self.rule.remedy)
    }
}

/// The object that a finding is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// `apiVersion`; a Dockerfile has none.
    pub api_version: Option<String>,
    /// `kind`.
    pub kind: String,
    /// The namespace, where it is known.
    pub namespace: Option<String>,
    /// The name, where it is written.
    pub name: Option<String>,
    /// The container.
    pub container: Option<String>,
}

impl Resource {
    pub(super) fn of(releases: &Releases<'_>, object: &Object<'_>, container: Option<String>) -> Self {
        Self {
            api_version: Some(object.api_version.to_string()),
            kind: object.kind.to_string(),
            namespace: releases.namespace_of(object).map(str::to_string),
            name: object.name.map(str::to_string),
            container,
        }
    }

    /// A Dockerfile, by the stage that a place lies in.
    pub(super) fn of_dockerfile(build: &Build<'_>, place: Span) -> Self {
        let name = build.stage_at(place).map(|stage| stage.title());
        Self { api_version: None, kind: "Dockerfile".to_string(), namespace: None, name, container: None }
    }
}

/// The result of a run.
#[derive(Debug)]
pub struct Report<'r> {
    /// The texts that the findings point into.
    pub sources: Sources,
    /// The findings, by path, offset, rule and message.
    pub findings: Vec<Finding<'r>>,
    /// Where values of secrets stand in the documents that the findings point into: a report
    /// that shows lines leaves them out.
    pub secrets: Vec<Span>,
    /// What was looked at.
    pub summary: Summary,
}

/// What a run looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Files with a Kubernetes object, or that should hold one, and Dockerfiles.
    pub files: usize,
    /// Documents with a Kubernetes object, or that should hold one, and Dockerfiles.
    pub documents: usize,
    /// Findings that somebody asked not to be told.
    pub suppressed: usize,
    /// What was not looked at, and why.
    pub skipped: Vec<Skipped>,
}

impl Report<'_> {
    /// How many findings have a severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }

    /// The worst severity there is.
    #[must_use]
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().map(|finding| finding.severity).max()
    }
}

/// Sorts findings, leaves out what is there twice because a file belongs to two releases, and
/// gives each its fingerprint.
pub(super) fn in_order<'r>(workspace: &Workspace<'_>, mut findings: Vec<Finding<'r>>) -> Vec<Finding<'r>> {
    let sources = workspace.sources;
    findings.sort_by(|one, other| {
        let key = |finding: &Finding<'r>| (finding.hit.span.start, finding.hit.span.end);
        let path = |finding: &Finding<'r>| sources.get(finding.hit.span.source).path().to_string();
        let by_path = || path(one).cmp(&path(other));
        let same_source = one.hit.span.source == other.hit.span.source;
        let order = if same_source { std::cmp::Ordering::Equal } else { by_path() };
        let order = order.then_with(|| one.hit.span.start.cmp(&other.hit.span.start));
        let order = order.then_with(|| one.rule.id.cmp(&other.rule.id));
        order.then_with(|| one.hit.message.cmp(&other.hit.message)).then_with(|| key(one).cmp(&key(other)))
    });
    findings.dedup_by(|one, other| {
        one.rule.id == other.rule.id
            && one.hit.span == other.hit.span
            && one.hit.message == other.hit.message
            && one.resource == other.resource
    });
    fingerprint::assign(workspace, &mut findings);
    findings
}

/// The values of secrets in every document that a finding points into.
pub(super) fn secrets(workspace: &Workspace<'_>, findings: &[Finding<'_>]) -> Vec<Span> {
    let related = |finding: &Finding<'_>| finding.hit.related.iter().map(|related| related.span).collect::<Vec<_>>();
    let mut places: Vec<_> =
        findings.iter().flat_map(|finding| related(finding).into_iter().chain([finding.hit.span])).collect();
    places.sort();
    // A drawn finding shows the lines around it, which may belong to the document beside.
    let is_near = |document: Span| {
        let first =
            places.partition_point(|place| (place.source, place.end + MARGIN) < (document.source, document.start));
        places.get(first).is_some_and(|place| place.source == document.source && place.start <= document.end + MARGIN)
    };
    let objects = workspace.releases.objects().iter();
    let mut spans: Vec<_> =
        objects.filter(|object| is_near(object.document().span())).flat_map(secret_values).collect();
    spans.extend(
        workspace.releases.builds().iter().filter(|build| is_near(build.span())).flat_map(Build::secret_values),
    );
    spans.sort();
    spans.dedup();
    spans
}

/// Bytes around a finding that a report may show.
const MARGIN: u32 = 4096;

pub(super) fn summarize(workspace: &Workspace<'_>, findings: &[Finding<'_>], suppressed: usize) -> Summary {
    let whole = workspace.documents.iter().map(|document| document.span());
    let broken = workspace.broken.iter().map(|error| error.span);
    let builds = workspace.releases.builds().iter().map(Build::span);
    let mut spans: Vec<_> = whole.chain(broken).chain(builds).filter(|span| workspace.is_target(*span)).collect();
    let documents = spans.len();
    spans.sort();
    spans.dedup_by_key(|span| span.source);
    debug_assert!(findings.iter().all(|finding| !finding.fingerprint.is_empty()));
    Summary { files: spans.len(), documents, suppressed, skipped: workspace.skipped.clone() }
}
