//! Kinds that the API server no longer serves.

use crate::check::{Hit, Params};
use crate::knowledge::removed_api;
use crate::knowledge::schema::{Kind, Versions, kind, kinds};
use crate::release::{Object, Releases};

/// A kind of an `apiVersion` that is gone, or will be.
pub(super) fn removed<'a>(releases: &'a Releases<'a>, object: &'a Object<'a>, _: &Params) -> Vec<Hit> {
    let (api_version, name, minor) = (object.api_version, object.kind, releases.kube_minor);
    let Some(place) = object.root().get("apiVersion").map(|node| node.span()) else { return Vec::new() };
    let instead = match replacement(object, minor) {
        Some(known) => format!("use {}", known.api_version()),
        None => "nothing replaces it".to_string(),
    };
    let hit = match kind(api_version, name).map(Kind::versions) {
        Some(Versions { since, .. }) if minor < since => {
            let message = format!("{api_version} {name} is served since 1.{since}, and not by 1.{minor}: {instead}");
            Some(Hit::new("removed", place, message))
        }
        Some(Versions { until, .. }) if minor > until => {
            let message = format!("{api_version} {name} is gone since 1.{}: {instead}", until + 1);
            Some(Hit::new("removed", place, message))
        }
        Some(Versions { until, .. }) if until < Versions::KNOWN.until => {
            let message = format!("1.{} no longer serves {api_version} {name}: {instead}", until + 1);
            Some(Hit::new("deprecated", place, message))
        }
        Some(_) => None,
        None => removed_api(api_version, name).map(|version| {
            Hit::new("removed", place, format!("{api_version} {name} is gone since {version}: {instead}"))
        }),
    };
    hit.into_iter().collect()
}

/// What serves the kind in this version: of the same group first, the stable version first.
fn replacement(object: &Object<'_>, minor: u8) -> Option<Kind> {
    let group = |api_version: &str| api_version.split_once('/').map_or("", |(group, _)| group).to_string();
    let served = kinds().filter(|known| known.name() == object.kind && known.versions().contains(minor));
    served.min_by_key(|known| {
        let is_other = group(known.api_version()) != object.group();
        let is_unstable = known.api_version().contains("alpha") || known.api_version().contains("beta");
        (is_unstable, is_other, known.api_version())
    })
}
