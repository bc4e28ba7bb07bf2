//! The engine: from inputs to findings.
//!
//! [`lint`] is a pure function without global state, printing or exit; the command line is
//! one of its callers. It reads the inputs into releases ([`Workspace`]), runs every rule of
//! the [`Policy`] over its subjects in parallel, and turns hits into findings: levels,
//! overrides, suppressions, order.

mod assemble;
mod engine;
mod example;
mod finding;
mod fingerprint;
mod origins;
mod policy;
mod renders;
mod suppress;
mod texts;
mod workspace;

pub use example::{Trial, flagged, lint_example, try_example};
pub use finding::{Finding, RenderedAt, RenderedRelease, Report, Resource, Summary};
pub use policy::{Policy, Selection};
pub use texts::{Documents, Texts};
pub use workspace::Workspace;

use crate::input::Inputs;
use assemble::Assembled;
use origins::Origins;

/// Lints.
#[must_use]
pub fn lint<'r>(inputs: &Inputs, policy: &Policy<'r>) -> Report<'r> {
    let texts = Texts::read(inputs);
    let assembled = {
        let documents = texts.parse(inputs);
        let workspace = Workspace::build(inputs, &texts, &documents, policy);
        let found = engine::run(&workspace, policy);
        let origins = Origins::new(&workspace, inputs, &texts, &found);
        let found = origins.trace(found);
        let (kept, suppressed) = suppress::apply(&workspace, policy, found, &origins);
        Assembled::new(&workspace, kept, suppressed, &origins)
    };
    assembled.into_report(texts.sources)
}
