//! KEDA's cron windows.

use crate::check::{Hit, Params};
use crate::release::scaling::autoscaler::KEDA_MOST;
use crate::release::scaling::cron_window::{CronWindow, windows};
use crate::release::schedule::near_time_zone;
use crate::release::{Autoscaler, Object, Releases};

/// A window that KEDA cannot read, or that moves nothing.
pub(super) fn invalid<'a>(releases: &'a Releases<'a>, object: &'a Object<'a>, _: &Params) -> Vec<Hit> {
    let autoscaler = Autoscaler::of(releases, object);
    let judge = |window: CronWindow<'a>| {
        let refused = refused(window);
        let moved = || autoscaler.and_then(|autoscaler| without_effect(window, autoscaler));
        if refused.is_empty() { moved().into_iter().collect() } else { refused }
    };
    if object.is_patch { Vec::new() } else { windows(object).flat_map(judge).collect() }
}

fn refused(window: CronWindow<'_>) -> Vec<Hit> {
    let at = |name: &str, message: String| Hit::new("invalid", window.setting(name).place(), message);
    let mut hits = Vec::new();
    let missing = window.missing();
    if !missing.is_empty() {
        let message = format!("the cron trigger lacks {}: KEDA does not scale by it", missing.join(" and "));
        hits.push(Hit::new("invalid", window.place(), message));
    }
    for name in ["start", "end"] {
        hits.extend(window.fault_of(name).map(|fault| at(name, format!("{name} {fault}"))));
    }
    if window.is_empty() {
        let text = window.text("end").unwrap_or_default();
        hits.push(at("end", format!("start and end are both {text}: KEDA refuses it")));
    }
    if let Some(name) = window.unknown_time_zone() {
        let meant = near_time_zone(name).map(|meant| format!(", did you mean {meant}?")).unwrap_or_default();
        hits.push(at("timezone", format!("the time zone {name} does not exist{meant}")));
    }
    hits.extend(window.text("desiredReplicas").and_then(|text| match text.parse::<i64>() {
        Ok(0) => Some(at("desiredReplicas", "desiredReplicas 0: KEDA refuses it".to_string())),
        Err(_) => Some(at("desiredReplicas", format!("desiredReplicas {text} is no whole number"))),
        Ok(_) => None,
    }));
    hits
}

/// The result is the most that any trigger asks for, between the bounds.
fn without_effect(window: CronWindow<'_>, autoscaler: Autoscaler<'_>) -> Option<Hit> {
    let (desired, min) = (window.desired(), autoscaler.min());
    let (number, least) = (desired.value()?, min.value()?);
    let max = autoscaler.spec().get("maxReplicaCount");
    let max = max.integer_or(KEDA_MOST);
    let wakes = autoscaler.scales_to_zero();
    let at = |case, message: String, bound| Hit::new(case, desired.span(), message).related(bound, "the bound");
    if number <= least && !wakes && autoscaler.is_judged() {
        let message =
            format!("desiredReplicas {number} is not above minReplicaCount {min}: the window changes nothing");
        return Some(at("no-effect", message, min.span()));
    }
    let most = max.value().filter(|most| number > *most)?;
    Some(at("capped", format!("desiredReplicas {number} is above maxReplicaCount {max}: {most} Pods run"), max.span()))
}
