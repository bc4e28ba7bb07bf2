//! The five fields, and the time between two minutes that they name.

/// The minutes that five fields name: one bit for each value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    minutes: u64,
    hours: u64,
    days: u64,
    months: u64,
    weekdays: u64,
}

/// What a field may hold.
struct Bounds {
    name: &'static str,
    least: u32,
    most: u32,
    /// Words for the values from the least on.
    words: &'static [&'static str],
    /// What else to say of a number that is out of bounds.
    note: &'static str,
}

const MINUTE: Bounds = Bounds { name: "minute", least: 0, most: 59, words: &[], note: "" };
const HOUR: Bounds = Bounds { name: "hour", least: 0, most: 23, words: &[], note: "" };
const DAY: Bounds = Bounds { name: "day of the month", least: 1, most: 31, words: &[], note: "" };
const MONTH: Bounds = Bounds {
    name: "month",
    least: 1,
    most: 12,
    words: &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
    note: "",
};
const WEEKDAY: Bounds = Bounds {
    name: "day of the week",
    least: 0,
    most: 6,
    words: &["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
    note: " (Sunday is 0)",
};

/// Set where a field has a star: of day and weekday, both must fit then, else one of them.
const STAR: u64 = 1 << 63;
const DAY_SECONDS: i64 = 86_400;
/// After so many days, weekdays and leap years come again as they were.
const CYCLE: i64 = 28 * 1461 / 4;

impl Calendar {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let fields: Vec<_> = text.split_whitespace().collect();
        let [minute, hour, day, month, weekday] = fields.as_slice() else {
            return Err(format!("has {} fields instead of 5", fields.len()));
        };
        Ok(Self {
            minutes: field(minute, &MINUTE)?,
            hours: field(hour, &HOUR)?,
            days: field(day, &DAY)?,
            months: field(month, &MONTH)?,
            weekdays: field(weekday, &WEEKDAY)?,
        })
    }

    /// The fewest seconds between two times.
    pub(super) fn shortest_interval(&self) -> Option<i64> {
        let times: Vec<_> = self.times_of_a_day().collect();
        let days = self.nearest_days()?;
        let within = times.windows(2).map(|pair| pair[1] - pair[0]).min();
        let over_night = days.map(|days| days * DAY_SECONDS - times.last().unwrap_or(&0) + times.first().unwrap_or(&0));
        let any = !times.is_empty();
        [within, over_night].into_iter().flatten().min().filter(|_| any)
    }

    /// The seconds of a day at which it happens.
    fn times_of_a_day(&self) -> impl Iterator<Item = i64> {
        let minutes =
            (0..1440).filter(|minute| self.hours >> (minute / 60) & 1 == 1 && self.minutes >> (minute % 60) & 1 == 1);
        minutes.map(|minute| minute * 60)
    }

    /// How many days lie between the nearest two of its days; nothing at all where it has no
    /// day, and no number where it has one only.
    fn nearest_days(&self) -> Option<Option<i64>> {
        let (mut first, mut last, mut nearest) = (None, None, None);
        // From Monday, the first of January 2024, on.
        let (mut year, mut month, mut day) = (2024, 1, 1);
        for number in 0..=2 * CYCLE {
            if self.has(month, day, (number + 1) % 7) {
                if let Some(last) = last {
                    nearest = Some(nearest.unwrap_or(i64::MAX).min(number - last));
                }
                first = first.or(Some(number));
                last = Some(number);
            }
            if nearest == Some(1) || (number > CYCLE && first.is_none()) {
                break;
            }
            (year, month, day) = next_day(year, month, day);
        }
        first.map(|_| nearest)
    }

    fn has(&self, month: i64, day: i64, weekday: i64) -> bool {
        let fits = |bits: u64, value: i64| bits >> value & 1 == 1;
        let (day, weekday) = (fits(self.days, day), fits(self.weekdays, weekday));
        let both = (self.days | self.weekdays) & STAR != 0;
        fits(self.months, month) && if both { day && weekday } else { day || weekday }
    }
}

fn next_day(year: i64, month: i64, day: i64) -> (i64, i64, i64) {
    let length = match month {
        // No year without a leap day lies in one cycle from 2024 on that is divisible by four.
        2 if year % 4 == 0 => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    match (month, day) {
        (12, 31) => (year + 1, 1, 1),
        _ if day == length => (year, month + 1, 1),
        _ => (year, month, day + 1),
    }
}

/// The bits of a field: ranges with commas between them, of which empty ones do not count.
fn field(text: &str, bounds: &Bounds) -> Result<u64, String> {
    let ranges = text.split(',').filter(|range| !range.is_empty());
    ranges.map(|part| range(part, bounds)).try_fold(0, |bits, more| Ok(bits | more?))
}

/// `*`, `5`, `5-20`, each with `/STEP` or without; `5/10` goes on to the end.
fn range(text: &str, bounds: &Bounds) -> Result<u64, String> {
    let refused = |why: &str| Err(format!("has {text} as {}, {why}", bounds.name));
    let (ends, step) = match text.split('/').collect::<Vec<_>>().as_slice() {
        [ends] => (*ends, None),
        [ends, step] => (*ends, Some(number(step, bounds, &[])?)),
        _ => return refused("which has two slashes"),
    };
    let ends: Vec<_> = ends.split('-').collect();
    let star = matches!(ends[0], "*" | "?");
    let (start, end) = match ends.as_slice() {
        _ if star => (bounds.least, bounds.most),
        [only] => {
            let start = number(only, bounds, bounds.words)?;
            (start, if step.is_some() { bounds.most } else { start })
        }
        [start, end] => (number(start, bounds, bounds.words)?, number(end, bounds, bounds.words)?),
        _ => return refused("which has two hyphens"),
    };
    if let Some(wrong) = [start, end].into_iter().find(|end| !(bounds.least..=bounds.most).contains(end)) {
        let Bounds { name, least, most, note, .. } = bounds;
        return Err(format!("has {wrong} as {name}, where {least} to {most} go{note}"));
    }
    if start > end {
        return Err(format!("has the range {text} as {}, which ends before it begins", bounds.name));
    }
    let step = step.unwrap_or(1);
    if step == 0 {
        return refused("which has the step 0");
    }
    let bits = (start..=end).step_by(step as usize).fold(0, |bits, value| bits | 1 << value);
    Ok(if star && step == 1 { bits | STAR } else { bits })
}

fn number(text: &str, bounds: &Bounds, words: &[&str]) -> Result<u32, String> {
    let lower = text.to_ascii_lowercase();
    if let Some(at) = words.iter().position(|word| *word == lower) {
        return Ok(at as u32 + bounds.least);
    }
    let shown = if text.is_empty() { "nothing" } else { text };
    text.parse::<i64>().map_err(|_| format!("has {shown} as {}, which is no number", bounds.name)).and_then(|number| {
        u32::try_from(number)
            .map_err(|_| format!("has {text} as {}, where {} to {} go", bounds.name, bounds.least, bounds.most))
    })
}
