//! Kinds that the API server no longer serves.

use std::cmp::Reverse;

use crate::check::{Hit, Params};
use crate::knowledge::schema::{Kind, Versions, kind, kinds};
use crate::knowledge::{deprecated_api, removed_api};
use crate::release::{Object, Releases};
use crate::source::Span;

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
        Some(_) => deprecated_for_good(object, minor, place),
        None => removed_api(api_version, name).map(|version| {
            Hit::new("removed", place, format!("{api_version} {name} is gone since {version}: {instead}"))
        }),
    };
    hit.into_iter().collect()
}

/// A kind that is deprecated, and whose end has no date.
fn deprecated_for_good(object: &Object<'_>, minor: u8, place: Span) -> Option<Hit> {
    let (since, instead) = deprecated_api(object.api_version, object.kind)?;
    let is_yet = since.strip_prefix("1.")?.parse().is_ok_and(|since: u8| since <= minor);
    let instead = instead.map_or("nothing replaces it".to_string(), |instead| format!("use {instead}"));
    let message = format!("{} {} is deprecated since {since}: {instead}", object.api_version, object.kind);
    is_yet.then(|| Hit::new("deprecated", place, message))
}

/// What serves the kind in this version: the newest stable version, of the same group first.
fn replacement(object: &Object<'_>, minor: u8) -> Option<Kind> {
    let group = |api_version: &str| api_version.split_once('/').map_or("", |(group, _)| group).to_string();
    let served = kinds().filter(|known| known.name() == object.kind && known.versions().contains(minor));
    served.min_by_key(|known| {
        let is_other = group(known.api_version()) != object.group();
        let is_unstable = known.api_version().contains("alpha") || known.api_version().contains("beta");
        (is_unstable, is_other, Reverse(known.api_version()))
    })
}
