//! StatefulSets whose Pods keep the old template.

use super::words::scaled;
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
    let most = if replicas.max.known().is_some() { &replicas.max } else { &replicas.min };
    let holds = |from: i64| from > 0 && most.value().is_some_and(|most| from >= most);
    let hit = partition.filter(|partition| partition.value().is_some_and(holds)).map(|partition| {
        Hit::only(partition.span(), format!("partition {partition} ≥ replicas {most}: a deploy replaces no Pod"))
    });
    hit.map(|hit| scaled(hit, &replicas)).into_iter().collect()
}
