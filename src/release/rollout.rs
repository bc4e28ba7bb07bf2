//! The arithmetic of a rolling update.
//!
//! Source: Kubernetes `pkg/apis/apps/v1/defaults.go` for the defaults,
//! `pkg/controller/deployment/util/deployment_util.go` (`ResolveFenceposts`,
//! `MaxUnavailable`) for the rounding.

use std::fmt;

use super::fact::{Fact, Origin};
use super::field::{Field, is_placeholder};
use crate::syntax::yaml::{Node, Scalar};

/// A number of Pods, absolute or as a share of the replicas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// So many Pods.
    Absolute(i64),
    /// So many hundredths of the replicas.
    Percent(i64),
}

impl Amount {
    /// Reads an int-or-string; nothing for a text that is no percentage.
    #[must_use]
    pub fn parse(node: Node<'_>) -> Option<Self> {
        match node.scalar()? {
            Scalar::String(text) => {
                let digits = text.strip_suffix('%')?;
                let all_digits = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
                all_digits.then(|| digits.parse().ok().map(Amount::Percent))?
            }
            _ => node.as_integer().map(Amount::Absolute),
        }
    }

    /// The amount behind a field, or the platform's default where it is absent.
    #[must_use]
    pub fn read(field: Field<'_>, default: Self) -> Fact<Self> {
        field.read(default, Amount::parse, "is neither a number nor a percentage")
    }

    /// The Pods it stands for, a share rounded down.
    #[must_use]
    pub fn floor_of(self, replicas: i64) -> i64 {
        match self {
            Amount::Absolute(pods) => pods,
            Amount::Percent(share) => share.saturating_mul(replicas).div_euclid(100),
        }
    }

    /// The Pods it stands for, a share rounded up.
    #[must_use]
    pub fn ceil_of(self, replicas: i64) -> i64 {
        match self {
            Amount::Absolute(pods) => pods,
            Amount::Percent(share) => share.saturating_mul(replicas).saturating_add(99).div_euclid(100),
        }
    }

    /// Why the API server refuses a value as an amount, as the end of a sentence; nothing for
    /// what is fine, is filled in later, or is of a type that no amount can have.
    #[must_use]
    pub fn refusal(node: Node<'_>) -> Option<&'static str> {
        match node.scalar()? {
            Scalar::String(_) if is_placeholder(node) || Self::parse(node).is_some() => None,
            Scalar::String(_) => Some("is neither a number nor a percentage"),
            _ => node.as_integer().filter(|pods| *pods < 0).map(|_| "is negative"),
        }
    }

    /// Whether it is a share of more than all replicas.
    #[must_use]
    pub fn is_more_than_all(self) -> bool {
        matches!(self, Amount::Percent(share) if share > 100)
    }

    /// Whether it is zero, as a number or as a share.
    #[must_use]
    pub fn is_zero(self) -> bool {
        matches!(self, Amount::Absolute(0) | Amount::Percent(0))
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Amount::Absolute(pods) => write!(f, "{pods}"),
            Amount::Percent(share) => write!(f, "{share}%"),
        }
    }
}

/// What a rolling update of so many replicas does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fenceposts {
    /// R.
    pub replicas: i64,
    /// Pods that may be missing.
    pub unavailable: i64,
    /// Pods that may be there in addition.
    pub surge: i64,
    /// Both rounded to zero, and Kubernetes made one of the unavailable.
    pub forced: bool,
}

impl Fenceposts {
    /// Pods that keep serving at every moment.
    #[must_use]
    pub fn serving(self) -> i64 {
        self.replicas - self.unavailable
    }
}

/// The settings of a rolling update with a surge: of a Deployment, or of an Argo Rollout's
/// canary without traffic routing.
#[derive(Clone, Debug)]
pub struct RollingUpdate<'a> {
    /// The mapping that holds both settings.
    pub settings: Field<'a>,
    /// `maxUnavailable`, 25% by default.
    pub max_unavailable: Fact<Amount>,
    /// `maxSurge`, 25% by default, whatever the other one is.
    pub max_surge: Fact<Amount>,
}

impl<'a> RollingUpdate<'a> {
    /// Reads the mapping that holds both settings.
    #[must_use]
    pub fn read(settings: Field<'a>) -> Self {
        Self::read_with(settings, Amount::Percent(25), Amount::Percent(25))
    }

    /// Reads the mapping that holds both settings, for a kind with defaults of its own.
    #[must_use]
    pub fn read_with(settings: Field<'a>, max_unavailable: Amount, max_surge: Amount) -> Self {
        Self {
            settings,
            max_unavailable: Amount::read(settings.get("maxUnavailable"), max_unavailable),
            max_surge: Amount::read(settings.get("maxSurge"), max_surge),
        }
    }

    /// Whether both settings are literally zero, which the API server refuses: what only rounds
    /// to zero is fine.
    #[must_use]
    pub fn is_both_zero(&self) -> bool {
        [&self.max_unavailable, &self.max_surge].iter().all(|amount| amount.value().is_some_and(Amount::is_zero))
    }

    /// What it does with so many replicas; nothing where a setting is unknown or refused.
    #[must_use]
    pub fn at(&self, replicas: i64) -> Option<Fenceposts> {
        let (unavailable, surge) = (self.max_unavailable.value()?, self.max_surge.value()?);
        if self.is_both_zero() || unavailable.is_more_than_all() {
            return None;
        }
        let (surge, asked) = (surge.ceil_of(replicas), unavailable.floor_of(replicas));
        let forced = surge == 0 && asked == 0;
        let unavailable = if forced { 1 } else { asked }.min(replicas);
        Some(Fenceposts { replicas, unavailable, surge, forced })
    }

