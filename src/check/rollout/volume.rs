//! Surge Pods that wait for a volume which the old Pod holds.

use super::words::{replicas_of, scaled};
use crate::check::{Hit, Params};
use crate::release::Workload;
use crate::release::pod::volume::{Access, Claim};

/// A new Pod cannot mount the claim, and the old one stays until it can.
pub(super) fn surge_deadlock(workload: Workload<'_>, _: &Params) -> Vec<Hit> {
    let Some(update) = workload.rolling_update() else { return Vec::new() };
    let replicas = workload.replicas();
    let posts = replicas.known().into_iter().filter_map(|count| update.at(count));
    let stuck = posts.filter(|posts| posts.replicas > 0).find(|posts| posts.unavailable == 0 && posts.surge > 0);
    let claim = workload.claims().into_iter().find(Claim::is_exclusive);
    let (Some(posts), Some(claim)) = (stuck, claim) else { return Vec::new() };
    let where_ = if claim.access == Access::OncePod { "cannot mount it" } else { "cannot mount it on another node" };
    let message = format!(
        "claim {} is {}: with maxSurge {} of {} the new Pod {where_}, and maxUnavailable {} keeps the old one",
        claim.name,
        claim.access,
        update.max_surge,
        replicas_of(&replicas, posts.replicas),
        update.max_unavailable,
    );
    let hit = scaled(Hit::only(claim.field.place(), message), &replicas);
    vec![claim.object.into_iter().fold(hit, |hit, object| hit.related(object.place(), "the claim"))]
}
