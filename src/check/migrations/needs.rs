//! What a hook needs, and when that is created.

use super::words::{annotate, the_migration};
use crate::check::edit::{Fix, Safety};
use crate::check::{Hit, Params};
use crate::release::Workload;
use crate::release::deploy::hook::{ARGO_WAVE, HELM_WEIGHT, Hook, Moment, Runner};
use crate::release::deploy::order::{Found, Presence};

/// Hooks of one moment in an order that does not hold, or that only names decide.
pub(super) fn dependency_unordered(workload: Workload<'_>, _: &Params) -> Vec<Hit> {
    let Some(turn) = judged(workload) else { return Vec::new() };
    let found = workload.found_at(&turn).into_iter().filter(|found| found.hook.is_some());
    found.filter_map(|found| of_dependency(&turn, &found)).chain(of_migrations(workload, &turn)).collect()
}

/// The turn of a Job, or of a Pod that ends.
fn judged(workload: Workload<'_>) -> Option<Hook> {
    workload.turn().filter(|turn| turn.is_of_deploy() && !workload.is_long_running())
}

fn of_dependency(turn: &Hook, found: &Found<'_>) -> Option<Hit> {
    let hook = found.hook.as_ref()?;
    let (title, moment) = (found.object.title(), found.moment);
    let order = match turn.runner {
        Runner::Helm if hook.moments.contains(&moment) => {
            format!("has {}, and the hook that needs it {}", hook.place_in_order(), turn.place_in_order())
        }
        Runner::Argo if hook.moments.contains(&moment) => {
            format!("is in {}, what needs it in {}", hook.place_in_order(), turn.place_in_order())
        }
        _ => format!("is created on {}, and needed on {moment}", hook.when()),
    };
    let (case, message) = match found.presence {
        Presence::NotYet => ("late", format!("{title} {order}: it is not there on {moment}")),
        Presence::ByName => ("tie", format!("{title} {order}: only their names put it first")),
        Presence::There | Presence::Previous => return None,
    };
    let fix = earlier(turn, found).filter(|_| hook.moments.contains(&moment));
    Some(
        Hit::new(case, found.need.field.place(), message)
            .related(found.object.place(), format!("{title} is created here"))
            .fix(fix),
    )
}

/// Creates a dependency one weight earlier, or for Argo CD in the same wave.
fn earlier(turn: &Hook, found: &Found<'_>) -> Option<Fix> {
    let (key, order) = match turn.runner {
        Runner::Helm => (HELM_WEIGHT, turn.order.checked_sub(1)?),
        Runner::Argo => (ARGO_WAVE, turn.order),
    };
    annotate(found.object, key, &order.to_string(), Safety::Unsafe, &format!("create {} earlier", found.object.title()))
}

/// Two migrations of one image that are equal in the order.
fn of_migrations(workload: Workload<'_>, turn: &Hook) -> Option<Hit> {
    let migration = workload.migration()?;
    let (moment, other) = migration.surroundings().equal_before(turn)?;
    let (what, order) = (the_migration(&migration), turn.place_in_order());
    let hit = match turn.runner {
        Runner::Helm => {
            let message = format!("{what} and {} have {order} on {moment}: only their names order them", other.title());
            Hit::new("names", workload.object().place(), message)
        }
        Runner::Argo => {
            let message = format!("{what} and {} are in {order} of {moment}: Argo CD runs them at once", other.title());
            Hit::new("together", workload.object().place(), message)
        }
    };
    Some(hit.related(other.place(), "the other migration"))
}

/// A hook that needs what is created only after it.
pub(super) fn not_yet_created(workload: Workload<'_>, _: &Params) -> Vec<Hit> {
    let Some(turn) = judged(workload) else { return Vec::new() };
    let found = workload.found_at(&turn).into_iter().filter(|found| found.hook.is_none());
    found.filter_map(|found| of_ordinary(&found)).collect()
}

fn of_ordinary(found: &Found<'_>) -> Option<Hit> {
    let (title, moment) = (found.object.title(), found.moment);
    let (case, message) = match found.presence {
        Presence::NotYet if moment == Moment::Sync => {
            ("first", format!("{title} is applied in a later wave: the Job waits for it, and the sync for the Job"))
        }
        Presence::NotYet => {
            ("first", format!("{title} is not there on {moment} of the first deploy: {}", outcome(found.need.kind)))
        }
        Presence::Previous => ("previous", format!("{title} is still that of the previous release on {moment}")),
        Presence::There | Presence::ByName => return None,
    };
    Some(Hit::new(case, found.need.field.place(), message).related(found.object.place(), format!("{title} is no hook")))
}

/// What happens to Pods without something.
fn outcome(kind: &str) -> &'static str {
    match kind {
        "ServiceAccount" => "no Pod of the hook is created",
        "PersistentVolumeClaim" => "the Pod cannot be scheduled",
        _ => "the Pod cannot start",
    }
}
