//! Where the values of secrets stand in a document, so that no report shows them.

use super::Object;
use crate::knowledge::looks_secret;
use crate::source::Span;
use crate::syntax::yaml::{Entry, Node, NodeKind};

/// The values of a document's secrets: the data of a Secret, whatever a secret-looking key
/// holds, and the `value` beside a secret-looking `name`.
#[must_use]
pub fn secret_values(object: &Object<'_>) -> Vec<Span> {
    let is_secret = object.group().is_empty() && object.kind == "Secret";
    let data = ["data", "stringData"].into_iter().filter(|_| is_secret).filter_map(|key| object.root().get(key));
    let data = data.flat_map(Node::entries).map(|entry| entry.value);
    let named = object.document().mappings().flat_map(values_of);
    data.chain(named).filter(|value| is_scalar(*value)).map(Node::span).collect()
}

fn values_of(mapping: Node<'_>) -> Vec<Node<'_>> {
    let names_secret = mapping.string("name").is_some_and(looks_secret);
    let is_secret = |entry: &Entry<'_>| match entry.key.text() {
        Some("value") => names_secret,
        Some(key) => looks_secret(key),
        None => false,
    };
    mapping.entries().filter(is_secret).map(|entry| entry.value).collect()
}

fn is_scalar(node: Node<'_>) -> bool {
    matches!(node.kind(), NodeKind::Scalar(_)) && !node.span().is_empty()
}
