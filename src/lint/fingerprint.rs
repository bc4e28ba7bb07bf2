//! Fingerprints: what tells that a finding is still the same one.

use std::collections::HashMap;

use xxhash_rust::xxh3::xxh3_64;

use super::finding::Finding;
use super::workspace::Workspace;
use crate::syntax::yaml::Segment;

/// Gives each finding, in order, the hash of its rule, case, path, API group, kind,
/// namespace, name, container, field path, and its number among equals. Neither message
/// nor line count, so that both may change.
pub(super) fn assign(workspace: &Workspace<'_>, findings: &mut [Finding<'_>]) {
    let documents = workspace.documents.iter().map(|document| document.span());
    let mut spans: Vec<_> = documents.enumerate().map(|(index, span)| (span, index)).collect();
    spans.sort();
    let builds = workspace.releases.builds().iter();
    let builds: HashMap<_, _> = builds.map(|build| (build.dockerfile.source, build)).collect();
    let mut seen: HashMap<String, u32> = HashMap::new();
    for finding in findings {
        let span = finding.rendered.as_ref().map_or(finding.hit.span, |rendered| rendered.span);
        let before =
            spans.partition_point(|(document, _)| (document.source, document.start) <= (span.source, span.start));
        let holding = before.checked_sub(1).map(|at| spans[at]).filter(|(document, _)| document.contains(span));
        let field = match builds.get(&span.source) {
            Some(build) => build.path_to(span).into_iter().map(Segment::Key).collect(),
            None => holding.map(|(_, index)| workspace.documents[index].path_to(span)).unwrap_or_default(),
        };
        let identity = identity(workspace, finding, &field);
        let ordinal = seen.entry(identity.clone()).or_default();
        finding.fingerprint = format!("{:016x}", xxh3_64(format!("{identity}\0{ordinal}").as_bytes()));
        *ordinal += 1;
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
