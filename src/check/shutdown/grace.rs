//! The grace period against what has to happen in it.

use crate::check::edit::{Fix, Safety, set};
use crate::check::{Hit, Params};
use crate::release::runtime::termination::ShutdownTime;
use crate::release::{Container, Fact, Workload};

/// The kill comes before the process has finished.
pub(super) fn too_short(workload: Workload<'_>, _: &Params) -> Vec<Hit> {
    let grace = workload.grace();
    let Some(seconds) = grace.value().filter(|seconds| *seconds > 0 && workload.is_judged()) else { return Vec::new() };
    let times = workload.running_containers().filter_map(Container::shutdown_time);
    let Some(longest) = times.max_by_key(ShutdownTime::total) else { return Vec::new() };
    let case = match longest.pre_stop {
        Some(pre_stop) if pre_stop.seconds >= seconds => "prestop",
        _ if longest.total() > seconds => "drain",
        _ => return Vec::new(),
    };
    let needed = longest.total().div_euclid(5) * 5 + if longest.total() % 5 == 0 { 0 } else { 5 };
    let message =
        format!("{longest} s > terminationGracePeriodSeconds {grace}: the process is killed before it has finished");
    let edit =
        workload.pod_spec().node().and_then(|spec| set(spec, &["terminationGracePeriodSeconds"], &needed.to_string()));
    let fix =
        Fix::new(Safety::Safe, format!("set terminationGracePeriodSeconds to {needed}"), edit.map(|edit| vec![edit]));
    let hit = Hit::new(case, grace.span(), message)
        .help(format!("set terminationGracePeriodSeconds to {needed} or more"))
        .fix(fix);
    let places = longest.pre_stop.map(|hook| (hook.field.key_place(), "the preStop hook")).into_iter();
    let places = places.chain(longest.drain.map(|(_, drain)| (drain.span(), "what has to finish")));
    vec![places.fold(hit, |hit, (place, what)| hit.related(place, what))]
}

/// A grace period of zero: killed at once, without preStop hook or signal.
pub(super) fn zero(workload: Workload<'_>, _: &Params) -> Vec<Hit> {
    let grace = workload.grace();
    if grace.value() != Some(0) || !workload.is_judged() {
        return Vec::new();
    }
    vec![Hit::only(
        grace.span(),
        "terminationGracePeriodSeconds 0: the Pod is killed at once, without preStop and signal",
    )]
}

/// A worker whose tasks may take longer than the default.
pub(super) fn worker_default(container: Container<'_>, _: &Params) -> Vec<Hit> {
    let grace = container.workload().grace();
    let process = container.process().filter(|process| process.server.worker);
    let judged = container.is_long_running() && grace.is_default();
    let Some(process) = process.filter(|_| judged) else { return Vec::new() };
    match process.drain(container) {
        Fact::Known { .. } => Vec::new(),
        Fact::Unknown { .. } => {
            let name = process.server.name;
            let message = format!(
                "{name} {} on SIGTERM, however long they take, and is killed after {}",
                process.server.term,
                grace.in_seconds()
            );
            vec![Hit::only(process.origin.span(), message)]
        }
    }
}
