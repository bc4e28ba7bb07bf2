//! Input that would not do what it says.

mod duplicate_key;
mod schema;

use super::{Check, Hit};
use crate::params::Params;
use crate::syntax::yaml::SyntaxError;

/// The checks of this group.
pub(super) const CHECKS: &[(&str, Check)] = &[
    ("syntax-error", Check::Syntax(syntax_error)),
    ("duplicate-key", Check::Document(duplicate_key::duplicate_key)),
    ("unknown-field", Check::Object(schema::unknown_field)),
    ("wrong-type", Check::Object(schema::wrong_type)),
];

fn syntax_error(error: &SyntaxError, _: &Params) -> Vec<Hit> {
    vec![Hit::new("unreadable", error.span, error.message.clone())]
}
