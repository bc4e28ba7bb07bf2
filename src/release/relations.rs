//! Who selects, scales and guards whom, worked out once for all objects.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

use super::disruption::DisruptionBudget;
use super::scaling::Autoscaler;
use super::traffic::ingress::Ingress;
use super::traffic::service::Service;
use super::workload::Workload;
use super::{Object, ObjectId, Releases, Selector};

/// Edges between objects, by index.
#[derive(Debug, Default)]
pub(super) struct Relations {
    /// From a Service or a `PodDisruptionBudget` to the workloads it selects.
    selected: HashMap<ObjectId, Vec<ObjectId>>,
    /// From a workload to the Services and budgets that select it.
    selecting: HashMap<ObjectId, Vec<ObjectId>>,
    /// From a workload to the autoscalers that target it.
    scaling: HashMap<ObjectId, Vec<ObjectId>>,
    /// From an autoscaler to the workloads that it targets.
    scaled: HashMap<ObjectId, Arc<[ObjectId]>>,
    /// Services that an Ingress or a Gateway route sends to.
    routed_to: HashSet<ObjectId>,
}

/// No workload needs more Services and budgets to be judged by; a release in which all select
/// all must not fill the memory.
const MAX_SELECTING: usize = 64;
/// The same from the other side.
const MAX_SELECTED: usize = 128;

/// The complete workloads of each release that a deploy brings up, by one of their pod labels.
type Pods<'a> = HashMap<(usize, &'a str, &'a str), Vec<ObjectId>>;

/// What a selector of a release, directory and namespace selects.
type Known<'a> = HashMap<(usize, &'a str, Option<&'a str>, String), Rc<[ObjectId]>>;

impl Relations {
    pub(super) fn of<'a>(releases: &'a Releases<'a>) -> Self {
        let mut relations = Self::default();
        let workloads: Vec<_> = releases
            .objects()
            .iter()
            .filter_map(|object| releases.workload(object))
            .filter(|workload| workload.is_complete() && !workload.object().is_helm_test())
            .collect();
        let mut pods = Pods::new();
        let mut labels = HashMap::new();
        for workload in &workloads {
            let object = workload.object();
            for (key, value) in workload.labels() {
                pods.entry((object.release, key, value)).or_default().push(object.id);
            }
            labels.insert(object.id, workload.labels());
        }
        // Hundreds of Services may have one selector: what it selects is worked out once.
        let mut known = Known::new();
        let mut known_targets = HashMap::new();
        for object in releases.objects() {
            if let Some(selector) = pod_selector(releases, object) {
                let key = (object.release, object.directory(), releases.namespace_of(object), selector.to_string());
                let found = known
                    .entry(key)
                    .or_insert_with(|| select(releases, object, &selector, &pods, &labels, &workloads).into());
                for id in found.iter() {
                    let selecting = relations.selecting.entry(*id).or_default();
                    if selecting.len() < MAX_SELECTING {
                        selecting.push(object.id);
                    }
                }
                relations.selected.insert(object.id, found.iter().copied().take(MAX_SELECTED).collect());
            }
            relations.routed_to.extend(routes(releases, object));
            if let Some(autoscaler) = Autoscaler::of(releases, object) {
                let found = known_targets.entry(autoscaler.reference()).or_insert_with(|| targets(autoscaler));
                for target in found.iter() {
                    let scaling = relations.scaling.entry(*target).or_default();
                    if scaling.len() < MAX_SELECTING {
                        scaling.push(object.id);
                    }
                }
                relations.scaled.insert(object.id, Arc::clone(found));
            }
        }
        relations
    }
}

/// The workloads that an autoscaler targets; where many have the name, the first of them.
fn targets(autoscaler: Autoscaler<'_>) -> Arc<[ObjectId]> {
    autoscaler.resolve().into_iter().map(|target| target.id).take(MAX_SELECTED).collect()
}