    /// Whether a field that somebody wrote decides how many Pods may be missing.
    #[must_use]
    pub fn is_explicit(&self, posts: Fenceposts) -> bool {
        self.max_unavailable.is_written() || (posts.forced && self.max_surge.is_written())
    }

    /// The number of replicas from which on a Pod may be missing, for a share.
    #[must_use]
    pub fn first_loss(&self) -> Option<i64> {
        match self.max_unavailable.value()? {
            Amount::Percent(share) if share > 0 => Some(100_i64.div_euclid(share) + i64::from(100 % share != 0)),
            _ => None,
        }
    }

    /// The setting as a message says it: `maxUnavailable 25% (default)`.
    #[must_use]
    pub fn describe(&self, posts: Fenceposts) -> String {
        if posts.forced {
            format!(
                "maxUnavailable {} rounds to 0 and maxSurge is {}, so Kubernetes uses 1",
                self.max_unavailable, self.max_surge
            )
        } else {
            format!("maxUnavailable {}", self.max_unavailable)
        }
    }

    /// The place of the setting that decides.
    #[must_use]
    pub fn origin(&self, posts: Fenceposts) -> Origin {
        let decisive =
            if posts.forced && !self.max_unavailable.is_written() { &self.max_surge } else { &self.max_unavailable };
        match decisive {
            Fact::Known { origin, .. } => *origin,
            Fact::Unknown { at, .. } => Origin::Computed(*at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Sources, Span};
    use crate::syntax::yaml;

    fn at(settings: &str, replicas: i64) -> Option<Fenceposts> {
        let id = Sources::default().add("x", settings);
        let documents = yaml::parse(id, settings, &yaml::split(settings)[0]).unwrap();
        RollingUpdate::read(Field::root(documents[0].root(), Span::new(id, 0, 0))).at(replicas)
    }

    fn pair(settings: &str, replicas: i64) -> (i64, i64) {
        let posts = at(settings, replicas).unwrap();
        (posts.unavailable, posts.surge)
    }

    /// Table A of the specification: the defaults.
    #[test]
    fn defaults_by_replicas() {
        for (replicas, expected) in [
            (1, (0, 1)),
            (2, (0, 1)),
            (3, (0, 1)),
            (4, (1, 1)),
            (5, (1, 2)),
            (8, (2, 2)),
            (10, (2, 3)),
            (240, (60, 60)),
        ] {
            assert_eq!(pair("{}", replicas), expected, "{replicas} replicas");
        }
    }

    #[test]
    fn a_surge_of_zero_leaves_the_other_default_in_place() {
        for replicas in 1..8 {
            assert_eq!(pair("{maxSurge: 0}", replicas), (1, 0), "{replicas} replicas");
        }
        assert_eq!(pair("{maxSurge: 0}", 8), (2, 0));
        assert!(at("{maxSurge: 0}", 3).unwrap().forced);
        assert!(!at("{maxSurge: 0}", 4).unwrap().forced);
    }

    #[test]
    fn unavailable_is_capped_at_the_replicas() {
        assert_eq!(pair("{maxUnavailable: 5}", 2), (2, 1));
        assert_eq!(pair("{maxUnavailable: 100%}", 3), (3, 1));
        assert_eq!(pair("{maxUnavailable: 1}", 0), (0, 0));
    }

    #[test]
    fn unavailable_is_rounded_down_and_surge_up() {
        assert_eq!(pair("{maxUnavailable: 50%, maxSurge: 50%}", 3), (1, 2));
        assert_eq!(pair("{maxUnavailable: 0, maxSurge: 1%}", 3), (0, 1));
    }

    #[test]
    fn what_is_no_amount_is_unknown() {
        assert_eq!(at("{maxUnavailable: \"25\"}", 4), None);
        assert_eq!(at("{maxUnavailable: \"${MAX}\"}", 4), None);
        assert_eq!(at("{maxUnavailable: -1%}", 4), None);
    }

    #[test]
    fn what_is_refused_does_nothing() {
        assert_eq!(at("{maxUnavailable: 0, maxSurge: 0%}", 4), None);
        assert_eq!(at("{maxUnavailable: 101%}", 4), None);
        assert!(at("{maxUnavailable: 1%, maxSurge: 0}", 4).unwrap().forced);
    }

    #[test]
    fn what_the_api_server_refuses() {
        let id = Sources::default().add("x", "");
        let refusal = |text: &str| {
            let documents = yaml::parse(id, text, &yaml::split(text)[0]).unwrap();
            Amount::refusal(documents[0].root())
        };
        for fine in ["0", "150", "25%", "150%", "${MAX}", "{}"] {
            assert_eq!(refusal(fine), None, "{fine}");
        }
        assert_eq!(refusal("-1"), Some("is negative"));
        for text in ["\"25\"", "one", "2.5%", "-5%"] {
            assert_eq!(refusal(text), Some("is neither a number nor a percentage"), "{text}");
        }
    }

    #[test]
    fn the_first_loss_of_a_share() {
        let id = Sources::default().add("x", "");
        for (share, replicas) in [(25, 4), (30, 4), (33, 4), (34, 3), (50, 2), (100, 1), (1, 100)] {
            let text = format!("{{maxUnavailable: {share}%}}");
            let documents = yaml::parse(id, &text, &yaml::split(&text)[0]).unwrap();
            let update = RollingUpdate::read(Field::root(documents[0].root(), Span::new(id, 0, 0)));
            assert_eq!(update.first_loss(), Some(replicas), "{share}%");
        }
    }
}
