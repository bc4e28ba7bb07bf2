//! `CronJobs`.

use crate::check::edit::{Fix, Safety, set};
use crate::check::{Hit, Params};
use crate::release::Workload;
use crate::release::job::CronJob;
use crate::release::job::cron_job::LONGEST_NAME;
use crate::release::schedule::near_time_zone;

/// A run may start while the last one still goes on.
pub(super) fn concurrency(workload: Workload<'_>, _: &Params) -> Vec<Hit> {
    let Some(cron_job) = workload.cron_job() else { return Vec::new() };
    let policy = cron_job.concurrency_policy();
    let idle = cron_job.is_suspended() || cron_job.never_runs() || cron_job.ends_in_time();
    if policy.value() != Some("Allow") || idle {
        return Vec::new();
    }
    let next = cron_job.shortest_interval().map(|seconds| format!(" {seconds} s later")).unwrap_or_default();
    let deadline = workload.job_spec().map(|spec| spec.get("activeDeadlineSeconds").integer_or(0));
    let deadline = deadline.filter(|deadline| deadline.is_written()).and_then(|deadline| deadline.value());
    let end = deadline.map_or("nothing ends it".to_string(), |seconds| format!("it may take {seconds} s"));
    let message =
        format!("concurrencyPolicy {policy}: the next run starts{next} even if a run still goes on, and {end}");
    let edits = workload.spec().node().and_then(|spec| set(spec, &["concurrencyPolicy"], "Forbid"));
    let fix = Fix::new(Safety::Unsafe, "set concurrencyPolicy to Forbid", edits.map(|edit| vec![edit]));
    vec![Hit::only(policy.span(), message).fix(fix)]
}

/// A run must start sooner than the controller may look.
pub(super) fn deadline(workload: Workload<'_>, params: &Params) -> Vec<Hit> {
    let deadline = workload.cron_job().and_then(CronJob::starting_deadline);
    let looks = params.integer("checkSeconds");
    let short = deadline.filter(|deadline| deadline.value().is_some_and(|seconds| seconds < looks));
    let hit = short.map(|deadline| {
        let seconds = deadline.in_seconds();
        let message = format!(
            "startingDeadlineSeconds {seconds}: the controller looks every {looks} s, so a run may never start"
        );
        Hit::only(deadline.span(), message)
    });
    hit.into_iter().collect()
}

/// The API server refuses the object.
pub(super) fn schedule_invalid(workload: Workload<'_>, _: &Params) -> Vec<Hit> {
    let Some(cron_job) = workload.cron_job() else { return Vec::new() };
    let schedule =
        cron_job.schedule_fault().map(|fault| Hit::only(cron_job.schedule().place(), format!("schedule {fault}")));
    let zone = cron_job.unknown_time_zone().map(|name| {
        let meant = near_time_zone(name).map(|meant| format!(", did you mean {meant}?")).unwrap_or_default();
        let message = if name.is_empty() {
            "timeZone is empty".to_string()
        } else {
            format!("the time zone {name} does not exist{meant}")
        };
        Hit::only(cron_job.time_zone().place(), message)
    });
    let long = workload.object().name.filter(|name| name.len() > LONGEST_NAME).map(|name| {
        let message = format!(
            "the name has {} letters: the API server takes {LONGEST_NAME}, as its Jobs have 11 more",
            name.len()
        );
        Hit::only(workload.object().place(), message)
    });
    [schedule, zone, long].into_iter().flatten().collect()
}
