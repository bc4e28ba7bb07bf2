//! Fields and types that the API server does not know.

use std::collections::HashSet;

use crate::check::Hit;
use crate::check::edit::{Edit, Fix, Safety};
use crate::knowledge::looks_secret;
use crate::knowledge::schema::{Type, Versions};
use crate::near;
use crate::params::Params;
use crate::release::conformance::{Deviation, DeviationKind, deviations};
use crate::release::texts::texts;
use crate::release::{Object, Releases};
use crate::syntax::yaml::{Node, NodeKind, Scalar, Segment, Style, path, resolve};

/// A field that the object's kind does not have.
pub(super) fn unknown_field<'a>(releases: &'a Releases<'a>, object: &'a Object<'a>, _: &Params) -> Vec<Hit> {
    let kube_minor = releases.kube_minor;
    deviations(object, kube_minor).iter().filter_map(|deviation| unknown(deviation, object, kube_minor)).collect()
}

fn unknown(deviation: &Deviation<'_>, object: &Object<'_>, kube_minor: u8) -> Option<Hit> {
    let parent = |name: &str| {
        let parent = deviation.path.strip_suffix(&path::display(&[Segment::Key(name)]));
        let parent = parent.unwrap_or_default().trim_end_matches('.');
        if parent.is_empty() { object.kind.to_string() } else { parent.to_string() }
    };
    match &deviation.kind {
        DeviationKind::UnknownField { name, known } => {
            let near = nearest(name, known);
            let meant = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            let message = format!("{} has no field `{name}`{meant}", parent(name));
            let fix = near.map(|near| vec![Edit::replace(deviation.span, near)]);
            let fix = Fix::new(Safety::Unsafe, format!("rename it to {}", near.unwrap_or_default()), fix);
            Some(Hit::only(deviation.span, message).fix(fix))
        }
        DeviationKind::OtherVersion { name, versions: Versions { since, until } } => {
            let when = if kube_minor < *since { format!("since 1.{since}") } else { format!("up to 1.{until}") };
            let message =
                format!("{} has a field `{name}` only {when}, not in Kubernetes 1.{kube_minor}", parent(name));
            Some(Hit::only(deviation.span, message))
        }
        DeviationKind::WrongType { .. } => None,
    }
}

fn nearest<'n>(name: &str, known: &[&'n str]) -> Option<&'n str> {
    let (best, distance) = near::nearest(name, known.iter().copied())?;
    (distance <= (name.len() / 3).max(1)).then_some(best)
}

/// A value of a type that its field cannot take. Labels, environments and the like have a rule
/// of their own.
pub(super) fn wrong_type<'a>(releases: &'a Releases<'a>, object: &'a Object<'a>, _: &Params) -> Vec<Hit> {
    let found = deviations(object, releases.kube_minor);
    let wrong = found.iter().filter_map(|deviation| match deviation.kind {
        DeviationKind::WrongType { value, expected } => Some((deviation, value, expected)),
        _ => None,
    });
    let mut wrong = wrong.peekable();
    // Asked only now: nearly every object is without fault.
    let texts = if wrong.peek().is_some() { texts(releases, object) } else { Vec::new() };
    let texts: HashSet<_> = texts.iter().map(|text| text.entry.value.span()).collect();
    let others = wrong.filter(|(_, value, _)| !texts.contains(&value.span()));
    let hits = others.map(|(deviation, value, expected)| {
        let secret = object.kind == "Secret" || deviation.path.rsplit('.').next().is_some_and(looks_secret);
        let found = if secret { "not one".to_string() } else { found_type(value) };
        let message = format!("{} takes {}, and this is {found}", deviation.path, describe(expected));
        Hit::only(deviation.span, message).fix(requote(value, expected))
    });
    hits.collect()
}

fn describe(expected: Type) -> &'static str {
    match expected {
        Type::String => "a text",
        Type::Integer => "a whole number",
        Type::Number => "a number",
        Type::Boolean => "true or false",
        Type::IntOrString => "a whole number or a text",
        Type::Quantity => "a quantity such as 500m or 1Gi",
        Type::Any => "anything",
        Type::Object(_) | Type::Map(_) => "a mapping",
        Type::Array(_) => "a list",
    }
}

/// The type of a value, with the value where it is short and is not text that may be secret.
fn found_type(value: Node<'_>) -> String {
    match value.kind() {
        NodeKind::Mapping => "a mapping".to_string(),
        NodeKind::Sequence => "a list".to_string(),
        NodeKind::Scalar(Scalar::String(text)) if is_number_or_boolean(text) => format!("the text \"{text}\""),
        NodeKind::Scalar(Scalar::String(_)) => "a text".to_string(),
        NodeKind::Scalar(Scalar::Bool(parsed)) => format!("the boolean {parsed}"),
        NodeKind::Scalar(Scalar::Integer(parsed)) => format!("the number {parsed}"),
        NodeKind::Scalar(Scalar::Float(parsed)) => format!("the number {parsed}"),
        NodeKind::Scalar(Scalar::Null) => "null".to_string(),
    }
}

fn is_number_or_boolean(text: &str) -> bool {
    !matches!(resolve(text), Scalar::String(_) | Scalar::Null)
}

/// Quotes a plain scalar where a text is wanted, or takes the quotes away where the text
/// inside them is what is wanted.
fn requote(value: Node<'_>, expected: Type) -> Option<Fix> {
    let text = value.text()?;
    match (expected, value.style()?) {
        (Type::String, Style::Plain) => Fix::new(Safety::Safe, "quote it", Some(Edit::quote(value.span()))),
        (_, Style::SingleQuoted | Style::DoubleQuoted) => {
            let fits = match expected {
                Type::Integer => matches!(resolve(text), Scalar::Integer(_)),
                Type::Boolean => matches!(text, "true" | "false"),
                _ => false,
            };
            let edits = fits.then(|| Edit::unquote(value.span()));
            Fix::new(Safety::Safe, "take the quotes away", edits)
        }
        _ => None,
    }
}
