//! Containers of a pod template.

use crate::knowledge;
use crate::release::field::Field;
use crate::release::pod::port::{PortRef, is_operational_name};
use crate::release::workload::Workload;
use crate::source::Span;

/// What a container is in its Pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A regular container.
    App,
    /// An init container with `restartPolicy: Always`, which runs as long as the Pod.
    Sidecar,
    /// An ordinary init container, which ends before the others start.
    Init,
}

/// A container.
#[derive(Clone, Copy)]
pub struct Container<'a> {
    workload: Workload<'a>,
    field: Field<'a>,
    role: Role,
    index: usize,
}

/// A port that a container declares.
#[derive(Clone, Copy)]
pub struct ContainerPort<'a> {
    /// The port's mapping.
    pub field: Field<'a>,
}

impl<'a> ContainerPort<'a> {
    /// Its name.
    #[must_use]
    pub fn name(self) -> Option<&'a str> {
        self.field.get("name").string()
    }

    /// Its number.
    #[must_use]
    pub fn number(self) -> Option<i64> {
        self.field.get("containerPort").node()?.as_integer()
    }

    /// Whether it serves operators rather than users, by its name.
    #[must_use]
    pub fn is_operational(self) -> bool {
        self.name().is_some_and(is_operational_name)
    }
}

impl<'a> Workload<'a> {
    /// Its containers: the regular ones first, then the native sidecars and the ordinary
    /// init containers.
    #[must_use]
    pub fn containers(self) -> Vec<Container<'a>> {
        let regular = self.pod_spec().get("containers").items().map(|field| (field, Role::App));
        let init = self.pod_spec().get("initContainers").items().map(|field| {
            let always = field.get("restartPolicy").string() == Some("Always");
            (field, if always { Role::Sidecar } else { Role::Init })
        });
        let named = regular.chain(init);
        let named = named.filter(|(field, _)| field.exists()).enumerate();
        named.map(|(index, (field, role))| Container { workload: self, field, role, index }).collect()
    }

    /// The regular containers.
    pub fn app_containers(self) -> impl Iterator<Item = Container<'a>> {
        self.containers().into_iter().filter(|container| container.role() == Role::App)
    }

    /// The containers that run as long as the Pod: regular ones and native sidecars.
    pub fn running_containers(self) -> impl Iterator<Item = Container<'a>> {
        self.containers().into_iter().filter(|container| container.role() != Role::Init)
    }

    /// Whether its Pods take ports of the node.
    #[must_use]
    pub fn uses_host_ports(self) -> bool {
        let on_host = self.pod_spec().get("hostNetwork").bool_or(false).value() == Some(true);
        let declares = |container: Container<'a>| container.ports().any(|port| port.field.get("hostPort").exists());
        on_host || self.running_containers().any(declares)
    }
}

impl<'a> Container<'a> {
    /// The workload whose Pods it runs in.
    #[must_use]
    pub fn workload(self) -> Workload<'a> {
        self.workload
    }

    /// The container's mapping.
    #[must_use]
    pub fn field(self) -> Field<'a> {
        self.field
    }

    /// Its place among the containers of its workload.
    pub(in crate::release) fn index(self) -> usize {
        self.index
    }

    /// What it is in its Pod.
    #[must_use]
    pub fn role(self) -> Role {
        self.role
    }

    /// Whether it is the same container, written at the same place.
    #[must_use]
    pub fn is(self, other: Container<'_>) -> bool {
        self.workload.object().id == other.workload.object().id && self.field.node() == other.field.node()
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> Option<&'a str> {
        self.field.get("name").string()
    }

    /// Its image, as written.
    #[must_use]
    pub fn image(self) -> Option<&'a str> {
        self.field.get("image").string()
    }

    /// The ports that it declares.
    pub fn ports(self) -> impl Iterator<Item = ContainerPort<'a>> + 'a {
        self.field.get("ports").items().map(|field| ContainerPort { field })
    }

    /// Whether it declares a port, and for a number, that one.
    #[must_use]
    pub fn declares(self, port: PortRef<'_>) -> bool {
        self.ports().any(|declared| match port {
            PortRef::Name(name) => declared.name() == Some(name),
            PortRef::Number(number) => declared.number() == Some(number),
        })
    }

    /// The number behind a port reference, where it is declared or is one already.
    #[must_use]
    pub fn port_number(self, port: PortRef<'_>) -> Option<i64> {
        match port {
            PortRef::Number(number) => Some(number),
            PortRef::Name(name) => self.ports().find(|declared| declared.name() == Some(name))?.number(),
        }
    }

    /// The words of `command` and `args`, as far as they are strings.
    #[must_use]
    pub fn command_line(self) -> Vec<&'a str> {
        let words = |key: &str| self.field.get(key).items().filter_map(Field::string).collect::<Vec<_>>();
        let mut line = words("command");
        line.extend(words("args"));
        line
    }

    /// Where its `command` or `args` stand.
    #[must_use]
    pub fn command_place(self) -> Span {
        let args = self.field.get("args");
        if args.exists() { args.place() } else { self.field.get("command").place() }
    }

    /// Whether the cluster fills it in: Istio's injector puts its proxy in the place of an image
    /// named `auto`, with a readiness probe.
    #[must_use]
    pub fn is_injected(self) -> bool {
        self.image() == Some("auto")
    }

    /// Whether its image is a database or a message broker, by its name.
    #[must_use]
    pub fn is_database(self) -> bool {
        self.image().is_some_and(knowledge::is_database_image)
    }

    /// `container app`, or the bare word where it has no name.
    #[must_use]
    pub fn title(self) -> String {
        match self.name() {
            Some(name) => format!("container {name}"),
            None => "container".to_string(),
        }
    }
}
