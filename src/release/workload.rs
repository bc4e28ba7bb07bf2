//! Workloads: whatever makes Pods.

use std::fmt;

use super::fact::Fact;
use super::field::Field;
use super::rollout::RollingUpdate;
use super::scaling::{Autoscaler, Replicas};
use super::selector::{Labels, Selector};
use super::{Object, Releases, kustomize};

/// More objects of one name need not be looked through for patches.
const MOST_NAMED: usize = 256;

/// The kinds of workload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WorkloadKind {
    /// `apps` Deployment.
    Deployment,
    /// `apps` StatefulSet.
    StatefulSet,
    /// `apps` DaemonSet.
    DaemonSet,
    /// `apps` ReplicaSet, or a core ReplicationController.
    ReplicaSet,
    /// Argo Rollouts' Rollout.
    Rollout,
    /// A bare Pod.
    Pod,
    /// `batch` Job.
    Job,
    /// `batch` CronJob.
    CronJob,
}

impl WorkloadKind {
    fn of(group: &str, kind: &str) -> Option<Self> {
        Some(match (group, kind) {
            ("apps" | "extensions", "Deployment") => Self::Deployment,
            ("apps", "StatefulSet") => Self::StatefulSet,
            ("apps" | "extensions", "DaemonSet") => Self::DaemonSet,
            ("apps" | "extensions", "ReplicaSet") | ("", "ReplicationController") => Self::ReplicaSet,
            ("argoproj.io", "Rollout") => Self::Rollout,
            ("", "Pod") => Self::Pod,
            ("batch", "Job") => Self::Job,
            ("batch", "CronJob") => Self::CronJob,
            _ => return None,
        })
    }

    /// Whether its Pods are meant to end: no probe, rollout or shutdown rule applies.
    #[must_use]
    pub fn finishes(self) -> bool {
        matches!(self, Self::Job | Self::CronJob)
    }

    /// Whether a deploy replaces its Pods by new ones.
    #[must_use]
    pub fn rolls_out(self) -> bool {
        matches!(self, Self::Deployment | Self::StatefulSet | Self::DaemonSet | Self::Rollout)
    }

    /// Whether it has a number of replicas.
    #[must_use]
    pub fn is_replicated(self) -> bool {
        matches!(self, Self::Deployment | Self::StatefulSet | Self::ReplicaSet | Self::Rollout)
    }
}

impl fmt::Display for WorkloadKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// An object that makes Pods.
#[derive(Clone, Copy)]
pub struct Workload<'a> {
    releases: &'a Releases<'a>,
    object: &'a Object<'a>,
    kind: WorkloadKind,
}

impl<'a> Workload<'a> {
    /// The view of an object as a workload, if it is one.
    #[must_use]
    pub fn of(releases: &'a Releases<'a>, object: &'a Object<'a>) -> Option<Self> {
        WorkloadKind::of(object.group(), object.kind).map(|kind| Self { releases, object, kind })
    }

    /// The object.
    #[must_use]
    pub fn object(self) -> &'a Object<'a> {
        self.object
    }

    /// The objects it was read with.
    #[must_use]
    pub fn releases(self) -> &'a Releases<'a> {
        self.releases
    }

    /// The kind.
    #[must_use]
    pub fn kind(self) -> WorkloadKind {
        self.kind
    }

