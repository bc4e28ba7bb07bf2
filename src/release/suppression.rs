//! What the authors of a manifest asked not to be told.
//!
//! `# shipworthy: ignore[rule-id, other] reason` on a line, alone above it, or above a
//! document's first key; the annotations `shipworthy/ignore: "rule-id, other"` and
//! `shipworthy/ignore.rule-id: "reason"` on an object.

use std::ops::Range;

use super::Object;
use crate::source::Span;
use crate::syntax::dockerfile::Dockerfile;
use crate::syntax::yaml::Document;

/// A request to say nothing of some rules at some place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// The rules, as they are written.
    pub rules: Vec<String>,
    /// Whether a reason is given.
    pub has_reason: bool,
    /// Whether it counts: not where a reason is asked for and none is given.
    pub counts: bool,
    /// Where it is written.
    pub place: Span,
    /// The bytes whose findings it covers, in the source of `place`.
    pub covers: Range<u32>,
}

/// The comments of a document that are suppressions.
#[must_use]
pub fn in_comments(document: &Document<'_>) -> Vec<Suppression> {
    let text = document.text();
    let first_key = document.root().span().start;
    let comments = document.comments().iter();
    let found = comments.filter_map(|comment| {
        let (rules, reason) = parse(&text[comment.span.range()])?;
        let covers = if comment.alone && comment.span.start < first_key {
            document.span().start..document.span().end
        } else {
            line_at(text, comment.span.start, comment.alone, document.span().end as usize)
        };
        Some(Suppression { rules, has_reason: !reason.is_empty(), counts: true, place: comment.span, covers })
    });
    found.collect()
}

/// The comments of a Dockerfile that are suppressions. At the top one covers the file, above an
/// instruction all of its lines, between its lines the next one.
#[must_use]
pub fn in_dockerfile(dockerfile: &Dockerfile<'_>) -> Vec<Suppression> {
    let instructions = &dockerfile.instructions;
    let found = dockerfile.comments.iter().filter_map(|comment| {
        let (rules, reason) = parse(&dockerfile.text[comment.span.range()])?;
        let before = instructions.partition_point(|it| it.span.start <= comment.span.start);
        let within = before.checked_sub(1).map(|index| &instructions[index]);
        let covers = match (within.filter(|it| it.span.end >= comment.span.end), instructions.get(before)) {
            (Some(_), _) => line_at(dockerfile.text, comment.span.start, comment.alone, dockerfile.text.len()),
            (None, _) if before == 0 => 0..dockerfile.text.len() as u32 + 1,
            (None, Some(next)) => {
                next.span.start
                    ..instructions.get(before + 1).map_or(dockerfile.text.len() as u32 + 1, |it| it.span.start)
            }
            (None, None) => comment.span.start..comment.span.end,
        };
        Some(Suppression { rules, has_reason: !reason.is_empty(), counts: true, place: comment.span, covers })
    });
    found.collect()
}

/// The annotations of an object that are suppressions.
#[must_use]
pub fn in_annotations(object: &Object<'_>) -> Vec<Suppression> {
    let annotations = object.field().at(&["metadata", "annotations"]);
    let Some(node) = annotations.node() else { return Vec::new() };
    let root = object.root().span();
    let found = node.entries().filter_map(|entry| {
        let (key, value) = (entry.key.text()?, entry.value.as_str()?);
        let (rules, has_reason) = match key.strip_prefix("shipworthy/ignore")? {
            "" => (split(value), false),
            rest => (vec![rest.strip_prefix('.')?.to_string()], !value.trim().is_empty()),
        };
        Some(Suppression {
            rules,
            has_reason,
            counts: true,
            place: entry.key.span(),
            covers: root.start..root.end.max(root.start + 1),
        })
    });
    found.collect()
}

/// The rules and the reason of a comment.
fn parse(comment: &str) -> Option<(Vec<String>, &str)> {
    let rest = comment.trim_start_matches('#').trim_start().strip_prefix("shipworthy:")?;
    let rest = rest.trim_start().strip_prefix("ignore[")?;
    let (rules, reason) = rest.split_once(']')?;
    Some((split(rules), reason.trim()))
}

fn split(rules: &str) -> Vec<String> {
    rules.split(',').map(str::trim).filter(|rule| !rule.is_empty()).map(str::to_string).collect()
}

/// The line that a comment stands on; for a comment alone on its line, the next line that is
/// no comment.
fn line_at(text: &str, comment: u32, alone: bool, last: usize) -> Range<u32> {
    let mut start = text[..comment as usize].rfind('\n').map_or(0, |at| at + 1);
    let end_of = |start: usize| text[start..].find('\n').map_or(text.len(), |at| start + at + 1);
    if alone {
        start = end_of(start);
        while start < last && text[start..].trim_start_matches([' ', '\t']).starts_with(['#', '\n', '\r']) {
            start = end_of(start);
        }
    }
    start as u32..end_of(start) as u32
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn comments_are_read() {
        let (rules, reason) = parse("# shipworthy: ignore[a, b] one Pod is meant").unwrap();
        assert_eq!((rules, reason), (vec!["a".to_string(), "b".to_string()], "one Pod is meant"));
        assert!(parse("# shipworthy ignore a").is_none());
        assert!(parse("#shipworthy: ignore[a]").is_some());
    }
}
