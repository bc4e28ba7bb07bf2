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

/// The field of a budget that decides how many Pods must stay.
#[derive(Clone)]
pub struct Limit<'a> {
    /// `minAvailable` or `maxUnavailable`.
    pub key: &'static str,
    /// Its value.
    pub amount: Fact<Amount>,
    /// The field.
    pub field: Field<'a>,
}

impl<'a> Workload<'a> {
    /// The disruption budgets that guard its Pods.
    pub fn disruption_budgets(self) -> impl Iterator<Item = DisruptionBudget<'a>> + 'a {
        self.releases().selecting(self.object()).filter_map(move |object| DisruptionBudget::of(self.releases(), object))
    }
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

    /// The `spec`.
    #[must_use]
    pub fn spec(self) -> Field<'a> {
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
        field.exists().then(|| Amount::read(field, Amount::Absolute(0)))
    }

    /// The field that decides how many Pods must stay; nothing where none or both are
    /// written, which the API server refuses.
    #[must_use]
    pub fn limit(self) -> Option<Limit<'a>> {
        let (key, amount) = match (self.min_available(), self.max_unavailable()) {
            (Some(least), None) => ("minAvailable", least),
            (None, Some(most)) => ("maxUnavailable", most),
            _ => return None,
        };
        Some(Limit { key, amount, field: self.spec().get(key) })
    }

    /// Evictions that it allows when all of so many Pods are healthy.
    #[must_use]
    pub fn allowed(self, pods: i64) -> Option<i64> {
        let limit = self.limit()?;
        let share = limit.amount.value()?.ceil_of(pods);
        Some(if limit.key == "minAvailable" { pods - share } else { share.min(pods) })
    }

    /// Evictions that it allows when every Pod that it guards is healthy and there are as few
    /// of them as there can be, and their number; nothing where there are none.
    #[must_use]
    pub fn allowed_at_fewest(self) -> Option<(i64, i64)> {
        let pods = self.pods().filter(|pods| *pods > 0)?;
        Some((self.allowed(pods)?, pods))
    }

    /// An earlier budget that is applied together with this one and guards a workload that
    /// this one guards, too. The API server refuses to evict such Pods.
    #[must_use]
    pub fn overlap(self) -> Option<(DisruptionBudget<'a>, Workload<'a>)> {
        self.workloads().filter(|workload| workload.is_judged()).find_map(|workload| {
            let earlier = workload.disruption_budgets().find(|other| {
                let (one, other) = (self.object, other.object);
                other.id < one.id && other.name != one.name && self.releases.are_applied_together(one, other)
            });
            earlier.map(|earlier| (earlier, workload))
        })
    }

    /// The fewest Pods that it guards, counted over its workloads; nothing where one of them
    /// has no number of its own. Pods that end by themselves are not counted.
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
                kind if kind.finishes() => {}
                _ => return None,
            }
        }
        any.then_some(pods)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release::Scope;
    use crate::release::manifests::read;

    fn allowed(limit: &str, pods: i64) -> Option<i64> {
        let text = format!("{{apiVersion: policy/v1, kind: PodDisruptionBudget, spec: {limit}}}");
        read(Scope::Closed, &[("x", &text)], |releases| {
            DisruptionBudget::of(releases, &releases.objects()[0]).and_then(|budget| budget.allowed(pods))
        })
    }

    #[test]
    fn shares_are_rounded_up_for_both_fields() {
        assert_eq!(allowed("{minAvailable: 50%}", 3), Some(1));
        assert_eq!(allowed("{maxUnavailable: 50%}", 3), Some(2));
        assert_eq!(allowed("{minAvailable: 80%}", 3), Some(0));
        assert_eq!(allowed("{maxUnavailable: 1%}", 3), Some(1));
        assert_eq!(allowed("{minAvailable: 100%}", 3), Some(0));
    }

    #[test]
    fn numbers_count_as_they_are() {
        assert_eq!(allowed("{minAvailable: 2}", 2), Some(0));
        assert_eq!(allowed("{minAvailable: 3}", 2), Some(-1));
        assert_eq!(allowed("{maxUnavailable: 0}", 9), Some(0));
        assert_eq!(allowed("{maxUnavailable: 5}", 2), Some(2));
    }

    #[test]
    fn what_is_unknown_or_refused_allows_no_answer() {
        assert_eq!(allowed("{}", 2), None);
        assert_eq!(allowed("{minAvailable: \"${MIN}\"}", 2), None);
        assert_eq!(allowed("{minAvailable: 1, maxUnavailable: 1}", 2), None);
    }
}
