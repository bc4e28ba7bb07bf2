//! Probes: what they ask, and how long they take.
//!
//! Source: Kubernetes `pkg/apis/core/v1/defaults.go` for the defaults (a written zero
//! counts as absent), `pkg/kubelet/prober/worker.go` for the timing.

use std::fmt;

use super::command;
use crate::release::fact::{Fact, Origin};
use crate::release::field::Field;
use crate::release::pod::container::Container;
use crate::release::pod::port::PortRef;
use crate::release::pod::timing::Timing;

/// Which question a probe asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProbeKind {
    /// Has it started?
    Startup,
    /// May it get traffic?
    Readiness,
    /// Is it alive?
    Liveness,
}

impl ProbeKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Startup, Self::Readiness, Self::Liveness];

    /// The field of the container that holds it.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Startup => "startupProbe",
            Self::Readiness => "readinessProbe",
            Self::Liveness => "livenessProbe",
        }
    }
}

impl fmt::Display for ProbeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key().trim_end_matches("Probe"))
    }
}

/// A probe that is written.
#[derive(Clone, Copy)]
pub struct Probe<'a> {
    container: Container<'a>,
    kind: ProbeKind,
    field: Field<'a>,
}

/// What a probe does.
#[derive(Clone, Copy)]
pub enum Handler<'a> {
    /// An HTTP request from the kubelet.
    HttpGet(Field<'a>),
    /// A TCP connection from the kubelet.
    TcpSocket(Field<'a>),
    /// A gRPC health check from the kubelet.
    Grpc(Field<'a>),
    /// A command inside the container.
    Exec(Field<'a>),
}

impl<'a> Handler<'a> {
    /// The names of the handlers, as fields of a probe.
    pub const KEYS: [&'static str; 4] = ["httpGet", "tcpSocket", "grpc", "exec"];

    fn of(probe: Field<'a>, key: &str) -> Option<Self> {
        let field = probe.get(key);
        field.exists().then_some(match key {
            "httpGet" => Self::HttpGet(field),
            "tcpSocket" => Self::TcpSocket(field),
            "grpc" => Self::Grpc(field),
            _ => Self::Exec(field),
        })
    }

    /// Its name, as a field of the probe.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::HttpGet(_) => "httpGet",
            Self::TcpSocket(_) => "tcpSocket",
            Self::Grpc(_) => "grpc",
            Self::Exec(_) => "exec",
        }
    }

    /// Its mapping.
    #[must_use]
    pub fn field(self) -> Field<'a> {
        match self {
            Self::HttpGet(field) | Self::TcpSocket(field) | Self::Grpc(field) | Self::Exec(field) => field,
        }
    }

    /// The path of an HTTP request.
    #[must_use]
    pub fn path(self) -> Option<&'a str> {
        match self {
            Self::HttpGet(field) => field.get("path").string_or("/").value(),
            _ => None,
        }
    }

    /// The field of the port that it connects to.
    #[must_use]
    pub fn port_field(self) -> Option<Field<'a>> {
        match self {
            Self::HttpGet(field) | Self::TcpSocket(field) | Self::Grpc(field) => Some(field.get("port")),
            Self::Exec(_) => None,
        }
    }

    /// The words of its command.
    #[must_use]
    pub fn command(self) -> Vec<&'a str> {
        match self {
            Self::Exec(field) => field.get("command").items().filter_map(Field::string).collect(),
            _ => Vec::new(),
        }
    }

    /// The programs that its command starts, each with its arguments.
    #[must_use]
    pub fn programs(self) -> Vec<Vec<&'a str>> {
        command::programs(&self.command())
    }
}

impl<'a> Container<'a> {
    /// The probe of a kind, where it is written.
    #[must_use]
    pub fn probe(self, kind: ProbeKind) -> Option<Probe<'a>> {
        Probe::of(self, kind)
    }

    /// Whether it has no probe of a kind, and nobody fills one in.
    #[must_use]
    pub fn lacks(self, kind: ProbeKind) -> bool {
        self.probe(kind).is_none() && !self.is_injected()
    }

    /// All probes that are written.
    pub fn probes(self) -> impl Iterator<Item = Probe<'a>> {
        ProbeKind::ALL.into_iter().filter_map(move |kind| self.probe(kind))
    }

    /// Whether the Pod counts as ready only after this container has shown that it started.
    #[must_use]
    pub fn gates_readiness(self) -> bool {
        self.is_injected() || self.probe(ProbeKind::Readiness).is_some() || self.probe(ProbeKind::Startup).is_some()
    }
}

