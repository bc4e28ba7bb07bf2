//! How each kind of workload replaces its Pods when its template changes.
//!
//! Source: Kubernetes `pkg/apis/apps/v1/defaults.go` for the defaults,
//! `pkg/controller/statefulset/stateful_set_control.go` for the order and the partition,
//! `pkg/apis/apps/validation/validation.go` for what is refused.

use super::fact::Fact;
use super::field::Field;
use super::pod::probe::{Probe, ProbeKind};
use super::rollout::{Amount, RollingUpdate};
use super::workload::{Workload, WorkloadKind};

/// The first minor version whose StatefulSets heed `maxUnavailable` in every patch release:
/// its gate was on in 1.35.0 to 1.35.3, off up to 1.36, and is on from 1.37. Where it is off
/// the API server drops the field.
const STATEFUL_MAX_UNAVAILABLE: u8 = 37;

/// The rolling update of a StatefulSet: the highest ordinal first, old Pods deleted before
/// new ones are made.
#[derive(Clone, Debug)]
pub struct StatefulUpdate<'a> {
    /// The mapping that holds the settings.
    pub settings: Field<'a>,
    /// Pods below this number keep the old template.
    pub partition: Fact<i64>,
    /// Pods that are replaced at once, 1 by default.
    pub max_unavailable: Fact<Amount>,
}

impl StatefulUpdate<'_> {
    /// Pods of so many replicas that are missing at once.
    #[must_use]
    pub fn taken(&self, replicas: i64) -> Option<i64> {
        let updated = (replicas - self.partition.value()?).max(0);
        Some(self.max_unavailable.value()?.floor_of(replicas).max(1).min(updated))
    }
}

/// How long a new Pod may take until it counts as available.
pub struct TimeToAvailable<'a> {
    /// Seconds until the slowest container has started, by its startup probe.
    pub start: i64,
    /// Seconds that its readiness probe waits before it asks.
    pub delay: i64,
    /// `minReadySeconds`.
    pub min_ready: i64,
    /// The probe that takes longest.
    pub slowest: Option<Probe<'a>>,
}

impl TimeToAvailable<'_> {
    /// All of it.
    #[must_use]
    pub fn total(&self) -> i64 {
        self.start.saturating_add(self.delay).saturating_add(self.min_ready)
    }
}

impl<'a> Workload<'a> {
    /// The types that its strategy may have; none for a kind without one.
    #[must_use]
    pub fn strategy_types(self) -> &'static [&'static str] {
        match self.kind() {
            WorkloadKind::Deployment => &["RollingUpdate", "Recreate"],
            WorkloadKind::StatefulSet | WorkloadKind::DaemonSet => &["RollingUpdate", "OnDelete"],
            _ => &[],
        }
    }

    /// Whether its strategy is of a type, among those that its kind knows.
    #[must_use]
    pub fn has_strategy(self, name: &str) -> bool {
        self.strategy_types().contains(&name) && self.strategy_type().value() == Some(name)
    }

    /// Its type, where the API server refuses a `rollingUpdate` block beside it. A DaemonSet's
    /// OnDelete takes one and ignores it.
    #[must_use]
    pub fn type_without_settings(self) -> Option<&'static str> {
        match self.kind() {
            WorkloadKind::Deployment if self.has_strategy("Recreate") => Some("Recreate"),
            WorkloadKind::StatefulSet if self.has_strategy("OnDelete") => Some("OnDelete"),
            _ => None,
        }
    }

    /// The rolling update of a DaemonSet: one Pod unavailable and no surge by default.
    #[must_use]
    pub fn daemon_update(self) -> Option<RollingUpdate<'a>> {
        let rolls = self.kind() == WorkloadKind::DaemonSet && self.has_strategy("RollingUpdate");
        let settings = self.strategy().get("rollingUpdate");
        rolls.then(|| RollingUpdate::read_with(settings, Amount::Absolute(1), Amount::Absolute(0)))
    }

    /// The rolling update of a StatefulSet.
    #[must_use]
    pub fn stateful_update(self) -> Option<StatefulUpdate<'a>> {
        let rolls = self.kind() == WorkloadKind::StatefulSet && self.has_strategy("RollingUpdate");
        let settings = self.strategy().get("rollingUpdate");
        let one = Amount::Absolute(1);
        let max_unavailable = if self.releases().kube_minor >= STATEFUL_MAX_UNAVAILABLE {
            Amount::read(settings.get("maxUnavailable"), one)
        } else {
            Fact::default_of(one, settings.place())
        };
        rolls.then(|| StatefulUpdate { settings, partition: settings.get("partition").integer_or(0), max_unavailable })
    }

    /// Whether its kind reports a rollout that makes no progress.
    #[must_use]
    pub fn has_progress_deadline(self) -> bool {
        matches!(self.kind(), WorkloadKind::Deployment | WorkloadKind::Rollout)
    }

    /// How long a new Pod may take until it counts as available; what is not known counts
    /// as nothing, so that it takes at least so long.
    #[must_use]
    pub fn time_to_available(self) -> TimeToAvailable<'a> {
        let min_ready = self.min_ready_seconds().value().unwrap_or(0);
        let times = self.running_containers().map(|container| {
            let startup = container.probe(ProbeKind::Startup);
            let readiness = container.probe(ProbeKind::Readiness);
            let start = startup.and_then(Probe::timing).map_or(0, |timing| timing.from_start());
            let delay = readiness.and_then(|probe| probe.initial_delay().value()).unwrap_or(0);
            TimeToAvailable { start, delay, min_ready, slowest: startup.or(readiness) }
        });
        let none = TimeToAvailable { start: 0, delay: 0, min_ready, slowest: None };
        times.fold(none, |longest, time| if time.total() > longest.total() { time } else { longest })
    }

    /// Whether no container shows that it started before its Pod counts as ready.
    #[must_use]
    pub fn is_ungated(self) -> bool {
        !self.running_containers().any(super::Container::gates_readiness)
    }

    /// Whether its selector selects the Pods that its template makes; nothing where that
    /// cannot be told.
    #[must_use]
    pub fn selects_its_pods(self) -> Option<bool> {
        let selector = self.selector().filter(|selector| selector.is_readable() && !selector.is_empty())?;
        let labels = self.pod_metadata().get("labels");
        let plain = |field: Field<'a>| field.node().is_none_or(|node| !holds_placeholder(node));
        let strings = labels.node().is_none_or(|node| node.entries().all(|entry| entry.value.as_str().is_some()));
        let known = strings && plain(labels) && plain(self.spec().get("selector"));
        known.then(|| selector.matches(&self.labels()))
    }
}

