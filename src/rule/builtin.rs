//! The rules that are built in.

use std::borrow::Cow;

use super::file::{Example, Flag, Rule, Severity};
#[allow(unused_imports, reason = "not every set of rules has parameters")]
use crate::params::{Entries, ParamValue};

include!(concat!(env!("OUT_DIR"), "/rules.rs"));

/// Every built-in rule, by id.
#[must_use]
pub fn builtin() -> &'static [Rule] {
    &RULES
}
