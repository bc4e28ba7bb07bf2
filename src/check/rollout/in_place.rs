//! StatefulSets whose Pods keep the old template.

use super::words::{count, scaled};
use crate::check::{Hit, Params};
use crate::release::{Workload, WorkloadKind};

/// A deploy that changes no Pod.
pub(super) fn partition_holds(workload: Workload<'_>, _: &Params) -> Vec<Hit> {
    if workload.kind() != WorkloadKind::StatefulSet || !workload.is_judged() {
        return Vec::new();
    }
    if workload.has_strategy("OnDelete") {
        let message = "type OnDelete: a deploy replaces no Pod until somebody deletes it";
        return vec![Hit::only(workload.strategy_type().span(), message)];
    }
    let replicas = workload.replicas();
    let partition = workload.stateful_update().map(|update| update.partition);
    let held = partition.zip(replicas.known().into_iter().max());
    let held = held.filter(|(partition, most)| partition.value().is_some_and(|from| from > 0 && from >= *most));
    let hit = held.map(|(partition, most)| {
        let of = count(most, "replica");
        Hit::only(partition.span(), format!("partition {partition} of {of}: a deploy replaces no Pod"))
    });
    hit.map(|hit| scaled(hit, &replicas)).into_iter().collect()
}
