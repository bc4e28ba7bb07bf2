//! A number of replicas beside an autoscaler.

use crate::check::edit::{Fix, Safety, remove};
use crate::check::{Hit, Params};
use crate::release::{Autoscaler, Workload};

/// Each apply undoes what the autoscaler did.
pub(super) fn with_autoscaler(workload: Workload<'_>, _: &Params) -> Vec<Hit> {
    let field = workload.spec().get("replicas");
    let written = field.integer_or(1).value().filter(|_| field.exists());
    let (Some(number), Some(autoscaler)) = (written, judged(workload)) else { return Vec::new() };
    if !workload.kind().is_replicated() || is_meant(number, autoscaler) || is_taken_away(workload) {
        return Vec::new();
    }
    let (title, bounds) = (autoscaler.object().title(), autoscaler.bounds());
    let appliers = workload.releases().appliers_of(workload.object());
    let ignoring = |respects: bool| {
        let ignores =
            |applier: &&_| crate::release::deploy::applier::Applier::ignores_replicas_of(**applier, workload.object());
        appliers
            .iter()
            .filter(ignores)
            .any(|applier| !respects || applier.has_sync_option("RespectIgnoreDifferences=true"))
    };
    if ignoring(true) {
        return Vec::new();
    }
    let healing = appliers.iter().find(|applier| applier.self_heals()).filter(|_| !ignoring(false));
    let hit = match healing {
        Some(applier) => {
            let message =
                format!("replicas {number}: selfHeal of Argo CD sets it back whenever {title} ({bounds}) moves it");
            Hit::new("self-heal", field.place(), message).related(applier.object().place(), "selfHeal: true")
        }
        None => {
            let message = format!("replicas {number}: each apply sets it back, whatever {title} ({bounds}) made of it");
            Hit::new("reset", field.place(), message)
        }
    };
    let edits = field.entry().and_then(remove).map(|edit| vec![edit]);
    let fix = Fix::new(Safety::Unsafe, "remove replicas (once, kubectl apply then goes down to 1)", edits);
    vec![hit.related(autoscaler.object().place(), "it scales").fix(fix)]
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
