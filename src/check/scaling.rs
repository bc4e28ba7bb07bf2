//! Autoscalers, and what they do to what they scale.

mod bounds;
mod cron;
mod metrics;
mod queues;
mod replicas;
mod spot;
mod target;
mod zero;

use super::Check;

/// The checks of this group.
pub(super) const CHECKS: &[(&str, Check)] = &[
    ("replicas-with-autoscaler", Check::Workload(replicas::with_autoscaler)),
    ("duplicate-autoscalers", Check::Autoscaler(target::duplicate)),
    ("autoscaler-target-missing", Check::Autoscaler(target::missing)),
    ("keda-bounds", Check::Autoscaler(bounds::keda)),
    ("scale-to-zero-service", Check::Workload(zero::service)),
    ("keda-cron-invalid", Check::Object(cron::invalid)),
    ("keda-no-fallback", Check::Autoscaler(metrics::no_fallback)),
    ("cpu-only-scaling", Check::Autoscaler(metrics::cpu_only)),
    ("hpa-no-request", Check::Autoscaler(metrics::no_request)),
    ("celery-all-queues", Check::Workload(queues::all)),
    ("spot-unsafe-job", Check::Workload(spot::unsafe_job)),
];
