//! The exec form: a JSON array of texts, each with its place.

use std::ops::Range;

use super::words::skip_space;

/// The texts of a JSON array of nothing but texts, and the range of each with its quotes.
pub(super) fn texts(text: &str) -> Option<Vec<(String, Range<usize>)>> {
    let mut at = expect(text, skip_space(text, 0), '[')?;
    let mut found = Vec::new();
    if let Some(end) = expect(text, at, ']') {
        return (skip_space(text, end) == text.len()).then_some(found);
    }
    loop {
        at = skip_space(text, at);
        let length = string_length(&text[at..])?;
        found.push((decode(&text[at..at + length])?, at..at + length));
        at += length;
        if let Some(end) = expect(text, at, ']') {
            return (skip_space(text, end) == text.len()).then_some(found);
        }
        at = expect(text, at, ',')?;
    }
}

fn expect(text: &str, at: usize, wanted: char) -> Option<usize> {
    let at = skip_space(text, at);
    text[at..].starts_with(wanted).then_some(at + wanted.len_utf8())
}

fn string_length(text: &str) -> Option<usize> {
    let mut bytes = text.bytes().enumerate();
    bytes.next().filter(|(_, byte)| *byte == b'"')?;
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'"' => return Some(at + 1),
            b'\\' => bytes.next().map(drop)?,
            _ => {}
        }
    }
    None
}

fn decode(string: &str) -> Option<String> {
    let joined = string.replace("\\\n", "");
    serde_json::from_str(&joined).ok()
}

/// Whether a text that is no such array is meant as one: `["a", 'b']`, `['a']`, `[“a”]`, but
/// not the command `[ "$X" = y ]`.
pub(super) fn is_meant(text: &str, is_command: bool) -> bool {
    const QUOTES: [char; 5] = ['"', '\'', '“', '”', '’'];
    let text = text.trim();
    let Some(inner) = text.strip_prefix('[').filter(|inner| !inner.starts_with('[')) else { return false };
    let Some(first) = inner.chars().next() else { return false };
    if QUOTES.contains(&first) {
        return true;
    }
    let inner = inner.trim_start();
    let quote = inner.chars().next().filter(|quote| QUOTES.contains(quote));
    let after = quote.and_then(|quote| inner[quote.len_utf8()..].split_once(QUOTES)).map(|(_, rest)| rest.trim_start());
    after.is_some_and(|after| after.starts_with(',') || after == "]" && !is_command)
        || (is_command && first.is_alphanumeric() && text.ends_with(']'))
}

/// Whether a text is a JSON array with something that is no text in it, which BuildKit refuses.
pub(super) fn holds_other_values(text: &str) -> bool {
    text.trim_start().starts_with('[')
        && matches!(serde_json::from_str::<Vec<serde_json::Value>>(text), Ok(values) if !values.iter().all(serde_json::Value::is_string))
}
