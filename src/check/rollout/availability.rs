//! When a new Pod counts as available.

use super::words::serving_or_worker;
use crate::check::{Hit, Params};
use crate::release::Workload;

/// Nothing stands between the start of a container and the end of its old Pod.
pub(super) fn no_min_ready(workload: Workload<'_>, _: &Params) -> Vec<Hit> {
    let ready = workload.min_ready_seconds();
    let judged = workload.is_judged() && workload.kind().rolls_out();
    if !judged || !workload.is_ungated() || ready.value() != Some(0) {
        return Vec::new();
    }
    let message = format!(
        "no readiness and no startup probe, and minReadySeconds {ready}: a Pod counts as available the moment it runs"
    );
    vec![Hit::new(serving_or_worker(workload), ready.span(), message)]
}
