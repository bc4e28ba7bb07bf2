//! Liveness that depends on somebody else.

use crate::check::{Hit, Params};
use crate::release::Container;
use crate::release::pod::probe::{Handler, Probe, ProbeKind};
use crate::release::traffic::backend::Backend;

/// A backend that is down restarts every Pod that asks it.
pub(super) fn liveness(container: Container<'_>, _: &Params) -> Vec<Hit> {
    let Some(liveness) = container.probe(ProbeKind::Liveness).filter(|_| container.is_long_running()) else {
        return Vec::new();
    };
    asks_backend(liveness).or_else(|| shares_path(liveness)).into_iter().collect()
}

fn asks_backend(liveness: Probe<'_>) -> Option<Hit> {
    let handler = liveness.handler()?;
    let programs = handler.programs();
    let backend = programs.iter().find_map(|program| liveness.container().backend_of(program))?;
    let message =
        format!("liveness {}: while that is down, every Pod is restarted, which mends nothing", asks(backend));
    Some(Hit::new("backend", handler.field().get("command").place(), message))
}

/// "asks db with pg_isready"
fn asks(backend: Backend<'_>) -> String {
    match backend {
        Backend { program, host: Some(host) } => format!("asks {host} with {program}"),
        Backend { program: "celery", host: None } => "asks the broker with celery inspect".to_string(),
        Backend { program, host: None } => format!("asks a server outside the Pod with {program}"),
    }
}

/// Liveness and readiness ask one path.
fn shares_path(liveness: Probe<'_>) -> Option<Hit> {
    let readiness = liveness.container().probe(ProbeKind::Readiness)?;
    let (Handler::HttpGet(asked), path) = (liveness.handler()?, liveness.handler()?.path()?) else { return None };
    if !liveness.asks_the_same_as(readiness) {
        return None;
    }
    let shown = path.split('?').next().unwrap_or(path);
    let (case, message) = if asks_for_readiness(path) {
        ("deep", format!("liveness asks {shown}, as readiness does: what should stop traffic kills the container"))
    } else {
        ("shared", format!("liveness and readiness both ask {shown}: it must not fail when a backend is down"))
    };
    let other = readiness.handler()?.field().get("path").place();
    Some(Hit::new(case, asked.get("path").place(), message).related(other, "the readiness probe"))
}

/// Words of a path that ask for more than the process.
const DEEP: [&str; 9] =
    ["readiness", "isready", "db", "database", "dbcheck", "dbhealth", "deep", "deepcheck", "deephealth"];

/// Whether a path says that it looks at more than the process: `/ready`, `/health/db` …
fn asks_for_readiness(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    let mut words = path.split(|letter: char| !letter.is_ascii_alphanumeric());
    words.any(|word| word.starts_with("ready") || DEEP.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::asks_for_readiness;

    #[test]
    fn paths_are_read_by_words() {
        for path in [
            "/ready",
            "/-/ready",
            "/readyz",
            "/readiness",
            "/health/db",
            "/Health?deep=1",
            "/ready_check",
            "/isReady",
            "/dbcheck",
        ] {
            assert!(asks_for_readiness(path), "{path}");
        }
        for path in ["/", "/health", "/already", "/feedback", "/dbz", "/bread/y", "/deeper"] {
            assert!(!asks_for_readiness(path), "{path}");
        }
    }
}
