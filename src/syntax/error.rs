//! Text that could not be read.

use crate::source::Span;

/// A place that could not be read, or means something else than it looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// The place where the parser stopped; in YAML it can be a line late.
    pub span: Span,
    /// What is wrong there.
    pub message: String,
    /// How bad it is.
    pub kind: FaultKind,
}

/// Whether tools refuse the text because of a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// They refuse it.
    Refused,
    /// What is meant as a Dockerfile's exec form is no JSON, so BuildKit takes it for shell form.
    ExecForm,
}

impl SyntaxError {
    /// A fault for which tools refuse the text.
    pub fn refused(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), kind: FaultKind::Refused }
    }
}
