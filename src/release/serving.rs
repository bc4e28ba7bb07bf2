//! Which workloads serve requests, and which of their containers answer them.

use super::container::{Container, Role};
use super::service::{PortRef, Service};
use super::workload::{Workload, WorkloadKind};
use super::{Object, Releases};

impl<'a> Workload<'a> {
    /// The Services through which users reach its Pods.
    pub fn traffic_services(self) -> impl Iterator<Item = Service<'a>> + 'a {
        self.services().filter(|service| service.carries_traffic())
    }

    /// Whether a Service that carries traffic selects its Pods.
    #[must_use]
    pub fn is_service_selected(self) -> bool {
        !self.kind().finishes() && self.traffic_services().next().is_some()
    }

    /// Whether it serves requests: a Service selects it, or its scope has no Service with a
    /// selector for its namespace at all and a container declares a port for users.
    #[must_use]
    pub fn is_serving(self) -> bool {
        if self.kind().finishes() {
            return false;
        }
        self.is_service_selected() || (self.declares_traffic_port() && !self.scope_has_services())
    }

    /// Whether it runs for long without serving requests.
    #[must_use]
    pub fn is_worker(self) -> bool {
        !self.kind().finishes() && !self.is_serving()
    }

    fn declares_traffic_port(self) -> bool {
        self.running_containers().any(|container| container.ports().any(|port| !port.is_operational()))
    }

    fn scope_has_services(self) -> bool {
        self.releases().services_with_selector(self.object()).next().is_some()
    }

    /// The containers that answer requests: those that own a port that a Service sends to,
    /// or, where no Service is there, those that declare a port for users.
    #[must_use]
    pub fn serving_containers(self) -> ServingContainers<'a> {
        let running: Vec<_> = self.running_containers().collect();
        if !self.is_service_selected() {
            let declares = |container: &Container<'a>| container.ports().any(|port| !port.is_operational());
            let owners = running.into_iter().filter(|container| self.is_serving() && declares(container)).collect();
            return ServingContainers { owners, undecided: false };
        }
        let mut serving = ServingContainers { owners: Vec::new(), undecided: false };
        for port in self.traffic_services().flat_map(Service::ports).filter(|port| !port.is_operational()) {
            match port.target().and_then(|target| owner(&running, target)) {
                Some(owner) => serving.add(owner),
                None => serving.undecided = true,
            }
        }
        serving
    }

    /// Whether every container of its Pods is a database or a broker that runs alone.
    #[must_use]
    pub fn is_database(self) -> bool {
        self.app_containers().any(Container::is_database)
    }

    /// Whether its only Pod may be missing for a while, as its owner says.
    #[must_use]
    pub fn is_declared_singleton(self) -> bool {
        self.object().annotation("shipworthy/singleton") == Some("true")
    }

    /// Whether its kind brings up Pods that run side by side behind a Service.
    #[must_use]
    pub fn is_long_running(self) -> bool {
        let is_off = self.kind().is_replicated() && self.replicas().is_off();
        !self.kind().finishes() && !is_off
    }

    /// Whether a rule about rollouts or probes may judge it at all.
    #[must_use]
    pub fn is_judged(self) -> bool {
        self.is_complete() && self.is_long_running()
    }

    /// Whether it is replaced by a rollout, rather than started by hand.
    #[must_use]
    pub fn is_rolled_out(self) -> bool {
        self.kind().rolls_out() || self.kind() == WorkloadKind::ReplicaSet
    }
}

/// The containers of a workload that answer requests.
pub struct ServingContainers<'a> {
    /// Those that are known to.
    pub owners: Vec<Container<'a>>,
    /// A Service sends to a port that no container declares, and several could own it.
    pub undecided: bool,
}

impl<'a> ServingContainers<'a> {
    fn add(&mut self, container: Container<'a>) {
        if !self.contains(container) {
            self.owners.push(container);
        }
    }

    /// Whether a container is one of them.
    #[must_use]
    pub fn contains(&self, container: Container<'_>) -> bool {
        self.owners.iter().any(|owner| owner.field().node() == container.field().node())
    }
}

/// The container that a Service's target port belongs to: the one that declares it, else,
/// for a number, the only regular container.
fn owner<'a>(running: &[Container<'a>], target: PortRef<'a>) -> Option<Container<'a>> {
    let declaring = running.iter().find(|container| container.declares(target)).copied();
    let mut regular = running.iter().filter(|container| container.role() == Role::App);
    let only = regular.next().filter(|_| regular.next().is_none()).copied();
    declaring.or(only.filter(|_| matches!(target, PortRef::Number(_))))
}

impl<'a> Releases<'a> {
    /// The Services with a selector in the scope and the namespace of an object.
    fn services_with_selector(&'a self, object: &'a Object<'a>) -> impl Iterator<Item = Service<'a>> + 'a {
        let scope = self.objects_of(object.release).iter();
        let services = scope.filter_map(move |other| Service::of(self, other));
        services.filter(move |service| service.selector().is_some() && self.same_namespace(object, service.object()))
    }
}
