//! Which stages the target needs: BuildKit builds no other.

use std::collections::HashMap;

use super::stage::{Base, StageData};
use crate::syntax::dockerfile::{Instruction, Keyword};

/// For each stage, whether the last one needs it, by `FROM`, `COPY --from` or
/// `RUN --mount=from=`.
pub(super) fn reached(instructions: &[Instruction], stages: &[StageData]) -> Vec<bool> {
    let names: HashMap<String, usize> = stages
        .iter()
        .enumerate()
        .filter_map(|(index, stage)| Some((stage.name.as_ref()?.to_ascii_lowercase(), index)))
        .collect();
    let mut reached = vec![false; stages.len()];
    let mut open: Vec<usize> = stages.len().checked_sub(1).into_iter().collect();
    while let Some(index) = open.pop() {
        if std::mem::replace(&mut reached[index], true) {
            continue;
        }
        if let Base::Stage(base) = stages[index].base {
            open.push(base);
        }
        let sources = instructions[stages[index].body.clone()].iter().flat_map(sources);
        open.extend(sources.filter_map(|name| match names.get(&name.to_ascii_lowercase()) {
            Some(stage) => Some(*stage),
            None => name.parse().ok().filter(|number| *number < stages.len()),
        }));
    }
    reached
}

/// The stages or images that an instruction takes files from.
fn sources(instruction: &Instruction) -> Vec<String> {
    match instruction.keyword {
        Keyword::Copy => instruction.flags_named("from").map(|from| from.unquoted()).collect(),
        Keyword::Run => {
            let options = instruction.flags_named("mount").flat_map(|mount| {
                mount
                    .unquoted()
                    .split(',')
                    .filter_map(|option| option.strip_prefix("from=").map(str::to_string))
                    .collect::<Vec<_>>()
            });
            options.collect()
        }
        _ => Vec::new(),
    }
}