impl<'a> Probe<'a> {
    pub(in crate::release) fn of(container: Container<'a>, kind: ProbeKind) -> Option<Self> {
        let field = container.field().get(kind.key());
        field.exists().then_some(Self { container, kind, field })
    }

    /// The container it belongs to.
    #[must_use]
    pub fn container(self) -> Container<'a> {
        self.container
    }

    /// Which question it asks.
    #[must_use]
    pub fn kind(self) -> ProbeKind {
        self.kind
    }

    /// The probe's mapping.
    #[must_use]
    pub fn field(self) -> Field<'a> {
        self.field
    }

    /// What it does; the API server wants exactly one.
    #[must_use]
    pub fn handlers(self) -> Vec<Handler<'a>> {
        Handler::KEYS.into_iter().filter_map(|key| Handler::of(self.field, key)).collect()
    }

    /// What it does, where that is one thing.
    #[must_use]
    pub fn handler(self) -> Option<Handler<'a>> {
        match self.handlers().as_slice() {
            [handler] => Some(*handler),
            _ => None,
        }
    }

    /// Seconds before the first probe.
    #[must_use]
    pub fn initial_delay(self) -> Fact<i64> {
        self.field.get("initialDelaySeconds").integer_or(0)
    }

    /// Seconds between two probes.
    #[must_use]
    pub fn period(self) -> Fact<i64> {
        self.number("periodSeconds", 10)
    }

    /// Seconds that one probe may take.
    #[must_use]
    pub fn timeout(self) -> Fact<i64> {
        self.number("timeoutSeconds", 1)
    }

    /// Successes in a row that count as success.
    #[must_use]
    pub fn success_threshold(self) -> Fact<i64> {
        self.number("successThreshold", 1)
    }

    /// Failures in a row that count as failure.
    #[must_use]
    pub fn failure_threshold(self) -> Fact<i64> {
        self.number("failureThreshold", 3)
    }

    /// A field for which zero means the default.
    fn number(self, key: &str, default: i64) -> Fact<i64> {
        let field = self.field.get(key);
        match field.integer_or(default) {
            Fact::Known { value: 0, .. } => Fact::default_of(default, field.place()),
            fact => fact,
        }
    }

    /// The numbers that say when a fault is acted on, where all of them can be told.
    #[must_use]
    pub fn timing(self) -> Option<Timing> {
        let (failures, period, timeout) = (self.failure_threshold(), self.period(), self.timeout());
        // What is negative is refused, and takes no time at all.
        let counted = |seconds: i64| (seconds >= 0).then_some(seconds);
        Some(Timing {
            initial_delay: counted(self.initial_delay().value()?)?,
            failures: counted(failures.value()?)?,
            period: counted(period.value()?)?,
            timeout: counted(timeout.value()?)?,
            is_default: failures.is_default() && period.is_default() && timeout.is_default(),
        })
    }

    /// Whether two probes ask the same thing: same kind of handler, same path and port, same
    /// command.
    #[must_use]
    pub fn asks_the_same_as(self, other: Probe<'a>) -> bool {
        let (Some(one), Some(two)) = (self.handler(), other.handler()) else { return false };
        let same_kind = std::mem::discriminant(&one) == std::mem::discriminant(&two);
        same_kind
            && one.path() == two.path()
            && self.port() == other.port()
            && one.command() == two.command()
            && ["service", "host"].into_iter().all(|key| one.field().get(key).string() == two.field().get(key).string())
    }

    /// The port that it connects to: its number, where the container declares the name.
    #[must_use]
    pub fn port(self) -> Option<PortRef<'a>> {
        let port = PortRef::read(self.handler()?.port_field()?)?;
        Some(self.container.port_number(port).map_or(port, PortRef::Number))
    }

    /// Where a finding about the probe's failure threshold points at.
    #[must_use]
    pub fn threshold_place(self) -> crate::source::Span {
        match self.failure_threshold() {
            Fact::Known { origin: Origin::Written(span), .. } => span,
            _ => self.field.key_place(),
        }
    }
}
