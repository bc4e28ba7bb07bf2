//! The events and the weight of a migration's hook.

use super::words::{annotate, annotation, the_migration};
use crate::check::edit::Safety;
use crate::check::{Hit, Params};
use crate::release::Workload;
use crate::release::deploy::hook::{HELM_HOOK, HELM_WEIGHT, Moment, Runner};

/// A migration that helm runs before an install or before an upgrade, and not before both.
pub(super) fn partial(workload: Workload<'_>, _: &Params) -> Vec<Hit> {
    let (Some(migration), Some(turn)) = (workload.migration(), workload.turn()) else { return Vec::new() };
    let surroundings = migration.surroundings();
    let moments = surroundings.moments();
    let (install, upgrade) = (moments.contains(&Moment::PreInstall), moments.contains(&Moment::PreUpgrade));
    let own = turn.moments.contains(&Moment::PreInstall) || turn.moments.contains(&Moment::PreUpgrade);
    if turn.runner != Runner::Helm || !own || install == upgrade || surroundings.is_in_two_phases() {
        return Vec::new();
    }
    let object = workload.object();
    let is_awaited = moments.contains(&Moment::PostInstall) && surroundings.apps().all_wait_for(object.name);
    if is_awaited && !surroundings.apps().is_empty() {
        return Vec::new();
    }
    let late = if install { Moment::PostUpgrade } else { Moment::PostInstall };
    let never = if install { "an upgrade" } else { "the first install" };
    let what = the_migration(&migration);
    let message = match (moments.contains(&late), install) {
        (true, _) => format!("{what} runs on {}: for {never} only after the app has started", turn.when()),
        (false, true) => format!("{what} runs on pre-install only: no upgrade runs it"),
        (false, false) => format!("{what} runs on pre-upgrade only: the first install does not run it"),
    };
    let database = surroundings.database().filter(|_| upgrade && moments.contains(&Moment::PostInstall));
    let place = annotation(object, HELM_HOOK).place();
    if let Some(database) = database {
        let note = format!("{}: it is there only after the first install", database.title());
        return vec![Hit::new("database", place, message).related(database.place(), note)];
    }
    let fix = annotate(object, HELM_HOOK, "pre-install,pre-upgrade", Safety::Unsafe, "run it before both");
    vec![Hit::new("partial", place, message).fix(fix)]
}

/// A migration whose place among the hooks is left to a default.
pub(super) fn weight_missing(workload: Workload<'_>, _: &Params) -> Vec<Hit> {
    let (Some(migration), Some(turn)) = (workload.migration(), workload.turn()) else { return Vec::new() };
    let object = workload.object();
    let hook = annotation(object, HELM_HOOK);
    let weight = annotation(object, HELM_WEIGHT);
    if !hook.exists() || weight.entry().is_some() || turn.runner != Runner::Helm || !turn.is_of_deploy() {
        return Vec::new();
    }
    let case = if migration.surroundings().is_sole_hook(&turn) { "sole" } else { "several" };
    let fix = annotate(object, HELM_WEIGHT, "0", Safety::Safe, "write the weight that is the default");
    let message = format!("{} has no weight (0 by default): among equal ones, names decide", the_migration(&migration));
    vec![Hit::new(case, hook.place(), message).fix(fix)]
}
