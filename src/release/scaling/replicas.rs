//! How many replicas a workload has.

use crate::release::{Autoscaler, Fact, Field};

/// The replicas of a workload: a number, or the interval in which an autoscaler moves it.
#[derive(Clone)]
pub struct Replicas<'a> {
    /// The fewest.
    pub min: Fact<i64>,
    /// The most; the same as `min` without an autoscaler.
    pub max: Fact<i64>,
    /// The autoscaler that moves the number.
    pub autoscaler: Option<Autoscaler<'a>>,
}

impl<'a> Replicas<'a> {
    /// The number that is written, or the default of 1.
    #[must_use]
    pub fn fixed(field: Field<'a>) -> Self {
        let replicas = field.integer_or(1);
        Self { min: replicas.clone(), max: replicas, autoscaler: None }
    }

    /// What an autoscaler makes of it: `spec.replicas` says nothing then.
    #[must_use]
    pub fn scaled(autoscaler: Autoscaler<'a>) -> Self {
        Self { min: autoscaler.min(), max: autoscaler.max(), autoscaler: Some(autoscaler) }
    }

    /// The numbers that are known and that a rollout can meet, the smaller first.
    #[must_use]
    pub fn known(&self) -> Vec<i64> {
        let mut known: Vec<_> = [self.min.value(), self.max.value()].into_iter().flatten().collect();
        known.dedup();
        known
    }

    /// Whether no more than one replica is known of.
    #[must_use]
    pub fn is_single(&self) -> bool {
        self.known().into_iter().all(|count| count <= 1)
    }

    /// Whether the workload is switched off: no replica, and no autoscaler to raise it.
    #[must_use]
    pub fn is_off(&self) -> bool {
        match self.autoscaler {
            None => self.min.value() == Some(0),
            Some(_) => self.max.value() == Some(0),
        }
    }
}

impl std::fmt::Display for Replicas<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.autoscaler {
            None => write!(f, "{}", self.min),
            Some(autoscaler) => write!(f, "{} to {}, scaled by {}", self.min, self.max, autoscaler.object().title()),
        }
    }
}
