//! Rules: what is judged, how severely, and why. A rule is one YAML file, under `rules/` or in a
//! folder of the user's.

mod builtin;
pub mod file;
pub mod load;

pub use builtin::builtin;
pub use file::{Example, Flag, Rule, Severity};
