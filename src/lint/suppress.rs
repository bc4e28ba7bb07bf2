//! Applies what the authors asked not to be told.

use std::collections::HashMap;

use super::finding::Finding;
use super::policy::Policy;
use super::workspace::Workspace;
use crate::release::suppression::{Suppression, in_annotations, in_comments};
use crate::source::SourceId;

/// The findings that nobody suppressed, and how many were.
pub(super) fn apply<'r>(
    workspace: &Workspace<'_>,
    policy: &Policy<'_>,
    findings: Vec<Finding<'r>>,
) -> (Vec<Finding<'r>>, usize) {
    let mut suppressions: HashMap<SourceId, Vec<Suppression>> = HashMap::new();
    let comments = workspace.documents.iter().flat_map(|document| in_comments(document));
    let annotations = workspace.releases.objects().iter().flat_map(in_annotations);
    for suppression in comments.chain(annotations).filter(|found| found.has_reason || !policy.require_reason) {
        suppressions.entry(suppression.place.source).or_default().push(suppression);
    }
    let before = findings.len();
    let kept: Vec<_> = findings.into_iter().filter(|finding| !is_suppressed(&suppressions, finding)).collect();
    let suppressed = before - kept.len();
    (kept, suppressed)
}

fn is_suppressed(suppressions: &HashMap<SourceId, Vec<Suppression>>, finding: &Finding<'_>) -> bool {
    let span = finding.hit.span;
    suppressions.get(&span.source).is_some_and(|suppressions| {
        suppressions
            .iter()
            .any(|found| found.covers.contains(&span.start) && found.rules.iter().any(|rule| *rule == finding.rule.id))
    })
}
