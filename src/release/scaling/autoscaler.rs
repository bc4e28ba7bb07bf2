//! What moves the number of replicas: an HPA, or KEDA, which makes one.
//!
//! Source: Kubernetes `pkg/apis/autoscaling/v2/defaults.go`; KEDA
//! `apis/keda/v1alpha1/scaledobject_types.go`.

use crate::release::field::{Field, is_placeholder};
use crate::release::workload::Workload;
use crate::release::{Fact, Object, Releases};

/// The most replicas that KEDA takes for meant where no number is written.
pub const KEDA_MOST: i64 = 100;

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

    /// The workloads that it scales: several where equally near ones have the name.
    #[must_use]
    pub fn targets(self) -> Vec<&'a Object<'a>> {
        match (self.target_kind(), self.target_name()) {
            (Some(kind), Some(name)) => {
                let complete =
                    |object: &Object<'a>| !object.is_patch && object.root().at(&["spec", "template"]).is_some();
                self.releases.find(self.object, kind, name, complete)
            }
            _ => Vec::new(),
        }
    }

    /// The same as views; only whole ones.
    pub fn workloads(self) -> impl Iterator<Item = Workload<'a>> + 'a {
        let targets = self.targets().into_iter();
        targets.filter_map(move |object| self.releases.workload(object)).filter(Workload::is_complete)
    }

    /// Whether it is written as a whole: it names a target, and is no patch.
    #[must_use]
    pub fn is_complete(self) -> bool {
        !self.object.is_patch && self.spec().at(&["scaleTargetRef", "name"]).exists()
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
