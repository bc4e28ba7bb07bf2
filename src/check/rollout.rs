//! Rolling updates: how many Pods stay, and what is refused.

mod capacity;

use super::Check;

/// The checks of this group.
pub(super) const CHECKS: &[(&str, Check)] = &[
    ("rollout-zero-available", Check::Workload(capacity::zero_available)),
    ("rollout-reduces-capacity", Check::Workload(capacity::reduces_capacity)),
];
