//! An object held against the schema of its kind.
//!
//! Values are judged as the API server's decoder takes them, not as JSON Schema would: null
//! counts as absent, `3.0` is a whole number, a quantity may be a bare number. Fields that
//! another tool fills in (`${X}`) are left alone, and so is whatever has no schema.

use super::Object;
use super::field::is_placeholder;
use crate::knowledge::schema::{self, Type, Versions};
use crate::source::Span;
use crate::syntax::yaml::{Entry, Node, NodeKind, Scalar, Segment, path};

/// A place where an object departs from its schema.
#[derive(Clone, Debug, PartialEq)]
pub struct Deviation<'a> {
    /// The key of an unknown field, or the value of a wrong type.
    pub span: Span,
    /// The path to it.
    pub path: String,
    /// What is wrong.
    pub kind: DeviationKind<'a>,
}

/// How an object departs from its schema.
#[derive(Clone, Debug, PartialEq)]
pub enum DeviationKind<'a> {
    /// No such field.
    UnknownField {
        /// Its name.
        name: &'a str,
        /// The fields that the object has there.
        known: Vec<&'static str>,
    },
    /// The field exists, but not in this version of Kubernetes.
    OtherVersion {
        /// Its name.
        name: &'a str,
        /// The versions that have it.
        versions: Versions,
    },
    /// A value of a type that the field cannot take.
    WrongType {
        /// The value.
        value: Node<'a>,
        /// The field's type.
        expected: Type,
    },
}

/// Every departure of an object of a built-in kind from the schema of one version.
#[must_use]
pub fn deviations<'a>(object: &Object<'a>, kube_minor: u8) -> Vec<Deviation<'a>> {
    let kind = schema::kind(object.api_version, object.kind).filter(|kind| kind.versions().contains(kube_minor));
    let mut walk = Walk { kube_minor, path: Vec::new(), found: Vec::new() };
    if let Some(kind) = kind {
        walk.object(object.root(), kind.object());
    }
    walk.found
}

struct Walk<'a> {
    kube_minor: u8,
    path: Vec<Segment<'a>>,
    found: Vec<Deviation<'a>>,
}

impl<'a> Walk<'a> {
    fn report(&mut self, span: Span, kind: DeviationKind<'a>) {
        let path = path::display(&self.path);
        self.found.push(Deviation { span, path, kind });
    }

    fn object(&mut self, node: Node<'a>, object: schema::Object) {
        for entry in node.entries() {
            let Some(name) = entry.key.text().filter(|name| !is_directive(name, self.path.len())) else { continue };
            self.path.push(Segment::Key(name));
            match object.field(name) {
                None => {
                    let kube_minor = self.kube_minor;
                    let known =
                        object.fields().filter(|field| field.versions().contains(kube_minor)).map(|field| field.name());
                    let known = known.collect();
                    self.report(entry.key.span(), DeviationKind::UnknownField { name, known });
                }
                Some(field) if !field.versions().contains(self.kube_minor) => {
                    let versions = field.versions();
                    self.report(entry.key.span(), DeviationKind::OtherVersion { name, versions });
                }
                Some(field) => self.value(entry.value, field.ty(), entry.place()),
            }
            self.path.pop();
        }
    }

    fn value(&mut self, node: Node<'a>, expected: Type, place: Span) {
        if node.is_null() || is_placeholder(node) {
            return;
        }
        if !accepts(expected, node) {
            self.report(place, DeviationKind::WrongType { value: node, expected });
            return;
        }
        match expected {
            Type::Object(object) => self.object(node, object),
            Type::Map(element) => node.entries().for_each(|entry| self.element(entry, element.ty())),
            Type::Array(element) => {
                for (index, item) in node.items().enumerate() {
                    self.path.push(Segment::Index(index));
                    self.value(item, element.ty(), item.span());
                    self.path.pop();
                }
            }
            _ => {}
        }
    }

    fn element(&mut self, entry: Entry<'a>, expected: Type) {
        self.path.push(Segment::Key(entry.key.text().unwrap_or("?")));
        self.value(entry.value, expected, entry.place());
        self.path.pop();
    }
}

/// Keys that are no fields, and that tools take out before the API server sees them:
/// `$patch` and the like of strategic merges, and the block that SOPS adds.
fn is_directive(name: &str, depth: usize) -> bool {
    name.starts_with('$') || (depth == 0 && name == "sops")
}

/// Whether a field of a type can take a value, its children aside.
fn accepts(expected: Type, node: Node<'_>) -> bool {
    match (expected, node.kind()) {
        (Type::Any, _) => true,
        (Type::Object(_) | Type::Map(_), kind) => kind == NodeKind::Mapping,
        (Type::Array(_), kind) => kind == NodeKind::Sequence,
        (_, NodeKind::Mapping | NodeKind::Sequence) => false,
        (Type::String, NodeKind::Scalar(scalar)) => matches!(scalar, Scalar::String(_)),
        (Type::Integer, _) => node.as_integer().is_some(),
        (Type::Number, NodeKind::Scalar(scalar)) => matches!(scalar, Scalar::Integer(_) | Scalar::Float(_)),
        (Type::Boolean, _) => node.as_bool().is_some(),
        (Type::IntOrString, NodeKind::Scalar(scalar)) => {
            matches!(scalar, Scalar::String(_)) || node.as_integer().is_some()
        }
        (Type::Quantity, NodeKind::Scalar(Scalar::String(text))) => is_quantity(text),
        (Type::Quantity, NodeKind::Scalar(scalar)) => matches!(scalar, Scalar::Integer(_) | Scalar::Float(_)),
    }
}

/// Whether a text is a quantity: `500m`, `1.5Gi`, `1e3`.
///
/// Source: Kubernetes `staging/src/k8s.io/apimachinery/pkg/api/resource/quantity.go`.
#[must_use]
pub fn is_quantity(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let end = unsigned.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(unsigned.len());
    let (number, suffix) = unsigned.split_at(end);
    let is_number = number.bytes().any(|byte| byte.is_ascii_digit()) && number.matches('.').count() <= 1;
    let is_exponent = suffix.strip_prefix(['e', 'E']).is_some_and(|exponent| {
        let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    });
    let units = ["", "n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
    is_number && (is_exponent || units.contains(&suffix))
}

#[cfg(test)]
mod tests {
    use super::is_quantity;

    #[test]
    fn quantities_are_told_from_other_texts() {
        for text in ["1", "0.5", ".5", "1.", "500m", "1Gi", "-1", "+1k", "1e3", "1E6", "1E", "12e-3", "0"] {
            assert!(is_quantity(text), "{text}");
        }
        for text in ["", "Gi", "512MB", "1gb", "1 Gi", "1.2.3", "1ki", "1K", "10mb", "1e", "m"] {
            assert!(!is_quantity(text), "{text}");
        }
    }
}
