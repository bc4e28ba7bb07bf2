//! Jobs on nodes that may be taken away.

use crate::check::{Hit, Params};
use crate::release::{Workload, WorkloadKind};

/// A migration, or a Job of hours, that a node takes with it.
pub(super) fn unsafe_job(workload: Workload<'_>, params: &Params) -> Vec<Hit> {
    let long = workload.job_deadline().and_then(|deadline| deadline.value());
    let long = long.filter(|seconds| *seconds >= params.integer("longSeconds"));
    let is_migration = workload.kind() == WorkloadKind::Job && workload.migration().is_some();
    let what = match long {
        _ if is_migration => "the migration".to_string(),
        Some(seconds) => format!("a Job of up to {seconds} s"),
        None => return Vec::new(),
    };
    if !workload.kind().finishes() {
        return Vec::new();
    }
    if let Some(pin) = workload.spot_pin() {
        let message = format!(
            "{} {}: {}: {what} ends with its node, which is taken away at short notice",
            pin.by, pin.key, pin.value
        );
        return vec![Hit::new("pinned", pin.field.place(), message)];
    }
    let Some(karpenter) = workload.releases().karpenter_for(workload.object()).filter(|_| !workload.is_undisturbed())
    else {
        return Vec::new();
    };
    let message = format!("no karpenter.sh/do-not-disrupt on its Pods: Karpenter may take the node of {what} away");
    let place = workload.pod_metadata().key_place();
    vec![Hit::new("disrupted", place, message).related(karpenter.place(), "Karpenter makes the nodes")]
}
