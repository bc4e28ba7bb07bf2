//! How long a hook's Job may go on.

use crate::check::{Hit, Params};
use crate::release::deploy::hook::{Hook, Runner};
use crate::release::{Workload, WorkloadKind};

/// A hook's Job without a deadline, and a migration that is tried seven times.
pub(super) fn job_bounds(workload: Workload<'_>, _: &Params) -> Vec<Hit> {
    let hook = workload.releases().hook(workload.object());
    let Some(hook) = hook.filter(|hook| hook.is_of_deploy() && workload.kind() == WorkloadKind::Job) else {
        return Vec::new();
    };
    deadline(workload, &hook).into_iter().chain(retries(workload, &hook)).collect()
}

fn deadline(workload: Workload<'_>, hook: &Hook) -> Option<Hit> {
    let deadline = workload.spec().get("activeDeadlineSeconds");
    let of_pods = workload.pod_spec().get("activeDeadlineSeconds");
    let goes_on = match hook.runner {
        Runner::Helm => "helm stops waiting after 300 s (its default --timeout) and the Job goes on",
        Runner::Argo => "a Job that hangs keeps the sync waiting",
    };
    let message = format!("no activeDeadlineSeconds: {goes_on}");
    (!deadline.exists() && !of_pods.exists()).then(|| Hit::new("deadline", deadline.place(), message))
}

fn retries(workload: Workload<'_>, hook: &Hook) -> Option<Hit> {
    let limit = workload.spec().get("backoffLimit");
    let gives_up = match hook.runner {
        Runner::Helm => "; helm stops waiting after 300 s (its default --timeout)",
        Runner::Argo => "",
    };
    let message =
        format!("backoffLimit 6 (default): a failed migration is tried 6 more times, 10 s to 360 s apart{gives_up}");
    let is_left_out = workload.migration().is_some() && !limit.exists();
    is_left_out.then(|| Hit::new("retries", limit.place(), message).help("set backoffLimit to 0 or 1"))
}
