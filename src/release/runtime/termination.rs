//! How a Pod ends: the preStop hook, the signal, the grace period.
//!
//! The hook runs inside the grace period; what is left of it is the process's. Source:
//! Kubernetes docs, Pod Lifecycle, Termination of Pods.

use std::fmt;

use crate::release::fact::Fact;
use crate::release::field::Field;
use crate::release::pod::command::programs;
use crate::release::pod::container::Container;
use crate::release::workload::Workload;

/// A preStop hook.
#[derive(Clone, Copy, Debug)]
pub struct PreStop<'a> {
    /// The hook's mapping.
    pub field: Field<'a>,
    /// Seconds that it takes at least: what it sleeps.
    pub seconds: i64,
}

impl<'a> Container<'a> {
    /// The preStop hook, where one is written.
    #[must_use]
    pub fn pre_stop(self) -> Option<PreStop<'a>> {
        let field = self.field().at(&["lifecycle", "preStop"]);
        let slept = field.at(&["sleep", "seconds"]).integer_or(0).value().unwrap_or(0);
        let words: Vec<_> = field.at(&["exec", "command"]).items().filter_map(Field::string).collect();
        let seconds = programs(&words).iter().filter_map(|program| sleep(program)).sum::<i64>();
        field.exists().then_some(PreStop { field, seconds: slept + seconds })
    }
}

/// What has to happen in the grace period of one container.
#[derive(Clone, Debug)]
pub struct ShutdownTime<'a> {
    /// The preStop hook.
    pub pre_stop: Option<PreStop<'a>>,
    /// The name of a known server, and the seconds that it may take to finish.
    pub drain: Option<(&'static str, Fact<i64>)>,
}

/// Seconds that are left over for the rest: the kubelet's own work, a slow exit.
const MARGIN: i64 = 5;

impl ShutdownTime<'_> {
    /// preStop + drain + 5.
    #[must_use]
    pub fn total(&self) -> i64 {
        let pre_stop = self.pre_stop.map_or(0, |hook| hook.seconds);
        let drain = self.drain.as_ref().and_then(|(_, drain)| drain.value()).unwrap_or(0);
        pre_stop.saturating_add(drain).saturating_add(MARGIN)
    }
}

impl fmt::Display for ShutdownTime<'_> {
    /// "preStop 5 + gunicorn 30 (default) + 5 = 40"
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(hook) = self.pre_stop {
            write!(f, "preStop {} + ", hook.seconds)?;
        }
        if let Some((server, drain)) = &self.drain {
            write!(f, "{server} {drain} + ")?;
        }
        write!(f, "{MARGIN} = {}", self.total())
    }
}

impl<'a> Container<'a> {
    /// What has to happen in its grace period, as far as that can be told: a hook that
    /// sleeps, a server that takes a known time.
    #[must_use]
    pub fn shutdown_time(self) -> Option<ShutdownTime<'a>> {
        let pre_stop = self.pre_stop().filter(|hook| hook.seconds > 0);
        let drain = self.process().map(|process| (process.server.name, process.drain(self)));
        let drain = drain.filter(|(_, drain)| drain.known().is_some());
        (pre_stop.is_some() || drain.is_some()).then_some(ShutdownTime { pre_stop, drain })
    }
}

/// The seconds of `sleep 15`, `sleep 15s`, `sleep 1m`.
fn sleep(program: &[&str]) -> Option<i64> {
    let [name, time] = program else { return None };
    let (number, unit) = match time.strip_suffix(['s', 'm']) {
        Some(number) => (number, if time.ends_with('m') { 60 } else { 1 }),
        None => (*time, 1),
    };
    let seconds: f64 = number.parse().ok().filter(|_| crate::release::pod::command::base_name(name) == "sleep")?;
    Some((seconds * f64::from(unit)).ceil() as i64)
}

impl<'a> Workload<'a> {
    /// Seconds between the order to stop and the kill; 30 by default.
    #[must_use]
    pub fn grace(self) -> Fact<i64> {
        self.pod_spec().get("terminationGracePeriodSeconds").integer_or(30)
    }
}

#[cfg(test)]
mod tests {
    use super::sleep;

    #[test]
    fn sleeps_are_read() {
        assert_eq!(sleep(&["sleep", "15"]), Some(15));
        assert_eq!(sleep(&["/bin/sleep", "1m"]), Some(60));
        assert_eq!(sleep(&["sleep", "0.5"]), Some(1));
        assert_eq!(sleep(&["sleep", "$DELAY"]), None);
        assert_eq!(sleep(&["nginx", "-s"]), None);
    }
}
