//! KEDA's cron trigger: so many replicas between two times of day.
//!
//! Source: KEDA `pkg/scalers/cron_scaler.go`. A window that ends before it starts spans midnight.

use crate::release::field::{Field, is_placeholder};
use crate::release::scaling::metric::triggers;
use crate::release::schedule::{Grammar, Schedule, is_time_zone};
use crate::release::{Fact, Object};

/// A window of KEDA's cron trigger.
#[derive(Clone, Copy)]
pub struct CronWindow<'a> {
    /// The trigger.
    trigger: Field<'a>,
}

/// The settings of a window, all of which must be there.
pub const SETTINGS: [&str; 4] = ["timezone", "start", "end", "desiredReplicas"];

/// The windows of a `ScaledObject` or a `ScaledJob`.
pub fn windows<'a>(object: &Object<'a>) -> impl Iterator<Item = CronWindow<'a>> + 'a {
    let is_keda = object.group() == "keda.sh";
    let cron = triggers(object).filter(move |trigger| is_keda && trigger.get("type").string() == Some("cron"));
    cron.map(|trigger| CronWindow { trigger })
}

impl<'a> CronWindow<'a> {
    /// A setting.
    #[must_use]
    pub fn setting(self, name: &str) -> Field<'a> {
        self.trigger.at(&["metadata", name])
    }

    /// The text of a setting, be it written as a number; nothing for one that is filled in
    /// later.
    #[must_use]
    pub fn text(self, name: &str) -> Option<&'a str> {
        self.setting(name).node().filter(|node| !is_placeholder(*node))?.text()
    }

    /// The settings that are not there. An empty one counts as there, as it does for KEDA.
    #[must_use]
    pub fn missing(self) -> Vec<&'static str> {
        SETTINGS.into_iter().filter(|name| !self.setting(name).exists()).collect()
    }

    /// Why `start` or `end` is no schedule, as the end of a sentence.
    #[must_use]
    pub fn fault_of(self, name: &str) -> Option<String> {
        Schedule::parse(self.text(name)?, Grammar::Fields).err()
    }

    /// Whether the window ends when it starts, by the letters.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.text("start").is_some_and(|start| self.text("end") == Some(start))
    }

    /// The time zone, where it is none that KEDA can load.
    #[must_use]
    pub fn unknown_time_zone(self) -> Option<&'a str> {
        self.text("timezone").filter(|name| !name.is_empty() && *name != "Local" && !is_time_zone(name))
    }

    /// The replicas that it asks for.
    #[must_use]
    pub fn desired(self) -> Fact<i64> {
        let field = self.setting("desiredReplicas");
        match self.text("desiredReplicas").map(str::parse) {
            Some(Ok(number)) => Fact::written(number, field.place()),
            _ => Fact::unknown("is no whole number", field.place()),
        }
    }

    /// Where it is written.
    #[must_use]
    pub fn place(self) -> crate::source::Span {
        self.trigger.get("metadata").key_place()
    }
}

impl std::fmt::Display for CronWindow<'_> {
    /// `10 from 0 6 * * * to 0 20 * * * (Europe/Berlin)`
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = |name| self.text(name).unwrap_or("?");
        write!(f, "{} from {} to {} ({})", text("desiredReplicas"), text("start"), text("end"), text("timezone"))
    }
}
