//! Probes that the API server refuses.

use crate::check::{Hit, Params};
use crate::release::field::is_placeholder;
use crate::release::pod::probe::{Handler, Probe, ProbeKind};
use crate::release::{Container, Role};

/// Numbers of a probe that must not be negative.
const NUMBERS: [&str; 5] =
    ["initialDelaySeconds", "periodSeconds", "timeoutSeconds", "successThreshold", "failureThreshold"];

/// A probe that no cluster takes.
pub(super) fn invalid(container: Container<'_>, _: &Params) -> Vec<Hit> {
    if !container.workload().is_long_running() {
        return Vec::new();
    }
    if container.role() == Role::Init {
        return on_init_container(container);
    }
    let probes = container.probes().filter(|probe| probe.field().node().is_some_and(|node| node.is_mapping()));
    probes
        .flat_map(|probe| handlers(probe).into_iter().chain(success(probe)).chain(grace(probe)).chain(negative(probe)))
        .collect()
}

fn on_init_container(container: Container<'_>) -> Vec<Hit> {
    let restart = container.field().get("restartPolicy").node();
    if restart.is_some_and(is_placeholder) {
        return Vec::new();
    }
    let keys = ProbeKind::ALL.into_iter().map(ProbeKind::key).chain(["lifecycle"]);
    let written = keys.map(|key| (key, container.field().get(key))).filter(|(_, field)| field.exists());
    let hits = written.map(|(key, field)| {
        let message = format!("{key} on an init container, which ends before anybody asks: the API server refuses it");
        Hit::only(field.key_place(), message)
            .help("only an init container with `restartPolicy: Always`, a native sidecar, may have it")
    });
    hits.collect()
}

fn handlers(probe: Probe<'_>) -> Option<Hit> {
    let handlers = probe.handlers();
    let message = match handlers.as_slice() {
        [_] => return None,
        [] => format!("{} has no handler: it needs one of {}", probe.kind().key(), Handler::KEYS.join(", ")),
        [first, .., last] => {
            let message =
                format!("{} and {} in one {}: it takes one handler", first.key(), last.key(), probe.kind().key());
            return Some(
                Hit::only(last.field().key_place(), message).related(first.field().key_place(), "the other one"),
            );
        }
    };
    Some(Hit::only(probe.field().key_place(), message))
}

fn success(probe: Probe<'_>) -> Option<Hit> {
    let threshold = probe.success_threshold();
    let refused = probe.kind() != ProbeKind::Readiness && threshold.value().is_some_and(|count| count > 1);
    let message = format!("successThreshold {threshold}: a {} probe takes only 1", probe.kind());
    refused.then(|| Hit::only(threshold.span(), message))
}

fn grace(probe: Probe<'_>) -> Option<Hit> {
    let field = probe.field().get("terminationGracePeriodSeconds");
    let seconds = field.node().filter(|node| !is_placeholder(*node))?.as_integer();
    let message = match (probe.kind(), seconds) {
        (ProbeKind::Readiness, _) => {
            "terminationGracePeriodSeconds on a readiness probe, which never stops anything".to_string()
        }
        (_, Some(seconds)) if seconds <= 0 => format!("terminationGracePeriodSeconds {seconds}: it must be above 0"),
        _ => return None,
    };
    Some(Hit::only(field.key_place(), message))
}

fn negative(probe: Probe<'_>) -> impl Iterator<Item = Hit> {
    let fields = NUMBERS.into_iter().map(move |key| (key, probe.field().get(key)));
    fields.filter_map(|(key, field)| {
        let number = field.node().and_then(|node| node.as_integer()).filter(|number| *number < 0)?;
        Some(Hit::only(field.place(), format!("{key} {number}: it must not be negative")))
    })
}
