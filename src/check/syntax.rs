//! Input that would not do what it says.

mod api;
mod duplicate_key;
mod render;
mod schema;

use super::{Check, Hit};
use crate::params::Params;
use crate::release::suppression::Suppression;
use crate::syntax::{FaultKind, SyntaxError};

/// The checks of this group.
pub(super) const CHECKS: &[(&str, Check)] = &[
    ("syntax-error", Check::Syntax(syntax_error)),
    ("api-removed", Check::Object(api::removed)),
    ("duplicate-key", Check::Object(duplicate_key::duplicate_key)),
    ("render-failed", Check::Render(render::failed)),
    ("chart-not-rendered", Check::Render(render::not_rendered)),
    ("unused-suppression", Check::Suppression(unused_suppression)),
    ("unknown-field", Check::Object(schema::unknown_field)),
    ("wrong-type", Check::Object(schema::wrong_type)),
];

fn syntax_error(error: &SyntaxError, _: &Params) -> Vec<Hit> {
    let case = match error.kind {
        FaultKind::Refused => "unreadable",
        FaultKind::ExecForm => "exec-form",
    };
    vec![Hit::new(case, error.span, error.message.clone())]
}

fn unused_suppression(suppression: &Suppression, _: &Params) -> Vec<Hit> {
    let rules = suppression.rules.join(", ");
    let why = if suppression.counts { format!("{rules} finds nothing here") } else { "it gives no reason".to_string() };
    vec![Hit::only(suppression.place, format!("this suppresses nothing: {why}"))]
}
