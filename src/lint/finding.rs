//! Findings, and the report that holds them.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::check::Hit;
use crate::input::Skipped;
use crate::release::{Build, Object, Releases};
use crate::rule::{Rule, Severity};
use crate::source::{SourceId, Sources, Span};

/// The kind of a Dockerfile in reports and overrides.
pub(super) const DOCKERFILE: &str = "Dockerfile";

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
    /// The path of the field that it points at: `spec.template.spec.containers[0].image`.
    pub field: String,
    /// Where it stood in what was rendered; the fault's place is then that of the template.
    pub rendered: Option<RenderedAt>,
    /// The template that helm names as the source, in manifests that were piped.
    pub template: Option<String>,
    /// Stays the same while the finding does, whatever its line: 16 hex digits.
    pub fingerprint: String,
}

/// A place in what was rendered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenderedAt {
    /// The place.
    pub span: Span,
    /// The release.
    pub release: String,
    /// The line, from 1.
    pub line: u32,
    /// Whether the line of the template is not certain.
    pub approximate: bool,
}

impl<'r> Finding<'r> {
    /// A finding whose place is not yet worked out ([`super::fingerprint`]).
    pub(super) fn new(rule: &'r Rule, severity: Severity, hit: Hit, resource: Option<Resource>) -> Self {
        Self {
            rule,
            severity,
            hit,
            resource,
            field: String::new(),
            rendered: None,
            template: None,
            fingerprint: String::new(),
        }
    }

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

    /// A Dockerfile, by the stage that a place belongs to.
    pub(super) fn of_dockerfile(build: &Build<'_>, place: Span) -> Self {
        let name = build.stage_of(place).map(|stage| stage.title());
        Self { api_version: None, kind: DOCKERFILE.to_string(), namespace: None, name, container: None }
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
    /// The fingerprints of findings that stood before and are hidden: in a baseline, or at an
    /// earlier revision.
    pub known: BTreeSet<String>,
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

    /// A text with stars in the place of its secrets, byte for byte.
    #[must_use]
    pub fn masked(&self, id: SourceId) -> Cow<'_, str> {
        let text = self.sources.get(id).text();
        let mut spans = self.secrets.iter().filter(|span| span.source == id).peekable();
        if spans.peek().is_none() {
            return Cow::Borrowed(text);
        }
        let mut masked = text.to_string();
        for span in spans {
            let stars: String = text[span.range()]
                .bytes()
                .map(|byte| if byte.is_ascii_whitespace() { byte as char } else { '*' })
                .collect();
            masked.replace_range(span.range(), &stars);
        }
        Cow::Owned(masked)
    }

    /// Leaves out what stood before, by fingerprint.
    pub fn hide_known(&mut self, stood: impl Fn(&str) -> bool) {
        let known = &mut self.known;
        self.findings.retain(|finding| {
            let is_known = stood(&finding.fingerprint);
            if is_known {
                known.insert(finding.fingerprint.clone());
            }
            !is_known
        });
    }

    /// The worst severity there is.
    #[must_use]
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().map(|finding| finding.severity).max()
    }
}
