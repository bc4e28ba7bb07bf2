//! The five kinds of test, and what they say.

use regex::Regex;
use serde_json::{Map, Value as Json};

use super::path::Path;
use super::quantity::{Amount, Unit};
use super::root::Root;
use super::secrecy::Secrecy;
use super::value::{Content, Value};
use crate::check::hit::Hit;
use crate::params::ParamValue;
use crate::release::field::is_placeholder;
use crate::source::Span;
use crate::syntax::yaml::{Node, NodeKind, Scalar};

/// Characters of a value that a message shows.
const MAX_SHOWN: usize = 80;

/// Refusals of a schema that are told for one value.
const MAX_REFUSALS: usize = 20;

/// What a value has to be.
#[derive(Debug)]
pub(super) enum Test {
    /// There, and not empty.
    Required,
    /// Not there; or none of some values.
    Forbidden(Vec<ParamValue>),
    /// A text that a pattern matches, or does not.
    Pattern { regex: Regex, must_match: bool },
    /// An amount between two others.
    Range { min: Option<Bound>, max: Option<Bound>, unit: Unit, default: Option<Bound> },
    /// What a JSON Schema takes.
    Schema(Box<jsonschema::Validator>),
}

/// An amount as the rule writes it.
#[derive(Clone, Debug)]
pub(super) struct Bound {
    pub(super) text: String,
    pub(super) amount: Amount,
}

impl Test {
    /// Whether it asks for something to be there.
    pub(super) fn is_about_absence(&self) -> bool {
        matches!(self, Self::Required)
    }

    pub(super) fn hits(&self, root: Root<'_>, path: &Path, secrecy: &Secrecy<'_>) -> Vec<Hit> {
        let values = root.values(path);
        let values = values.iter();
        match self {
            Self::Required => values.filter_map(required).collect(),
            Self::Forbidden(refused) => values.filter_map(|value| forbidden(refused, secrecy, value)).collect(),
            Self::Pattern { regex, must_match } => {
                values.filter_map(|value| pattern(regex, *must_match, secrecy, value)).collect()
            }
            Self::Range { min, max, unit, default } => {
                let bounds = [(min, "below the minimum of"), (max, "above the maximum of")];
                let amount = |value: &Value<'_>| amount(root, path, value, *unit, default.as_ref());
                values.filter_map(|value| range(bounds, secrecy, value, amount(value)?)).collect()
            }
            Self::Schema(schema) => values.flat_map(|value| refusals(schema, value)).collect(),
        }
    }
}

fn required(value: &Value<'_>) -> Option<Hit> {
    let what = match value.content {
        Content::Absent => "is not set",
        _ if value.is_empty() => "is empty",
        _ => return None,
    };
    Some(Hit::only(value.place, format!("{} {what}", value.path)))
}

fn forbidden(refused: &[ParamValue], secrecy: &Secrecy<'_>, value: &Value<'_>) -> Option<Hit> {
    if refused.is_empty() {
        let is_there = !matches!(value.content, Content::Absent);
        return is_there.then(|| Hit::only(value.place, format!("{} is set, which is not allowed", value.path)));
    }
    refused
        .iter()
        .any(|refused| equals(&value.content, refused))
        .then(|| Hit::only(value.place, format!("{} is {}, which is not allowed", value.path, shown(secrecy, value))))
}

fn equals(content: &Content<'_>, refused: &ParamValue) -> bool {
    match (content, refused) {
        (Content::Text(text), refused) => *text == refused.to_string(),
        (Content::Node(node), ParamValue::String(refused)) => node.as_str() == Some(refused),
        (Content::Node(node), ParamValue::Boolean(refused)) => node.as_bool() == Some(*refused),
        (Content::Node(node), ParamValue::Integer(refused)) => node.as_integer() == Some(*refused),
        (Content::Node(node), ParamValue::Float(refused)) => node.scalar() == Some(Scalar::Float(*refused)),
        _ => false,
    }
}

fn pattern(regex: &Regex, must_match: bool, secrecy: &Secrecy<'_>, value: &Value<'_>) -> Option<Hit> {
    let text = value.scalar()?;
    let found = regex.find(text);
    let (path, pattern) = (&value.path, one_line(regex.as_str()));
    match found {
        Some(_) if must_match => None,
        None if !must_match => None,
        None => {
            Some(Hit::only(value.place, format!("{path} is {}, which does not match {pattern}", shown(secrecy, value))))
        }
        Some(found) => {
            let part = shown_part(secrecy, value, found.as_str());
            let message = match part.as_str() {
                "" => format!("{path} matches {pattern}"),
                _ if found.len() == text.len() => format!("{path} is {part}, which matches {pattern}"),
                _ => format!("{path} holds {part}, which matches {pattern}"),
            };
            let at = |offset: usize| value.place.start + offset as u32;
            let part = Span { start: at(found.start()), end: at(found.end()), ..value.place };
            Some(Hit::only(if value.is_literal { part } else { value.place }, message))
        }
    }
}

