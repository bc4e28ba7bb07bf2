//! Jobs on nodes that may be taken away.

use crate::check::{Hit, Params};
use crate::release::{Workload, WorkloadKind};

/// A migration, or a Job of hours, that a node takes with it.
pub(super) fn unsafe_job(workload: Workload<'_>, params: &Params) -> Vec<Hit> {
    let what = endangered(workload, params.integer("longSeconds"));
    let hit = what.and_then(|what| pinned(workload, &what).or_else(|| disrupted(workload, &what)));
    hit.into_iter().collect()
}

/// What is lost with the node.
fn endangered(workload: Workload<'_>, long: i64) -> Option<String> {
    if workload.kind() == WorkloadKind::Job && workload.migration().is_some() {
        return Some("the migration".to_string());
    }
    let seconds = workload.job_deadline()?.value().filter(|seconds| *seconds >= long)?;
    workload.kind().finishes().then(|| format!("a Job of up to {seconds} s"))
}

fn pinned(workload: Workload<'_>, what: &str) -> Option<Hit> {
    let pin = workload.spot_pin()?;
    let label = format!("{} {}: {}", pin.by, pin.key, pin.value);
    let message = format!("{label}: {what} ends with its node, which is taken away at short notice");
    Some(Hit::new("pinned", pin.field.place(), message))
}

fn disrupted(workload: Workload<'_>, what: &str) -> Option<Hit> {
    let karpenter = workload.releases().karpenter_for(workload.object()).filter(|_| !workload.is_undisturbed())?;
    let message = format!("no karpenter.sh/do-not-disrupt on its Pods: Karpenter may take the node of {what} away");
    let hit = Hit::new("disrupted", workload.pod_metadata().key_place(), message);
    Some(hit.related(karpenter.place(), "Karpenter makes the nodes"))
}
