//! Which values no message may show.

use std::cell::OnceCell;

use super::value::Value;
use crate::knowledge::looks_secret;
use crate::release::Object;
use crate::release::build::Build;
use crate::release::secrets::secret_values;
use crate::source::Span;

/// The secrets of an object or a Dockerfile, looked for when a value is first to be shown.
pub(super) struct Secrecy<'a> {
    of: Of<'a>,
    /// Their places, in order.
    places: OnceCell<Vec<Span>>,
}

enum Of<'a> {
    Object(&'a Object<'a>),
    Build(&'a Build<'a>),
}

impl<'a> Secrecy<'a> {
    pub(super) fn of_object(object: &'a Object<'a>) -> Self {
        Self { of: Of::Object(object), places: OnceCell::new() }
    }

    pub(super) fn of_build(build: &'a Build<'a>) -> Self {
        Self { of: Of::Build(build), places: OnceCell::new() }
    }

    /// Whether a value is, holds, or lies in a secret.
    pub(super) fn covers(&self, value: &Value<'_>) -> bool {
        let last = value.path.rsplit(['.', '[']).next().unwrap_or_default();
        looks_secret(last.trim_matches(['"', ']'])) || self.holds(value.place)
    }

    fn holds(&self, place: Span) -> bool {
        let places = self.places.get_or_init(|| {
            let mut places = match self.of {
                Of::Object(object) => secret_values(object),
                Of::Build(build) => build.secret_values().collect(),
            };
            places.sort_unstable();
            places
        });
        let before = places.partition_point(|secret| secret.start < place.end);
        before.checked_sub(1).is_some_and(|last| places[last].end > place.start)
    }
}
