//! What happens when a deploy applies a Job that is there already.
//!
//! Source: Kubernetes `pkg/apis/batch/validation/validation.go`: the pod template of a Job never
//! changes. `pkg/controller/ttlafterfinished`: a finished Job is deleted after its time. Argo CD
//! and Flux create again what is not there.

use crate::release::config::name::is_versioned;
use crate::release::deploy::applier::Applier;
use crate::release::pod::image::ImageName;
use crate::release::{Fact, Field, Object, Orchestrator, Workload};

/// What changes in a pod template from one release to the next.
#[derive(Clone, Copy)]
pub struct Change<'a> {
    /// The image, or a label.
    pub field: Field<'a>,
    /// What it is: `the image shop/web:1.4.2`.
    pub what: &'static str,
    /// The workload that shares it.
    pub shared_with: Option<&'a Object<'a>>,
}

impl<'a> Workload<'a> {
    /// What a release changes in the pod template of a plain Job with a fixed name: the image
    /// that an app of the same deploy runs, too, or a label with the chart's version.
    #[must_use]
    pub fn template_change(self) -> Option<Change<'a>> {
        let fixed = self.object().name.is_some_and(|name| !is_versioned(name));
        if !self.is_plain_job() || !fixed {
            return None;
        }
        let labels = self.pod_metadata().get("labels");
        let by_label = ["helm.sh/chart", "app.kubernetes.io/version"].into_iter().map(|key| labels.get(key));
        let by_label = by_label.filter(|field| field.exists());
        let by_label = by_label.map(|field| Change { field, what: "this label", shared_with: None }).next();
        self.released_image().or(by_label)
    }

    /// The image that changes with each release: it has a version, and an app runs it, too.
    fn released_image(self) -> Option<Change<'a>> {
        self.containers().into_iter().filter(|container| !container.is_database()).find_map(|container| {
            let field = container.field().get("image");
            let name = ImageName::parse(field.string()?)?;
            let versioned =
                name.digest.is_some() || name.tag.is_some_and(|tag| tag.contains(|c: char| c.is_ascii_digit()));
            let app = self.releases().app_that_runs(self.object(), name.repository).filter(|_| versioned)?;
            Some(Change { field, what: "this image", shared_with: Some(app) })
        })
    }

    /// Seconds after which a Job that has ended is deleted, where that is written.
    #[must_use]
    pub fn job_ttl(self) -> Option<Fact<i64>> {
        let field = self.job_spec()?.get("ttlSecondsAfterFinished");
        field.exists().then(|| field.integer_or(0))
    }

    /// Whether Argo CD or Flux is told to delete and create what it cannot change.
    #[must_use]
    pub fn is_replaced_by_force(self) -> bool {
        let object = self.object();
        let appliers = self.releases().appliers_of(object);
        match self.releases().orchestrator_of(object) {
            Some(Orchestrator::Argo) => ["Replace=true", "Force=true"].iter().all(|option| {
                has_option(object, option) || appliers.iter().any(|applier| applier.has_sync_option(option))
            }),
            Some(Orchestrator::Flux) => {
                let key = "kustomize.toolkit.fluxcd.io/";
                let told = |name: &str, word: &str| {
                    object.annotation(&format!("{key}{name}")).is_some_and(|value| value.eq_ignore_ascii_case(word))
                };
                let forced = told("force", "enabled") || told("ssa", "ignore") || told("ssa", "ifnotpresent");
                forced || told("reconcile", "disabled") || appliers.iter().any(|applier| applier.forces())
            }
            _ => false,
        }
    }

    /// The tool that creates it again, without anybody asking, once it is gone.
    #[must_use]
    pub fn recreated_by(self) -> Option<Applier<'a>> {
        let appliers = self.releases().appliers_of(self.object());
        appliers.into_iter().find(|applier| applier.syncs_by_itself())
    }
}

/// Whether an object has an option of Argo CD's for itself.
fn has_option(object: &Object<'_>, option: &str) -> bool {
    let options = object.annotation("argocd.argoproj.io/sync-options");
    options.is_some_and(|options| options.split(',').any(|known| known.trim() == option))
}
