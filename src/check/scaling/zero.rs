//! Services without a Pod.

use crate::check::{Hit, Params};
use crate::release::scaling::metric::{Measure, Metric};
use crate::release::{Autoscaler, Fact, Workload};

/// KEDA takes the last Pod of a Service away.
pub(super) fn service(workload: Workload<'_>, _: &Params) -> Vec<Hit> {
    let autoscaler = workload.autoscalers().find(|autoscaler| autoscaler.scales_to_zero());
    let (Some(autoscaler), Some(service)) = (autoscaler, workload.traffic_services().next()) else { return Vec::new() };
    let metrics: Vec<_> = autoscaler.metrics().into_iter().filter(|metric| !metric.is_of_pods()).collect();
    if metrics.iter().all(Metric::is_queue) || metrics.iter().any(is_asked_from_outside) {
        return Vec::new();
    }
    let (key, count) = zero(autoscaler);
    let polling = autoscaler.spec().get("pollingInterval").integer_or(30);
    let service = service.object();
    let by_hours = count.is_written() && metrics.iter().all(Metric::is_cron);
    let (case, until) = if by_hours {
        ("off-hours", "outside of its cron windows".to_string())
    } else {
        ("service", format!("until a trigger is active (asked every {})", polling.in_seconds()))
    };
    let message = format!("{key} {count}: behind {} no Pod answers {until}", service.title());
    let hit = Hit::new(case, count.span(), message).related(service.place(), "requests come by it");
    vec![hit.related(workload.object().place(), "the Pods")]
}

/// The setting that takes the last Pod away.
fn zero(autoscaler: Autoscaler<'_>) -> (&'static str, Fact<i64>) {
    let idle = autoscaler.spec().get("idleReplicaCount");
    if idle.exists() { ("idleReplicaCount", idle.integer_or(0)) } else { ("minReplicaCount", autoscaler.min()) }
}

/// A scaler of its own, such as KEDA's HTTP add-on, may hold requests until there is a Pod.
fn is_asked_from_outside(metric: &Metric<'_>) -> bool {
    matches!(metric.measure, Measure::Other("external" | "external-push"))
}
