//! Timeouts that do not fit.

use crate::check::edit::{Fix, Safety, set, written_here};
use crate::check::{Hit, Params};
use crate::release::config::environment::Variable;
use crate::release::pod::command::base_name;
use crate::release::pod::probe::{Handler, Probe, ProbeKind};

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
    vec![hit.fix(raise(probe, ENOUGH))]
}

/// The application still waits for its database when the prober has given up.
pub(super) fn below_connect(probe: Probe<'_>, _: &Params) -> Vec<Hit> {
    let asks_app = !matches!(probe.handler(), None | Some(Handler::TcpSocket(_)));
    let container = probe.container();
    // A database's own timeouts are about its peers, which its probe does not ask.
    let gates = probe.kind() != ProbeKind::Liveness && container.is_long_running() && !container.is_database();
    let Some(timeout) = probe.timeout().value().filter(|_| asks_app && gates) else { return Vec::new() };
    let environment = container.environment();
    let waits: Vec<_> = environment.variables().iter().filter_map(connect_timeout).collect();
    let total: f64 = waits.iter().map(|(_, seconds)| seconds).sum();
    if waits.is_empty() || timeout as f64 > total {
        return Vec::new();
    }
    let sum = waits.iter().map(|(variable, seconds)| wait(variable, *seconds)).collect::<Vec<_>>();
    let sum = if waits.len() > 1 { format!("{} = {total}", sum.join(" + ")) } else { sum.concat() };
    let enough = total.floor() as i64 + 1;
    let message = format!("timeoutSeconds {} ≤ {sum}: use {enough} or more", probe.timeout());
    let hit = Hit::only(probe.timeout().span(), message).fix(raise(probe, enough));
    vec![waits.iter().fold(hit, |hit, (variable, _)| hit.related(variable.winner().written, "the connect timeout"))]
}

/// The seconds of a variable such as `DB_CONNECT_TIMEOUT`, `CONNECTION_TIMEOUT_MS`.
fn connect_timeout<'e, 'a>(variable: &'e Variable<'a>) -> Option<(&'e Variable<'a>, f64)> {
    let name = variable.name.to_ascii_uppercase();
    let (name, unit) = match name.strip_suffix("_MS") {
        Some(name) => (name, 1000.0),
        None => (name.strip_suffix("_SECONDS").unwrap_or(&name), 1.0),
    };
    let before = name.strip_suffix("CONNECT_TIMEOUT").or_else(|| name.strip_suffix("CONNECTION_TIMEOUT"));
    // DISCONNECT_TIMEOUT is another matter.
    let is_timeout = before.is_some_and(|before| before.is_empty() || before.ends_with('_'));
    let seconds: f64 = variable.winner().value.known().filter(|_| is_timeout)?.trim().parse().ok()?;
    (seconds.is_finite() && seconds > 0.0 && seconds < 1e6).then_some((variable, seconds / unit))
}

/// "DB_CONNECT_TIMEOUT 3", "DB_CONNECT_TIMEOUT_MS 3000 (3 s)"
fn wait(variable: &Variable<'_>, seconds: f64) -> String {
    let is_fine = variable.name.to_ascii_uppercase().ends_with("_MS");
    let written = variable.winner().value.known().map_or("", str::trim);
    if is_fine { format!("{} {written} ({seconds} s)", variable.name) } else { format!("{} {seconds}", variable.name) }
}

/// Whether a program is an interpreter with much to load.
fn is_slow(program: &str) -> bool {
    program.starts_with("python") || matches!(program, "django-admin" | "manage.py" | "celery" | "node")
}

fn raise(probe: Probe<'_>, seconds: i64) -> Option<Fix> {
    let key = probe.kind().key();
    let mapping = written_here(probe.container().field().node()?, &[key])?.value;
    let edit = set(mapping, &["timeoutSeconds"], &seconds.to_string())?;
    Fix::new(Safety::Unsafe, format!("set {key}.timeoutSeconds to {seconds}"), Some(vec![edit]))
}
