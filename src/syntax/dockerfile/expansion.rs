//! Variables that the builder fills in: `$X`, `${X:-d}`.

use crate::source::Span;
use crate::syntax::expansion::Operator;

/// A variable in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Its name.
    pub name: String,
    /// What stands behind the name.
    pub operator: Operator,
    /// From the `$` on, up to the end of the name.
    pub span: Span,
}

/// The variables of a text at `place`, outside single quotes and not escaped. Those in the
/// default of another one come after it.
pub(super) fn references(text: &str, place: Span) -> Vec<Reference> {
    let bytes = text.as_bytes();
    let (mut found, mut at) = (Vec::new(), 0);
    let (mut single, mut double) = (false, false);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\'' if !double => single = !single,
            b'"' if !single => double = !double,
            b'\\' if !single => at += 1,
            b'$' if !single => {
                if let Some((name, operator, end)) = reference(text, at + 1) {
                    let span = Span::new(place.source, place.start + at as u32, place.start + end as u32);
                    found.push(Reference { name: name.to_string(), operator, span });
                    at = end - 1;
                }
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// The name at `at`, its operator, and where the name ends.
fn reference(text: &str, at: usize) -> Option<(&str, Operator, usize)> {
    let rest = &text[at..];
    let inner = rest.strip_prefix('{').unwrap_or(rest);
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let name = &inner[..inner.find(|letter| !is_name(letter)).unwrap_or(inner.len())];
    let end = at + (rest.len() - inner.len()) + name.len();
    let operator = if rest.starts_with('{') { Operator::read(&text[end..]) } else { Operator::Plain };
    let starts_well = name.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_');
    starts_well.then_some((name, operator, end))
}
