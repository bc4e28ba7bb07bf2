//! Secrets that stay in the image.

use std::collections::HashSet;

use crate::check::Hit;
use crate::knowledge::looks_secret;
use crate::params::Params;
use crate::release::Stage;
use crate::syntax::dockerfile::{Instruction, Keyword, Pair};

/// An `ARG` or `ENV` of a stage whose name promises a secret, each name once. Its value is never
/// printed.
pub(super) fn in_variables(stage: Stage<'_>, _: &Params) -> Vec<Hit> {
    let mut seen = HashSet::new();
    let kept = stage.instructions().iter().filter(|it| matches!(it.keyword, Keyword::Arg | Keyword::Env));
    let pairs = kept.flat_map(|it| it.pairs().iter().map(move |pair| (it, pair)));
    let secret = pairs.filter(|(it, pair)| looks_secret(&pair.key.text) && holds_any(it, pair));
    secret.filter(|(_, pair)| seen.insert(&pair.key.text)).map(|(it, pair)| hit(it, pair)).collect()
}

/// An empty variable of the environment holds no secret; an argument is there to be passed.
fn holds_any(instruction: &Instruction, pair: &Pair) -> bool {
    let value = pair.value.as_ref().map(|value| value.unquoted());
    instruction.keyword == Keyword::Arg || value.is_some_and(|value| !value.is_empty())
}

fn hit(instruction: &Instruction, pair: &Pair) -> Hit {
    let name = &pair.key.text;
    let stays = match instruction.keyword {
        Keyword::Arg => "the history of the image keeps what is passed for it",
        _ => "everybody who has the image can read it",
    };
    Hit::only(pair.key.span, format!("{name} looks like a secret, and {stays}"))
}
