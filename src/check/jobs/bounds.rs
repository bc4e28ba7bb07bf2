//! How a Job ends.

use crate::check::edit::{Fix, Safety, set};
use crate::check::{Hit, Params};
use crate::release::{Workload, WorkloadKind};

/// The API server refuses a Job whose Pods always restart.
pub(super) fn restart_policy(workload: Workload<'_>, _: &Params) -> Vec<Hit> {
    let Some(field) = workload.refused_restart_policy() else { return Vec::new() };
    let policy = field.string_or("Always");
    let message =
        format!("restartPolicy {policy} of a {}: the API server takes Never and OnFailure only", workload.kind());
    let edits = workload.pod_spec().node().and_then(|spec| set(spec, &["restartPolicy"], "Never"));
    let fix = Fix::new(Safety::Safe, "set restartPolicy to Never", edits.map(|edit| vec![edit]));
    vec![Hit::only(policy.span(), message).fix(fix)]
}

/// A Job that hangs goes on for ever. Those of a hook have a rule of their own.
pub(super) fn unbounded(workload: Workload<'_>, _: &Params) -> Vec<Hit> {
    let judged = workload.is_plain_job() || workload.kind() == WorkloadKind::CronJob;
    let Some(spec) = workload.job_spec().filter(|_| judged && workload.job_deadline().is_none()) else {
        return Vec::new();
    };
    let retries = spec.get("backoffLimit").integer_or(6);
    let message = format!("no activeDeadlineSeconds: a run that hangs goes on for ever, backoffLimit {retries} or not");
    vec![Hit::only(spec.key_place(), message)]
}
