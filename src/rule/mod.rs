//! Rules: what is judged, how severely, and why. A rule is one YAML file under `rules/`.

mod builtin;
pub mod file;

pub use builtin::builtin;
pub use file::{Example, Flag, Rule, Severity};
