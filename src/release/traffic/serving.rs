//! Which workloads serve requests, and which of their containers answer them.

use crate::release::pod::container::{Container, ContainerPort, Role};
use crate::release::pod::port::PortRef;
use crate::release::pod::probe::ProbeKind;
use crate::release::traffic::service::Service;
use crate::release::workload::{Workload, WorkloadKind};

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
        self.is_service_selected() || (self.declares_traffic_port() && !self.releases().has_services(self.object()))
    }

    /// Whether it runs for long without serving requests.
    #[must_use]
    pub fn is_worker(self) -> bool {
        !self.kind().finishes() && !self.is_serving()
    }

    /// Whether a container declares a port for users.
    #[must_use]
    pub fn declares_traffic_port(self) -> bool {
        self.running_containers().any(|container| container.traffic_ports().next().is_some())
    }

    /// The containers that answer requests: those that own a port that a Service sends to,
    /// or, where no Service is there, those that declare a port for users.
    #[must_use]
    pub fn serving_containers(self) -> ServingContainers<'a> {
        let running: Vec<_> = self.running_containers().collect();
        if !self.is_service_selected() {
            let declares = |container: &Container<'a>| container.traffic_ports().next().is_some();
            let owners = running.into_iter().filter(|container| self.is_serving() && declares(container)).collect();
            return ServingContainers { owners, undecided: false };
        }
        let mut serving = ServingContainers { owners: Vec::new(), undecided: false };
        for route in self.routes() {
            match route.owner {
                Some(owner) => serving.add(owner),
                None => serving.undecided = true,
            }
        }
        serving
    }

    /// The ways on which Services send requests to its Pods. A name that no container
    /// declares leads nowhere.
    pub fn routes(self) -> impl Iterator<Item = Route<'a>> + 'a {
        let running: Vec<_> = self.running_containers().collect();
        let ports = self.traffic_services().flat_map(|service| service.ports().map(move |port| (service, port)));
        let users = ports.filter(|(_, port)| !port.is_operational());
        users.filter_map(move |(service, port)| {
            let target = port.target()?;
            let owner = owner(&running, target);
            let leads_nowhere = owner.is_none() && matches!(target, PortRef::Name(_));
            (!leads_nowhere).then_some(Route { service, target, owner })
        })
    }

    /// Whether a regular container of its Pods is a database or a message broker.
    #[must_use]
    pub fn is_database(self) -> bool {
        self.app_containers().any(Container::is_database)
    }

    /// Whether its only Pod may be missing for a while, as its owner says.
    #[must_use]
    pub fn is_declared_singleton(self) -> bool {
        self.object().annotation("shipworthy/singleton") == Some("true")
    }

    /// Whether its Pods run until they are stopped: it is not switched off, and no bare Pod
    /// that ends by itself.
    #[must_use]
    pub fn is_long_running(self) -> bool {
        let is_off = self.kind().is_replicated() && self.replicas().is_off();
        let restarts = self.pod_spec().get("restartPolicy").string_or("Always").value();
        let ends = self.kind() == WorkloadKind::Pod && restarts != Some("Always");
        !self.kind().finishes() && !is_off && !ends
    }

    /// Whether a rule about rollouts or probes may judge it at all.
    #[must_use]
    pub fn is_judged(self) -> bool {
        self.is_complete() && self.is_long_running()
    }
}

/// A way on which requests reach a Pod.
#[derive(Clone, Copy)]
pub struct Route<'a> {
    /// The Service that sends them.
    pub service: Service<'a>,
    /// The port that it sends them to.
    pub target: PortRef<'a>,
    /// The container behind the port; nothing where several could be.
    pub owner: Option<Container<'a>>,
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
        self.owners.iter().any(|owner| owner.is(container))
    }
}

impl<'a> Container<'a> {
    /// Whether it runs as long as a Pod that runs until it is stopped.
    #[must_use]
    pub fn is_long_running(self) -> bool {
        self.role() != Role::Init && self.workload().is_long_running()
    }

    /// The ports that it declares for users: not those whose name says that they serve
    /// operators, and not the one that Prometheus is told to fetch metrics from.
    pub fn traffic_ports(self) -> impl Iterator<Item = ContainerPort<'a>> + 'a {
        let annotations = self.workload().pod_metadata().get("annotations");
        let scraped = annotations.get("prometheus.io/port").string().and_then(|port| port.parse().ok());
        self.ports().filter(move |port| !port.is_operational() && (scraped.is_none() || port.number() != scraped))
    }

    /// Whether requests meet a container without a probe of this kind. Where the owner of
    /// their port cannot be told, that is certain only if no container has such a probe, and
    /// the first regular one stands for all of them.
    #[must_use]
    pub fn serves_without(self, kind: ProbeKind) -> bool {
        let workload = self.workload();
        if !self.is_long_running() || !self.lacks(kind) {
            return false;
        }
        let serving = workload.serving_containers();
        if !serving.owners.is_empty() || !serving.undecided {
            return serving.contains(self);
        }
        let is_first = workload.app_containers().next().is_some_and(|first| first.is(self));
        is_first && workload.running_containers().all(|container| container.lacks(kind))
    }

    /// The ways on which requests reach it, or may reach it.
    pub fn routes(self) -> impl Iterator<Item = Route<'a>> {
        self.workload().routes().filter(move |route| route.owner.is_none_or(|owner| owner.is(self)))
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
