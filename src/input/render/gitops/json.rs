//! YAML as JSON, to be filled in and handed to helm.

use serde_json::{Map, Number, Value};

use crate::syntax::yaml::{Node, NodeKind, Scalar};

/// Collections within each other beyond this are left out.
const MAX_DEPTH: usize = 64;

/// A node as JSON.
pub(super) fn of(node: Node<'_>) -> Value {
    convert(node, 0)
}

fn convert(node: Node<'_>, depth: usize) -> Value {
    if depth > MAX_DEPTH {
        return Value::Null;
    }
    match node.kind() {
        NodeKind::Scalar(scalar) => of_scalar(scalar),
        NodeKind::Sequence => node.items().map(|item| convert(item, depth + 1)).collect(),
        NodeKind::Mapping => {
            let entries = node.entries();
            let pairs = entries.filter_map(|it| Some((it.key.text()?.to_string(), convert(it.value, depth + 1))));
            Value::Object(pairs.collect::<Map<_, _>>())
        }
    }
}

/// A scalar as JSON.
pub(super) fn of_scalar(scalar: Scalar<'_>) -> Value {
    match scalar {
        Scalar::Null => Value::Null,
        Scalar::Bool(value) => Value::Bool(value),
        Scalar::Integer(value) => i64::try_from(value).map_or(Value::Null, Value::from),
        Scalar::Float(value) => Number::from_f64(value).map_or(Value::Null, Value::Number),
        Scalar::String(text) => Value::String(text.to_string()),
    }
}

/// The text behind a path.
pub(super) fn text<'v>(value: &'v Value, path: &[&str]) -> Option<&'v str> {
    at(value, path)?.as_str()
}

/// The items behind a path.
pub(super) fn items<'v>(value: &'v Value, path: &[&str]) -> impl Iterator<Item = &'v Value> + 'v {
    at(value, path).and_then(Value::as_array).into_iter().flatten()
}

/// The texts of a list behind a path.
pub(super) fn texts(value: &Value, path: &[&str]) -> Vec<String> {
    items(value, path).filter_map(Value::as_str).map(str::to_string).collect()
}

/// What is behind a path and not null.
pub(super) fn at<'v>(value: &'v Value, path: &[&str]) -> Option<&'v Value> {
    path.iter().try_fold(value, |value, key| value.get(key)).filter(|value| !value.is_null())
}