    /// The `spec`.
    #[must_use]
    pub fn spec(self) -> Field<'a> {
        self.object.field().get("spec")
    }

    /// The pod template; a Pod is its own.
    #[must_use]
    pub fn template(self) -> Field<'a> {
        match self.kind {
            WorkloadKind::Pod => self.object.field(),
            WorkloadKind::CronJob => self.spec().at(&["jobTemplate", "spec", "template"]),
            _ => self.spec().get("template"),
        }
    }

    /// The pod template's `metadata`.
    #[must_use]
    pub fn pod_metadata(self) -> Field<'a> {
        self.template().get("metadata")
    }

    /// The pod template's `spec`.
    #[must_use]
    pub fn pod_spec(self) -> Field<'a> {
        self.template().get("spec")
    }

    /// The labels of its Pods.
    #[must_use]
    pub fn labels(self) -> Labels<'a> {
        self.pod_metadata().get("labels").node().into_iter().flat_map(|labels| labels.strings()).collect()
    }

    /// Whether it is a whole object. A Kustomize patch or a fragment is not, and is never
    /// judged for what it leaves out: it is one that a kustomization names as a patch, one
    /// without containers, one with a container that has no image, or one without selector
    /// and labels that stands where patches stand.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        let mut containers = self.pod_spec().get("containers").items().peekable();
        let ties_no_pods = self.kind.rolls_out() && !self.spec().get("selector").exists() && self.labels().is_empty();
        let is_patch = self.object.is_patch || (ties_no_pods && kustomize::stands_among_patches(self.object.path));
        !is_patch && containers.peek().is_some() && containers.all(|container| container.get("image").exists())
    }

    /// The fragments elsewhere in its scope that a kustomization may lay over it: of its kind
    /// and name, and not whole.
    #[must_use]
    pub fn patches(self) -> Vec<Workload<'a>> {
        let Some(name) = self.object.name else { return Vec::new() };
        let named = self.releases.named(self.object.release, self.object.kind, name).take(MOST_NAMED);
        named.filter_map(|object| self.releases.workload(object)).filter(|workload| !workload.is_complete()).collect()
    }

    /// The selector that ties it to its Pods.
    #[must_use]
    pub fn selector(self) -> Option<Selector<'a>> {
        let field = self.spec().get("selector");
        let selector = if self.object.kind == "ReplicationController" {
            Selector::of_map(field)
        } else {
            Selector::of_label_selector(field)
        };
        field.exists().then_some(selector)
    }

    /// Its replicas, or the interval in which an autoscaler moves them.
    #[must_use]
    pub fn replicas(self) -> Replicas<'a> {
        match self.autoscalers().next() {
            Some(autoscaler) => Replicas::scaled(autoscaler),
            None => Replicas::fixed(self.spec().get("replicas")),
        }
    }

    /// The autoscalers that target it.
    pub fn autoscalers(self) -> impl Iterator<Item = Autoscaler<'a>> + 'a {
        self.releases.scaling(self.object)
    }

    /// The type of a Deployment's strategy, `RollingUpdate` by default; of an update
    /// strategy for a StatefulSet or a DaemonSet.
    #[must_use]
    pub fn strategy_type(self) -> Fact<&'a str> {
        self.strategy().get("type").string_or("RollingUpdate")
    }

    /// The `strategy` or `updateStrategy`.
    #[must_use]
    pub fn strategy(self) -> Field<'a> {
        let key = match self.kind {
            WorkloadKind::StatefulSet | WorkloadKind::DaemonSet => "updateStrategy",
            _ => "strategy",
        };
        self.spec().get(key)
    }

    /// The rolling update with a surge that a deploy makes: of a Deployment, or of an Argo
    /// Rollout's canary. A canary with traffic routing keeps its old Pods and has none.
    #[must_use]
    pub fn rolling_update(self) -> Option<RollingUpdate<'a>> {
        match self.kind {
            WorkloadKind::Deployment if self.strategy_type().value() == Some("RollingUpdate") => {
                Some(RollingUpdate::read(self.strategy().get("rollingUpdate")))
            }
            WorkloadKind::Rollout => {
                let canary = self.strategy().get("canary");
                let plain = canary.entry().is_some() && !canary.get("trafficRouting").exists();
                plain.then(|| RollingUpdate::read(canary))
            }
            _ => None,
        }
    }

    /// Seconds that a new Pod must stay ready before it counts as available.
    #[must_use]
    pub fn min_ready_seconds(self) -> Fact<i64> {
        self.spec().get("minReadySeconds").integer_or(0)
    }

    /// Seconds after which a rollout without progress is reported as failed.
    #[must_use]
    pub fn progress_deadline(self) -> Fact<i64> {
        self.spec().get("progressDeadlineSeconds").integer_or(600)
    }
}
