//! Updates that stop an old Pod before its replacement starts.

use super::words::{scaled, serving_or_worker};
use crate::check::edit::{Edit, Fix, Safety, set};
use crate::check::{Hit, Params};
use crate::release::{Replicas, Workload};

/// A Deployment stops all of its Pods before it starts a new one.
pub(super) fn recreate(workload: Workload<'_>, _: &Params) -> Vec<Hit> {
    if !workload.is_judged() || !workload.has_strategy("Recreate") || workload.is_declared_singleton() {
        return Vec::new();
    }
    let (place, replicas) = (workload.strategy_type().span(), workload.replicas());
    let message = format!("type Recreate: {}", stop(&replicas));
    let hit = if workload.may_hold_exclusive_volume() {
        Hit::new("volume", place, format!("{message}, as a volume of one node may ask for"))
    } else {
        let settings = workload.strategy().node();
        let kept = settings.and_then(|settings| set(settings, &["rollingUpdate", "maxUnavailable"], "0"));
        let edits = kept.map(|kept| vec![Edit::replace(place, "RollingUpdate"), kept]);
        let fix = Fix::new(Safety::Unsafe, "set type to RollingUpdate and maxUnavailable to 0", edits);
        Hit::new(serving_or_worker(workload), place, message).fix(fix)
    };
    vec![scaled(hit, &replicas)]
}

fn stop(replicas: &Replicas<'_>) -> String {
    match (replicas.min.value(), replicas.max.value()) {
        (Some(1), Some(1)) => format!("the only Pod (replicas {}) stops before the new one starts", replicas.min),
        (Some(few), Some(most)) if few == most => format!("all {few} Pods stop before the first new one starts"),
        (Some(few), Some(most)) => format!("all {few} to {most} Pods stop before the first new one starts"),
        _ => "all Pods stop before the first new one starts".to_string(),
    }
}

/// A DaemonSet behind a Service leaves each node without a Pod for a while.
pub(super) fn daemonset_no_surge(workload: Workload<'_>, _: &Params) -> Vec<Hit> {
    let update = workload.daemon_update().filter(|_| workload.is_service_selected() && !workload.uses_host_ports());
    let Some(update) = update.filter(|update| update.max_surge.value().is_some_and(|surge| surge.is_zero())) else {
        return Vec::new();
    };
    let message = format!("maxSurge {}: on each node the old Pod stops before the new one starts", update.max_surge);
    vec![Hit::only(update.max_surge.span(), message)]
}
