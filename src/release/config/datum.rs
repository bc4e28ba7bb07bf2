//! Keys and values of configuration.

use crate::release::field::is_filled_in;
use crate::source::Span;

/// A value, as far as it can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// It is this text.
    Known(&'a str),
    /// It cannot be told, and why: the end of a sentence.
    Unknown(&'static str),
}

impl<'a> Value<'a> {
    /// The text, where it can be told.
    #[must_use]
    pub fn known(self) -> Option<&'a str> {
        match self {
            Self::Known(text) => Some(text),
            Self::Unknown(_) => None,
        }
    }

    /// The value that a text is, unless some tool fills it in.
    pub(super) fn of(text: &'a str) -> Self {
        if is_filled_in(text) { Self::Unknown("is filled in later") } else { Self::Known(text) }
    }
}

/// A key of a ConfigMap or a Secret.
#[derive(Clone, Copy, Debug)]
pub struct Datum<'a> {
    /// The key.
    pub key: &'a str,
    /// Its value.
    pub value: Value<'a>,
    /// Where the key stands.
    pub place: Span,
}
