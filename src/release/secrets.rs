//! Where the values of secrets stand in an object, so that no report shows them.

use super::Object;
use crate::knowledge::{holds_secret, looks_secret};
use crate::source::Span;
use crate::syntax::yaml::{Entry, Node, NodeKind};

/// The values of an object's secrets: the data of a Secret, whatever a secret-looking key
/// holds, the `value` beside a secret-looking `name`, and texts with a secret inside.
#[must_use]
pub fn secret_values(object: &Object<'_>) -> Vec<Span> {
    let is_secret = object.group().is_empty() && object.kind == "Secret";
    let data = ["data", "stringData"].into_iter().filter(|_| is_secret).filter_map(|key| object.root().get(key));
    let data = data.flat_map(Node::entries).map(|entry| entry.value);
    let named = object.root().mappings().flat_map(values_of);
    let generated = Some(object).filter(|object| object.is_kustomization()).into_iter().flat_map(generated);
    data.chain(named).chain(generated).filter(|value| is_scalar(*value)).map(Node::span).collect()
}

/// What the Secret generators of a kustomization are given.
fn generated<'a>(object: &Object<'a>) -> Vec<Node<'a>> {
    let generators = object.root().get("secretGenerator").into_iter().flat_map(Node::items);
    generators.filter_map(|generator| generator.get("literals")).flat_map(Node::items).collect()
}

fn values_of(mapping: Node<'_>) -> Vec<Node<'_>> {
    let names_secret = mapping.string("name").is_some_and(looks_secret);
    let is_secret = |entry: &Entry<'_>| match entry.key.text() {
        _ if entry.value.text().is_some_and(holds_secret) => true,
        Some("value") => names_secret,
        Some(key) => looks_secret(key),
        None => false,
    };
    mapping.entries().filter(is_secret).map(|entry| entry.value).collect()
}

fn is_scalar(node: Node<'_>) -> bool {
    matches!(node.kind(), NodeKind::Scalar(_)) && !node.span().is_empty()
}
