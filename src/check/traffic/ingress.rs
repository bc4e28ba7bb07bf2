//! Ingresses and the Services behind them.

use crate::check::Hit;
use crate::params::Params;
use crate::release::pod::port::PortRef;
use crate::release::traffic::ingress::Backend;
use crate::release::traffic::service::ServicePort;
use crate::release::{Field, Ingress, Scope, Service};

/// A backend that names a Service, or a port of one, that is nowhere in reach.
pub(super) fn backend_unresolved(ingress: Ingress<'_>, _: &Params) -> Vec<Hit> {
    let case = match ingress.releases().release_of(ingress.object()).scope {
        Scope::Closed => "closed",
        Scope::Open => "open",
    };
    let mut faults: Vec<(&str, Option<PortRef<'_>>)> = Vec::new();
    let mut hits = Vec::new();
    for backend in ingress.backends() {
        let (Some(name), port) = (backend.service.string(), backend.port()) else { continue };
        // An Ingress often sends many paths to one Service; one finding is enough.
        if faults.contains(&(name, port)) {
            continue;
        }
        if let Some(hit) = unresolved(ingress, backend, name, case) {
            faults.push((name, port));
            hits.push(hit);
        }
    }
    hits
}

fn unresolved<'a>(ingress: Ingress<'a>, backend: Backend<'a>, name: &'a str, case: &'static str) -> Option<Hit> {
    if is_resolved_elsewhere(ingress, backend, name) {
        return None;
    }
    let services = ingress.services(name);
    let Some(first) = services.first() else {
        let message = format!("there is no Service {name} in reach: requests to it get 503");
        return Some(Hit::new(case, backend.service.place(), message));
    };
    let port = backend.port()?;
    let known: Vec<_> = services.iter().flat_map(|service| service.ports()).collect();
    if known.is_empty() || known.iter().any(|known| is_meant(port, *known)) {
        return None;
    }
    let message = format!("Service {name} has no port {port}: it has {}", ports(*first));
    Some(Hit::new(case, backend.port.place(), message).related(first.object().place(), "the Service"))
}

/// Backends that no Service of this scope has to answer: the AWS controller's actions, objects
/// of the cluster, Services of other namespaces, names that are filled in later.
fn is_resolved_elsewhere(ingress: Ingress<'_>, backend: Backend<'_>, name: &str) -> bool {
    let is_action = backend.port.string() == Some("use-annotation");
    let placeholder = |field: Field<'_>| field.node().is_some_and(crate::release::field::is_placeholder);
    let releases = ingress.releases();
    is_action
        || placeholder(backend.service)
        || placeholder(backend.port)
        || releases.is_provided(ingress.object(), "Service", name)
        || releases.stands_in_another_namespace(ingress.object(), "Service", name)
}

fn is_meant(port: PortRef<'_>, known: ServicePort<'_>) -> bool {
    match port {
        PortRef::Number(number) => known.number() == Some(number),
        // The old API took numbers as text, too.
        PortRef::Name(name) => {
            known.name() == Some(name) || known.number().is_some_and(|number| number.to_string() == name)
        }
    }
}

/// `80 (http), 443`
fn ports(service: Service<'_>) -> String {
    let ports = service.ports().map(|port| {
        let number = port.number().map_or("?".to_string(), |number| number.to_string());
        port.name().map_or(number.clone(), |name| format!("{number} ({name})"))
    });
    ports.collect::<Vec<_>>().join(", ")
}
