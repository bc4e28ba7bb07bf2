//! Ports of probes that lead nowhere.

use crate::check::edit::{Edit, Fix, Safety, written_here};
use crate::check::{Hit, Params};
use crate::release::Container;
use crate::release::field::is_placeholder;
use crate::release::pod::port::PortRef;
use crate::release::pod::probe::{Handler, Probe, ProbeKind};

/// A probe names a port that its container does not have.
pub(super) fn unresolved(probe: Probe<'_>, _: &Params) -> Vec<Hit> {
    let Some((handler, name)) = probe.handler().zip(named_port(probe)) else { return Vec::new() };
    let container = probe.container();
    let is_grpc = matches!(handler, Handler::Grpc(_));
    let is_number = name.bytes().all(|byte| byte.is_ascii_digit());
    let message = if is_grpc {
        format!("port \"{name}\" is text, and grpc takes a number: the API server refuses the object")
    } else if is_number {
        format!(
            "port \"{name}\" is text without a letter: the API server refuses it as a name; as a number it needs no quotes"
        )
    } else if !container.declares(PortRef::Name(name)) {
        format!("{} declares no port \"{name}\": {}", container.title(), effect(probe.kind()))
    } else {
        return Vec::new();
    };
    let place = handler.field().get("port").place();
    let hit = Hit::only(place, message).fix(mend(probe, handler, name));
    vec![match owner(container, name) {
        Some(other) => hit.related(
            other.field().place(),
            format!("{} declares it, but a probe looks only at its own container", other.title()),
        ),
        None => hit,
    }]
}

/// The name of the port that a probe asks, where it has one.
fn named_port(probe: Probe<'_>) -> Option<&str> {
    let field = probe.handler()?.port_field()?;
    let name = field.string().filter(|_| probe.container().is_long_running())?;
    (!is_placeholder(field.node()?)).then_some(name)
}

/// What becomes of a probe whose port cannot be told: the kubelet discards its result.
fn effect(kind: ProbeKind) -> &'static str {
    match kind {
        ProbeKind::Startup => "the probe never passes, and the container never counts as started",
        ProbeKind::Readiness => "the probe never passes, and the Pod gets no traffic",
        ProbeKind::Liveness => "the probe is never carried out, and nothing restarts the container",
    }
}

/// Another container of the Pod that declares the name.
fn owner<'a>(container: Container<'a>, name: &str) -> Option<Container<'a>> {
    let mut others = container.workload().running_containers().filter(|other| !other.is(container));
    others.find(|other| other.declares(PortRef::Name(name)))
}

/// A number without its quotes; or the only port of the container, which is a guess.
fn mend(probe: Probe<'_>, handler: Handler<'_>, name: &str) -> Option<Fix> {
    let container = probe.container();
    let entry = written_here(container.field().node()?, &[probe.kind().key(), handler.key(), "port"])?;
    let text = port_for(container, handler, name)?;
    let safety = if text == name { Safety::Safe } else { Safety::Unsafe };
    Fix::new(safety, format!("set the port to {text}"), Some(vec![Edit::replace(entry.value.span(), text)]))
}

fn port_for(container: Container<'_>, handler: Handler<'_>, name: &str) -> Option<String> {
    if name.parse::<u16>().is_ok_and(|number| number > 0 && number.to_string() == name) {
        return Some(name.to_string());
    }
    let mut ports = container.ports();
    let only = ports.next().filter(|_| ports.next().is_none())?;
    match (handler, only.name()) {
        (Handler::HttpGet(_) | Handler::TcpSocket(_), Some(name)) => Some(name.to_string()),
        _ => only.number().map(|number| number.to_string()),
    }
}
