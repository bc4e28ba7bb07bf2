//! Who moves the number of replicas, by what, and between which bounds.

use std::io;

use super::Facts;
use crate::release::scaling::cron_window::windows;
use crate::release::{Autoscaler, Workload};

impl<'a> Facts<'a, '_> {
    /// Each autoscaler with its bounds and what it looks at, and each cron window.
    pub(super) fn scaling(&mut self, workload: Workload<'a>) -> io::Result<()> {
        workload.autoscalers().try_for_each(|autoscaler| {
            let place = self.at(autoscaler.object().place());
            let (title, bounds) = (autoscaler.object().title(), autoscaler.bounds());
            self.line("scaling", &format!("{bounds} by {title}: {} {place}", looks_at(autoscaler)))?;
            windows(autoscaler.object()).try_for_each(|window| {
                let place = self.at(window.place());
                self.line("", &format!("window: {window} {place}"))
            })
        })
    }
}

/// `cron (3 windows), cpu 70%`
fn looks_at(autoscaler: Autoscaler<'_>) -> String {
    let metrics = autoscaler.metrics();
    let windows = metrics.iter().filter(|metric| metric.is_cron()).count();
    let cron = (windows > 0).then(|| format!("cron ({windows} window{})", if windows == 1 { "" } else { "s" }));
    let others = metrics.iter().filter(|metric| !metric.is_cron()).map(ToString::to_string);
    let all: Vec<_> = cron.into_iter().chain(others).collect();
    if all.is_empty() { "nothing".to_string() } else { all.join(", ") }
}
