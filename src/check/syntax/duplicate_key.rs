//! Keys that are there twice.

use std::collections::HashMap;

use crate::check::Hit;
use crate::params::Params;
use crate::syntax::yaml::{Document, Node, Scalar};

/// The same key twice in one mapping, as JSON sees it: `n` and `no` are both "false".
pub(super) fn duplicate_key(document: &Document<'_>, _: &Params) -> Vec<Hit> {
    document.mappings().flat_map(duplicates).collect()
}

fn duplicates(mapping: Node<'_>) -> Vec<Hit> {
    let mut seen: HashMap<String, Node<'_>> = HashMap::new();
    let mut hits = Vec::new();
    for key in mapping.own_entries().map(|entry| entry.key) {
        let (Some(name), Some(written)) = (json_key(key), key.text()) else { continue };
        if let Some(first) = seen.insert(name.clone(), key) {
            let same = first.text() == Some(written);
            let message = match first.text() {
                Some(other) if !same => format!(
                    "the keys `{other}` and `{written}` are both \"{name}\" in JSON: only the last value counts"
                ),
                _ => format!("the key `{written}` is there twice: only the last value counts, or the apply fails"),
            };
            hits.push(Hit::only(key.span(), message).related(first.span(), "first written here"));
        }
    }
    hits
}

/// A key as it stands in JSON.
fn json_key(key: Node<'_>) -> Option<String> {
    Some(match key.scalar()? {
        Scalar::Null => "null".to_string(),
        Scalar::Bool(value) => value.to_string(),
        Scalar::Integer(value) => value.to_string(),
        Scalar::Float(value) => value.to_string(),
        Scalar::String(text) => text.to_string(),
    })
}
