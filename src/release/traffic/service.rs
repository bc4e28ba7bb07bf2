//! Services.

use crate::release::pod::port::{PortRef, is_operational_name};
use crate::release::workload::Workload;
use crate::release::{Field, Object, Releases, Selector};

/// A core `Service`.
#[derive(Clone, Copy)]
pub struct Service<'a> {
    releases: &'a Releases<'a>,
    object: &'a Object<'a>,
}

/// A port of a Service.
#[derive(Clone, Copy)]
pub struct ServicePort<'a> {
    /// The port's mapping.
    pub field: Field<'a>,
}

impl<'a> ServicePort<'a> {
    /// The port's own name.
    #[must_use]
    pub fn name(self) -> Option<&'a str> {
        self.field.get("name").string()
    }

    /// The number that the Service listens on.
    #[must_use]
    pub fn number(self) -> Option<i64> {
        self.field.get("port").node()?.as_integer()
    }

    /// The container port behind it; the Service's own number where it is absent, zero or
    /// empty.
    #[must_use]
    pub fn target(self) -> Option<PortRef<'a>> {
        let target = self.field.get("targetPort");
        match PortRef::read(target) {
            None | Some(PortRef::Number(0) | PortRef::Name("")) => self.number().map(PortRef::Number),
            target => target,
        }
    }

    /// Whether it serves operators rather than users, by its name or its target's.
    #[must_use]
    pub fn is_operational(self) -> bool {
        let target = match self.target() {
            Some(PortRef::Name(name)) => Some(name),
            _ => None,
        };
        [self.name(), target].into_iter().flatten().any(is_operational_name)
    }
}

impl<'a> Workload<'a> {
    /// The Services that send to its Pods.
    pub fn services(self) -> impl Iterator<Item = Service<'a>> + 'a {
        self.releases().selecting(self.object()).filter_map(move |object| Service::of(self.releases(), object))
    }
}

impl<'a> Service<'a> {
    /// The view of an object as a Service, if it is one.
    #[must_use]
    pub fn of(releases: &'a Releases<'a>, object: &'a Object<'a>) -> Option<Self> {
        (object.group().is_empty() && object.kind == "Service").then_some(Self { releases, object })
    }

    /// The object.
    #[must_use]
    pub fn object(self) -> &'a Object<'a> {
        self.object
    }

    /// The objects it was read with.
    #[must_use]
    pub fn releases(self) -> &'a Releases<'a> {
        self.releases
    }

    /// The `spec`.
    #[must_use]
    pub fn spec(self) -> Field<'a> {
        self.object.field().get("spec")
    }

    /// The pods that it sends to; nothing for a Service without a selector or of type
    /// `ExternalName`, whose endpoints come from elsewhere.
    #[must_use]
    pub fn selector(self) -> Option<Selector<'a>> {
        let selector = Selector::of_map(self.spec().get("selector"));
        let external = self.spec().get("type").string() == Some("ExternalName");
        (!selector.is_empty() && !external).then_some(selector)
    }

    /// The ports.
    pub fn ports(self) -> impl Iterator<Item = ServicePort<'a>> + 'a {
        self.spec().get("ports").items().map(|field| ServicePort { field })
    }

    /// The workloads whose pods it sends to.
    pub fn workloads(self) -> impl Iterator<Item = Workload<'a>> + 'a {
        self.releases.selected_by(self.object)
    }

    /// Whether users reach pods through it: not when every port serves operators.
    #[must_use]
    pub fn carries_traffic(self) -> bool {
        let mut ports = self.ports().peekable();
        ports.peek().is_none() || ports.any(|port| !port.is_operational())
    }

    /// Whether requests from outside the cluster reach it: by its type, or because an Ingress
    /// or a Gateway route sends to it.
    #[must_use]
    pub fn is_reached_from_outside(self) -> bool {
        let by_type = matches!(self.spec().get("type").string(), Some("LoadBalancer" | "NodePort"));
        by_type || self.releases.is_routed_to(self.object)
    }

    /// Whether it has no address of its own: its name leads to the Pods, whatever its ports.
    #[must_use]
    pub fn is_headless(self) -> bool {
        self.spec().get("clusterIP").string() == Some("None")
    }

    /// Whether it sends to Pods that are not ready, too.
    #[must_use]
    pub fn publishes_not_ready(self) -> bool {
        self.spec().get("publishNotReadyAddresses").bool_or(false).value() == Some(true)
    }
}