/// The Services that an Ingress or a route of the Gateway API sends to.
fn routes<'a>(releases: &'a Releases<'a>, object: &'a Object<'a>) -> Vec<ObjectId> {
    let is_core = |service: &Object<'a>| service.group().is_empty();
    let find = |name| releases.find(object, "Service", name, is_core).into_iter().map(|service| service.id);
    if let Some(ingress) = Ingress::of(releases, object) {
        let names = ingress.backends().into_iter().filter_map(|backend| backend.service.string());
        return names.flat_map(find).collect();
    }
    if object.group() != "gateway.networking.k8s.io" || !object.kind.ends_with("Route") {
        return Vec::new();
    }
    let rules = object.field().at(&["spec", "rules"]).items();
    let backends = rules.flat_map(|rule| rule.get("backendRefs").items());
    let services = backends.filter(|backend| matches!(backend.get("kind").string(), None | Some("Service")));
    services.filter_map(|backend| backend.get("name").string()).flat_map(find).collect()
}

/// The selector with which an object selects pods for itself.
fn pod_selector<'a>(releases: &'a Releases<'a>, object: &'a Object<'a>) -> Option<Selector<'a>> {
    let service = Service::of(releases, object).and_then(|service| service.selector());
    service.or_else(|| DisruptionBudget::of(releases, object).and_then(|budget| budget.selector()))
}

fn select<'a>(
    releases: &Releases<'a>,
    object: &Object<'a>,
    selector: &Selector<'a>,
    pods: &Pods<'a>,
    labels: &HashMap<ObjectId, Vec<(&'a str, &'a str)>>,
    workloads: &[Workload<'a>],
) -> Vec<ObjectId> {
    releases.nearest(object, |release| {
        let matching = |id: &ObjectId| labels.get(id).is_some_and(|labels| selector.matches(labels));
        match selector.required_label() {
            Some((key, value)) => {
                let candidates = pods.get(&(release, key, value)).map(Vec::as_slice).unwrap_or_default();
                candidates.iter().copied().filter(matching).collect()
            }
            None => {
                let all = workloads.iter().map(|workload| workload.object()).filter(|object| object.release == release);
                all.map(|object| object.id).filter(matching).collect()
            }
        }
    })
}

impl<'a> Releases<'a> {
    fn related(&'a self, ids: Option<&'a Vec<ObjectId>>) -> impl Iterator<Item = &'a Object<'a>> + 'a {
        ids.into_iter().flatten().map(|id| &self.objects[*id])
    }

    /// The workloads whose pods an object selects.
    pub(super) fn selected_by(&'a self, object: &Object<'_>) -> impl Iterator<Item = Workload<'a>> + 'a {
        self.related(self.relations().selected.get(&object.id)).filter_map(|object| self.workload(object))
    }

    /// The Services and budgets that select a workload's pods.
    pub(super) fn selecting(&'a self, workload: &Object<'_>) -> impl Iterator<Item = &'a Object<'a>> + 'a {
        self.related(self.relations().selecting.get(&workload.id))
    }

    /// Whether an Ingress or a Gateway route sends to a Service.
    pub(super) fn is_routed_to(&'a self, service: &Object<'_>) -> bool {
        self.relations().routed_to.contains(&service.id)
    }

    /// The workloads that an autoscaler targets.
    pub(super) fn scaled_by(&'a self, autoscaler: &Object<'_>) -> impl Iterator<Item = &'a Object<'a>> + 'a {
        let ids = self.relations().scaled.get(&autoscaler.id);
        ids.into_iter().flat_map(|ids| ids.iter()).map(|id| &self.objects[*id])
    }

    /// The autoscalers that target a workload.
    pub(super) fn scaling(&'a self, workload: &Object<'_>) -> impl Iterator<Item = Autoscaler<'a>> + 'a {
        self.related(self.relations().scaling.get(&workload.id)).filter_map(|object| Autoscaler::of(self, object))
    }
}
