//! What stands around autoscalers, worked out once for all objects.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::release::runtime::celery::QueueWorkers;
use crate::release::scaling::autoscaler::Autoscaler;
use crate::release::{Object, ObjectId, Releases, Scope, Workload, kustomize};

/// What is applied together: a release, within it a directory of the tree, and a namespace.
type Together<'a> = (usize, &'a str, Option<&'a str>);

/// What an autoscaler names, and the release and the region that it stands in.
type Target<'a> = (usize, &'a str, &'a str, &'a str);

/// In place of a directory: the whole release.
const EVERYWHERE: &str = "*";

/// What stands around autoscalers.
#[derive(Debug, Default)]
pub(in crate::release) struct Scalings {
    /// The autoscalers of each target, by release, region, kind and name.
    of_target: HashMap<(usize, String, String, String), Vec<ObjectId>>,
    /// The resources for which a `LimitRange` has a default, and the namespaces of those.
    limited: HashMap<String, HashSet<Option<String>>>,
    /// The kinds and names of what a `VerticalPodAutoscaler` sets requests of.
    sized: HashSet<(String, String)>,
    /// An object that shows that Karpenter makes the nodes, for each release and directory.
    karpenter: HashMap<(usize, String), ObjectId>,
    /// The files that kustomizations name as resources.
    kustomized: HashSet<String>,
    /// The workers of Celery.
    workers: HashMap<(usize, String, Option<String>), QueueWorkers>,
}

impl Scalings {
    pub(in crate::release) fn of<'a>(releases: &'a Releases<'a>) -> Self {
        let mut found = Self::default();
        for object in releases.objects().iter().filter(|object| !object.is_patch) {
            let target = Autoscaler::of(releases, object).and_then(|autoscaler| target(releases, autoscaler));
            if let Some((release, region, kind, name)) = target {
                let key = (release, region.to_string(), kind.to_string(), name.to_string());
                found.of_target.entry(key).or_default().push(object.id);
            }
            for resource in defaults(object) {
                let namespace = releases.namespace_of(object).map(str::to_string);
                found.limited.entry(resource.to_string()).or_default().insert(namespace);
            }
            found.sized.extend(sized(object));
            if object.is_kustomization() {
                found.kustomized.extend(kustomize::resources(object.path, object.root()));
            }
            found.add_worker(releases, object);
            if let Some(region) = karpenter(releases, object) {
                found.karpenter.entry((object.release, region.to_string())).or_insert(object.id);
            }
        }
        found
    }

    fn add_worker<'a>(&mut self, releases: &'a Releases<'a>, object: &'a Object<'a>) {
        let Some(workload) = releases.workload(object).filter(Workload::is_complete) else { return };
        let queues = workload.worker_queues();
        if let Some(queues) = queues.filter(|_| workload.is_long_running()) {
            let (release, region, namespace) = together(releases, object);
            let key = (release, region.to_string(), namespace.map(str::to_string));
            self.workers.entry(key).or_default().add(queues);
        }
    }
}

fn together<'a>(releases: &'a Releases<'_>, object: &'a Object<'_>) -> Together<'a> {
    (object.release, releases.region_of(object), releases.namespace_of(object))
}

fn target<'a>(releases: &Releases<'_>, autoscaler: Autoscaler<'a>) -> Option<Target<'a>> {
    let object = autoscaler.object();
    Some((object.release, releases.region_of(object), autoscaler.target_kind()?, autoscaler.target_name()?))
}

/// The resources that a `LimitRange` gives to containers without their own: a limit is a default
/// where none is written.
fn defaults<'a>(object: &Object<'a>) -> BTreeSet<&'a str> {
    if object.kind != "LimitRange" || !object.group().is_empty() {
        return BTreeSet::new();
    }
    let limits = object.field().at(&["spec", "limits"]).items();
    let maps = limits.flat_map(|limit| ["default", "defaultRequest", "max", "min"].map(|key| limit.get(key)));
    let entries = maps.filter_map(|map| map.node()).flat_map(|map| map.entries());
    entries.filter_map(|entry| entry.key.text()).collect()
}

