//! Shutdown: whether a Pod finishes what it has begun before it is killed.

mod grace;
mod prestop;

use super::Check;

/// The checks of this group.
pub(super) const CHECKS: &[(&str, Check)] = &[
    ("grace-too-short", Check::Workload(grace::too_short)),
    ("grace-zero", Check::Workload(grace::zero)),
    ("prestop-missing", Check::Container(prestop::missing)),
    ("worker-grace-default", Check::Container(grace::worker_default)),
];
