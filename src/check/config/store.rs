//! What the API server refuses of ConfigMaps and Secrets, and what it will refuse at the next
//! change.

use std::collections::HashSet;

use crate::check::Hit;
use crate::params::Params;
use crate::release::config::name::is_versioned;
use crate::release::field::{is_filled_in, is_placeholder};
use crate::release::{Object, Releases};
use crate::syntax::yaml::{Entry, Node};

/// `MaxSecretSize` of Kubernetes' `pkg/apis/core/types.go`, which ConfigMaps share.
const MAX_SIZE: usize = 1024 * 1024;

fn is_store(object: &Object<'_>) -> bool {
    object.group().is_empty() && matches!(object.kind, "ConfigMap" | "Secret")
}

fn entries<'a>(object: &Object<'a>, section: &str) -> Vec<Entry<'a>> {
    object.field().get(section).node().into_iter().flat_map(Node::entries).collect()
}

/// More than 1 MiB.
pub(super) fn too_large<'a>(_: &'a Releases<'a>, object: &'a Object<'a>, _: &Params) -> Vec<Hit> {
    if !is_store(object) {
        return Vec::new();
    }
    let texts = |section: &str| entries(object, section).into_iter().filter_map(|entry| entry.value.text());
    let plain = |section: &str| texts(section).map(str::len).sum::<usize>();
    let decoded = |section: &str| texts(section).map(decoded_size).sum::<usize>();
    let size = match object.kind {
        "Secret" => decoded("data") + plain("stringData"),
        _ => plain("data") + decoded("binaryData"),
    };
    if size <= MAX_SIZE {
        return Vec::new();
    }
    let message = format!("{size} bytes of data, and 1 MiB ({MAX_SIZE}) is the limit: the API server refuses it");
    vec![Hit::only(object.place(), message)]
}

/// How many bytes base64 stands for.
fn decoded_size(text: &str) -> usize {
    text.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=').count() * 3 / 4
}

/// Keys that the API server refuses, and keys that are both text and binary.
pub(super) fn keys_rejected<'a>(_: &'a Releases<'a>, object: &'a Object<'a>, _: &Params) -> Vec<Hit> {
    if !is_store(object) {
        return Vec::new();
    }
    let data = entries(object, "data");
    let texts: HashSet<_> = data.iter().filter_map(|entry| entry.key.text()).collect();
    let binary = entries(object, "binaryData");
    let twice = binary.iter().filter(|entry| entry.key.text().is_some_and(|key| texts.contains(key)));
    let twice = twice.map(|entry| {
        let key = entry.key.text().unwrap_or_default();
        Hit::new("twice", entry.key.span(), format!("{key} is in data and in binaryData: the API server refuses it"))
    });
    let all = data.iter().chain(&binary).copied().chain(entries(object, "stringData"));
    let refused = all.filter_map(|entry| refused_key(entry.key));
    refused.chain(twice).collect()
}

/// `IsConfigMapKey` of Kubernetes' `apimachinery/pkg/util/validation`.
fn refused_key(key: Node<'_>) -> Option<Hit> {
    let text = key.text().filter(|text| !is_filled_in(text))?;
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let why = if text.is_empty() {
        "it is empty"
    } else if text.len() > 253 {
        "it is longer than 253 letters"
    } else if text == "." || text.starts_with("..") {
        "it starts with two dots, or is one"
    } else if !text.bytes().all(is_letter) {
        "it holds more than letters, digits, -, _ and ."
    } else {
        return None;
    };
    Some(Hit::new("key", key.span(), format!("{text:?} is no key: {why}, and the API server refuses it")))
}

/// Data that cannot be changed under a name that will stay.
pub(super) fn immutable_fixed_name<'a>(_: &'a Releases<'a>, object: &'a Object<'a>, _: &Params) -> Vec<Hit> {
    let field = object.field().get("immutable");
    let is_immutable = is_store(object) && field.bool_or(false).value() == Some(true);
    let fixed = object.name.filter(|name| is_immutable && !is_versioned(name) && !is_name_filled_in(object));
    let Some(name) = fixed else { return Vec::new() };
    let message =
        format!("immutable: true under the fixed name {name}: the API server refuses the next change of the data");
    vec![Hit::only(field.place(), message)]
}

fn is_name_filled_in(object: &Object<'_>) -> bool {
    object.field().at(&["metadata", "name"]).node().is_some_and(is_placeholder)
}
