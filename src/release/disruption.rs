//! Pod disruption budgets: how many Pods a node drain may take.
//!
//! Source: Kubernetes `pkg/controller/disruption/disruption.go`: shares are rounded up, for
//! both fields.

use super::rollout::Amount;
use super::workload::{Workload, WorkloadKind};
use super::{Fact, Field, Object, Releases, Selector};

/// A `PodDisruptionBudget`.
#[derive(Clone, Copy)]
pub struct DisruptionBudget<'a> {
    releases: &'a Releases<'a>,
    object: &'a Object<'a>,
}

impl<'a> DisruptionBudget<'a> {
    /// The view of an object as a disruption budget, if it is one.
    #[must_use]
    pub fn of(releases: &'a Releases<'a>, object: &'a Object<'a>) -> Option<Self> {
        ((object.group(), object.kind) == ("policy", "PodDisruptionBudget")).then_some(Self { releases, object })
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

    fn spec(self) -> Field<'a> {
        self.object.field().get("spec")
    }

    /// The pods that it guards. Without a selector it guards none; an empty one guards all
    /// pods of the namespace in `policy/v1`, and none in `policy/v1beta1`.
    #[must_use]
    pub fn selector(self) -> Option<Selector<'a>> {
        let field = self.spec().get("selector");
        let selector = Selector::of_label_selector(field);
        let selects = field.exists() && !(selector.is_empty() && self.object.api_version == "policy/v1beta1");
        selects.then_some(selector)
    }

    /// The workloads whose pods it guards.
    pub fn workloads(self) -> impl Iterator<Item = Workload<'a>> + 'a {
        self.releases.selected_by(self.object)
    }

    /// `minAvailable`, where it is written.
    #[must_use]
    pub fn min_available(self) -> Option<Fact<Amount>> {
        self.amount("minAvailable")
    }

    /// `maxUnavailable`, where it is written.
    #[must_use]
    pub fn max_unavailable(self) -> Option<Fact<Amount>> {
        self.amount("maxUnavailable")
    }

    fn amount(self, key: &str) -> Option<Fact<Amount>> {
        let field = self.spec().get(key);
        field.exists().then(|| field.read(Amount::Absolute(0), Amount::parse, "is neither a number nor a percentage"))
    }

    /// Evictions that it allows when all of so many Pods are healthy.
    #[must_use]
    pub fn allowed(self, pods: i64) -> Option<i64> {
        let desired = match (self.max_unavailable(), self.min_available()) {
            (Some(most), _) => (pods - most.value()?.ceil_of(pods)).max(0),
            (None, Some(least)) => least.value()?.ceil_of(pods),
            (None, None) => return None,
        };
        Some(pods - desired)
    }

    /// The fewest Pods that it guards, counted over its workloads; nothing where one of them
    /// has no number of its own.
    #[must_use]
    pub fn pods(self) -> Option<i64> {
        let mut pods = 0;
        let mut any = false;
        for workload in self.workloads() {
            match workload.kind() {
                WorkloadKind::Deployment
                | WorkloadKind::StatefulSet
                | WorkloadKind::ReplicaSet
                | WorkloadKind::Rollout => {
                    pods += workload.replicas().min.value()?;
                    any = true;
                }
                _ => return None,
            }
        }
        any.then_some(pods)
    }
}
