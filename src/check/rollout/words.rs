//! What several checks of this group say in the same words.

use crate::check::Hit;
use crate::release::{Replicas, Workload};

/// `1 replica`, `2 replicas`.
pub(super) fn count(number: i64, word: &str) -> String {
    format!("{number} {word}{}", if number == 1 { "" } else { "s" })
}

/// The case of a rule that tells what serves requests from what does not.
pub(super) fn serving_or_worker(workload: Workload<'_>) -> &'static str {
    if workload.is_serving() { "serving" } else { "worker" }
}

/// Adds the autoscaler that moves the replicas as a related place.
pub(super) fn scaled(hit: Hit, replicas: &Replicas<'_>) -> Hit {
    match replicas.autoscaler {
        Some(autoscaler) => hit.related(autoscaler.object().place(), format!("replicas: {replicas}")),
        None => hit,
    }
}
