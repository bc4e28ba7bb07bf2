//! What a build takes in, and whether it fails when something is missing.

mod argument;
mod copy;
mod revision;
mod secret;

use super::Check;

/// The checks of this group.
pub(super) const CHECKS: &[(&str, Check)] = &[
    ("build-arg-unchecked", Check::BuildArgument(argument::unchecked)),
    ("build-arg-check-ineffective", Check::BuildArgument(argument::ineffective)),
    ("build-arg-check-inverted", Check::BuildArgument(argument::inverted)),
    ("build-arg-check-misplaced", Check::BuildArgument(argument::misplaced)),
    ("build-arg-not-redeclared", Check::BuildArgument(argument::not_redeclared)),
    ("build-arg-placeholder-default", Check::BuildArgument(argument::placeholder_default)),
    ("broad-copy-from", Check::Stage(copy::broad)),
    ("revision-not-recorded", Check::Stage(revision::not_recorded)),
    ("secret-in-arg-or-env", Check::Stage(secret::in_variables)),
];
