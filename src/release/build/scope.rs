//! What a variable is at some place of a Dockerfile.
//!
//! An `ARG` before the first `FROM` is seen by `FROM` alone; one in a stage from its line on,
//! and in stages that are built from that stage. `ENV` shadows `ARG`, wherever it stands
//! (moby/buildkit, frontend/dockerfile/docs/reference.md, "Scope" and "Using ARG variables").

use std::collections::HashMap;

use super::Build;
use super::stage::Stage;
use crate::syntax::dockerfile::{Keyword, Pair};
use crate::syntax::expansion::Operator;

/// Variables that name each other are followed this far.
const MAX_ALIASES: usize = 8;

/// What a variable is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Holder<'b> {
    /// The value of a build argument. `baked`: it is empty where nobody passes one.
    Argument { name: &'b str, baked: bool },
    /// Something else.
    Fixed,
    /// Nothing.
    Absent,
}

/// The definitions of every stage, by name, in order.
pub(super) struct Scopes<'b> {
    stages: Vec<HashMap<&'b str, Definitions<'b>>>,
}

/// The definitions of one name in a stage, each kind in order.
#[derive(Default)]
struct Definitions<'b> {
    arguments: Vec<Definition<'b>>,
    variables: Vec<Definition<'b>>,
}

#[derive(Clone, Copy)]
struct Definition<'b> {
    instruction: usize,
    pair: &'b Pair,
}

/// The last definition before an instruction.
fn last_before<'d, 'b>(definitions: &'d [Definition<'b>], limit: usize) -> Option<&'d Definition<'b>> {
    let before = definitions.partition_point(|definition| definition.instruction < limit);
    definitions[..before].last()
}

impl<'b> Scopes<'b> {
    pub(super) fn of(build: &'b Build<'b>) -> Self {
        let stages = build.stages().map(|stage| {
            let mut found: HashMap<&str, Definitions<'_>> = HashMap::new();
            for (instruction, it) in stage.instructions().iter().enumerate() {
                if matches!(it.keyword, Keyword::Arg | Keyword::Env) {
                    for pair in it.pairs() {
                        let known = found.entry(&pair.key.text).or_default();
                        let is_env = it.keyword == Keyword::Env;
                        let list = if is_env { &mut known.variables } else { &mut known.arguments };
                        list.push(Definition { instruction, pair });
                    }
                }
            }
            found
        });
        Self { stages: stages.collect() }
    }

    /// What `name` is before an instruction of a stage.
    pub(super) fn holder(&self, stage: Stage<'b>, instruction: usize, name: &str) -> Holder<'b> {
        self.follow(stage, instruction, name, 0)
    }

    fn follow(&self, stage: Stage<'b>, instruction: usize, name: &str, depth: usize) -> Holder<'b> {
        let mut argument = None;
        for (step, part) in stage.chain().enumerate() {
            let limit = if step == 0 { instruction } else { usize::MAX };
            let Some(known) = self.stages[part.index].get(name) else { continue };
            if let Some(definition) = last_before(&known.variables, limit) {
                return self.value_of(part, *definition, depth);
            }
            argument = argument.or_else(|| last_before(&known.arguments, limit));
        }
        match argument {
            Some(definition) => Holder::Argument { name: &definition.pair.key.text, baked: false },
            None => Holder::Absent,
        }
    }

    /// Whose value an `ENV` holds: that of an argument, where it is nothing else.
    fn value_of(&self, stage: Stage<'b>, definition: Definition<'b>, depth: usize) -> Holder<'b> {
        let Some(value) = definition.pair.value.as_ref().filter(|_| depth < MAX_ALIASES) else { return Holder::Fixed };
        let text = value.unquoted();
        match value.references().as_slice() {
            [only] if only.operator == Operator::Plain && is_whole(&text, &only.name) => {
                match self.follow(stage, definition.instruction, &only.name, depth + 1) {
                    Holder::Argument { name, .. } => Holder::Argument { name, baked: true },
                    other => other,
                }
            }
            _ => Holder::Fixed,
        }
    }
}

fn is_whole(text: &str, name: &str) -> bool {
    text.strip_prefix('$').is_some_and(|rest| rest == name || rest == format!("{{{name}}}"))
}