fn sized(object: &Object<'_>) -> Option<(String, String)> {
    let spec = object.field().get("spec");
    let is_on = spec.at(&["updatePolicy", "updateMode"]).string() != Some("Off");
    let target = spec.get("targetRef");
    let is_vertical = object.group() == "autoscaling.k8s.io" && object.kind == "VerticalPodAutoscaler";
    (is_vertical && is_on).then_some(())?;
    Some((target.get("kind").string()?.to_string(), target.get("name").string()?.to_string()))
}

/// Where an object shows that Karpenter makes the nodes: all of its release for a pool of nodes,
/// else what is applied together with a workload that names a label or an annotation of it.
fn karpenter<'o>(releases: &Releases<'_>, object: &Object<'o>) -> Option<&'o str> {
    if object.group() == "karpenter.sh" && matches!(object.kind, "NodePool" | "Provisioner") {
        return Some(EVERYWHERE);
    }
    let workload = Workload::of(releases, object)?;
    let maps = [workload.pod_spec().get("nodeSelector"), workload.pod_metadata().get("annotations")];
    let mut entries = maps.iter().filter_map(|map| map.node()).flat_map(|map| map.entries());
    let names = entries.any(|entry| entry.key.text().is_some_and(|key| key.starts_with("karpenter.sh/")));
    names.then(|| releases.region_of(object))
}

impl<'a> Releases<'a> {
    /// An object in reach that shows that Karpenter makes the nodes.
    #[must_use]
    pub fn karpenter_for(&'a self, object: &Object<'_>) -> Option<&'a Object<'a>> {
        let known = &self.scalings().karpenter;
        let at = |release: usize, region: &str| known.get(&(release, region.to_string()));
        let open = (0..self.releases().len()).filter(|release| self.releases()[*release].scope == Scope::Open);
        let own = at(object.release, self.region_of(object)).or_else(|| at(object.release, EVERYWHERE));
        own.or_else(|| open.into_iter().find_map(|release| at(release, EVERYWHERE))).map(|id| &self.objects()[*id])
    }

    /// The autoscalers with the same target that are applied together, in the order of the
    /// input.
    pub(super) fn scaling_the_same(&'a self, autoscaler: Autoscaler<'a>) -> impl Iterator<Item = Autoscaler<'a>> + 'a {
        let key = target(self, autoscaler)
            .map(|(release, region, kind, name)| (release, region.to_string(), kind.to_string(), name.to_string()));
        let ids = key.and_then(|key| self.scalings().of_target.get(&key));
        ids.into_iter().flatten().filter_map(|id| Autoscaler::of(self, &self.objects()[*id]))
    }

    /// Whether something in reach may give the containers of a workload a request that they do
    /// not write.
    #[must_use]
    pub fn is_resource_defaulted(&'a self, workload: &Object<'_>, resource: &str) -> bool {
        let scalings = self.scalings();
        let name = workload.name.unwrap_or_default().to_string();
        let namespace = self.namespace_of(workload).map(str::to_string);
        let limited = scalings.limited.get(resource);
        limited.is_some_and(|all| namespace.is_none() || all.contains(&None) || all.contains(&namespace))
            || scalings.sized.contains(&(workload.kind.to_string(), name))
    }

    /// Whether a kustomization names a file as a resource.
    #[must_use]
    pub fn is_kustomized(&'a self, path: &str) -> bool {
        self.scalings().kustomized.contains(path)
    }

    /// The workers of Celery that are applied together with an object.
    #[must_use]
    pub fn workers_beside(&'a self, object: &Object<'_>) -> Option<&'a QueueWorkers> {
        let (release, region, namespace) = together(self, object);
        self.scalings().workers.get(&(release, region.to_string(), namespace.map(str::to_string)))
    }
}
