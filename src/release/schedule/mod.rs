//! Schedules in cron's form, to the letter as Kubernetes and KEDA read them.
//!
//! Both use robfig/cron v3 (`parser.go`, `spec.go`, `constantdelay.go`), whose grammar is its own:
//! Sunday is 0 and never 7, `?` is `*`, `5/15` begins at 5, there is no `L`, `W` or `#`.
//! Kubernetes also takes descriptors, `@daily` or `@every 1h30m`; KEDA takes none.
//! `testdata/schedules/table.txt` holds what that parser itself says of some 200 texts.

mod calendar;
mod duration;
mod zone;

use calendar::Calendar;

pub use zone::{is_time_zone, near_time_zone};

/// Which texts are schedules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grammar {
    /// A `CronJob`'s: five fields, or a descriptor.
    CronJob,
    /// KEDA's: five fields.
    Fields,
}

/// When something happens, again and again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Schedule {
    /// At the minutes that five fields name.
    Calendar(Calendar),
    /// So many seconds after the last time.
    Every(i64),
}

impl Schedule {
    /// Reads a schedule. `TZ=…` or `CRON_TZ=…` may stand before it.
    ///
    /// # Errors
    ///
    /// Why it is none, as the end of a sentence.
    pub fn parse(text: &str, grammar: Grammar) -> Result<Self, String> {
        if text.is_empty() {
            return Err("is empty".to_string());
        }
        let text = match text.strip_prefix("CRON_TZ=").or_else(|| text.strip_prefix("TZ=")) {
            Some(rest) => after_zone(rest)?,
            None => text,
        };
        match text.starts_with('@') {
            true if grammar == Grammar::Fields => Err(format!("is {text}, and KEDA takes five fields only")),
            true => descriptor(text),
            false => Calendar::parse(text).map(Self::Calendar),
        }
    }

    /// The fewest seconds between two times; nothing where there are no two. A change to
    /// summer time, which may take an hour from that, is left aside.
    #[must_use]
    pub fn shortest_interval(&self) -> Option<i64> {
        match self {
            Self::Every(seconds) => Some(*seconds),
            Self::Calendar(calendar) => calendar.shortest_interval(),
        }
    }
}

/// What follows a time zone and a blank.
fn after_zone(text: &str) -> Result<&str, String> {
    let (zone, rest) = text.split_once(' ').ok_or("has nothing after its time zone")?;
    let is_known = zone.is_empty() || zone == "Local" || is_time_zone(zone);
    if is_known { Ok(rest.trim()) } else { Err(format!("begins with the unknown time zone {zone}")) }
}

fn descriptor(text: &str) -> Result<Schedule, String> {
    let fields = match text {
        "@yearly" | "@annually" => "0 0 1 1 *",
        "@monthly" => "0 0 1 * *",
        "@weekly" => "0 0 * * 0",
        "@daily" | "@midnight" => "0 0 * * *",
        "@hourly" => "0 * * * *",
        _ => {
            let duration = text.strip_prefix("@every ");
            let seconds = duration.ok_or(format!("has no descriptor {text}")).and_then(duration::seconds)?;
            return Ok(Schedule::Every(seconds.max(1)));
        }
    };
    Calendar::parse(fields).map(Schedule::Calendar)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The shortest interval, or that the text is no schedule.
    fn verdict(text: &str, grammar: Grammar) -> String {
        match Schedule::parse(text, grammar).map(|schedule| schedule.shortest_interval()) {
            Ok(Some(seconds)) => format!("{seconds} s"),
            Ok(None) => "never twice".to_string(),
            Err(_) => "refused".to_string(),
        }
    }

    #[test]
    fn every_row_of_the_table_is_read_as_robfig_cron_reads_it() {
        let table = include_str!("../../../testdata/schedules/table.txt");
        let rows: Vec<_> = table.lines().filter(|line| !line.starts_with('#')).collect();
        assert!(rows.len() > 150);
        for row in rows {
            let (rest, fields) = row.rsplit_once(" | ").unwrap();
            let (text, cron_job) = rest.rsplit_once(" | ").unwrap();
            assert_eq!(verdict(text, Grammar::CronJob), cron_job, "{text}");
            assert_eq!(verdict(text, Grammar::Fields), fields, "{text}");
        }
    }

    #[test]
    fn reasons_name_what_is_wrong() {
        let reason = |text| Schedule::parse(text, Grammar::CronJob).unwrap_err();
        assert_eq!(reason("* * * * * *"), "has 6 fields instead of 5");
        assert_eq!(reason("0 0 * * 7"), "has 7 as day of the week, where 0 to 6 go (Sunday is 0)");
        assert_eq!(reason("61 * * * *"), "has 61 as minute, where 0 to 59 go");
        assert_eq!(reason("0 22-6 * * *"), "has the range 22-6 as hour, which ends before it begins");
        assert_eq!(reason("0 0 L * *"), "has L as day of the month, which is no number");
        assert_eq!(reason("@dayly"), "has no descriptor @dayly");
        assert_eq!(reason("@every 1d"), "has the duration 1d, which Go does not read");
        assert_eq!(reason(""), "is empty");
    }
}
