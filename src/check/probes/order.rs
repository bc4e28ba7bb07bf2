//! Which of two probes acts first.

use std::cmp::Ordering;

use crate::check::edit::{Fix, Safety, set, written_here};
use crate::check::{Hit, Params};
use crate::release::Container;
use crate::release::pod::probe::{Probe, ProbeKind};
use crate::release::pod::timing::Timing;

/// A Pod that is overloaded is killed before it is taken out of the Service.
pub(super) fn liveness_before_readiness(container: Container<'_>, _: &Params) -> Vec<Hit> {
    let Some((readiness, liveness)) = same_question(container) else { return Vec::new() };
    let (Some(drains), Some(kills)) = (readiness.timing(), liveness.timing()) else { return Vec::new() };
    let (case, sign, is) = match drains.reaction().cmp(&kills.reaction()) {
        Ordering::Greater => ("slower", '>', "is"),
        Ordering::Equal => ("equal", '≥', "may be"),
        Ordering::Less => return Vec::new(),
    };
    let message = format!(
        "readiness {drains} {sign} liveness {kills}: the container {is} killed before its Pod is taken out of traffic"
    );
    let hit = Hit::new(case, liveness.threshold_place(), message);
    let hit = hit.related(readiness.threshold_place(), "the readiness probe, which should act first");
    vec![match kills.failures_to_outlast(drains) {
        Some(failures) => {
            let mended = Timing { failures, is_default: false, ..kills };
            hit.help(format!("failureThreshold: {failures} makes liveness {mended}")).fix(raise(liveness, failures))
        }
        None => hit,
    }]
}

/// The readiness and the liveness probe, where both ask the same thing.
fn same_question(container: Container<'_>) -> Option<(Probe<'_>, Probe<'_>)> {
    let (readiness, liveness) = (container.probe(ProbeKind::Readiness)?, container.probe(ProbeKind::Liveness)?);
    (container.is_long_running() && readiness.asks_the_same_as(liveness)).then_some((readiness, liveness))
}

/// Raises the threshold, unless the probe is written elsewhere or shared.
fn raise(liveness: Probe<'_>, failures: i64) -> Option<Fix> {
    let key = liveness.kind().key();
    let probe = written_here(liveness.container().field().node()?, &[key])?.value;
    let edit = set(probe, &["failureThreshold"], &failures.to_string())?;
    Fix::new(Safety::Unsafe, format!("set {key}.failureThreshold to {failures}"), Some(vec![edit]))
}
