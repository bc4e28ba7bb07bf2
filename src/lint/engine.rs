//! Rules over subjects, in parallel.

use rayon::prelude::*;

use super::finding::{Finding, Resource};
use super::policy::Policy;
use super::workspace::Workspace;
use crate::check::{Check, Hit};
use crate::params::Params;
use crate::release::{Autoscaler, Build, DisruptionBudget, Ingress, Object, Releases, Service, Workload};
use crate::source::SourceId;

/// The group that alone looks at what `helm test` runs.
const SYNTAX: &str = "syntax";

/// Runs every rule of the policy over everything that it looks at, in the order of the input.
pub(super) fn run<'a, 'r>(workspace: &'a Workspace<'a>, policy: &Policy<'r>) -> Vec<Finding<'r>> {
    let broken = workspace.broken.par_iter().map(|error| {
        judge(workspace, policy, error.span.source, Subject::Nothing, |check, params| match check {
            Check::Syntax(check) => plain(check(error, params)),
            _ => Vec::new(),
        })
    });
    let objects =
        workspace.releases.objects().par_iter().filter(|object| !workspace.reference_only.contains(&object.id));
    let objects = objects.map(|object| judge_object(workspace, policy, object));
    let builds = workspace.releases.builds().par_iter().map(|build| judge_build(workspace, policy, build));
    let found: Vec<_> = broken.chain(objects).chain(builds).collect();
    found.into_iter().flatten().collect()
}

/// What a finding is about.
#[derive(Clone, Copy)]
pub(super) enum Subject<'o> {
    Object(&'o Object<'o>),
    Dockerfile(&'o Build<'o>),
    Nothing,
}

impl<'o> Subject<'o> {
    fn object(self) -> Option<&'o Object<'o>> {
        if let Self::Object(object) = self { Some(object) } else { None }
    }

    fn resource(self, releases: &Releases<'_>, hit: &Hit, container: Option<String>) -> Option<Resource> {
        match self {
            Self::Object(object) => Some(Resource::of(releases, object, container)),
            Self::Dockerfile(build) => Some(Resource::of_dockerfile(build, hit.span)),
            Self::Nothing => None,
        }
    }
}

/// A hit, and the container it is about.
pub(super) type Found = (Hit, Option<String>);

pub(super) fn plain(hits: Vec<Hit>) -> Vec<Found> {
    hits.into_iter().map(|hit| (hit, None)).collect()
}

pub(super) fn judge<'r>(
    workspace: &Workspace<'_>,
    policy: &Policy<'r>,
    source: SourceId,
    subject: Subject<'_>,
    look: impl Fn(Check, &Params) -> Vec<Found>,
) -> Vec<Finding<'r>> {
    let mut findings = Vec::new();
    let (location, object) = (workspace.location(source), subject.object());
    // What only `helm test` brings up is no part of a deploy.
    let is_test = object.is_some_and(Object::is_helm_test);
    for active in policy.rules().iter().filter(|active| !is_test || active.rule.group == SYNTAX) {
        let effect = active.effect(location, object);
        if !effect.is_on() {
            continue;
        }
        for (hit, container) in look(active.check, &effect.params) {
            let in_targets =
                workspace.is_target(hit.span) || hit.related.iter().any(|related| workspace.is_target(related.span));
            if in_targets {
                let severity = effect.severity(active.rule, hit.case);
                let resource = subject.resource(&workspace.releases, &hit, container);
                findings.push(Finding { rule: active.rule, severity, hit, resource, fingerprint: String::new() });
            }
        }
    }
    findings
}

fn judge_object<'a, 'r>(workspace: &'a Workspace<'a>, policy: &Policy<'r>, object: &'a Object<'a>) -> Vec<Finding<'r>> {
    let releases = &workspace.releases;
    let workload = releases.workload(object).filter(Workload::is_complete);
    judge(workspace, policy, object.root().span().source, Subject::Object(object), |check, params| {
        match (check, workload) {
            (Check::Object(check), _) => plain(check(releases, object, params)),
            (Check::Workload(check), Some(workload)) => plain(check(workload, params)),
            (Check::Container(_) | Check::Probe(_), Some(workload)) => of_containers(check, workload, params),
            _ => of_network(check, releases, object, params),
        }
    })
}

fn judge_build<'a, 'r>(workspace: &'a Workspace<'a>, policy: &Policy<'r>, build: &'a Build<'a>) -> Vec<Finding<'r>> {
    let dockerfile = build.dockerfile;
    judge(workspace, policy, dockerfile.source, Subject::Dockerfile(build), |check, params| {
        plain(match check {
            Check::Syntax(check) => dockerfile.faults.iter().flat_map(|error| check(error, params)).collect(),
            Check::Stage(check) => build.stages().flat_map(|stage| check(stage, params)).collect(),
            Check::BuildArgument(check) => build.arguments().flat_map(|argument| check(argument, params)).collect(),
            _ => Vec::new(),
        })
    })
}

fn of_containers(check: Check, workload: Workload<'_>, params: &Params) -> Vec<Found> {
    let mut found = Vec::new();
    for container in workload.containers() {
        let hits = match check {
            Check::Container(check) => check(container, params),
            Check::Probe(check) => container.probes().flat_map(|probe| check(probe, params)).collect(),
            _ => Vec::new(),
        };
        found.extend(hits.into_iter().map(|hit| (hit, container.name().map(str::to_string))));
    }
    found
}

fn of_network<'a>(check: Check, releases: &'a Releases<'a>, object: &'a Object<'a>, params: &Params) -> Vec<Found> {
    let hits = match check {
        Check::Service(check) => Service::of(releases, object).map(|service| check(service, params)),
        Check::Ingress(check) => Ingress::of(releases, object).map(|ingress| check(ingress, params)),
        Check::Autoscaler(check) => Autoscaler::of(releases, object).map(|autoscaler| check(autoscaler, params)),
        Check::DisruptionBudget(check) => DisruptionBudget::of(releases, object).map(|budget| check(budget, params)),
        _ => None,
    };
    plain(hits.unwrap_or_default())
}
