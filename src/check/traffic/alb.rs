//! Application load balancers of AWS: what they do while Pods come and go.

use crate::check::{Hit, Params};
use crate::release::traffic::alb::AlbIngress;
use crate::release::{Ingress, Service, Workload};

/// Requests reach a Pod for a while after it was told to stop.
pub(super) fn drain(ingress: Ingress<'_>, _: &Params) -> Vec<Hit> {
    let Some(alb) = ingress.alb() else { return Vec::new() };
    let targets = alb.pod_targets();
    let pairs = targets.iter().flat_map(|service| service.workloads().map(move |workload| (*service, workload)));
    pairs
        .filter(|(_, workload)| workload.is_judged())
        .flat_map(|(service, workload)| drains(alb, service, workload))
        .collect()
}

fn drains(alb: AlbIngress<'_>, service: Service<'_>, workload: Workload<'_>) -> Vec<Hit> {
    let place = alb.ingress.object().place();
    let title = workload.object().title();
    let delay = alb.deregistration_delay(service);
    let mut hits = Vec::new();
    let serving = workload.serving_containers();
    if let Some(container) = serving.owners.iter().find(|container| container.pre_stop().is_none()) {
        let message = format!(
            "{title} has no preStop hook: the load balancer still sends to a Pod for seconds after it was told to stop"
        );
        hits.push(Hit::new("prestop", place, message).related(container.field().place(), "stops at once"));
    }
    let grace = workload.grace();
    if let (Some(grace_seconds), Some(delay_seconds)) = (grace.value(), delay.value())
        && grace_seconds < delay_seconds
    {
        let message = format!(
            "{title} has a grace period of {}, and the load balancer keeps its connections for {}",
            grace.in_seconds(),
            delay.in_seconds()
        );
        hits.push(Hit::new("grace", delay.span(), message).related(grace.span(), "the grace period"));
    }
    if let Some(namespace) = alb.namespace_without_gate(workload) {
        let message = format!("{title} counts as available before the load balancer sends to its new Pods");
        hits.push(Hit::new("gate", place, message).related(namespace.place(), "no readiness gates are asked for"));
    }
    hits
}

/// Every Pod gets as many requests as a slow one.
pub(super) fn algorithm(ingress: Ingress<'_>, _: &Params) -> Vec<Hit> {
    let Some(alb) = ingress.alb() else { return Vec::new() };
    let algorithm = alb.algorithm();
    let is_fine = matches!(algorithm.value(), Some("least_outstanding_requests" | "weighted_random") | None);
    let message = format!("the load balancer goes {algorithm}: a Pod that is slow gets as many requests as the others");
    if is_fine { Vec::new() } else { vec![Hit::only(algorithm.span(), message)] }
}
