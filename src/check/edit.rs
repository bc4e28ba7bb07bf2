//! Edits that mend a fault.

use crate::source::Span;
use crate::syntax::yaml::{Entry, Node};

/// Whether an edit may be made without asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Safety {
    /// It can only mend.
    Safe,
    /// It may change what somebody meant.
    Unsafe,
}

impl std::fmt::Display for Safety {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Safe => "safe",
            Self::Unsafe => "unsafe",
        })
    }
}

/// A replacement of bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; empty for an insertion.
    pub span: Span,
    /// What comes in its place.
    pub text: String,
}

/// A way to mend a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// Whether it may be made without asking.
    pub safety: Safety,
    /// What it does, in a few words.
    pub description: String,
    /// The replacements, none of which overlap.
    pub edits: Vec<Edit>,
}

impl Fix {
    /// A fix, if all of its edits could be made out.
    #[must_use]
    pub fn new(safety: Safety, description: impl Into<String>, edits: Option<Vec<Edit>>) -> Option<Self> {
        edits.map(|edits| Self { safety, description: description.into(), edits })
    }
}

impl Edit {
    /// Puts quotes around what is written. What is written is not repeated: it may be secret.
    #[must_use]
    pub fn quote(span: Span) -> Vec<Self> {
        let quote = |span| Self::replace(span, "\"");
        vec![quote(span.at_start()), quote(span.at_end())]
    }

    /// Takes away the quotes around what is written.
    #[must_use]
    pub fn unquote(span: Span) -> Vec<Self> {
        let quotes = [Span { end: span.start + 1, ..span }, Span { start: span.end - 1, ..span }];
        quotes.map(|quote| Self::replace(quote, "")).to_vec()
    }

    /// Puts `text` in place of `span`.
    pub fn replace(span: Span, text: impl Into<String>) -> Self {
        Self { span, text: text.into() }
    }
}

/// Sets scalars behind paths below `mapping`, creating the keys that are missing. Paths that
/// lack the same first key must not be given together. Nothing where the text is of a form
/// that a local edit could break.
#[must_use]
pub(super) fn set(mapping: Node<'_>, path: &[&str], value: &str) -> Option<Edit> {
    let (key, rest) = path.split_first()?;
    match (own_entry(mapping, key), rest) {
        (Some(entry), []) if entry.value.text().is_some() && !entry.value.span().is_empty() => {
            Some(Edit::replace(entry.value.span(), value))
        }
        (Some(entry), [_, ..]) if entry.value.is_mapping() => set(entry.value, rest, value),
        (Some(_), _) => None,
        (None, _) => insert(mapping, path, value),
    }
}

/// The entry behind a path, where all of it is written right there: an edit of what comes by
/// an alias or a merge key, or has an anchor, would change other places, too.
#[must_use]
pub(super) fn written_here<'a>(mapping: Node<'a>, path: &[&str]) -> Option<Entry<'a>> {
    let (key, rest) = path.split_first()?;
    let entry = own_entry(mapping, key)?;
    let between = entry.key.span().end as usize..entry.value.span().start as usize;
    let text = mapping.document().text().get(between)?;
    let entry = Some(entry).filter(|_| !text.contains(['&', '*']));
    if rest.is_empty() { entry } else { written_here(entry?.value, rest) }
}

/// The entry of a key that is written in the mapping itself.
fn own_entry<'a>(mapping: Node<'a>, key: &str) -> Option<Entry<'a>> {
    mapping.own_entries().rev().find(|entry| entry.key.text() == Some(key))
}

/// Takes away an entry that has its lines to itself.
#[must_use]
pub(super) fn remove(entry: Entry<'_>) -> Option<Edit> {
    let (key, value) = (entry.key.span(), entry.value.span());
    let text = entry.key.document().text();
    let start = text[..key.start as usize].rfind('\n').map_or(0, |end| end + 1);
    let end = text[value.end as usize..].find('\n').map(|at| value.end as usize + at + 1)?;
    let is_alone = text[start..key.start as usize].trim().is_empty() && text[value.end as usize..end].trim().is_empty();
    let is_plain = !text[key.start as usize..value.start as usize].contains(['&', '*', '|', '>']);
    (is_alone && is_plain && !value.is_empty())
        .then(|| Edit::replace(Span { start: start as u32, end: end as u32, ..key }, ""))
}

/// Repeats what is written behind a key under another one, in front of it.
#[must_use]
pub(super) fn copy(mapping: Node<'_>, key: &str, name: &str) -> Option<Edit> {
    let entry = written_here(mapping, &[key])?;
    let (text, start) = (entry.key.document().text(), entry.key.span().start as usize);
    let copied = text.get(entry.key.span().end as usize..entry.value.span().end as usize)?.trim_end();
    let line = text[..start].rfind('\n').map_or(0, |end| end + 1);
    let end = match mapping.is_flow() {
        true => ", ".to_string(),
        false => format!("\n{}", " ".repeat(text[line..start].chars().count())),
    };
    let is_plain = !copied.contains(['&', '*', '#']);
    is_plain.then(|| Edit::replace(entry.key.span().at_start(), format!("{name}{copied}{end}")))
}

