//! How long a probe takes to act.
//!
//! Source: Kubernetes `pkg/kubelet/prober/worker.go`: one worker for each probe, woken by a
//! ticker of `periodSeconds`, that waits for a probe to end before it starts the next.

use std::fmt;

/// The numbers behind a probe's times, all in seconds but the failures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// Before the first probe.
    pub initial_delay: i64,
    /// Failures in a row.
    pub failures: i64,
    /// Between two probes.
    pub period: i64,
    /// Of one probe.
    pub timeout: i64,
    /// Whether nobody wrote any of them, but for the delay.
    pub is_default: bool,
}

impl Timing {
    /// From the fault to the reaction, as a rule of thumb: failures × period + timeout.
    #[must_use]
    pub fn reaction(self) -> i64 {
        self.failures.saturating_mul(self.period).saturating_add(self.timeout)
    }

    /// From the container's start to the reaction: what it has to come up.
    #[must_use]
    pub fn from_start(self) -> i64 {
        self.initial_delay.saturating_add(self.reaction())
    }

    /// Between two probes that hang: the next one waits for the one before.
    #[must_use]
    pub fn interval(self) -> i64 {
        self.period.max(self.timeout)
    }

    /// The shortest time in which a hang is acted on: it began just before a probe.
    #[must_use]
    pub fn fastest(self) -> i64 {
        self.failures.saturating_sub(1).saturating_mul(self.interval()).saturating_add(self.timeout)
    }

    /// The longest time in which a hang is acted on: it began just after a probe.
    #[must_use]
    pub fn slowest(self) -> i64 {
        self.failures.saturating_mul(self.interval()).saturating_add(self.timeout)
    }

    /// The fewest failures with which this probe acts later than another one.
    #[must_use]
    pub fn failures_to_outlast(self, other: Timing) -> Option<i64> {
        let needed = other.reaction().checked_sub(self.timeout)?.checked_add(1)?;
        (self.period > 0).then(|| needed.div_euclid(self.period) + i64::from(needed.rem_euclid(self.period) > 0))
    }
}

impl fmt::Display for Timing {
    /// The sum as a message spells it out: `3×10+1 = 31 s (default)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let default = if self.is_default { " (default)" } else { "" };
        write!(f, "{}×{}+{} = {} s{default}", self.failures, self.period, self.timeout, self.reaction())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn timing(failures: i64, period: i64, timeout: i64) -> Timing {
        Timing { initial_delay: 0, failures, period, timeout, is_default: false }
    }

    #[test]
    fn defaults_act_after_31_seconds() {
        let default = Timing { is_default: true, ..timing(3, 10, 1) };
        assert_eq!(default.reaction(), 31);
        assert_eq!(Timing { initial_delay: 30, ..default }.from_start(), 61);
        assert_eq!(default.to_string(), "3×10+1 = 31 s (default)");
        assert_eq!(timing(3, 5, 2).to_string(), "3×5+2 = 17 s");
    }

    #[test]
    fn a_hang_is_noticed_between_the_fastest_and_the_slowest() {
        // failures, period, timeout: interval, fastest, slowest
        for (numbers, expected) in [
            ((3, 10, 1), (10, 21, 31)),
            ((1, 10, 1), (10, 1, 11)),
            ((3, 10, 10), (10, 30, 40)),
            ((3, 10, 30), (30, 90, 120)),
        ] {
            let timing = timing(numbers.0, numbers.1, numbers.2);
            assert_eq!((timing.interval(), timing.fastest(), timing.slowest()), expected, "{numbers:?}");
        }
    }

    #[test]
    fn the_fewest_failures_that_let_readiness_act_first() {
        for failures in 1..8 {
            for period in 1..12 {
                for timeout in 1..20 {
                    let (liveness, readiness) = (timing(1, period, timeout), timing(failures, 7, 3));
                    let enough = liveness.failures_to_outlast(readiness).unwrap();
                    let with = |failures| Timing { failures, ..liveness };
                    assert!(readiness.reaction() < with(enough).reaction());
                    assert!(readiness.reaction() >= with(enough - 1).reaction());
                }
            }
        }
        assert_eq!(timing(3, 10, 1).failures_to_outlast(timing(3, 10, 1)), Some(4));
        assert_eq!(timing(3, 0, 1).failures_to_outlast(timing(3, 10, 1)), None);
    }

    #[test]
    fn numbers_out_of_all_bounds_do_not_overflow() {
        let huge = timing(i64::MAX, i64::MAX, i64::MAX);
        assert_eq!((huge.reaction(), huge.slowest(), huge.fastest()), (i64::MAX, i64::MAX, i64::MAX));
        assert_eq!(timing(1, 1, i64::MIN).failures_to_outlast(huge), None);
        assert!(timing(i64::MIN, 1, 1).fastest() < 0);
    }
}
