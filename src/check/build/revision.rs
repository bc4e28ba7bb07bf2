//! Which commit an image was built from.

use crate::check::Hit;
use crate::knowledge::words_of;
use crate::params::Params;
use crate::release::Stage;
use crate::syntax::dockerfile::{Keyword, Pair};

/// Words of names that hold a commit.
const COMMIT: [&str; 9] = ["commit", "sha", "revision", "rev", "hash", "githash", "gitsha", "vcs", "git"];
/// Words of names that hold a version of the program itself, where a variable fills them in.
const VERSION: [&str; 4] = ["version", "release", "tag", "build"];

/// The final stage says neither in its labels nor in its environment what it was built from.
pub(super) fn not_recorded(stage: Stage<'_>, _: &Params) -> Vec<Hit> {
    let is_target = stage.index + 1 == stage.build().stages().len();
    let kept = |keyword| matches!(keyword, Keyword::Env | Keyword::Label);
    let instructions = stage.chain().flat_map(|stage| stage.instructions());
    let mut pairs = instructions.filter(|it| kept(it.keyword)).flat_map(|it| it.pairs());
    if !is_target || pairs.any(records) {
        return Vec::new();
    }
    vec![Hit::only(stage.from().span, "the image does not say which commit it was built from")]
}

fn records(pair: &Pair) -> bool {
    let words = words_of(&pair.key.unquoted());
    let has = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
    let filled_in = pair.value.as_ref().is_some_and(|value| !value.references().is_empty());
    has(&COMMIT) || (has(&VERSION) && (filled_in || words.len() == 1 || words.contains(&"image".to_string())))
}
