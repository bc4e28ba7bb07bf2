//! Updates that the API server refuses.

use crate::check::edit::{Fix, Safety, set};
use crate::check::{Hit, Params};
use crate::release::rollout::{Amount, RollingUpdate};
use crate::release::{Field, Workload};

/// The API server, or for an Argo Rollout its controller, refuses the object. How many
/// replicas it has makes no difference.
pub(super) fn strategy_rejected(workload: Workload<'_>, _: &Params) -> Vec<Hit> {
    let strategy = unknown_type(workload).or_else(|| unused_block(workload));
    let strategy = strategy.map_or_else(|| settings(workload), |hit| vec![hit]);
    strategy.into_iter().chain(deadline(workload)).chain(selector(workload)).collect()
}

fn unknown_type(workload: Workload<'_>) -> Option<Hit> {
    let (found, known) = (workload.strategy_type(), workload.strategy_types());
    let word = found.value().filter(|word| !word.is_empty() && !known.is_empty() && !known.contains(word))?;
    let message =
        format!("strategy type \"{word}\" does not exist: a {} knows {}", workload.kind(), known.join(" and "));
    Some(Hit::only(found.span(), message))
}

/// `rollingUpdate`, be it empty, where another type is written.
fn unused_block(workload: Workload<'_>) -> Option<Hit> {
    let block = workload.strategy().get("rollingUpdate");
    let word = workload.type_without_settings()?;
    let message = format!("type {word} with a rollingUpdate block: the API server refuses both together");
    let hit = Hit::only(block.key_place(), message).related(workload.strategy_type().span(), format!("type {word}"));
    block.exists().then(|| hit.help(format!("remove rollingUpdate, or type: {word}")))
}

/// `maxUnavailable` and `maxSurge`: each alone, then both together.
fn settings(workload: Workload<'_>) -> Vec<Hit> {
    if let Some(update) = workload.stateful_update() {
        let zero = update.max_unavailable.value().is_some_and(Amount::is_zero);
        let zero = zero.then(|| Hit::only(update.max_unavailable.span(), "maxUnavailable 0 is refused: at least 1"));
        let limited = update.max_unavailable.is_default();
        let refused = (!limited).then(|| refused(update.settings.get("maxUnavailable"), "maxUnavailable", true));
        return zero.into_iter().chain(refused.flatten()).collect();
    }
    let daemon = workload.daemon_update();
    let Some(update) = daemon.clone().or_else(|| workload.rolling_update()) else { return Vec::new() };
    let alone = [
        refused(update.settings.get("maxUnavailable"), "maxUnavailable", true),
        refused(update.settings.get("maxSurge"), "maxSurge", daemon.is_some()),
    ];
    let alone: Vec<_> = alone.into_iter().flatten().collect();
    if !alone.is_empty() {
        return alone;
    }
    let together = if daemon.is_some() { of_daemon_set(&update) } else { both_zero(&update) };
    together.into_iter().collect()
}

/// An amount that is refused whatever the other one is.
fn refused(field: Field<'_>, key: &str, at_most_all: bool) -> Option<Hit> {
    let node = field.node()?;
    let excess = Amount::parse(node).is_some_and(|amount| at_most_all && amount.is_more_than_all());
    let reason = Amount::refusal(node).or(excess.then_some("is more than 100%"))?;
    let quote = if node.as_str().is_some() { "\"" } else { "" };
    Some(Hit::only(field.place(), format!("{key} {quote}{}{quote} {reason}", node.text()?)))
}

fn both_zero(update: &RollingUpdate<'_>) -> Option<Hit> {
    let (unavailable, surge) = (&update.max_unavailable, &update.max_surge);
    let message = format!("maxUnavailable {unavailable} and maxSurge {surge}: no Pod could ever be replaced");
    update.is_both_zero().then(|| Hit::only(unavailable.span(), message).related(surge.span(), "and 0 here"))
}

/// Exactly one of both is above zero on a DaemonSet, and `maxUnavailable` is by default.
fn of_daemon_set(update: &RollingUpdate<'_>) -> Option<Hit> {
    let (unavailable, surge) = (&update.max_unavailable, &update.max_surge);
    let (takes, adds) = (!unavailable.value()?.is_zero(), !surge.value()?.is_zero());
    let message = format!("maxSurge {surge} and maxUnavailable {unavailable}: exactly one of them must be above 0");
    let place = if surge.is_written() { surge.span() } else { unavailable.span() };
    let edits = update.settings.node().and_then(|settings| set(settings, &["maxUnavailable"], "0"));
    let fix = Fix::new(Safety::Unsafe, "set maxUnavailable to 0", edits.map(|edit| vec![edit]));
    (takes == adds).then(|| Hit::only(place, message).fix(fix.filter(|_| adds && unavailable.is_default())))
}

fn deadline(workload: Workload<'_>) -> Option<Hit> {
    let (deadline, ready) = (workload.progress_deadline(), workload.min_ready_seconds());
    let place = if deadline.is_written() { deadline.span() } else { ready.span() };
    let message = format!("progressDeadlineSeconds {deadline} is not above minReadySeconds {ready}");
    let refused = workload.has_progress_deadline() && deadline.value()? <= ready.value()?;
    refused.then(|| Hit::only(place, message))
}

fn selector(workload: Workload<'_>) -> Option<Hit> {
    let kind = workload.kind();
    let needs = (kind.rolls_out() || kind.is_replicated()) && workload.selects_its_pods() == Some(false);
    let labels: Vec<_> = workload.labels().iter().map(|(key, value)| format!("{key}={value}")).collect();
    let labels = if labels.is_empty() { "none".to_string() } else { labels.join(",") };
    let message = format!("selector {} does not select the template's labels: {labels}", workload.selector()?);
    let hit = Hit::only(workload.spec().get("selector").key_place(), message);
    needs.then(|| hit.related(workload.pod_metadata().get("labels").key_place(), "the labels of its Pods"))
}
