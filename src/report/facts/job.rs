//! When Jobs run, and how long.

use std::io;

use super::Facts;
use crate::release::Workload;

impl<'a> Facts<'a, '_> {
    /// The schedule of a `CronJob`, what happens to runs that overlap, and how a Job ends.
    pub(super) fn job(&mut self, workload: Workload<'a>) -> io::Result<()> {
        let Some(spec) = workload.job_spec() else { return Ok(()) };
        if let Some(cron_job) = workload.cron_job() {
            let text = cron_job.schedule().string().unwrap_or("none");
            let every = match (cron_job.schedule_fault(), cron_job.shortest_interval()) {
                (Some(fault), _) => format!(", refused: it {fault}"),
                (None, Some(seconds)) => format!(", runs at least {seconds} s apart"),
                (None, None) => ", no two runs".to_string(),
            };
            let zone = cron_job.time_zone().string().map(|zone| format!(" ({zone})")).unwrap_or_default();
            let place = self.at(cron_job.schedule().place());
            self.line("schedule", &format!("{text}{zone}{every} {place}"))?;
            let policy = cron_job.concurrency_policy();
            let origin = self.origin(&policy);
            self.line("overlap", &format!("{policy}{origin}"))?;
        }
        let deadline = workload.job_deadline();
        let ends = deadline.as_ref().map_or("none".to_string(), |deadline| deadline.in_seconds());
        let origin = deadline.map(|deadline| self.origin(&deadline)).unwrap_or_default();
        self.line("deadline", &format!("{ends}{origin}"))?;
        let retries = spec.get("backoffLimit").integer_or(6);
        let origin = self.origin(&retries);
        self.line("retries", &format!("{retries}{origin}"))
    }
}
