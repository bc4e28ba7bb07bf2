//! Rolling updates: how many Pods stay, and what is refused.

mod availability;
mod capacity;
mod deadline;
mod disruption;
mod in_place;
mod rejected;
mod single;
mod stop_first;
mod volume;
mod words;

use super::Check;

/// The checks of this group.
pub(super) const CHECKS: &[(&str, Check)] = &[
    ("rollout-zero-available", Check::Workload(capacity::zero_available)),
    ("rollout-reduces-capacity", Check::Workload(capacity::reduces_capacity)),
    ("rollout-strategy-rejected", Check::Workload(rejected::strategy_rejected)),
    ("recreate-strategy", Check::Workload(stop_first::recreate)),
    ("daemonset-no-surge", Check::Workload(stop_first::daemonset_no_surge)),
    ("rwo-surge-deadlock", Check::Workload(volume::surge_deadlock)),
    ("single-replica-service", Check::Workload(single::single_replica_service)),
    ("pdb-blocks-drain", Check::DisruptionBudget(disruption::blocks_drain)),
    ("pdb-missing", Check::Workload(disruption::missing)),
    ("pdb-matches-nothing", Check::DisruptionBudget(disruption::matches_nothing)),
    ("statefulset-partition-holds", Check::Workload(in_place::partition_holds)),
    ("no-min-ready", Check::Workload(availability::no_min_ready)),
    ("progress-deadline-too-short", Check::Workload(deadline::too_short)),
];
