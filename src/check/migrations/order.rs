//! Migrations that do not come before the Pods that need them.

use super::words::the_migration;
use crate::check::{Hit, Params};
use crate::release::deploy::hook::{Hook, Runner, Stage};
use crate::release::deploy::migration::Migration;
use crate::release::deploy::together::Surroundings;
use crate::release::{Object, Orchestrator, Workload};

/// A migration that is applied along with the app, and nothing waits for it.
pub(super) fn not_ordered(workload: Workload<'_>, _: &Params) -> Vec<Hit> {
    let Some(migration) = workload.migration() else { return Vec::new() };
    let (surroundings, turn) = (migration.surroundings(), workload.turn());
    let object = workload.object();
    let elsewhere = turn.as_ref().is_some_and(|turn| !turn.runs(Stage::During));
    let apps = surroundings.apps();
    let waits = apps.all_wait_for(object.name);
    if elsewhere || apps.is_empty() || waits || is_in_earlier_wave(turn.as_ref(), apps.lowest_wave()) {
        return Vec::new();
    }
    let tool = workload.releases().orchestrator_of(object);
    let case = match tool {
        Some(Orchestrator::Kubectl) | None => "plain",
        Some(_) => "orchestrated",
    };
    let message = format!("{} {}", the_migration(&migration), unordered(tool, turn.as_ref(), apps.lowest_wave()));
    vec![about(Hit::new(case, object.place(), message), surroundings.idle_app(), "these Pods do not wait for it")]
}

/// Whether Argo CD brings a migration to its end before it applies the app.
fn is_in_earlier_wave(turn: Option<&Hook>, lowest: Option<i64>) -> bool {
    turn.is_some_and(|turn| lowest.is_none_or(|lowest| turn.order < lowest))
}

fn unordered(tool: Option<Orchestrator>, turn: Option<&Hook>, lowest: Option<i64>) -> String {
    let wave = turn.map_or(0, |turn| turn.order);
    match tool {
        Some(Orchestrator::Argo) => {
            let lowest = lowest.unwrap_or(0);
            format!("is in wave {wave} of the sync and the app in wave {lowest}: new Pods start without waiting for it")
        }
        Some(tool) => format!("is no hook: {tool} applies it together with the app, whose new Pods do not wait for it"),
        None => "is applied together with the app, whose new Pods do not wait for it".to_string(),
    }
}

/// A migration that runs only after the new Pods were started.
pub(super) fn after_rollout(workload: Workload<'_>, _: &Params) -> Vec<Hit> {
    let (Some(migration), Some(turn)) = (workload.migration(), workload.turn()) else { return Vec::new() };
    let surroundings = migration.surroundings();
    let runs = |stage| surroundings.moments().iter().any(|moment| moment.stage() == stage);
    let late = turn.runs(Stage::After) && !runs(Stage::Before) && !runs(Stage::During);
    if !late || surroundings.apps().is_empty() || is_declared_late(&migration) {
        return Vec::new();
    }
    vec![late_hit(&migration, &surroundings, &turn)]
}

fn late_hit(migration: &Migration<'_>, surroundings: &Surroundings<'_>, turn: &Hook) -> Hit {
    let place = migration.workload.object().place();
    let what = format!("{} runs only on {}", the_migration(migration), turn.when());
    let waits = surroundings.verifying_app().or(surroundings.waiting_app());
    match (waits, turn.runner) {
        (Some(app), Runner::Argo) => {
            let message =
                format!("{what}, which Argo CD starts once all is healthy, and the new Pods wait for it: a deadlock");
            about(Hit::new("deadlock", place, message), Some(app), "these Pods wait for it")
        }
        (Some(app), Runner::Helm) => {
            let case = if surroundings.verifying_app().is_some() { "deadlock" } else { "waits" };
            let message = format!("{what}, and the new Pods wait for it: with helm --wait or --atomic a deadlock");
            about(Hit::new(case, place, message), Some(app), "these Pods wait for it")
        }
        (None, _) => {
            let hit = Hit::new("late", place, format!("{what}: new Pods start on the old schema"));
            let hit = about(hit, surroundings.idle_app(), "these Pods start before it");
            match surroundings.database() {
                Some(database) => hit
                    .related(database.place(), "this database is there only after the first install")
                    .help("use post-install,pre-upgrade: only the first install has to wait for its database"),
                None => hit,
            }
        }
    }
}

/// Whether a name says that the migration is meant for after the rollout.
fn is_declared_late(migration: &Migration<'_>) -> bool {
    let object = migration.workload.object();
    let names = [object.name, migration.container.name()];
    let meant = |name: &str| ["post-deploy", "contract", "backfill", "cleanup"].iter().any(|word| name.contains(word));
    names.into_iter().flatten().any(|name| meant(&name.to_ascii_lowercase()))
}

fn about(hit: Hit, app: Option<&Object<'_>>, what: &str) -> Hit {
    app.into_iter().fold(hit, |hit, app| hit.related(app.place(), format!("{}: {what}", app.title())))
}
