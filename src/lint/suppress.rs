//! Applies what the authors asked not to be told, and finds what they asked in vain.

use std::collections::{HashMap, HashSet};

use super::engine::{self, Subject};
use super::finding::Finding;
use super::origins::Origins;
use super::policy::Policy;
use super::workspace::Workspace;
use crate::check::Check;
use crate::release::suppression::{Suppression, in_annotations, in_comments, in_dockerfile};
use crate::source::{SourceId, Span};

/// The findings that nobody suppressed, those about suppressions in vain among them, and how
/// many were suppressed.
pub(super) fn apply<'r>(
    workspace: &Workspace<'_>,
    policy: &Policy<'r>,
    findings: Vec<Finding<'r>>,
    origins: &Origins<'_>,
) -> (Vec<Finding<'r>>, usize) {
    let suppressions = Suppressions::read(workspace, policy);
    let mut used = HashSet::new();
    let mut kept = Vec::new();
    let mut suppressed = 0;
    for finding in findings {
        match suppressions.of(&finding) {
            Some(suppression) => {
                used.insert((suppression, finding.rule.id.to_string()));
                suppressed += 1;
            }
            None => kept.push(finding),
        }
    }
    let in_vain = suppressions.in_vain(&used);
    let in_vain = in_vain.iter().flat_map(|suppression| {
        engine::judge(workspace, policy, suppression.place.source, Subject::Nothing, |check, params| match check {
            Check::Suppression(check) => engine::plain(check(suppression, params)),
            _ => Vec::new(),
        })
    });
    kept.extend(origins.trace(in_vain.collect()));
    (kept, suppressed)
}

struct Suppressions<'p> {
    policy: &'p Policy<'p>,
    all: Vec<Suppression>,
    by_source: HashMap<SourceId, Vec<usize>>,
    /// The rules that ran, and could have found something.
    ran: HashSet<&'p str>,
}

impl<'p> Suppressions<'p> {
    fn read(workspace: &Workspace<'_>, policy: &'p Policy<'p>) -> Self {
        let comments = workspace.documents.iter().flat_map(|document| in_comments(document));
        let judged =
            workspace.releases.objects().iter().filter(|object| !workspace.reference_only.contains(&object.id));
        let builds = workspace.releases.builds().iter().flat_map(|build| in_dockerfile(build.dockerfile));
        let all: Vec<_> = comments.chain(judged.flat_map(in_annotations)).chain(builds).collect();
        let counts = |found: &Suppression| found.has_reason || !policy.require_reason;
        let all: Vec<_> = all.into_iter().map(|found| Suppression { counts: counts(&found), ..found }).collect();
        let mut by_source: HashMap<SourceId, Vec<usize>> = HashMap::new();
        for (index, suppression) in all.iter().enumerate() {
            by_source.entry(suppression.place.source).or_default().push(index);
        }
        Self { policy, all, by_source, ran: policy.rules().iter().map(|active| active.rule.id.as_ref()).collect() }
    }

    /// The suppression that covers a finding, where it is written or where it was rendered.
    fn of(&self, finding: &Finding<'_>) -> Option<usize> {
        let rendered = finding.rendered.as_ref().map(|rendered| rendered.span);
        rendered.into_iter().chain([finding.hit.span]).find_map(|span| self.at(finding, span))
    }

    fn at(&self, finding: &Finding<'_>, span: Span) -> Option<usize> {
        let covers = |index: &&usize| {
            let suppression = &self.all[**index];
            let covers = suppression.counts && suppression.covers.contains(&span.start);
            covers && suppression.rules.iter().any(|rule| *rule == finding.rule.id)
        };
        self.by_source.get(&span.source)?.iter().find(covers).copied()
    }

    /// The rules that a suppression names in vain, for each that names any. A rule that did
    /// not run says nothing about it; a rule that does not exist is always named in vain.
    fn in_vain(&self, used: &HashSet<(usize, String)>) -> Vec<Suppression> {
        let unused = self.all.iter().enumerate().map(|(index, suppression)| {
            let in_vain = suppression.rules.iter().filter(|rule| {
                let could = self.ran.contains(rule.as_str()) || !self.policy.knows(rule);
                could && !used.contains(&(index, (*rule).clone()))
            });
            Suppression { rules: in_vain.cloned().collect(), ..suppression.clone() }
        });
        unused.filter(|suppression| !suppression.rules.is_empty()).collect()
    }
}
