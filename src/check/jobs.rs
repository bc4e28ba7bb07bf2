//! Jobs and `CronJobs`.

mod bounds;
mod cron;
mod reapply;

use super::Check;

/// The checks of this group.
pub(super) const CHECKS: &[(&str, Check)] = &[
    ("job-restart-policy", Check::Workload(bounds::restart_policy)),
    ("job-unbounded", Check::Workload(bounds::unbounded)),
    ("job-immutable-reapply", Check::Workload(reapply::immutable)),
    ("job-ttl-gitops", Check::Workload(reapply::ttl)),
    ("cron-concurrency", Check::Workload(cron::concurrency)),
    ("cron-deadline", Check::Workload(cron::deadline)),
    ("cron-schedule-invalid", Check::Workload(cron::schedule_invalid)),
];
