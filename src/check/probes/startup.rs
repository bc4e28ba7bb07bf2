//! Containers that may be killed while they start.

use crate::check::{Hit, Params};
use crate::release::pod::probe::{Probe, ProbeKind};
use crate::release::{Container, Role};

/// No startup probe holds liveness back.
pub(super) fn missing(container: Container<'_>, params: &Params) -> Vec<Hit> {
    if !container.is_long_running() || container.probe(ProbeKind::Startup).is_some() {
        return Vec::new();
    }
    let liveness = container.probe(ProbeKind::Liveness).filter(|_| container.role() == Role::App);
    let hit = liveness.and_then(|liveness| migrates(liveness).or_else(|| short(liveness, params)));
    hit.or_else(|| absent(container)).into_iter().collect()
}

/// The migration runs on liveness' time.
fn migrates(liveness: Probe<'_>) -> Option<Hit> {
    let migration = liveness.container().migration_before_server()?;
    let message = format!("no startupProbe: {} while `{}` runs before the server", killed(liveness)?, migration);
    let hit = Hit::new("migrates", liveness.field().key_place(), message);
    Some(hit.related(liveness.container().command_place(), "the migration"))
}

/// Little time to come up.
fn short(liveness: Probe<'_>, params: &Params) -> Option<Hit> {
    let timing = liveness.timing()?;
    let message = format!("no startupProbe: {}, if it has not come up by then", killed(liveness)?);
    (timing.from_start() < params.integer("minimumSeconds"))
        .then(|| Hit::new("short", liveness.field().key_place(), message))
}

/// "liveness kills the container 31 s after it started (0+3×10+1, default)"
fn killed(liveness: Probe<'_>) -> Option<String> {
    let timing = liveness.timing()?;
    let default = if timing.is_default && timing.initial_delay == 0 { ", default" } else { "" };
    let sum = format!("{}+{}×{}+{}", timing.initial_delay, timing.failures, timing.period, timing.timeout);
    Some(format!("liveness kills the container {} s after it started ({sum}{default})", timing.from_start()))
}

fn absent(container: Container<'_>) -> Option<Hit> {
    let message = "no startupProbe: nothing tells a slow start from a fault";
    container.serves_without(ProbeKind::Startup).then(|| Hit::new("absent", container.field().place(), message))
}
