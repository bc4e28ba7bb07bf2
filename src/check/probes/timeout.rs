//! Timeouts that do not fit.

use crate::check::edit::{Fix, Safety, set, written_here};
use crate::check::{Hit, Params};
use crate::release::command::base_name;
use crate::release::probe::Probe;

/// Seconds that an interpreter may take to start on a busy machine.
const ENOUGH: i64 = 5;

/// A probe that hangs holds up the next one.
pub(super) fn exceeds_period(probe: Probe<'_>, _: &Params) -> Vec<Hit> {
    let Some(timing) = probe.timing().filter(|timing| timing.timeout > timing.period && timing.period > 0) else {
        return Vec::new();
    };
    if !probe.container().is_long_running() {
        return Vec::new();
    }
    let message = format!(
        "timeoutSeconds {} > periodSeconds {}: the next {} probe waits for one that hangs, \
         so that {} failures take {} to {} s",
        probe.timeout(),
        probe.period(),
        probe.kind(),
        timing.failures,
        timing.fastest(),
        timing.slowest()
    );
    vec![Hit::only(probe.timeout().span(), message)]
}

/// An interpreter is started within a second, or the probe fails.
pub(super) fn exec_slow(probe: Probe<'_>, _: &Params) -> Vec<Hit> {
    let programs = probe.handler().map(|handler| handler.programs()).unwrap_or_default();
    let slow =
        programs.iter().filter_map(|program| program.first()).map(|name| base_name(name)).find(|name| is_slow(name));
    let timeout = probe.timeout();
    let is_short = timeout.value().is_some_and(|seconds| (0..=1).contains(&seconds));
    let Some(program) = slow.filter(|_| is_short && probe.container().is_long_running()) else { return Vec::new() };
    let message = format!(
        "the {} probe starts {program} with timeoutSeconds {timeout}: on a busy node that alone takes longer",
        probe.kind()
    );
    let hit = Hit::only(timeout.span(), message).help(format!("set timeoutSeconds to {ENOUGH} or more"));
    vec![hit.fix(raise(probe))]
}

/// Whether a program is an interpreter with much to load.
fn is_slow(program: &str) -> bool {
    program.starts_with("python") || matches!(program, "django-admin" | "manage.py" | "celery" | "node")
}

fn raise(probe: Probe<'_>) -> Option<Fix> {
    let key = probe.kind().key();
    let mapping = written_here(probe.container().field().node()?, &[key])?.value;
    let edit = set(mapping, &["timeoutSeconds"], &ENOUGH.to_string())?;
    Fix::new(Safety::Unsafe, format!("set {key}.timeoutSeconds to {ENOUGH}"), Some(vec![edit]))
}
