//! Disruption budgets: what a node drain may take.

use super::words::count;
use crate::check::edit::{Edit, Fix, Safety};
use crate::check::{Hit, Params};
use crate::release::disruption::Limit;
use crate::release::rollout::Amount;
use crate::release::{DisruptionBudget, Workload, WorkloadKind};

/// No Pod may be evicted, so that draining a node never ends.
pub(super) fn blocks_drain(budget: DisruptionBudget<'_>, _: &Params) -> Vec<Hit> {
    if budget.object().is_patch {
        return Vec::new();
    }
    let refused = both_written(budget).into_iter().chain(overlapping(budget));
    refused.chain(no_eviction(budget)).collect()
}

fn both_written(budget: DisruptionBudget<'_>) -> Option<Hit> {
    let (least, most) = (budget.min_available()?, budget.max_unavailable()?);
    let message = format!("minAvailable {least} and maxUnavailable {most}: the API server refuses both together");
    Some(Hit::new("rejected", most.span(), message).related(least.span(), "minAvailable"))
}

fn overlapping(budget: DisruptionBudget<'_>) -> Option<Hit> {
    let (earlier, workload) = budget.overlap()?;
    let (object, other) = (workload.object().title(), earlier.object().name.unwrap_or("another budget"));
    let message = format!("{object} is guarded by this budget and by {other}: evictions fail with HTTP 500");
    Some(
        Hit::new("overlapping", budget.object().place(), message).related(earlier.object().place(), "the other budget"),
    )
}

fn no_eviction(budget: DisruptionBudget<'_>) -> Option<Hit> {
    let (limit, (allowed, pods)) = (budget.limit()?, budget.allowed_at_fewest()?);
    let share = match limit.amount.value()? {
        share @ Amount::Percent(_) => format!(" is {}", share.ceil_of(pods)),
        Amount::Absolute(_) => String::new(),
    };
    let of = count(pods, "replica");
    let message =
        format!("{} {} of {of}{share}: 0 evictions are allowed, so node drains hang", limit.key, limit.amount);
    let case = if pods == 1 { "single" } else { "blocks" };
    let hit = Hit::new(case, limit.amount.span(), message);
    let hit = budget.workloads().filter(|workload| !workload.kind().finishes()).fold(hit, |hit, workload| {
        hit.related(workload.object().place(), format!("replicas: {}", workload.replicas()))
    });
    (allowed <= 0).then(|| hit.fix(Fix::new(Safety::Unsafe, "set maxUnavailable to 1", one_at_a_time(&limit))))
}

fn one_at_a_time(limit: &Limit<'_>) -> Option<Vec<Edit>> {
    let entry = limit.field.entry()?;
    let value = Edit::replace(entry.value.span(), "1");
    let key = (limit.key != "maxUnavailable").then(|| Edit::replace(entry.key.span(), "maxUnavailable"));
    Some(key.into_iter().chain([value]).collect())
}

/// Several Pods behind a Service, all of which a drain may take at once.
pub(super) fn missing(workload: Workload<'_>, _: &Params) -> Vec<Hit> {
    let kinds = [WorkloadKind::Deployment, WorkloadKind::StatefulSet, WorkloadKind::Rollout];
    let replicas = workload.replicas();
    let several = kinds.contains(&workload.kind()) && replicas.min.value().is_some_and(|pods| pods >= 2);
    if !several || !workload.is_service_selected() || workload.disruption_budgets().next().is_some() {
        return Vec::new();
    }
    let message = format!("no disruption budget guards its Pods ({replicas}): a node drain may take them all at once");
    vec![Hit::only(workload.object().place(), message)]
}

/// A budget that guards no Pod.
pub(super) fn matches_nothing(budget: DisruptionBudget<'_>, _: &Params) -> Vec<Hit> {
    let selector = budget.selector().filter(|selector| selector.is_readable());
    let Some(selector) = selector.filter(|_| !budget.object().is_patch) else { return Vec::new() };
    if budget.workloads().next().is_some() || !budget.releases().pods_are_all_known(budget.object()) {
        return Vec::new();
    }
    let place = budget.spec().get("selector").key_place();
    vec![Hit::only(place, format!("selector {selector} matches no Pod of its namespace: it guards nothing"))]
}
