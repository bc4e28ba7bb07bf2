//! Rollouts that are given up before they can succeed.

use crate::check::edit::{Fix, Safety, set};
use crate::check::{Hit, Params};
use crate::release::Workload;

/// A new Pod may take longer to become available than the rollout waits for it. A deadline
/// that is not even above `minReadySeconds` is refused, which is another rule's.
pub(super) fn too_short(workload: Workload<'_>, _: &Params) -> Vec<Hit> {
    let (deadline, time) = (workload.progress_deadline(), workload.time_to_available());
    let judged = workload.is_judged() && workload.has_progress_deadline();
    let Some(seconds) = deadline.value().filter(|seconds| judged && *seconds > time.min_ready) else {
        return Vec::new();
    };
    let needed = time.total();
    if seconds >= needed {
        return Vec::new();
    }
    let message = format!(
        "progressDeadlineSeconds {deadline} < {needed} s that a new Pod may take: {} s to start, {} s before the first \
         readiness probe, minReadySeconds {}",
        time.start, time.delay, time.min_ready
    );
    let raised = needed.saturating_add(59).div_euclid(60).saturating_add(1).saturating_mul(60);
    let edit = workload.spec().node().and_then(|spec| set(spec, &["progressDeadlineSeconds"], &raised.to_string()));
    let fix = Fix::new(Safety::Unsafe, format!("set progressDeadlineSeconds to {raised}"), edit.map(|edit| vec![edit]));
    let slowest = time.slowest.map(|probe| (probe.field().key_place(), format!("the {} probe", probe.kind())));
    let hit = match slowest {
        Some((probe, _)) if deadline.is_default() => Hit::only(probe, message),
        Some((probe, name)) => Hit::only(deadline.span(), message).related(probe, name),
        None => Hit::only(deadline.span(), message),
    };
    vec![hit.fix(fix)]
}
