//! Where a finding is, as other programs want to be told.

use std::borrow::Cow;

use super::Style;
use crate::source::{Position, Sources, Span};

/// A span, worked out.
pub(super) struct Place<'s> {
    /// The path from the repository's root.
    pub(super) path: Cow<'s, str>,
    /// Its first place.
    pub(super) start: Position,
    /// The place after it.
    pub(super) end: Position,
}

impl<'s> Place<'s> {
    pub(super) fn of(sources: &'s Sources, span: Span, style: Style<'_>) -> Self {
        let source = sources.get(span.source);
        let path = in_repository(style.repository, source.path());
        Self { path, start: source.position(span.start), end: source.position(span.end) }
    }
}

/// A path of the working directory, as seen from the repository's root. `folder` is the working
/// directory as seen from there: `deploy/shop`, or nothing.
fn in_repository<'p>(folder: &str, path: &'p str) -> Cow<'p, str> {
    if folder.is_empty() || path.starts_with(['/', '<']) {
        return Cow::Borrowed(path);
    }
    let mut parts: Vec<_> = folder.split('/').collect();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." if parts.pop().is_some() => {}
            part => parts.push(part),
        }
    }
    Cow::Owned(parts.join("/"))
}

/// A path as a relative reference of a URI.
pub(super) fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(byte as char),
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_seen_from_the_root_of_the_repository() {
        assert_eq!(in_repository("", "a/b.yaml"), "a/b.yaml");
        assert_eq!(in_repository("deploy/shop", "a.yaml"), "deploy/shop/a.yaml");
        assert_eq!(in_repository("deploy/shop", "../x/a.yaml"), "deploy/x/a.yaml");
        assert_eq!(in_repository("deploy", "<stdin>"), "<stdin>");
    }

    #[test]
    fn what_a_uri_does_not_take_is_encoded() {
        assert_eq!(uri("a b/ü%.yaml"), "a%20b/%C3%BC%25.yaml");
        assert_eq!(uri("<stdin>"), "%3Cstdin%3E");
    }
}
