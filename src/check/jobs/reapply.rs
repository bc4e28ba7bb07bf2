//! Jobs that GitOps applies again and again.

use crate::check::{Hit, Params};
use crate::release::{Orchestrator, Workload};

/// The next release cannot change the Job that is there.
pub(super) fn immutable(workload: Workload<'_>, _: &Params) -> Vec<Hit> {
    let Some(change) = workload.template_change() else { return Vec::new() };
    let tool = match workload.releases().orchestrator_of(workload.object()) {
        Some(Orchestrator::Argo) => "Argo CD",
        Some(Orchestrator::Flux) => "Flux",
        _ => return Vec::new(),
    };
    // A Job that is gone by then is created anew.
    if workload.job_ttl().is_some() || workload.is_replaced_by_force() {
        return Vec::new();
    }
    let name = workload.object().name.unwrap_or_default();
    let message = format!(
        "Job {name} is there when the next release changes {}, and \"field is immutable\" ends the sync of {tool}",
        change.what
    );
    let hit = Hit::only(change.field.place(), message);
    let hit = change
        .shared_with
        .into_iter()
        .fold(hit, |hit, app| hit.related(app.place(), format!("{} changes with it", app.title())));
    let help = match tool {
        "Argo CD" => "make it a hook (argocd.argoproj.io/hook), or give it the sync options Replace=true,Force=true",
        _ => "annotate it with kustomize.toolkit.fluxcd.io/force: enabled, or put the version into its name",
    };
    vec![hit.help(help)]
}

/// A Job that deletes itself comes back and runs again.
pub(super) fn ttl(workload: Workload<'_>, _: &Params) -> Vec<Hit> {
    let ttl = workload.job_ttl().filter(|_| workload.is_plain_job());
    let (Some(ttl), Some(applier)) = (ttl, workload.recreated_by()) else { return Vec::new() };
    let tool = if applier.is_argo() { "Argo CD" } else { "Flux" };
    let when = match (applier.is_argo(), applier.self_heals()) {
        (true, false) => "with the next commit",
        (true, true) => "at once, as selfHeal is on",
        (false, _) => "at its next interval",
    };
    let seconds = ttl.in_seconds();
    let message = format!(
        "ttlSecondsAfterFinished {seconds}: once the Job is deleted, {tool} creates it again {when}, and it runs again"
    );
    vec![Hit::only(ttl.span(), message).related(applier.object().place(), "it syncs by itself")]
}
