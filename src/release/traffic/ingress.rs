//! Ingresses.

use crate::release::pod::port::PortRef;
use crate::release::traffic::service::Service;
use crate::release::{Field, Object, Releases};

/// An `Ingress`, of `networking.k8s.io` or of the old `extensions` group.
#[derive(Clone, Copy)]
pub struct Ingress<'a> {
    releases: &'a Releases<'a>,
    object: &'a Object<'a>,
}

/// A Service that an Ingress sends to.
#[derive(Clone, Copy)]
pub struct Backend<'a> {
    /// The Service's name.
    pub service: Field<'a>,
    /// The Service's port, by name or by number.
    pub port: Field<'a>,
}

impl<'a> Ingress<'a> {
    /// The view of an object as an Ingress, if it is one.
    #[must_use]
    pub fn of(releases: &'a Releases<'a>, object: &'a Object<'a>) -> Option<Self> {
        let fits = matches!((object.group(), object.kind), ("networking.k8s.io" | "extensions", "Ingress"));
        fits.then_some(Self { releases, object })
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

    /// Every backend that is a Service: the default one, then those of the rules.
    #[must_use]
    pub fn backends(self) -> Vec<Backend<'a>> {
        let spec = self.object.field().get("spec");
        let defaults = ["defaultBackend", "backend"].map(|key| spec.get(key));
        let paths = spec.get("rules").items().flat_map(|rule| rule.at(&["http", "paths"]).items());
        defaults.into_iter().chain(paths.map(|path| path.get("backend"))).filter_map(backend).collect()
    }

    /// The Services of a name in the Ingress's namespace.
    #[must_use]
    pub fn services(self, name: &'a str) -> Vec<Service<'a>> {
        let found = self.releases.find(self.object, "Service", name, |object| object.group().is_empty());
        found.into_iter().filter_map(|object| Service::of(self.releases, object)).collect()
    }
}

fn backend(field: Field<'_>) -> Option<Backend<'_>> {
    let service = field.get("service");
    let backend = if service.exists() {
        let port = service.get("port");
        let by_name = port.get("name");
        Backend { service: service.get("name"), port: if by_name.exists() { by_name } else { port.get("number") } }
    } else {
        Backend { service: field.get("serviceName"), port: field.get("servicePort") }
    };
    backend.service.string().is_some().then_some(backend)
}

impl<'a> Backend<'a> {
    /// The port as it is named, where it is.
    #[must_use]
    pub fn port(self) -> Option<PortRef<'a>> {
        PortRef::read(self.port)
    }
}
