//! Probes that are not there.

use crate::check::edit::{Fix, Safety, copy};
use crate::check::{Hit, Params};
use crate::release::pod::probe::{Handler, ProbeKind};
use crate::release::traffic::serving::Route;
use crate::release::{Container, Role, Workload};

/// Requests meet a container that nobody asked whether it may get them.
pub(super) fn readiness(container: Container<'_>, _: &Params) -> Vec<Hit> {
    let routes: Vec<_> = container.routes().collect();
    let by_intent = !routes.is_empty() && routes.iter().all(|route| route.service.publishes_not_ready());
    if by_intent || !container.serves_without(ProbeKind::Readiness) {
        return Vec::new();
    }
    let case =
        if container.is_database() && container.workload().replicas().is_single() { "database" } else { "serving" };
    let route = routes.iter().find(|route| !route.service.publishes_not_ready());
    let hit = Hit::new(case, container.field().place(), format!("no readinessProbe: {}", arrival(container, route)));
    let hit = hit.fix(as_liveness(container));
    vec![match route {
        Some(Route { service, .. }) => hit.related(service.object().place(), "requests come from here"),
        None => hit,
    }]
}

/// The same question as liveness asks: a start, though it looks at no dependency. Headers and
/// commands may hold secrets, and are not repeated.
fn as_liveness(container: Container<'_>) -> Option<Fix> {
    let liveness = container.probe(ProbeKind::Liveness)?;
    let is_open = match liveness.handler()? {
        Handler::HttpGet(request) => !request.get("httpHeaders").exists(),
        Handler::TcpSocket(_) | Handler::Grpc(_) => true,
        Handler::Exec(_) => false,
    };
    let suits = is_open && !liveness.field().get("terminationGracePeriodSeconds").exists();
    let edit = copy(container.field().node()?, "livenessProbe", "readinessProbe").filter(|_| suits)?;
    Fix::new(Safety::Unsafe, "ask what the livenessProbe asks", Some(vec![edit]))
}

/// "Service web sends requests to port 8000 as soon as it runs"
fn arrival(container: Container<'_>, route: Option<&Route<'_>>) -> String {
    match route {
        Some(Route { service, target, owner }) => {
            let whoever = if owner.is_none() { " (whichever container owns it)" } else { "" };
            format!("{} sends requests to port {target}{whoever} as soon as it runs", service.object().title())
        }
        None => {
            let port = container.traffic_ports().next().and_then(|port| port.number());
            let port = port.map_or(String::new(), |port| format!(" to port {port}"));
            format!("whoever sends requests{port} reaches it as soon as it runs (no Service is in sight)")
        }
    }
}

/// A rollout does not wait until a worker can work.
pub(super) fn worker(workload: Workload<'_>, _: &Params) -> Vec<Hit> {
    let judged = workload.is_worker() && workload.is_long_running() && workload.kind().rolls_out();
    let gated = workload.running_containers().any(Container::gates_readiness);
    let Some(first) = workload.app_containers().next().filter(|_| judged && !gated) else { return Vec::new() };
    let seconds = workload.min_ready_seconds();
    let moment = match seconds.value() {
        Some(0) => "the moment it runs".to_string(),
        Some(seconds) => format!("{seconds} s after it runs"),
        None => "minReadySeconds after it runs".to_string(),
    };
    let message = format!(
        "neither startupProbe nor readinessProbe: with minReadySeconds {seconds}, a new Pod counts as available \
         {moment}, and the rollout goes on, whether or not the Pod can work"
    );
    let hit = Hit::only(first.field().place(), message);
    let help = "it declares a port, but no Service in reach selects it: if one elsewhere does, add a readinessProbe";
    vec![if workload.declares_traffic_port() { hit.help(help) } else { hit }]
}

/// Nothing restarts a process that hangs.
pub(super) fn liveness(container: Container<'_>, _: &Params) -> Vec<Hit> {
    let workload = container.workload();
    let is_worker = workload.is_worker() && container.is_long_running() && container.role() == Role::App;
    let case = if container.serves_without(ProbeKind::Liveness) {
        "serving"
    } else if is_worker && container.lacks(ProbeKind::Liveness) {
        "worker"
    } else {
        return Vec::new();
    };
    let message = "no livenessProbe: a process that hangs is never restarted";
    vec![Hit::new(case, container.field().place(), message)]
}
