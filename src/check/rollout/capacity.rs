//! Pods that a rolling update takes away before their replacements are ready.

use super::words::{count, scaled, serving_or_worker};
use crate::check::edit::{Edit, Fix, Safety, set};
use crate::check::{Hit, Params};
use crate::release::rollout::{Amount, Fenceposts, RollingUpdate};
use crate::release::update::StatefulUpdate;
use crate::release::{Replicas, Workload, WorkloadKind};

/// No Pod serves at some moment of a rollout.
pub(super) fn zero_available(workload: Workload<'_>, _: &Params) -> Vec<Hit> {
    let Some((update, replicas)) = judged(workload) else { return Vec::new() };
    let posts = replicas.known().into_iter().filter_map(|count| update.at(count));
    let Some(posts) = posts.filter(|posts| posts.replicas > 0).find(|posts| posts.serving() <= 0) else {
        return Vec::new();
    };
    let case = serving_or_worker(workload);
    let does = if workload.is_serving() { "serve" } else { "run" };
    let message =
        format!("{} of {}: 0 pods {does} during the rollout", update.describe(posts), count(posts.replicas, "replica"));
    vec![finish(Hit::new(case, update.origin(posts).span(), message), workload, &update, posts, &replicas)]
}

/// Fewer Pods serve during a rollout than before it.
pub(super) fn reduces_capacity(workload: Workload<'_>, _: &Params) -> Vec<Hit> {
    if let Some(update) = workload.stateful_update() {
        return several_at_once(workload, &update).into_iter().collect();
    }
    let Some((update, replicas)) = judged(workload) else { return Vec::new() };
    let all: Vec<_> = replicas.known().into_iter().filter_map(|count| update.at(count)).collect();
    let live = || all.iter().copied().filter(|posts| posts.replicas > 0);
    if live().any(|posts| posts.serving() <= 0) {
        return Vec::new();
    }
    match live().find(|posts| posts.unavailable > 0) {
        Some(posts) => {
            let most = live().next_back().filter(|most| most.replicas > posts.replicas);
            let share = update.max_unavailable.value().filter(|_| !posts.forced);
            let loss = loss(workload, &update.describe(posts), share, posts.replicas, posts.unavailable);
            let message = match most {
                Some(most) => format!("{loss}; at {} replicas, {}", most.replicas, most.serving()),
                None => loss,
            };
            let case = case_of(workload, &update, &all);
            vec![finish(Hit::new(case, update.origin(posts).span(), message), workload, &update, posts, &replicas)]
        }
        None => {
            let latent = latent(&update, live().next_back());
            latent.map(|hit| scaled(hit, &replicas)).into_iter().collect()
        }
    }
}

/// The rolling update of a workload, and its replicas.
fn judged(workload: Workload<'_>) -> Option<(RollingUpdate<'_>, Replicas<'_>)> {
    Some((workload.rolling_update()?, workload.replicas()))
}

/// Pods of a StatefulSet that are taken away together because somebody asked for it.
fn several_at_once(workload: Workload<'_>, update: &StatefulUpdate<'_>) -> Option<Hit> {
    let replicas = workload.replicas();
    let taken = replicas.known().into_iter().filter_map(|count| Some((count, update.taken(count)?)));
    let (pods, taken) = taken.filter(|(_, taken)| *taken > 1).next()?;
    let amount = &update.max_unavailable;
    let message = loss(workload, &format!("maxUnavailable {amount}"), amount.value(), pods, taken);
    let hit = Hit::new(serving_or_worker(workload), amount.span(), message);
    let edits = update.settings.node().and_then(|settings| set(settings, &["maxUnavailable"], "1"));
    let fix = Fix::new(Safety::Safe, "set maxUnavailable to 1", edits.map(|edit| vec![edit]));
    Some(scaled(hit, &replicas).help("set maxUnavailable: 1, or leave it out").fix(fix))
}

/// A default never takes half of the Pods: 25% is rounded down, and where Kubernetes makes
/// it one Pod of two, `maxSurge: 0` was written.
fn case_of(workload: Workload<'_>, update: &RollingUpdate<'_>, all: &[Fenceposts]) -> &'static str {
    let explicit = all.iter().any(|posts| posts.unavailable > 0 && update.is_explicit(*posts));
    match serving_or_worker(workload) {
        "serving" if !explicit => "defaulted",
        case => case,
    }
}

/// "maxUnavailable 25% (default) of 10 replicas is 2: only 8 keep serving during a rollout"
fn loss(workload: Workload<'_>, setting: &str, amount: Option<Amount>, replicas: i64, taken: i64) -> String {
    let does = if workload.is_serving() { "serving" } else { "running" };
    let share = match amount {
        Some(Amount::Percent(_)) => format!(" is {taken}"),
        _ => String::new(),
    };
    let (replicas, kept) = (count(replicas, "replica"), replicas - taken);
    format!("{setting} of {replicas}{share}: only {kept} keep {does} during a rollout")
}

/// An explicit share that rounds to nothing at every known number of replicas.
fn latent(update: &RollingUpdate<'_>, most: Option<Fenceposts>) -> Option<Hit> {
    let (posts, first) = (most?, update.first_loss()?);
    let span = update.max_unavailable.span();
    let message = format!(
        "maxUnavailable {} of {} is 0 now, and 1 from {first} replicas on",
        update.max_unavailable, posts.replicas
    );
    update.max_unavailable.is_written().then(|| Hit::new("latent", span, message))
}

/// Adds the autoscaler as a related place, and the fix.
fn finish(
    hit: Hit,
    workload: Workload<'_>,
    update: &RollingUpdate<'_>,
    posts: Fenceposts,
    replicas: &Replicas<'_>,
) -> Hit {
    let hit = scaled(hit, replicas);
    let obstacle = workload.surge_obstacle();
    let hit = match obstacle {
        Some(reason) => hit.help(format!(
            "set maxUnavailable: 0 with maxSurge above 0; check first that a surge Pod can be placed: {reason}"
        )),
        None => hit,
    };
    let safety = if obstacle.is_some() { Safety::Unsafe } else { Safety::Safe };
    hit.fix(Fix::new(safety, description(posts), edits(workload, update, posts)))
}

fn description(posts: Fenceposts) -> &'static str {
    if posts.surge == 0 { "set maxUnavailable to 0 and maxSurge to 1" } else { "set maxUnavailable to 0" }
}

fn edits(workload: Workload<'_>, update: &RollingUpdate<'_>, posts: Fenceposts) -> Option<Vec<Edit>> {
    let surge = || update.settings.node().and_then(|settings| set(settings, &["maxSurge"], "1"));
    let unavailable = match update.settings.node() {
        Some(settings) => set(settings, &["maxUnavailable"], "0"),
        None if workload.kind() == WorkloadKind::Rollout => None,
        None => set(workload.spec().node()?, &["strategy", "rollingUpdate", "maxUnavailable"], "0"),
    };
    let mut edits = vec![unavailable?];
    if posts.surge == 0 {
        edits.push(surge()?);
    }
    Some(edits)
}
