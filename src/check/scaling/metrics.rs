//! What an autoscaler looks at.

use crate::check::{Hit, Params};
use crate::release::runtime::concurrency::Waiting;
use crate::release::scaling::metric::{Measure, Metric};
use crate::release::{Autoscaler, Container, Workload};

/// More containers than these need not be pointed at.
const MOST_PLACES: usize = 8;

/// Workloads of one name that may stand for each other.
const MOST_ALTERNATIVES: usize = 8;

/// Nothing says how many Pods run while the source of all triggers does not answer.
pub(super) fn no_fallback(autoscaler: Autoscaler<'_>, _: &Params) -> Vec<Hit> {
    let metrics = autoscaler.metrics();
    let external: Vec<_> = metrics.iter().filter(|metric| metric.is_external()).collect();
    let alone = metrics.iter().all(|metric| metric.is_external() || metric.is_cron());
    let judged = autoscaler.is_keda() && autoscaler.is_judged() && !autoscaler.spec().get("fallback").exists();
    let Some(first) = external.first().filter(|_| judged && alone) else { return Vec::new() };
    let message = format!("no fallback: while {first} does not answer, the number of Pods stays as it is");
    vec![Hit::only(first.field.place(), message)]
}

/// CPU and memory alone scale what mostly waits.
pub(super) fn cpu_only(autoscaler: Autoscaler<'_>, _: &Params) -> Vec<Hit> {
    let metrics = autoscaler.metrics();
    let alone = !metrics.is_empty() && metrics.iter().all(|metric| metric.is_of_pods());
    let waiters = |workload: Workload<'_>| {
        workload.app_containers().find_map(|container| Some((container.waiter()?, container.command_place())))
    };
    let found = autoscaler.workloads().find_map(waiters).filter(|_| alone && autoscaler.is_judged());
    let Some((waiter, place)) = found else { return Vec::new() };
    let by: Vec<_> = metrics.iter().map(ToString::to_string).collect();
    let (case, end) = match waiter.waiting {
        Waiting::Idle => ("blocking", "that wait use none, and what queues up behind them does not scale"),
        Waiting::Busy => ("concurrent", "that wait for others use little: their queue tells more"),
    };
    let message = format!("scaled by {} alone: {} of {} {end}", by.join(" and "), waiter.workers, waiter.name);
    vec![Hit::new(case, metrics[0].field.place(), message).related(place, waiter.name)]
}

/// A share of a request that is not there.
pub(super) fn no_request(autoscaler: Autoscaler<'_>, _: &Params) -> Vec<Hit> {
    if !autoscaler.is_judged() {
        return Vec::new();
    }
    // Among many of one name nobody can tell which one is meant.
    let workloads: Vec<_> = autoscaler.workloads().take(MOST_ALTERNATIVES + 1).collect();
    if workloads.len() > MOST_ALTERNATIVES {
        return Vec::new();
    }
    autoscaler.metrics().iter().filter_map(|metric| lacking(autoscaler, metric, &workloads)).collect()
}

/// Where several workloads have the name, all of them must lack it.
fn lacking<'a>(autoscaler: Autoscaler<'a>, metric: &Metric<'a>, workloads: &[Workload<'a>]) -> Option<Hit> {
    let Measure::Resource { name: resource, .. } = &metric.measure else { return None };
    let all: Option<Vec<_>> =
        workloads.iter().map(|workload| some(autoscaler.lacking_request(metric, *workload))).collect();
    let containers = all?.into_iter().next()?;
    let titles: Vec<_> = containers.iter().map(|container| container.title()).collect();
    let end = if autoscaler.is_keda() { "KEDA refuses the trigger" } else { "the share of it cannot be computed" };
    let (titles, verb) = (titles.join(" and "), if titles.len() == 1 { "requests" } else { "request" });
    let message =
        format!("{metric} of {}: {titles} {verb} no {resource}, so {end}", workloads.first()?.object().title());
    let hit = Hit::only(metric.field.place(), message);
    Some(containers.iter().take(MOST_PLACES).fold(hit, |hit, container| {
        hit.related(container.field().get("resources").place(), format!("no request of {resource}"))
    }))
}

fn some(containers: Vec<Container<'_>>) -> Option<Vec<Container<'_>>> {
    Some(containers).filter(|containers| !containers.is_empty())
}
