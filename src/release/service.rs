//! Services.

use super::workload::Workload;
use super::{Field, Object, Releases, Selector};
use crate::syntax::yaml::Scalar;

/// A core `Service`.
#[derive(Clone, Copy)]
pub struct Service<'a> {
    releases: &'a Releases<'a>,
    object: &'a Object<'a>,
}

/// A port of a container as something else names it: by number or by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PortRef<'a> {
    /// By number.
    Number(i64),
    /// By the name of a container port.
    Name(&'a str),
}

impl<'a> PortRef<'a> {
    /// Reads an int-or-string.
    #[must_use]
    pub fn read(field: Field<'a>) -> Option<Self> {
        match field.node()?.scalar()? {
            Scalar::String(name) => Some(PortRef::Name(name)),
            _ => field.node()?.as_integer().map(PortRef::Number),
        }
    }
}

impl std::fmt::Display for PortRef<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            PortRef::Number(number) => write!(f, "{number}"),
            PortRef::Name(name) => write!(f, "\"{name}\""),
        }
    }
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

/// Whether a port's name says that it serves operators: `metrics`, `http-prometheus`,
/// `debug`, `admin`, `health` …
#[must_use]
pub fn is_operational_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.split(|letter: char| !letter.is_ascii_alphanumeric()).any(|word| {
        ["metric", "prometheus", "prom", "monitoring", "exporter", "debug", "pprof", "profiler", "admin", "health"]
            .iter()
            .any(|stem| word.strip_prefix(stem).is_some_and(|rest| matches!(rest, "" | "s" | "z" | "check")))
    })
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

#[cfg(test)]
mod tests {
    use super::is_operational_name;

    #[test]
    fn operational_ports_are_known_by_their_names() {
        for name in
            ["metrics", "http-metrics", "prometheus", "debug", "admin", "health", "healthz", "tcp-prom", "monitoring"]
        {
            assert!(is_operational_name(name), "{name}");
        }
        for name in ["http", "grpc", "administration", "web", "promo"] {
            assert!(!is_operational_name(name), "{name}");
        }
    }
}
