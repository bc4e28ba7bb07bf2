//! A fact: a value, or why it is not known, and where it comes from.

use std::borrow::Cow;

use crate::source::Span;

/// Where a fact's value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It is written there.
    Written(Span),
    /// It is not written; the platform fills it in.
    Default {
        /// The nearest thing that is written: what a reader would extend.
        near: Span,
    },
    /// It follows from what stands there.
    Computed(Span),
}

impl Origin {
    /// The place to point at.
    #[must_use]
    pub fn span(self) -> Span {
        match self {
            Origin::Written(span) | Origin::Default { near: span } | Origin::Computed(span) => span,
        }
    }
}

/// What is known of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact<T> {
    /// The value and its origin.
    Known {
        /// The value.
        value: T,
        /// Where it comes from.
        origin: Origin,
    },
    /// It cannot be told from what was read.
    Unknown {
        /// Why, as the end of a sentence: "is filled in by a template".
        reason: Cow<'static, str>,
        /// The place to point at.
        at: Span,
    },
}

impl<T> Fact<T> {
    /// A value that is written at `span`.
    pub fn written(value: T, span: Span) -> Self {
        Fact::Known { value, origin: Origin::Written(span) }
    }

    /// A value that the platform fills in; `near` is the nearest thing written.
    pub fn default_of(value: T, near: Span) -> Self {
        Fact::Known { value, origin: Origin::Default { near } }
    }

    /// A value that cannot be told.
    pub fn unknown(reason: impl Into<Cow<'static, str>>, at: Span) -> Self {
        Fact::Unknown { reason: reason.into(), at }
    }

    /// The value, where it is known.
    pub fn known(&self) -> Option<&T> {
        match self {
            Fact::Known { value, .. } => Some(value),
            Fact::Unknown { .. } => None,
        }
    }

    /// The place to point at.
    pub fn span(&self) -> Span {
        match self {
            Fact::Known { origin, .. } => origin.span(),
            Fact::Unknown { at, .. } => *at,
        }
    }

    /// Whether somebody wrote the value.
    pub fn is_written(&self) -> bool {
        matches!(self, Fact::Known { origin: Origin::Written(_), .. })
    }

    /// Whether the platform fills the value in.
    pub fn is_default(&self) -> bool {
        matches!(self, Fact::Known { origin: Origin::Default { .. }, .. })
    }

    /// The fact that follows from this one, with the same origin.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Fact<U> {
        match self {
            Fact::Known { value, origin } => Fact::Known { value: f(value), origin },
            Fact::Unknown { reason, at } => Fact::Unknown { reason, at },
        }
    }
}

impl<T: Copy> Fact<T> {
    /// The value, where it is known.
    pub fn value(&self) -> Option<T> {
        self.known().copied()
    }
}

impl Fact<i64> {
    /// A time as a message says it: "30 s", "30 s (default)".
    #[must_use]
    pub fn in_seconds(&self) -> String {
        match self.value() {
            Some(value) if self.is_default() => format!("{value} s (default)"),
            Some(value) => format!("{value} s"),
            None => self.to_string(),
        }
    }
}

impl<T: std::fmt::Display> std::fmt::Display for Fact<T> {
    /// The value, and "(default)" where nobody wrote it: the form for messages.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Fact::Known { value, origin: Origin::Default { .. } } => write!(f, "{value} (default)"),
            Fact::Known { value, .. } => write!(f, "{value}"),
            Fact::Unknown { reason, .. } => write!(f, "unknown ({reason})"),
        }
    }
}
