//! A template's text cut into literal text and actions, with what `{{-` and `-}}` trim
//! already left out.
//!
//! Source: Go `text/template/parse/lex.go`.

use std::ops::Range;

/// A piece of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// Literal text.
    Text(Range<usize>),
    /// An action: all of it, and what stands between its delimiters.
    Action(Range<usize>, Range<usize>),
}

const BLANK: [char; 4] = [' ', '\t', '\r', '\n'];

/// Cuts a text. What is never closed is left out with all that follows it.
pub(super) fn lex(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut at = 0;
    let mut trim_next = false;
    while let Some(open) = text[at..].find("{{").map(|found| at + found) {
        let trims = text[open + 2..].starts_with('-') && text[open + 3..].starts_with(BLANK);
        push(&mut tokens, text, at..open, trim_next, trims);
        let start = open + 2 + usize::from(trims);
        let Some(close) = find_close(text, start) else { return tokens };
        let inner = &text[start..close];
        trim_next = inner.ends_with('-') && inner[..inner.len() - 1].ends_with(BLANK);
        let end = close - usize::from(trim_next);
        tokens.push(Token::Action(open..close + 2, start..end.max(start)));
        at = close + 2;
    }
    push(&mut tokens, text, at..text.len(), trim_next, false);
    tokens
}

fn push(tokens: &mut Vec<Token>, text: &str, mut range: Range<usize>, trim_start: bool, trim_end: bool) {
    if trim_start {
        range.start = range.end - text[range.clone()].trim_start_matches(BLANK).len();
    }
    if trim_end {
        range.end = range.start + text[range.clone()].trim_end_matches(BLANK).len();
    }
    if !range.is_empty() {
        tokens.push(Token::Text(range));
    }
}

/// Where the `}}` of an action begins, which may hold quoted text and comments.
fn find_close(text: &str, start: usize) -> Option<usize> {
    let rest = &text[start..];
    let body = rest.trim_start_matches(BLANK);
    if body.starts_with("/*") {
        let end = start + rest.len() - body.len() + body.find("*/")? + 2;
        return text[end..].find("}}").map(|found| end + found);
    }
    let bytes = rest.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'}' if bytes.get(at + 1) == Some(&b'}') => return Some(start + at),
            b'`' => at += 1 + rest[at + 1..].find('`')?,
            quote @ (b'"' | b'\'') => at = end_of_quoted(bytes, at, quote)?,
            _ => {}
        }
        at += 1;
    }
    None
}

fn end_of_quoted(bytes: &[u8], start: usize, quote: u8) -> Option<usize> {
    let mut at = start + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            byte if byte == quote => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str) -> Vec<String> {
        let show = |token: Token| match token {
            Token::Text(range) => format!("T{}", &text[range]),
            Token::Action(_, inner) => format!("A{}", text[inner].trim()),
        };
        lex(text).into_iter().map(show).collect()
    }

    #[test]
    fn dashes_trim_the_text_around_them() {
        assert_eq!(pieces("a\n  {{- if .x }}\nb\n{{ end -}}\n c"), ["Ta", "Aif .x", "T\nb\n", "Aend", "Tc"]);
        assert_eq!(pieces("{{-1}}"), ["A-1"]);
    }

    #[test]
    fn quotes_and_comments_may_hold_braces() {
        assert_eq!(pieces("{{ \"}}\" }}x{{`}}`}}y"), ["A\"}}\"", "Tx", "A`}}`", "Ty"]);
        assert_eq!(pieces("a{{/* }} it's */}}b"), ["Ta", "A/* }} it's */", "Tb"]);
        assert_eq!(pieces("a{{ \"open"), ["Ta"]);
    }
}
