//! How many replicas a workload has, and who moves that number.

use super::fact::Fact;
use super::field::Field;
use super::{Object, Releases};

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

    fn spec(self) -> Field<'a> {
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

    /// The workloads that it scales.
    #[must_use]
    pub fn targets(self) -> Vec<&'a Object<'a>> {
        let target = self.spec().get("scaleTargetRef");
        let kind = target.get("kind").string().or(self.is_keda().then_some("Deployment"));
        match (kind, target.get("name").string()) {
            (Some(kind), Some(name)) => {
                let complete =
                    |object: &Object<'a>| !object.is_patch && object.root().at(&["spec", "template"]).is_some();
                self.releases.find(self.object, kind, name, complete)
            }
            _ => Vec::new(),
        }
    }
}

/// The replicas of a workload: a number, or the interval in which an autoscaler moves it.
#[derive(Clone)]
pub struct Replicas<'a> {
    /// The fewest.
    pub min: Fact<i64>,
    /// The most; the same as `min` without an autoscaler.
    pub max: Fact<i64>,
    /// The autoscaler that moves the number.
    pub autoscaler: Option<Autoscaler<'a>>,
}

impl<'a> Replicas<'a> {
    /// The number that is written, or the default of 1.
    #[must_use]
    pub fn fixed(field: Field<'a>) -> Self {
        let replicas = field.integer_or(1);
        Self { min: replicas.clone(), max: replicas, autoscaler: None }
    }

    /// What an autoscaler makes of it: `spec.replicas` says nothing then.
    #[must_use]
    pub fn scaled(autoscaler: Autoscaler<'a>) -> Self {
        Self { min: autoscaler.min(), max: autoscaler.max(), autoscaler: Some(autoscaler) }
    }

    /// The numbers that are known and that a rollout can meet, the smaller first.
    #[must_use]
    pub fn known(&self) -> Vec<i64> {
        let mut known: Vec<_> = [self.min.value(), self.max.value()].into_iter().flatten().collect();
        known.dedup();
        known
    }

    /// Whether no more than one replica is known of.
    #[must_use]
    pub fn is_single(&self) -> bool {
        self.known().into_iter().all(|count| count <= 1)
    }

    /// Whether the workload is switched off: no replica, and no autoscaler to raise it.
    #[must_use]
    pub fn is_off(&self) -> bool {
        match self.autoscaler {
            None => self.min.value() == Some(0),
            Some(_) => self.max.value() == Some(0),
        }
    }
}

impl std::fmt::Display for Replicas<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.autoscaler {
            None => write!(f, "{}", self.min),
            Some(autoscaler) => write!(f, "{} to {}, scaled by {}", self.min, self.max, autoscaler.object().title()),
        }
    }
}
