//! Charts and kustomizations that gave no manifests.

use crate::check::Hit;
use crate::params::Params;
use crate::release::render::RenderFault;

/// The tool failed.
pub(super) fn failed(fault: &RenderFault, _: &Params) -> Vec<Hit> {
    let hit = |fault: &RenderFault| {
        let hit = Hit::only(fault.place, format!("{} cannot render {}: {}", fault.tool, fault.what, fault.why));
        let hit = fault.at.into_iter().fold(hit, |hit, at| hit.related(at, format!("where {} fails", fault.tool)));
        fault.help.iter().fold(hit, |hit, help| hit.help(help))
    };
    Some(fault).filter(|fault| fault.tried).map(hit).into_iter().collect()
}

/// Nobody tried.
pub(super) fn not_rendered(fault: &RenderFault, _: &Params) -> Vec<Hit> {
    let hit = |fault: &RenderFault| Hit::only(fault.place, format!("{} was not rendered: {}", fault.what, fault.why));
    Some(fault).filter(|fault| !fault.tried).map(hit).into_iter().collect()
}
