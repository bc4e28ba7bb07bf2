//! Configuration: what a value becomes on its way to the process.

mod text;

use super::Check;

/// The checks of this group.
pub(super) const CHECKS: &[(&str, Check)] = &[
    ("config-value-not-string", Check::Object(text::value_not_string)),
    ("config-key-coerced", Check::Object(text::key_coerced)),
];
