//! Services with a single Pod behind them.

use super::words::scaled;
use crate::check::{Hit, Params};
use crate::release::Workload;

/// A rollout keeps the only Pod by a surge; a drain of its node does not.
pub(super) fn single_replica_service(workload: Workload<'_>, _: &Params) -> Vec<Hit> {
    let exempt = workload.is_database() || workload.is_declared_singleton();
    if !workload.kind().is_replicated() || !workload.is_serving() || exempt {
        return Vec::new();
    }
    let replicas = workload.replicas();
    if replicas.min.value() != Some(1) {
        return Vec::new();
    }
    let place = replicas.min.span();
    let mut budgets = workload.disruption_budgets();
    let blocking = budgets.find(|budget| budget.allowed_at_fewest().is_some_and(|(allowed, _)| allowed <= 0));
    let hit = match blocking {
        None => Hit::new("alone", place, format!("replicas {}: no Pod serves while its node drains", replicas.min)),
        Some(budget) => {
            let message =
                format!("replicas {} and a budget that allows 0 evictions: its node cannot drain", replicas.min);
            Hit::new("drain", place, message).related(budget.object().place(), "the budget")
        }
    };
    vec![scaled(hit, &replicas)]
}
