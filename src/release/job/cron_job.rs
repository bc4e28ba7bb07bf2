//! `CronJobs`: when their Jobs run, and whether the API server takes them.
//!
//! Source: Kubernetes `pkg/apis/batch/validation/validation.go`, `pkg/apis/batch/v1/defaults.go`,
//! `pkg/controller/cronjob/cronjob_controllerv2.go`.

use crate::release::field::is_placeholder;
use crate::release::schedule::{Grammar, Schedule, is_time_zone};
use crate::release::{Fact, Field, Workload, WorkloadKind};

/// The first minor version that refuses a time zone in the schedule.
const NO_ZONE_IN_SCHEDULE: u8 = 29;
/// A `CronJob`'s Jobs have its name and eleven letters more, and 63 in all at most.
pub const LONGEST_NAME: usize = 52;
/// Seconds that a change to summer time takes from the time between two runs.
const SUMMER_TIME: i64 = 3600;

/// A `CronJob`.
#[derive(Clone, Copy)]
pub struct CronJob<'a> {
    workload: Workload<'a>,
}

impl<'a> Workload<'a> {
    /// Its view as a `CronJob`, if it is one.
    #[must_use]
    pub fn cron_job(self) -> Option<CronJob<'a>> {
        (self.kind() == WorkloadKind::CronJob).then_some(CronJob { workload: self })
    }
}

impl<'a> CronJob<'a> {
    /// The workload.
    #[must_use]
    pub fn workload(self) -> Workload<'a> {
        self.workload
    }

    /// When it runs.
    #[must_use]
    pub fn schedule(self) -> Field<'a> {
        self.workload.spec().get("schedule")
    }

    /// The time zone of the schedule.
    #[must_use]
    pub fn time_zone(self) -> Field<'a> {
        self.workload.spec().get("timeZone")
    }

    /// Whether it makes no Jobs until somebody says so.
    #[must_use]
    pub fn is_suspended(self) -> bool {
        self.workload.spec().get("suspend").bool_or(false).value() != Some(false)
    }

    /// What happens when a run is due and the last one still goes on.
    #[must_use]
    pub fn concurrency_policy(self) -> Fact<&'a str> {
        self.workload.spec().get("concurrencyPolicy").string_or("Allow")
    }

    /// Seconds within which a run must have started, where that is written.
    #[must_use]
    pub fn starting_deadline(self) -> Option<Fact<i64>> {
        let field = self.workload.spec().get("startingDeadlineSeconds");
        field.exists().then(|| field.integer_or(0))
    }

    /// Why the API server refuses the schedule, as the end of a sentence.
    #[must_use]
    pub fn schedule_fault(self) -> Option<String> {
        let schedule = self.schedule();
        let Some(text) = schedule.string().filter(|_| !schedule.node().is_some_and(is_placeholder)) else {
            return (!schedule.exists()).then(|| "is missing".to_string());
        };
        let minor = self.workload.releases().kube_minor;
        match Schedule::parse(text, Grammar::CronJob) {
            Err(fault) => Some(fault),
            Ok(_) if text.contains("TZ") && minor >= NO_ZONE_IN_SCHEDULE => {
                Some("has a time zone of its own, which is refused from 1.29 on".to_string())
            }
            Ok(_) => None,
        }
    }

    /// The time zone, where the API server does not take it.
    #[must_use]
    pub fn unknown_time_zone(self) -> Option<&'a str> {
        let field = self.time_zone();
        let name = field.string().filter(|_| !field.node().is_some_and(is_placeholder));
        name.filter(|name| !is_time_zone(name))
    }

    /// The fewest seconds between two runs; nothing where it runs once at most, or it cannot
    /// be told.
    #[must_use]
    pub fn shortest_interval(self) -> Option<i64> {
        let schedule = self.schedule();
        let text = schedule.string().filter(|_| !schedule.node().is_some_and(is_placeholder))?;
        Schedule::parse(text, Grammar::CronJob).ok()?.shortest_interval()
    }

    /// Whether its schedule names no minute that ever comes, so that somebody starts its Jobs
    /// by hand: the 31st of February.
    #[must_use]
    pub fn never_runs(self) -> bool {
        self.schedule_fault().is_none() && self.schedule().exists() && {
            let text = self.schedule().string().filter(|_| !self.schedule().node().is_some_and(is_placeholder));
            text.is_some() && self.shortest_interval().is_none()
        }
    }

    /// Whether a run ends before the next one is due, by its deadline.
    #[must_use]
    pub fn ends_in_time(self) -> bool {
        let deadline = self.workload.job_spec().map(|spec| spec.get("activeDeadlineSeconds"));
        let deadline = deadline.filter(|field| field.exists()).and_then(|field| field.integer_or(0).value());
        let zoned = self.time_zone().exists();
        let interval = self.shortest_interval();
        let interval =
            interval.map(|seconds| if zoned && seconds > SUMMER_TIME { seconds - SUMMER_TIME } else { seconds });
        deadline.zip(interval).is_some_and(|(deadline, interval)| deadline < interval)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release::Scope;
    use crate::release::manifests::read;

    fn with<T>(spec: &str, job: &str, look: impl FnOnce(CronJob<'_>) -> T) -> T {
        let spec = format!("{{{spec}, jobTemplate: {{spec: {{{job}}}}}}}");
        let text = format!("{{apiVersion: batch/v1, kind: CronJob, metadata: {{name: x}}, spec: {spec}}}");
        read(Scope::Closed, &[("x", &text)], |releases| {
            look(releases.workload(&releases.objects()[0]).and_then(Workload::cron_job).unwrap())
        })
    }

    #[test]
    fn a_run_ends_before_the_next_one() {
        let ends = |spec: &str, seconds: i64| {
            with(&format!("schedule: {spec}"), &format!("activeDeadlineSeconds: {seconds}"), |cron| cron.ends_in_time())
        };
        assert!(ends("\"*/5 * * * *\"", 299));
        assert!(!ends("\"*/5 * * * *\"", 300));
        assert!(!ends("\"0,58 * * * *\"", 600), "two minutes lie between 58 and 0");
        assert!(ends("\"0 3 * * *\"", 86_000));
        assert!(!ends("\"0 3 * * *\", timeZone: Europe/Berlin", 86_000), "one day has 23 hours");
        assert!(!ends("\"${SCHEDULE}\"", 1));
        assert!(!with("schedule: \"0 3 * * *\"", "", |cron| cron.ends_in_time()));
    }

    #[test]
    fn schedules_that_never_come_are_no_fault() {
        let of = |schedule: &str| {
            with(&format!("schedule: {schedule}"), "", |cron| (cron.never_runs(), cron.schedule_fault().is_some()))
        };
        assert_eq!(of("\"0 0 31 2 *\""), (true, false));
        assert_eq!(of("\"0 0 31 3 *\""), (false, false));
        assert_eq!(of("\"0 0 32 * *\""), (false, true));
        assert_eq!(of("\"{{ schedule }}\""), (false, false));
        assert_eq!(of("null"), (false, true));
    }

    #[test]
    fn a_zone_in_the_schedule_is_refused_from_1_29_on() {
        let text = "{apiVersion: batch/v1beta1, kind: CronJob, spec: {schedule: TZ=UTC 0 3 * * *}}";
        for (minor, refused) in [(28, false), (29, true)] {
            read(Scope::Closed, &[("x", text)], |releases| {
                releases.kube_minor = minor;
                let releases = &*releases;
                let fault = releases.workload(&releases.objects()[0]).and_then(Workload::cron_job).unwrap();
                assert_eq!(fault.schedule_fault().is_some(), refused);
            });
        }
    }
}
