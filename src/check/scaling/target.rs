//! What an autoscaler scales: nothing, or what another one scales, too.

use crate::check::{Hit, Params};
use crate::release::{Autoscaler, Scope};

/// Kinds that only make Pods if somebody writes them.
const KINDS: [&str; 5] = ["Deployment", "StatefulSet", "ReplicaSet", "ReplicationController", "Rollout"];

/// Two autoscalers on one workload.
pub(super) fn duplicate(autoscaler: Autoscaler<'_>, _: &Params) -> Vec<Hit> {
    let rival = autoscaler.rival().filter(|_| autoscaler.is_judged());
    let (Some(rival), Some(target)) = (rival, autoscaler.target_title()) else { return Vec::new() };
    let other = rival.object().title();
    let end = if autoscaler.is_keda() || rival.is_keda() {
        "KEDA refuses a second one"
    } else {
        "neither scales, for the Pods are ambiguous to both"
    };
    let place = autoscaler.spec().at(&["scaleTargetRef", "name"]).place();
    let case = if autoscaler.comes_with(rival) { "together" } else { "directory" };
    let hit = Hit::new(case, place, format!("{target} is scaled by {other}, too: {end}"));
    vec![hit.related(rival.object().place(), "the other one")]
}

/// An autoscaler of a workload that is nowhere.
pub(super) fn missing(autoscaler: Autoscaler<'_>, _: &Params) -> Vec<Hit> {
    let (object, releases) = (autoscaler.object(), autoscaler.releases());
    let (Some(kind), Some(name)) = (autoscaler.target_kind(), autoscaler.target_name()) else { return Vec::new() };
    let is_known = KINDS.contains(&kind) && autoscaler.is_judged();
    let is_elsewhere = || {
        releases.has_named(object, kind, name)
            || releases.is_provided(object, kind, name)
            || releases.may_be_operated(object)
    };
    if !is_known || is_elsewhere() {
        return Vec::new();
    }
    let case = if releases.release_of(object).scope == Scope::Closed { "closed" } else { "open" };
    let place = autoscaler.spec().at(&["scaleTargetRef", "name"]).place();
    let where_ = if releases.stands_in_another_namespace(object, kind, name) {
        "in another namespace"
    } else {
        "nowhere in reach"
    };
    vec![Hit::new(case, place, format!("{kind} {name} is {where_}: nothing is scaled"))]
}
