//! What moves the number of replicas: an HPA, or KEDA, which makes one.
//!
//! Source: Kubernetes `pkg/apis/autoscaling/v2/defaults.go`; KEDA
//! `apis/keda/v1alpha1/scaledobject_types.go`.

use crate::release::field::{Field, is_placeholder};
use crate::release::workload::Workload;
use crate::release::{Fact, Object, Releases, Scope};

/// The most replicas that KEDA takes for meant where no number is written.
pub const KEDA_MOST: i64 = 100;

/// Release, directory and namespace of what refers, kind and name of what it means.
pub(in crate::release) type Reference<'a> = (usize, &'a str, Option<&'a str>, Option<&'a str>, Option<&'a str>);

/// A `HorizontalPodAutoscaler` or a KEDA `ScaledObject`.
#[derive(Clone, Copy)]
pub struct Autoscaler<'a> {
    releases: &'a Releases<'a>,
    object: &'a Object<'a>,
}

impl<'a> Autoscaler<'a> {
    /// The view of an object as an autoscaler, if it is one.
    #[must_use]
    pub fn of(releases: &'a Releases<'a>, object: &'a Object<'a>) -> Option<Self> {
        let fits = matches!(
            (object.group(), object.kind),
            ("autoscaling", "HorizontalPodAutoscaler") | ("keda.sh", "ScaledObject")
        );
        fits.then_some(Self { releases, object })
    }

    /// The object.
    #[must_use]
    pub fn object(self) -> &'a Object<'a> {
        self.object
    }

    /// Whether it is KEDA's.
    #[must_use]
    pub fn is_keda(self) -> bool {
        self.object.kind == "ScaledObject"
    }

    /// The objects it was read with.
    #[must_use]
    pub fn releases(self) -> &'a Releases<'a> {
        self.releases
    }

    /// The `spec`.
    #[must_use]
    pub fn spec(self) -> Field<'a> {
        self.object.field().get("spec")
    }

    /// The fewest replicas: an HPA's default is 1, KEDA's is 0.
    #[must_use]
    pub fn min(self) -> Fact<i64> {
        if self.is_keda() {
            self.spec().get("minReplicaCount").integer_or(0)
        } else {
            self.spec().get("minReplicas").integer_or(1)
        }
    }

    /// The most replicas. Nobody means KEDA's default of 100 as a size, so an unwritten
    /// maximum is unknown.
    #[must_use]
    pub fn max(self) -> Fact<i64> {
        let field = self.spec().get(if self.is_keda() { "maxReplicaCount" } else { "maxReplicas" });
        if field.exists() { field.integer_or(0) } else { Fact::unknown("is not written", field.place()) }
    }

    /// `2 to 10`, with KEDA's default maximum where none is written.
    #[must_use]
    pub fn bounds(self) -> String {
        let max = match self.max() {
            Fact::Unknown { .. } if self.is_keda() && !self.spec().get("maxReplicaCount").exists() => {
                format!("{KEDA_MOST} (default)")
            }
            max => max.to_string(),
        };
        format!("{} to {max}", self.min())
    }

    /// The kind that it names as its target; KEDA's default is a Deployment.
    #[must_use]
    pub fn target_kind(self) -> Option<&'a str> {
        let kind = self.spec().at(&["scaleTargetRef", "kind"]);
        kind.string().or((self.is_keda() && !kind.exists()).then_some("Deployment"))
    }

    /// The name of its target, where it can be told.
    #[must_use]
    pub fn target_name(self) -> Option<&'a str> {
        let name = self.spec().at(&["scaleTargetRef", "name"]);
        name.string().filter(|_| !name.node().is_some_and(is_placeholder))
    }

    /// `Deployment web`
    #[must_use]
    pub fn target_title(self) -> Option<String> {
        Some(format!("{} {}", self.target_kind()?, self.target_name()?))
    }

    /// What its target is found by, and from where. What is equal in all of it has the same.
    pub(in crate::release) fn reference(self) -> Reference<'a> {
        let namespace = self.releases.namespace_of(self.object);
        (self.object.release, self.object.directory(), namespace, self.target_kind(), self.target_name())
    }

    /// The workloads that have the name of its target, looked up.
    pub(in crate::release) fn resolve(self) -> Vec<&'a Object<'a>> {
        let complete = |object: &Object<'a>| !object.is_patch && object.root().at(&["spec", "template"]).is_some();
        match (self.target_kind(), self.target_name()) {
            (Some(kind), Some(name)) => self.releases.find(self.object, kind, name, complete),
            _ => Vec::new(),
        }
    }

    /// The workloads that it scales: several where equally near ones have the name.
    pub fn targets(self) -> impl Iterator<Item = &'a Object<'a>> + 'a {
        self.releases.scaled_by(self.object)
    }

    /// The same as views; only whole ones.
    pub fn workloads(self) -> impl Iterator<Item = Workload<'a>> + 'a {
        self.targets().filter_map(move |object| self.releases.workload(object)).filter(Workload::is_complete)
    }

    /// Whether it is written as a whole, to be applied: it names a target, is no patch, and was
    /// not read out of a cluster, for then nobody knows what stood beside it there.
    #[must_use]
    pub fn is_judged(self) -> bool {
        let has_status =
            self.object.field().get("status").node().is_some_and(|status| status.entries().next().is_some());
        !self.object.is_patch && !has_status && self.spec().at(&["scaleTargetRef", "name"]).exists()
    }

    /// Whether a workload that it targets is the one that it means: it is the only one that
    /// fits, or they share more than the root of the tree.
    #[must_use]
    pub fn means(self, workload: Workload<'_>) -> bool {
        let closed = self.releases.release_of(self.object).scope == Scope::Closed;
        let is_near = || first_folder(self.object) == first_folder(workload.object());
        closed || is_near() || self.targets().nth(1).is_none()
    }

    /// Whether KEDA takes the last Pod away when nothing is to do. Without another trigger than
    /// CPU and memory it refuses to.
    #[must_use]
    pub fn scales_to_zero(self) -> bool {
        let idle = self.spec().get("idleReplicaCount").integer_or(1).value() == Some(0);
        let woken = self.metrics().iter().any(|metric| !metric.is_of_pods());
        self.is_keda() && woken && (idle || self.min().value() == Some(0))
    }
}

fn first_folder<'o>(object: &Object<'o>) -> Option<&'o str> {
    object.path.split_once('/').map(|(first, _)| first)
}
