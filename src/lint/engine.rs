//! Rules over subjects, in parallel.

use std::borrow::Cow;

use rayon::prelude::*;

use super::finding::{DOCKERFILE, Finding, Resource};
use super::policy::{Effect, Identity, Policy};
use super::workspace::Workspace;
use crate::check::{Check, Hit, HookSubject};
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
    let faults = workspace.renders.faults.par_iter().map(|fault| {
        judge(workspace, policy, fault.place.source, Subject::Nothing, |check, params| match check {
            Check::Render(check) => plain(check(fault, params)),
            _ => Vec::new(),
        })
    });
    let dropped = workspace.renders.dropped.par_iter().map(|hook| {
        judge(workspace, policy, hook.place.source, Subject::Nothing, |check, params| match check {
            Check::Hook(check) => plain(check(&workspace.releases, HookSubject::Dropped(hook), params)),
            _ => Vec::new(),
        })
    });
    let found: Vec<_> = broken.chain(faults).chain(dropped).chain(objects).chain(builds).collect();
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
    /// What overrides know it by: a Dockerfile by its stages, and what stands above them.
    fn identities(self, releases: &'o Releases<'_>) -> Vec<Identity<'o>> {
        match self {
            Self::Object(object) => vec![Identity {
                kind: Some(object.kind),
                name: object.name.map(Cow::Borrowed),
                namespace: releases.namespace_of(object),
                object: Some(object),
            }],
            Self::Dockerfile(build) => {
                let stage = |name| Identity { kind: Some(DOCKERFILE), name, ..Identity::default() };
                let titles = build.stages().map(|stage| Some(Cow::Owned(stage.title())));
                titles.chain([None]).map(stage).collect()
            }
            Self::Nothing => vec![Identity::default()],
        }
    }

    /// The template that helm names as its source, in manifests that were piped.
    fn template(self) -> Option<String> {
        if let Self::Object(object) = self { object.template().map(str::to_string) } else { None }
    }

    fn resource(self, releases: &Releases<'_>, hit: &Hit, container: Option<String>) -> Option<Resource> {
        match self {
            Self::Object(object) => Some(Resource::of(releases, object, container)),
            Self::Dockerfile(build) => Some(Resource::of_dockerfile(build, hit.span)),
            Self::Nothing => None,
        }
    }

    /// Which of its identities a hit belongs to.
    fn identity_of(self, hit: &Hit, identities: usize) -> usize {
        match self {
            // What stands above the first stage belongs to none of them.
            Self::Dockerfile(build) => build.stage_of(hit.span).map_or(identities - 1, |stage| stage.index),
            _ => 0,
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
    look: impl Fn(&Check, &Params) -> Vec<Found>,
) -> Vec<Finding<'r>> {
    let mut findings = Vec::new();
    let location = match subject {
        Subject::Object(object) => workspace.location_of(object),
        _ => Cow::Borrowed(workspace.location(source)),
    };
    let location = location.as_ref();
    let identities = subject.identities(&workspace.releases);
    // What only `helm test` brings up is no part of a deploy.
    let is_test = matches!(subject, Subject::Object(object) if object.is_helm_test());
    for active in policy.rules().iter().filter(|active| !is_test || active.rule.group == SYNTAX) {
        let mut run = |effect: &Effect| {
            for (hit, container) in look(&effect.check, &effect.params) {
                let identity = &identities[subject.identity_of(&hit, identities.len())];
                let is_its_own = identities.len() == 1 || std::ptr::eq(active.effect(location, identity), effect);
                if is_its_own && is_in_targets(workspace, &hit) {
                    let severity = effect.severity(active.rule, hit.case);
                    let resource = subject.resource(&workspace.releases, &hit, container);
                    let finding = Finding::new(active.rule, severity, hit, resource);
                    findings.push(Finding { template: subject.template(), ..finding });
                }
            }
        };
        match active.only_effect() {
            Some(effect) if effect.is_on() => run(effect),
            Some(_) => {}
            None => active.effects(location, &identities).into_iter().filter(|effect| effect.is_on()).for_each(run),
        }
    }
    findings
}

fn is_in_targets(workspace: &Workspace<'_>, hit: &Hit) -> bool {
    workspace.is_target(hit.span) || hit.related.iter().any(|related| workspace.is_target(related.span))
}

fn judge_object<'a, 'r>(workspace: &'a Workspace<'a>, policy: &Policy<'r>, object: &'a Object<'a>) -> Vec<Finding<'r>> {
    let releases = &workspace.releases;
    let workload = releases.workload(object).filter(Workload::is_complete);
    judge(workspace, policy, object.root().span().source, Subject::Object(object), |check, params| {
        match (check, workload) {
            (Check::Generic(check), _) => check.of_object(releases, object),
            (Check::Hook(check), _) => plain(check(releases, HookSubject::Object(object), params)),
            (Check::Object(check), _) => plain(check(releases, object, params)),
            (Check::Workload(check), Some(workload)) => plain(check(workload, params)),
            (Check::Container(_) | Check::Probe(_) | Check::Run(_), Some(workload)) => {
                of_containers(check, workload, params)
            }
            _ => of_network(check, releases, object, params),
        }
    })
}

fn judge_build<'a, 'r>(workspace: &'a Workspace<'a>, policy: &Policy<'r>, build: &'a Build<'a>) -> Vec<Finding<'r>> {
    let (dockerfile, releases) = (build.dockerfile, &workspace.releases);
    judge(workspace, policy, dockerfile.source, Subject::Dockerfile(build), |check, params| {
        if let Check::Generic(check) = check {
            return check.of_build(build);
        }
        plain(match check {
            Check::Syntax(check) => dockerfile.faults.iter().flat_map(|error| check(error, params)).collect(),
            Check::Run(check) => releases.image_runs(build).flat_map(|run| check(&run, params)).collect(),
            Check::Stage(check) => build.stages().flat_map(|stage| check(stage, params)).collect(),
            Check::BuildArgument(check) => build.arguments().flat_map(|argument| check(argument, params)).collect(),
            _ => Vec::new(),
        })
    })
}

fn of_containers(check: &Check, workload: Workload<'_>, params: &Params) -> Vec<Found> {
    let mut found = Vec::new();
    for container in workload.containers() {
        let hits = match check {
            Check::Container(check) => check(container, params),
            Check::Probe(check) => container.probes().flat_map(|probe| check(probe, params)).collect(),
            Check::Run(check) => container.own_run().map(|run| check(&run, params)).unwrap_or_default(),
            _ => Vec::new(),
        };
        found.extend(hits.into_iter().map(|hit| (hit, container.name().map(str::to_string))));
    }
    found
}

fn of_network<'a>(check: &Check, releases: &'a Releases<'a>, object: &'a Object<'a>, params: &Params) -> Vec<Found> {
    let hits = match check {
        Check::Service(check) => Service::of(releases, object).map(|service| check(service, params)),
        Check::Ingress(check) => Ingress::of(releases, object).map(|ingress| check(ingress, params)),
        Check::Autoscaler(check) => Autoscaler::of(releases, object).map(|autoscaler| check(autoscaler, params)),
        Check::DisruptionBudget(check) => DisruptionBudget::of(releases, object).map(|budget| check(budget, params)),
        _ => None,
    };
    plain(hits.unwrap_or_default())
}
