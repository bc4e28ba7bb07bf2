//! A number of replicas beside an autoscaler.

use crate::check::edit::{Fix, Safety, remove};
use crate::check::{Hit, Params};
use crate::release::deploy::applier::Applier;
use crate::release::{Autoscaler, Field, Workload};

/// Each apply undoes what the autoscaler did.
pub(super) fn with_autoscaler(workload: Workload<'_>, _: &Params) -> Vec<Hit> {
    let field = workload.spec().get("replicas");
    let written = field.integer_or(1).value().filter(|_| field.exists());
    let (Some(number), Some(autoscaler)) = (written, judged(workload)) else { return Vec::new() };
    let object = workload.object();
    let appliers = workload.releases().appliers_of(object);
    let is_left_alone = appliers.iter().any(|applier| applier.leaves_replicas_alone(object));
    let judged = workload.kind().is_replicated() && !is_meant(number, autoscaler);
    if !judged || is_left_alone || is_taken_away(workload) {
        return Vec::new();
    }
    let healing = appliers.iter().find(|applier| applier.self_heals() && !applier.ignores_replicas_of(object));
    let hit = reset(field, number, autoscaler, healing);
    let edits = field.entry().and_then(remove).map(|edit| vec![edit]);
    let fix = Fix::new(Safety::Unsafe, "remove replicas (once, kubectl apply then goes down to 1)", edits);
    vec![hit.related(autoscaler.object().place(), "it scales").fix(fix)]
}

fn reset(field: Field<'_>, number: i64, autoscaler: Autoscaler<'_>, healing: Option<&Applier<'_>>) -> Hit {
    let (title, bounds) = (autoscaler.object().title(), autoscaler.bounds());
    let Some(applier) = healing else {
        let message = format!("replicas {number}: each apply sets it back, whatever {title} ({bounds}) made of it");
        return Hit::new("reset", field.place(), message);
    };
    let message = format!("replicas {number}: selfHeal of Argo CD sets it back whenever {title} ({bounds}) moves it");
    Hit::new("self-heal", field.place(), message).related(applier.object().place(), "selfHeal: true")
}

/// The autoscaler that moves it.
fn judged(workload: Workload<'_>) -> Option<Autoscaler<'_>> {
    workload.autoscalers().find(|autoscaler| autoscaler.is_judged() && autoscaler.means(workload))
}

/// Whether the number is what the autoscaler keeps to, or switches an HPA off.
fn is_meant(number: i64, autoscaler: Autoscaler<'_>) -> bool {
    let fixed = [autoscaler.min(), autoscaler.max()].iter().all(|bound| bound.value() == Some(number));
    fixed || (number == 0 && !autoscaler.is_keda())
}

/// Whether a patch takes the number away.
fn is_taken_away(workload: Workload<'_>) -> bool {
    let is_null = |patch: &Workload<'_>| {
        let replicas = patch.spec().get("replicas");
        replicas.entry().is_some() && !replicas.exists()
    };
    workload.patches().iter().any(is_null)
}
