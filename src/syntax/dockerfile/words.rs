//! Words as BuildKit splits them.

use std::ops::Range;

/// The two bytes that a continuation has in a logical line.
const JOINT: &str = "\\\n";

/// The offset of the next byte that is neither white space nor continuation.
pub(super) fn skip_space(text: &str, mut at: usize) -> usize {
    loop {
        let rest = &text[at..];
        if rest.starts_with(JOINT) {
            at += JOINT.len();
        } else {
            match rest.chars().next() {
                Some(letter) if letter.is_whitespace() => at += letter.len_utf8(),
                _ => return at,
            }
        }
    }
}

/// The word at `at`: up to white space outside quotes, or up to any white space.
pub(super) fn word_at(text: &str, at: usize, quotes: bool, escape: u8) -> Range<usize> {
    let bytes = text.as_bytes();
    let (mut end, mut quote) = (at, None);
    while let Some(byte) = bytes.get(end) {
        if text[end..].starts_with(JOINT) {
            end += JOINT.len();
            continue;
        }
        match (byte, quote) {
            (byte, None) if byte.is_ascii_whitespace() => break,
            (byte, None) if quotes && matches!(byte, b'"' | b'\'') => quote = Some(*byte),
            (byte, Some(open)) if *byte == open => quote = None,
            (byte, open) if quotes && *byte == escape && open != Some(b'\'') => end += 1,
            _ => {}
        }
        end += 1;
        while end < bytes.len() && !text.is_char_boundary(end) {
            end += 1;
        }
    }
    at..end.min(bytes.len())
}

/// Every word.
pub(super) fn words(text: &str, quotes: bool, escape: u8) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = skip_space(text, 0);
    while at < text.len() {
        let word = word_at(text, at, quotes, escape);
        at = skip_space(text, word.end);
        // A continuation at the end of a word is no part of it.
        let length = text[word.clone()].trim_end_matches(JOINT).len();
        found.push(word.start..word.start + length);
    }
    found
}

/// A text without quotes, escapes and continuations.
pub(super) fn unquote(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut letters, mut quote) = (text.chars(), None);
    while let Some(letter) = letters.next() {
        match (letter, quote) {
            ('\\', Some('\'')) => out.push(letter),
            ('\\', _) => out.extend(letters.next().filter(|next| *next != '\n')),
            ('"' | '\'', None) => quote = Some(letter),
            (letter, Some(open)) if letter == open => quote = None,
            _ => out.push(letter),
        }
    }
    out
}
