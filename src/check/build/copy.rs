//! Files taken from other stages.

use crate::check::Hit;
use crate::knowledge::is_system_directory;
use crate::params::Params;
use crate::release::Stage;
use crate::release::build::Base;
use crate::syntax::dockerfile::{Instruction, Keyword};

/// `COPY --from=… /usr/lib /usr/lib`: a whole directory of the system, over the target's own.
pub(super) fn broad(stage: Stage<'_>, _: &Params) -> Vec<Hit> {
    let is_empty = match stage.base_image() {
        Base::Scratch => true,
        Base::Image(image) => image.contains("distroless/static") || image.contains("distroless-static"),
        _ => false,
    };
    let copies = stage.instructions().iter().filter(|it| it.keyword == Keyword::Copy && !is_empty);
    copies.flat_map(of_copy).collect()
}

fn of_copy(copy: &Instruction) -> Vec<Hit> {
    let Some((target, sources)) = copy.words().split_last() else { return Vec::new() };
    if copy.flags_named("from").next().is_none() {
        return Vec::new();
    }
    let target = directory(&target.unquoted());
    let broad = sources.iter().filter(|source| directory(&source.unquoted()) == target);
    let broad = broad.filter(|_| is_system_directory(&target));
    let hits = broad.map(|source| {
        let message =
            format!("all of {target} of another image lies over {target} of this one: libraries and links of the same name are overwritten");
        Hit::only(source.span, message)
    });
    hits.collect()
}

/// A path without a slash, or a slash and a dot, at its end.
fn directory(path: &str) -> String {
    let path = path.trim_end_matches('.').trim_end_matches('/');
    if path.is_empty() { "/".to_string() } else { path.to_string() }
}