/// Whether a scalar anywhere below a node is filled in later.
fn holds_placeholder(node: crate::syntax::yaml::Node<'_>) -> bool {
    super::field::is_placeholder(node)
        || node.items().any(holds_placeholder)
        || node.entries().any(|entry| holds_placeholder(entry.key) || holds_placeholder(entry.value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release::Scope;
    use crate::release::manifests::read;

    fn with<T>(kube_minor: u8, kind: &str, spec: &str, look: impl FnOnce(Workload<'_>) -> T) -> T {
        let text = format!("{{apiVersion: apps/v1, kind: {kind}, spec: {spec}}}");
        read(Scope::Closed, &[("x", &text)], |releases| {
            releases.kube_minor = kube_minor;
            look(releases.workload(&releases.objects()[0]).unwrap())
        })
    }

    fn taken(kube_minor: u8, settings: &str, replicas: i64) -> Option<i64> {
        let spec = format!("{{updateStrategy: {{rollingUpdate: {settings}}}}}");
        with(kube_minor, "StatefulSet", &spec, |workload| workload.stateful_update()?.taken(replicas))
    }

    #[test]
    fn a_stateful_set_takes_one_at_a_time() {
        assert_eq!(taken(37, "{}", 5), Some(1));
        assert_eq!(taken(37, "{maxUnavailable: 3}", 5), Some(3));
        assert_eq!(taken(37, "{maxUnavailable: 3}", 2), Some(2));
        assert_eq!(taken(37, "{maxUnavailable: 50%}", 5), Some(2));
        assert_eq!(taken(37, "{maxUnavailable: 10%}", 5), Some(1));
        for off in [34, 35, 36] {
            assert_eq!(taken(off, "{maxUnavailable: 3}", 5), Some(1), "1.{off}");
        }
    }

    #[test]
    fn a_partition_keeps_pods_out() {
        assert_eq!(taken(37, "{maxUnavailable: 3, partition: 4}", 5), Some(1));
        assert_eq!(taken(37, "{partition: 5}", 5), Some(0));
        assert_eq!(taken(37, "{partition: \"${FROM}\"}", 5), None);
    }

    fn time(spec: &str) -> (i64, i64, i64) {
        with(37, "Deployment", spec, |workload| {
            let time = workload.time_to_available();
            (time.start, time.delay, time.min_ready)
        })
    }

    fn containers(containers: &str) -> String {
        format!("{{minReadySeconds: 10, template: {{spec: {{containers: [{containers}]}}}}}}")
    }

    #[test]
    fn the_slowest_container_counts() {
        let slow = "{startupProbe: {initialDelaySeconds: 5, failureThreshold: 30}}";
        let late = "{readinessProbe: {initialDelaySeconds: 20}}";
        assert_eq!(time("{}"), (0, 0, 0));
        assert_eq!(time(&containers(slow)), (306, 0, 10));
        assert_eq!(time(&containers(late)), (0, 20, 10));
        assert_eq!(time(&containers(&format!("{late}, {slow}"))), (306, 0, 10));
        assert_eq!(time(&containers("{startupProbe: {periodSeconds: \"${P}\"}}")), (0, 0, 10));
    }

    fn selects(selector: &str, labels: &str) -> Option<bool> {
        let spec = format!("{{selector: {selector}, template: {{metadata: {{labels: {labels}}}}}}}");
        with(37, "Deployment", &spec, |workload| workload.selects_its_pods())
    }

    #[test]
    fn a_selector_is_held_against_plain_labels_only() {
        assert_eq!(selects("{matchLabels: {app: web}}", "{app: web, tier: front}"), Some(true));
        assert_eq!(selects("{matchLabels: {app: web}}", "{app: api}"), Some(false));
        assert_eq!(selects("{matchLabels: {app: web}}", "{}"), Some(false));
        assert_eq!(selects("{matchLabels: {app: \"${APP}\"}}", "{app: api}"), None);
        assert_eq!(selects("{matchLabels: {app: web}}", "{app: \"${APP}\"}"), None);
        assert_eq!(selects("{matchLabels: {app: web}}", "{app: web, build: 7}"), None);
        assert_eq!(selects("{matchLabels: {}}", "{app: web}"), None);
    }
}
