//! Texts that are no texts once they are typed.

use crate::check::Hit;
use crate::check::edit::{Edit, Fix, Safety};
use crate::knowledge::looks_secret;
use crate::params::Params;
use crate::release::texts::{TextEntry, texts};
use crate::release::{Object, Releases};
use crate::syntax::yaml::{Node, Scalar, Style};

/// A value that must be a text, and is a boolean, a number or null.
pub(super) fn value_not_string<'a>(releases: &'a Releases<'a>, object: &'a Object<'a>, _: &Params) -> Vec<Hit> {
    texts(releases, object).into_iter().filter_map(|text| value(text, object)).collect()
}

fn value(TextEntry { name, is_variable, entry }: TextEntry<'_>, object: &Object<'_>) -> Option<Hit> {
    let parsed = parsed(entry.value)?;
    let is_null = parsed == "null";
    let may_print = object.kind != "Secret" && !looks_secret(name);
    let written = entry.value.text().filter(|text| may_print && !text.is_empty());
    let change = match written {
        Some(written) if written != parsed => format!("{written} → {parsed}"),
        Some(written) => written.to_string(),
        None => "this".to_string(),
    };
    let what = kind_of(entry.value);
    let message = match (is_null, may_print) {
        (true, _) if is_variable => format!("{name} has no value here: the process sees an empty text"),
        (true, _) => {
            format!("{name} must be a text, and null is none: some tools take it for an order to remove the key")
        }
        (false, true) => format!("{name} must be a text, and {change} is {what}: the API server refuses it"),
        (false, false) => format!("{name} must be a text, and its value is {what}: the API server refuses it"),
    };
    let case = match (is_null, is_variable) {
        (false, _) => "typed",
        (true, false) => "null",
        (true, true) => "empty",
    };
    Some(Hit::new(case, entry.place(), message).fix(quote(entry.value)))
}

/// A plain key of such a mapping that is no text once it is typed.
pub(super) fn key_coerced<'a>(releases: &'a Releases<'a>, object: &'a Object<'a>, _: &Params) -> Vec<Hit> {
    let keys = texts(releases, object).into_iter().map(|text| text.entry.key);
    let hits = keys.filter_map(|key| {
        let (written, parsed) = (key.text()?, parsed(key)?);
        let is_null = parsed == "null";
        let message = match is_null {
            // JSON has no such key, and the conversion to it makes none up.
            true => format!("the key {written} is null, which no key can be: the file is refused"),
            false => format!("the key {written} is {}: it becomes \"{parsed}\"", kind_of(key)),
        };
        (is_null || written != parsed).then(|| Hit::only(key.span(), message).fix(quote(key)))
    });
    hits.collect()
}

/// What a scalar that is no text becomes in JSON.
fn parsed(node: Node<'_>) -> Option<String> {
    match node.scalar()? {
        Scalar::String(_) => None,
        Scalar::Null => Some("null".to_string()),
        Scalar::Bool(value) => Some(value.to_string()),
        Scalar::Integer(value) => Some(value.to_string()),
        Scalar::Float(value) => Some(value.to_string()),
    }
}

fn kind_of(node: Node<'_>) -> &'static str {
    match node.scalar() {
        Some(Scalar::Bool(_)) => "a boolean",
        Some(Scalar::Integer(_) | Scalar::Float(_)) => "a number",
        Some(Scalar::Null) => "null",
        _ => "a text",
    }
}

/// Quotes what is written, to the letter.
fn quote(node: Node<'_>) -> Option<Fix> {
    let is_plain = node.style() == Some(Style::Plain) && !node.span().is_empty();
    Fix::new(Safety::Safe, "quote it", is_plain.then(|| Edit::quote(node.span())))
}
