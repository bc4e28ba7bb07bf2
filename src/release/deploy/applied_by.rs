//! Who applies what, by the nearest evidence.

use std::collections::HashMap;

use crate::release::deploy::applier::Applier;
use crate::release::deploy::hook::HELM_HOOK;
use crate::release::orchestrator::Orchestrator;
use crate::release::region::regions_of;
use crate::release::{Field, Object, ObjectId, Releases, Scope};

/// What the objects of a closed scope themselves tell.
pub(in crate::release) fn detect(objects: &[Object<'_>]) -> Option<Orchestrator> {
    objects.iter().filter_map(evidence).min_by_key(|told| told.rank).map(|told| told.tool)
}

/// More objects than these need not point at one directory for it to be judged.
const MOST_POINTING: usize = 16;

/// What an object tells of who applies it.
#[derive(Clone, Copy, Debug)]
struct Told {
    tool: Orchestrator,
    /// Of several the lowest counts.
    rank: u8,
}

/// What an object itself tells: a hook, a wave or a mark of Argo CD's comes first, as it
/// applies charts, too. Its options (`sync-options` and the like) tell less than helm's marks:
/// charts carry them for those of their users who have Argo CD.
fn evidence(object: &Object<'_>) -> Option<Told> {
    let argo = || object.annotations().filter_map(|(key, _)| key.strip_prefix("argocd.argoproj.io/"));
    if argo().any(|key| !key.ends_with("-options") && !key.starts_with("ignore-")) {
        return Some(Told { tool: Orchestrator::Argo, rank: 0 });
    }
    let helm = object.label("helm.sh/chart").is_some()
        || object.label("app.kubernetes.io/managed-by") == Some("Helm")
        || object.annotation(HELM_HOOK).is_some()
        || object.template().is_some();
    if helm {
        return Some(Told { tool: Orchestrator::Helm, rank: 1 });
    }
    argo().next().map(|_| Told { tool: Orchestrator::Argo, rank: 2 })
}

/// Who applies which part of the directory tree. Worked out once.
#[derive(Debug, Default)]
pub(in crate::release) struct Orchestrators {
    /// By the directory that it points at, an Argo CD Application or a Flux Kustomization: several
    /// where they do for several clusters.
    pointed_at: HashMap<String, Vec<(Orchestrator, ObjectId)>>,
    /// By release and directory: what the objects in it and below tell.
    told: HashMap<(usize, String), Told>,
}

impl Orchestrators {
    pub(in crate::release) fn of(releases: &Releases<'_>) -> Self {
        let mut found = Self::default();
        for object in releases.objects() {
            for (directory, tool) in pointers(object) {
                let pointing = found.pointed_at.entry(directory.to_string()).or_default();
                if pointing.len() < MOST_POINTING {
                    pointing.push((tool, object.id));
                }
            }
            let Some(told) = evidence(object) else { continue };
            for directory in regions_of(releases, object) {
                let known = found.told.entry((object.release, directory.to_string())).or_insert(told);
                if told.rank < known.rank {
                    *known = told;
                }
            }
        }
        found
    }
}

/// The directories that an object has another tool apply.
fn pointers<'a>(object: &Object<'a>) -> Vec<(&'a str, Orchestrator)> {
    let spec = object.field().get("spec");
    let (paths, tool) = match (object.group(), object.kind) {
        ("argoproj.io", "Application") => {
            let sources = spec.get("sources").items().chain([spec.get("source")]);
            (sources.map(|source| source.get("path")).collect(), Orchestrator::Argo)
        }
        ("kustomize.toolkit.fluxcd.io", "Kustomization") => (vec![spec.get("path")], Orchestrator::Flux),
        _ => (Vec::new(), Orchestrator::Kubectl),
    };
    let paths = paths.into_iter().filter_map(Field::string).map(|path| path.trim_start_matches("./").trim_matches('/'));
    paths.filter(|path| !matches!(*path, "" | ".")).map(|path| (path, tool)).collect()
}

