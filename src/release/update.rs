//! How each kind of workload replaces its Pods when its template changes.
//!
//! Source: Kubernetes `pkg/apis/apps/v1/defaults.go` for the defaults,
//! `pkg/controller/statefulset/stateful_set_control.go` for the order and the partition,
//! `pkg/apis/apps/validation/validation.go` for what is refused.

use super::fact::Fact;
use super::field::Field;
use super::probe::{Probe, ProbeKind};
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
