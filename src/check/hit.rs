//! What a check finds.

use super::edit::Fix;
use crate::source::Span;

/// A fault that a check found.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// Which case of the rule it is.
    pub case: &'static str,
    /// The place.
    pub span: Span,
    /// What is wrong, with the numbers.
    pub message: String,
    /// What to do here, where that is more than the rule's remedy.
    pub help: Option<String>,
    /// Other places that have to do with it.
    pub related: Vec<Related>,
    /// How to mend it.
    pub fix: Option<Fix>,
}

/// Another place that has to do with a fault.
#[derive(Clone, Debug, PartialEq)]
pub struct Related {
    /// The place.
    pub span: Span,
    /// What is there.
    pub message: String,
}

/// The case of a check that knows only one.
pub(super) const ONLY: &str = "default";

impl Hit {
    /// A hit of a case.
    pub fn new(case: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self { case, span, message: message.into(), help: None, related: Vec::new(), fix: None }
    }

    /// A hit of a check that knows only one case.
    pub fn only(span: Span, message: impl Into<String>) -> Self {
        Self::new(ONLY, span, message)
    }

    /// Adds another place.
    #[must_use]
    pub fn related(mut self, span: Span, message: impl Into<String>) -> Self {
        self.related.push(Related { span, message: message.into() });
        self
    }

    /// Says what to do here.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Says how to mend it, where that can be told.
    #[must_use]
    pub fn fix(mut self, fix: Option<Fix>) -> Self {
        self.fix = fix;
        self
    }
}
