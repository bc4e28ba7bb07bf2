//! Pods that a rolling update takes away before their replacements are ready.

use crate::check::edit::{Edit, Fix, Safety, set};
use crate::check::{Hit, Params};
use crate::release::rollout::{Amount, Fenceposts, RollingUpdate};
use crate::release::{Replicas, Workload};

/// No Pod serves at some moment of a rollout.
pub(super) fn zero_available(workload: Workload<'_>, _: &Params) -> Vec<Hit> {
    let Some((update, replicas)) = judged(workload) else { return Vec::new() };
    let posts = replicas.known().into_iter().filter_map(|count| update.at(count));
    let Some(posts) = posts.filter(|posts| posts.replicas > 0).find(|posts| posts.serving() <= 0) else {
        return Vec::new();
    };
    let case = if workload.is_serving() { "serving" } else { "worker" };
    let does = if workload.is_serving() { "serve" } else { "run" };
    let message =
        format!("{} of {}: 0 pods {does} during the rollout", update.describe(posts), count(posts.replicas, "replica"));
    vec![finish(Hit::new(case, update.origin(posts).span(), message), workload, &update, posts, &replicas)]
}

/// Fewer Pods serve during a rollout than before it.
pub(super) fn reduces_capacity(workload: Workload<'_>, _: &Params) -> Vec<Hit> {
    let Some((update, replicas)) = judged(workload) else { return Vec::new() };
    let all: Vec<_> = replicas.known().into_iter().filter_map(|count| update.at(count)).collect();
    let live = || all.iter().copied().filter(|posts| posts.replicas > 0);
    if live().any(|posts| posts.serving() <= 0) {
        return Vec::new();
    }
    match live().find(|posts| posts.unavailable > 0) {
        Some(posts) => {
            let most = live().next_back().filter(|most| most.replicas > posts.replicas);
            let message = match most {
                Some(most) => {
                    format!("{}; at {} replicas, {}", loss(workload, &update, posts), most.replicas, most.serving())
                }
                None => loss(workload, &update, posts),
            };
            let case = case_of(workload, &update, &all);
            vec![finish(Hit::new(case, update.origin(posts).span(), message), workload, &update, posts, &replicas)]
        }
        None => latent(&update, live().next_back()).into_iter().collect(),
    }
}

/// The rolling update of a workload, and its replicas.
fn judged(workload: Workload<'_>) -> Option<(RollingUpdate<'_>, Replicas<'_>)> {
    Some((workload.rolling_update()?, workload.replicas()))
}

fn case_of(workload: Workload<'_>, update: &RollingUpdate<'_>, all: &[Fenceposts]) -> &'static str {
    let losing = || all.iter().filter(|posts| posts.unavailable > 0);
    if !workload.is_serving() {
        "worker"
    } else if losing().any(|posts| update.is_explicit(*posts)) {
        "serving"
    } else if losing().any(|posts| posts.unavailable * 2 >= posts.replicas) {
        "half"
    } else {
        "defaulted"
    }
}

/// "maxUnavailable 25% (default) of 10 replicas is 2: only 8 keep serving during a rollout"
fn loss(workload: Workload<'_>, update: &RollingUpdate<'_>, posts: Fenceposts) -> String {
    let does = if workload.is_serving() { "serving" } else { "running" };
    let share = match update.max_unavailable.value() {
        Some(Amount::Percent(_)) if !posts.forced => format!(" is {}", posts.unavailable),
        _ => String::new(),
    };
    format!(
        "{} of {}{share}: only {} keep {does} during a rollout",
        update.describe(posts),
        count(posts.replicas, "replica"),
        posts.serving()
    )
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
    let hit = match replicas.autoscaler {
        Some(autoscaler) => hit.related(autoscaler.object().place(), format!("replicas: {replicas}")),
        None => hit,
    };
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
        None => set(workload.spec().node()?, &["strategy", "rollingUpdate", "maxUnavailable"], "0"),
    };
    let mut edits = vec![unavailable?];
    if posts.surge == 0 {
        edits.push(surge()?);
    }
    Some(edits)
}

/// `1 replica`, `2 replicas`.
fn count(number: i64, word: &str) -> String {
    format!("{number} {word}{}", if number == 1 { "" } else { "s" })
}