impl<'a> Releases<'a> {
    /// Who applies an object. For a closed scope that is one for all of its objects; in the
    /// directory tree the nearest evidence counts: what the object itself tells, then what
    /// points at a directory above it, then what stands in its directory and below.
    #[must_use]
    pub fn orchestrator_of(&'a self, object: &Object<'_>) -> Option<Orchestrator> {
        let release = self.release_of(object);
        if release.scope == Scope::Closed {
            return release.orchestrator;
        }
        let known = self.orchestrators();
        let pointed_at = || self.pointing_at(object).last().map(|(tool, _)| *tool);
        let told = || known.told.get(&(object.release, object.directory().to_string())).map(|told| told.tool);
        evidence(object).map(|told| told.tool).or_else(pointed_at).or_else(told)
    }

    /// The Applications of Argo CD and the Kustomizations of Flux that apply an object: those
    /// that point at the nearest directory above it.
    #[must_use]
    pub fn appliers_of(&'a self, object: &Object<'_>) -> Vec<Applier<'a>> {
        self.pointing_at(object).iter().map(|(_, id)| Applier::new(&self.objects()[*id])).collect()
    }

    fn pointing_at(&'a self, object: &Object<'_>) -> &'a [(Orchestrator, ObjectId)] {
        let known = &self.orchestrators().pointed_at;
        // A file of a closed scope has a place in the tree, too.
        let mut directory = Some(object.directory()).filter(|directory| !directory.is_empty());
        while let Some(name) = directory {
            if let Some(pointing) = known.get(name) {
                return pointing;
            }
            directory = name.rsplit_once('/').map(|(above, _)| above);
        }
        &[]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release::manifests::read;

    /// Who applies each of the objects.
    fn appliers(scope: Scope, objects: &[(&str, &str)]) -> Vec<Option<Orchestrator>> {
        read(scope, objects, |releases| {
            releases.objects().iter().map(|object| releases.orchestrator_of(object)).collect()
        })
    }

    const PLAIN: &str = "{apiVersion: v1, kind: Service}";
    const HELM: &str = "{apiVersion: v1, kind: Service, metadata: {labels: {helm.sh/chart: web-1}}}";
    const WAVE: &str =
        "{apiVersion: v1, kind: Service, metadata: {annotations: {argocd.argoproj.io/sync-wave: \"1\"}}}";

    #[test]
    fn a_closed_scope_has_one() {
        use Orchestrator::{Argo, Helm};
        assert_eq!(appliers(Scope::Closed, &[("a", PLAIN), ("a", HELM)]), [Some(Helm), Some(Helm)]);
        assert_eq!(appliers(Scope::Closed, &[("a", WAVE), ("a", HELM)]), [Some(Argo), Some(Argo)]);
        assert_eq!(appliers(Scope::Closed, &[("a", PLAIN)]), [None]);
        let options = WAVE.replace("sync-wave", "sync-options");
        assert_eq!(appliers(Scope::Closed, &[("a", &options), ("a", HELM)]), [Some(Helm), Some(Helm)]);
        assert_eq!(appliers(Scope::Closed, &[("a", &options)]), [Some(Argo)]);
        let source = "# Source: web/templates/web.yaml\napiVersion: v1\nkind: Service\n";
        assert_eq!(appliers(Scope::Closed, &[("a", source)]), [Some(Helm)]);
    }

    #[test]
    fn the_nearest_evidence_counts_in_the_tree() {
        use Orchestrator::{Argo, Flux, Helm};
        let tree = [("a/x.yaml", PLAIN), ("a/b/x.yaml", HELM), ("c/x.yaml", WAVE), ("d/x.yaml", PLAIN)];
        assert_eq!(appliers(Scope::Open, &tree), [Some(Helm), Some(Helm), Some(Argo), None]);
        let argo = "{apiVersion: argoproj.io/v1alpha1, kind: Application, spec: {source: {path: apps/web}}}";
        let flux = "{apiVersion: kustomize.toolkit.fluxcd.io/v1, kind: Kustomization, spec: {path: ./apps}}";
        let tree = [("x.yaml", argo), ("y.yaml", flux), ("apps/web/z/x.yaml", PLAIN), ("apps/api/x.yaml", PLAIN)];
        assert_eq!(appliers(Scope::Open, &tree), [None, None, Some(Argo), Some(Flux)]);
    }
}