/// Adds an entry at the front of a mapping.
fn insert(mapping: Node<'_>, path: &[&str], value: &str) -> Option<Edit> {
    let span = mapping.span();
    let Some(first) = mapping.own_entries().next() else {
        let entry = format!("{{{}}}", flow_entry(path, value));
        return (mapping.is_flow() && !span.is_empty()).then(|| Edit::replace(span, entry));
    };
    let at = first.key.span().at_start();
    if mapping.is_flow() {
        return Some(Edit::replace(at, format!("{}, ", flow_entry(path, value))));
    }
    let text = mapping.document().text();
    let line = text[..at.start as usize].rfind('\n').map_or(0, |end| end + 1);
    let indent = text[line..at.start as usize].chars().count();
    let mut entry = String::new();
    for (depth, key) in path.iter().enumerate() {
        let is_last = depth + 1 == path.len();
        let next = if is_last { indent } else { indent + 2 * (depth + 1) };
        let value = if is_last { format!(" {value}") } else { String::new() };
        entry.push_str(&format!("{key}:{value}\n{}", " ".repeat(next)));
    }
    Some(Edit::replace(at, entry))
}

/// `a: {b: value}`
fn flow_entry(path: &[&str], value: &str) -> String {
    match path.split_first() {
        Some((key, [])) => format!("{key}: {value}"),
        Some((key, rest)) => format!("{key}: {{{}}}", flow_entry(rest, value)),
        None => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;
    use crate::syntax::yaml;

    fn edited(text: &str, path: &[&str], value: &str) -> Option<String> {
        let id = Sources::default().add("x", text);
        let documents = yaml::parse(id, text, &yaml::split(text)[0]).unwrap();
        let edit = set(documents[0].root(), path, value)?;
        let mut result = text.to_string();
        result.replace_range(edit.span.range(), &edit.text);
        Some(result)
    }

    #[test]
    fn written_values_are_replaced() {
        assert_eq!(edited("a:\n  b: 25%  # why\n", &["a", "b"], "0").unwrap(), "a:\n  b: 0  # why\n");
    }

    #[test]
    fn missing_keys_are_added_in_the_style_of_the_mapping() {
        assert_eq!(edited("a:\n  c: 1\n", &["a", "b"], "0").unwrap(), "a:\n  b: 0\n  c: 1\n");
        assert_eq!(edited("a: {c: 1}\n", &["a", "b"], "0").unwrap(), "a: {b: 0, c: 1}\n");
        assert_eq!(edited("a: {}\n", &["a", "b", "c"], "0").unwrap(), "a: {b: {c: 0}}\n");
        assert_eq!(edited("c: 1\n", &["a", "b"], "0").unwrap(), "a:\n  b: 0\nc: 1\n");
    }

    #[test]
    fn entries_are_copied_in_the_style_of_the_mapping() {
        let copied = |text: &str| {
            let id = Sources::default().add("x", text);
            let documents = yaml::parse(id, text, &yaml::split(text)[0]).unwrap();
            let edit = copy(documents[0].root(), "a", "z")?;
            let mut result = text.to_string();
            result.replace_range(edit.span.range(), &edit.text);
            Some(result)
        };
        assert_eq!(copied("b: 1\na:\n  c:\n    d: 1\n").unwrap(), "b: 1\nz:\n  c:\n    d: 1\na:\n  c:\n    d: 1\n");
        assert_eq!(copied("{b: 1, a: {c: 1}}").unwrap(), "{b: 1, z: {c: 1}, a: {c: 1}}");
        assert_eq!(copied("a: &x {c: 1}\n"), None);
        assert_eq!(copied("a:\n  c: 1 # why\n  d: 1\n"), None);
    }

    #[test]
    fn what_is_merged_is_overridden() {
        let text = "x: &x\n  b: 1\na:\n  <<: *x\n  c: 1\n";
        assert_eq!(edited(text, &["a", "b"], "0").unwrap(), "x: &x\n  b: 1\na:\n  <<: *x\n  b: 0\n  c: 1\n");
    }

    #[test]
    fn what_other_places_share_is_not_written_here() {
        let here = |text: &str, path: &[&str]| {
            let id = Sources::default().add("x", text);
            let documents = yaml::parse(id, text, &yaml::split(text)[0]).unwrap();
            written_here(documents[0].root(), path).is_some()
        };
        assert!(here("a:\n  b: 1\n", &["a", "b"]));
        assert!(!here("a: &a\n  b: 1\n", &["a", "b"]));
        assert!(!here("x: {b: 1}\na: {<<: {b: 1}}\n", &["a", "b"]));
        assert!(!here("x: &x {b: 1}\na: *x\n", &["a", "b"]));
    }

    #[test]
    fn what_a_local_edit_could_break_is_left_alone() {
        assert_eq!(edited("a:\nc: 1\n", &["a", "b"], "0"), None);
        assert_eq!(edited("a: [1]\n", &["a", "b"], "0"), None);
        assert_eq!(edited("a: [1]\n", &["a"], "0"), None);
    }
}
