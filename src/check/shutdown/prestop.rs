//! The moment between the order to stop and the last request.

use crate::check::{Hit, Params};
use crate::release::Container;

/// The signal comes while requests still do.
pub(super) fn missing(container: Container<'_>, _: &Params) -> Vec<Hit> {
    let workload = container.workload();
    let services: Vec<_> = workload.traffic_services().filter(|service| !service.is_headless()).collect();
    let serves = workload.is_judged() && workload.serving_containers().contains(container);
    if !serves || services.is_empty() || container.is_database() || container.pre_stop().is_some() {
        return behind(container).into_iter().collect();
    }
    let outside = services.iter().find(|service| service.is_reached_from_outside());
    let message = "no preStop hook: the signal to stop races the news that no more requests may come";
    let place = container.field().place();
    vec![match outside {
        Some(service) => Hit::new("outside", place, message).related(service.object().place(), "reached from outside"),
        None => Hit::new("inside", place, message),
    }]
}

/// A container behind a proxy of its own Pod, which waits, while it does not.
fn behind(container: Container<'_>) -> Option<Hit> {
    let workload = container.workload();
    let serving = workload.serving_containers();
    let helps = container.is_long_running() && container.process().is_some() && !serving.contains(container);
    let longest = serving.owners.iter().filter_map(|owner| owner.pre_stop().map(|hook| (hook, owner)));
    let (hook, owner) = longest.max_by_key(|(hook, _)| hook.seconds).filter(|(hook, _)| helps && hook.seconds > 0)?;
    let own = container.pre_stop().map_or(0, |hook| hook.seconds);
    let message = format!("waits {own} s before it stops, and {} in front of it {} s", owner.title(), hook.seconds);
    let hit = Hit::new("behind", container.field().place(), message);
    (own < hook.seconds).then(|| hit.related(hook.field.key_place(), "the hook in front"))
}
