//! Services and the Pods behind them.

use crate::check::Hit;
use crate::params::Params;
use crate::release::field::is_placeholder;
use crate::release::pod::port::PortRef;
use crate::release::{Selector, Service, Workload};

/// A selector that matches no Pod, though every Pod around is known.
pub(super) fn selects_nothing(service: Service<'_>, _: &Params) -> Vec<Hit> {
    let Some(selector) = service.selector().filter(Selector::is_readable) else { return Vec::new() };
    let selects = service.workloads().next().is_some();
    if selects || !service.releases().pods_are_all_known(service.object()) {
        return Vec::new();
    }
    let place = service.spec().get("selector").key_place();
    vec![Hit::only(place, format!("no pod template has the labels {selector}: the Service has no endpoints"))]
}

/// A target port by a name that no container of the selected Pods declares.
pub(super) fn port_unresolved(service: Service<'_>, _: &Params) -> Vec<Hit> {
    let workloads: Vec<_> = service.workloads().collect();
    let Some(first) = workloads.first() else { return Vec::new() };
    let declared = declared_names(&workloads);
    let patches: Vec<_> = workloads.iter().flat_map(|workload| workload.patches()).collect();
    let hits = service.ports().filter_map(|port| {
        let target = port.field.get("targetPort");
        let Some(PortRef::Name(name)) = PortRef::read(target) else { return None };
        let patched = declared_names(&patches).contains(&name);
        if declared.contains(&name) || patched || is_placeholder(target.node()?) {
            return None;
        }
        let known = if declared.is_empty() {
            "they name none".to_string()
        } else {
            format!("they name {}", declared.join(", "))
        };
        let message = format!("no container of {} has a port named \"{name}\": {known}", first.object().title());
        let case = if service.is_headless() { "headless" } else { "unreachable" };
        Some(Hit::new(case, target.place(), message).related(first.object().place(), "selected here"))
    });
    hits.collect()
}

/// The port names of every container that runs as long as the Pod.
fn declared_names<'a>(workloads: &[Workload<'a>]) -> Vec<&'a str> {
    let containers = workloads.iter().flat_map(|workload| workload.running_containers());
    let mut names: Vec<_> = containers.flat_map(|container| container.ports()).filter_map(|port| port.name()).collect();
    names.sort_unstable();
    names.dedup();
    names
}
