//! Settings of a `ScaledObject` that KEDA refuses.

use crate::check::{Hit, Params};
use crate::release::scaling::autoscaler::KEDA_MOST;
use crate::release::{Autoscaler, Fact};

/// A name of an HPA is a label's value, too.
const LONGEST_NAME: usize = 63;

/// KEDA refuses the object, and nothing is scaled.
pub(super) fn keda(autoscaler: Autoscaler<'_>, _: &Params) -> Vec<Hit> {
    if !autoscaler.is_keda() || autoscaler.object().is_patch {
        return Vec::new();
    }
    let pods = most(autoscaler).or_else(|| pods_alone(autoscaler));
    [pods, idle(autoscaler), name(autoscaler), fallback(autoscaler)].into_iter().flatten().collect()
}

/// The minimum is above the maximum.
fn most(autoscaler: Autoscaler<'_>) -> Option<Hit> {
    let (min, field) = (autoscaler.min(), autoscaler.spec().get("maxReplicaCount"));
    let max = if field.exists() { autoscaler.max() } else { Fact::default_of(KEDA_MOST, field.place()) };
    let message = format!("minReplicaCount {min} is above maxReplicaCount {max}: KEDA refuses it");
    (min.value()? > max.value()?).then(|| Hit::only(min.span(), message).related(max.span(), "the maximum"))
}

/// CPU and memory tell nothing where there is no Pod.
fn pods_alone(autoscaler: Autoscaler<'_>) -> Option<Hit> {
    let (min, metrics) = (autoscaler.min(), autoscaler.metrics());
    let judged = matches!(autoscaler.target_kind(), Some("Deployment" | "StatefulSet")) && autoscaler.is_judged();
    let alone = !metrics.is_empty() && metrics.iter().all(|metric| metric.is_of_pods());
    let message =
        format!("minReplicaCount {min} with triggers of cpu and memory alone: KEDA refuses it, as no Pod uses either");
    (judged && alone && min.value()? == 0)
        .then(|| Hit::only(min.span(), message).help("set minReplicaCount to 1 or more"))
}

fn idle(autoscaler: Autoscaler<'_>) -> Option<Hit> {
    let (field, min) = (autoscaler.spec().get("idleReplicaCount"), autoscaler.min());
    let idle = Some(field.integer_or(0)).filter(|_| field.exists())?;
    let message = format!("idleReplicaCount {idle} is not below minReplicaCount {min}: KEDA refuses it");
    (autoscaler.is_judged() && idle.value()? >= min.value()?).then(|| Hit::only(idle.span(), message))
}

fn name(autoscaler: Autoscaler<'_>) -> Option<Hit> {
    let own = autoscaler.spec().at(&["advanced", "horizontalPodAutoscalerConfig", "name"]);
    let place = if own.exists() { own.place() } else { autoscaler.object().place() };
    let name = own.string().map_or_else(
        || autoscaler.object().name.map(|name| format!("keda-hpa-{name}")),
        |name| Some(name.to_string()),
    )?;
    let message =
        format!("the name of its HPA, {name}, has {} letters: KEDA refuses more than {LONGEST_NAME}", name.len());
    (name.len() > LONGEST_NAME).then(|| Hit::only(place, message))
}

fn fallback(autoscaler: Autoscaler<'_>) -> Option<Hit> {
    let field = autoscaler.spec().get("fallback");
    let absent: Vec<_> = ["failureThreshold", "replicas"].into_iter().filter(|key| !field.get(key).exists()).collect();
    let metrics = autoscaler.metrics();
    let modified = autoscaler.spec().at(&["advanced", "scalingModifiers"]).exists();
    let reason = if !absent.is_empty() {
        format!("lacks {}", absent.join(" and "))
    } else if !modified && !metrics.is_empty() && metrics.iter().all(|metric| metric.is_of_pods()) {
        "has triggers of cpu and memory alone, which never fall back".to_string()
    } else {
        return None;
    };
    field.exists().then(|| Hit::only(field.key_place(), format!("fallback {reason}: KEDA refuses it")))
}
