//! Fingerprints: what tells that a finding is still the same one.

use std::collections::HashMap;

use xxhash_rust::xxh3::xxh3_64;

use super::finding::Finding;
use super::workspace::Workspace;
use crate::release::Build;
use crate::source::{SourceId, Span};
use crate::syntax::yaml::{Document, Segment, path};

/// Says of each finding, in order, which field it points at,
/// and gives it the hash of its rule, case, path, API group, kind, namespace, name, container,
/// field path, and its number among equals. Neither message nor line count, so that both may
/// change.
pub(super) fn assign(workspace: &Workspace<'_>, findings: &mut [Finding<'_>]) {
    let places = Places::new(workspace);
    let mut seen: HashMap<String, u32> = HashMap::new();
    for finding in findings {
        let span = finding.rendered.as_ref().map_or(finding.hit.span, |rendered| rendered.span);
        let document = places.document(span);
        let field = places.path_to(span, document);
        finding.field = path::display(&field);
        let identity = identity(workspace, finding, &field);
        let ordinal = seen.entry(identity.clone()).or_default();
        finding.fingerprint = format!("{:016x}", xxh3_64(format!("{identity}\0{ordinal}").as_bytes()));
        *ordinal += 1;
    }
}

/// Where documents and Dockerfiles stand.
struct Places<'w> {
    workspace: &'w Workspace<'w>,
    documents: Vec<(Span, usize)>,
    builds: HashMap<SourceId, &'w Build<'w>>,
}

impl<'w> Places<'w> {
    fn new(workspace: &'w Workspace<'w>) -> Self {
        let spans = workspace.documents.iter().map(|document| document.span());
        let mut documents: Vec<_> = spans.enumerate().map(|(index, span)| (span, index)).collect();
        documents.sort();
        let builds = workspace.releases.builds().iter();
        Self { workspace, documents, builds: builds.map(|build| (build.dockerfile.source, build)).collect() }
    }

    /// The document that holds a place.
    fn document(&self, span: Span) -> Option<&'w Document<'w>> {
        let starts_before = |document: &Span| (document.source, document.start) <= (span.source, span.start);
        let before = self.documents.partition_point(|(document, _)| starts_before(document));
        let (document, index) = self.documents[before.checked_sub(1)?];
        document.contains(span).then(|| self.workspace.documents[index])
    }

    fn path_to(&self, span: Span, document: Option<&'w Document<'w>>) -> Vec<Segment<'w>> {
        match self.builds.get(&span.source) {
            Some(build) => build.path_to(span).into_iter().map(Segment::Key).collect(),
            None => document.map(|document| document.path_to(span)).unwrap_or_default(),
        }
    }
}

fn identity(workspace: &Workspace<'_>, finding: &Finding<'_>, field: &[Segment<'_>]) -> String {
    let path = workspace.sources.get(finding.hit.span.source).path();
    let mut parts = vec![finding.rule.id.as_ref(), finding.hit.case, path];
    if let Some(resource) = &finding.resource {
        let group = resource.api_version.as_deref().unwrap_or_default().split_once('/').map_or("", |(group, _)| group);
        let optional = [&resource.namespace, &resource.name, &resource.container];
        parts.extend([group, resource.kind.as_str()]);
        parts.extend(optional.map(|part| part.as_deref().unwrap_or_default()));
    }
    let mut identity = parts.join("\0");
    for segment in field {
        match segment {
            Segment::Key(key) => identity.extend(["\0", key]),
            Segment::Index(index) => identity.push_str(&format!("\0[{index}]")),
        }
    }
    identity
}