/// An amount, how a message says it, and whether the platform fills it in.
type Judged = (Amount, Option<String>);

fn amount(root: Root<'_>, path: &Path, value: &Value<'_>, unit: Unit, default: Option<&Bound>) -> Option<Judged> {
    match &value.content {
        Content::Absent => {
            if let Some(fact) = root.default_of(path) {
                let amount = Amount { value: fact.value()? as f64, unit: Unit::Number };
                return (unit == Unit::Number).then(|| (amount, Some(fact.to_string())));
            }
            default.map(|default| (default.amount, Some(format!("{} (default)", default.text))))
        }
        Content::Node(node) if is_placeholder(*node) => None,
        _ => Some((Amount::parse_as(value.scalar()?, unit)?, None)),
    }
}

fn range(
    bounds: [(&Option<Bound>, &str); 2],
    secrecy: &Secrecy<'_>,
    value: &Value<'_>,
    (amount, said): Judged,
) -> Option<Hit> {
    let [(min, below), (max, above)] = bounds;
    let under = min.as_ref().filter(|min| amount.value < min.amount.value).map(|min| (below, min));
    let over = max.as_ref().filter(|max| amount.value > max.amount.value).map(|max| (above, max));
    let (words, bound) = under.or(over)?;
    let said = said.unwrap_or_else(|| shown(secrecy, value));
    Some(Hit::only(value.place, format!("{} is {said}, {words} {}", value.path, bound.text)))
}

fn refusals(schema: &jsonschema::Validator, value: &Value<'_>) -> Vec<Hit> {
    let instance = match &value.content {
        Content::Absent | Content::Unknown => return Vec::new(),
        Content::Text(text) => Json::String(text.to_string()),
        Content::Node(node) => json(*node),
    };
    let hits = schema.iter_errors(&instance).filter_map(|error| {
        let pointer = error.instance_path().to_string();
        let (node, path) = match &value.content {
            Content::Node(node) => at_pointer(*node, &pointer)?,
            _ => return Some(Hit::only(value.place, format!("{}: {}", value.path, error.masked()))),
        };
        if is_placeholder(node) {
            return None;
        }
        let is_scalar = matches!(node.kind(), NodeKind::Scalar(_)) && !node.span().is_empty();
        let place = if is_scalar { node.span() } else { first_key(node).unwrap_or(value.place) };
        let place = if pointer.is_empty() { value.place } else { place };
        Some(Hit::only(place, format!("{}{path}: {}", value.path, error.masked())))
    });
    hits.take(MAX_REFUSALS).collect()
}

fn first_key(node: Node<'_>) -> Option<Span> {
    node.entries().next().map(|entry| entry.key.span())
}

/// The node that a JSON Pointer leads to, and the path from the value to it.
fn at_pointer<'a>(node: Node<'a>, pointer: &str) -> Option<(Node<'a>, String)> {
    let mut reached = (node, String::new());
    for step in pointer.split('/').skip(1) {
        let step = step.replace("~1", "/").replace("~0", "~");
        let (node, path) = reached;
        reached = match node.entry(&step) {
            Some(entry) => (entry.value, format!("{path}.{step}")),
            None => (node.items().nth(step.parse().ok()?)?, format!("{path}[{step}]")),
        };
    }
    Some(reached)
}

/// A node as JSON. Documents are bounded in depth and size when they are read.
fn json(node: Node<'_>) -> Json {
    match node.kind() {
        NodeKind::Sequence => Json::Array(node.items().map(json).collect()),
        NodeKind::Mapping => {
            let entries = node.entries().filter_map(|entry| Some((entry.key.text()?.to_string(), json(entry.value))));
            Json::Object(entries.collect::<Map<_, _>>())
        }
        NodeKind::Scalar(scalar) => match scalar {
            Scalar::Null => Json::Null,
            Scalar::Bool(value) => Json::Bool(value),
            Scalar::Integer(value) => i64::try_from(value).map_or_else(|_| Json::from(value as f64), Json::from),
            Scalar::Float(value) => Json::from(value),
            Scalar::String(text) => Json::String(text.to_string()),
        },
    }
}

/// A value as a message may show it: not too long, in one line, and no secret.
fn shown(secrecy: &Secrecy<'_>, value: &Value<'_>) -> String {
    let text = shown_part(secrecy, value, value.scalar().unwrap_or_default());
    if value.is_default { format!("{text} (default)") } else { text }
}

/// A part of a value, as a message may show it.
fn shown_part(secrecy: &Secrecy<'_>, value: &Value<'_>, part: &str) -> String {
    if secrecy.covers(value) {
        return "***".to_string();
    }
    let text = part.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// A pattern in one line.
fn one_line(pattern: &str) -> String {
    pattern.replace('\n', "\\n").replace('\t', "\\t")
}
