//! A stream cut into its documents, before any of them is parsed.
//!
//! YAML forbids a line that begins with `---` and a blank anywhere inside a
//! document, quoted and block scalars included, so such lines can be found
//! without parsing. The separator stays with the document that it opens, and so
//! do the comments after it (`# Source:` in helm's output).

use std::ops::Range;

/// The bytes of one document of a stream, its `---` line included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// The byte range in the source.
    pub range: Range<usize>,
}

/// Cuts a stream. Chunks that hold only comments and white space are left out.
#[must_use]
pub fn split(text: &str) -> Vec<Chunk> {
    if let Some(objects) = json_objects(text) {
        return objects;
    }
    let mut chunks = Vec::new();
    let mut start = 0;
    let mut line = 0;
    while line < text.len() {
        // Comments before the first `---` belong to the document that it opens.
        if line > start && is_separator(&text[line..]) && (start > 0 || !is_prefix(&text[..line])) {
            push(&mut chunks, text, start..line);
            start = line;
        }
        line = text[line..].find('\n').map_or(text.len(), |length| line + length + 1);
    }
    push(&mut chunks, text, start..text.len());
    chunks
}

/// The objects of a JSON stream, which need nothing between them. Nothing where the text is
/// anything else than several of them: YAML in flow style begins with a brace, too.
fn json_objects(text: &str) -> Option<Vec<Chunk>> {
    if !text.trim_start().starts_with('{') {
        return None;
    }
    let mut stream = serde_json::Deserializer::from_str(text).into_iter::<serde::de::IgnoredAny>();
    let mut objects = Vec::new();
    loop {
        let start = stream.byte_offset();
        match stream.next() {
            Some(Ok(_)) => push(&mut objects, text, start..stream.byte_offset()),
            Some(Err(_)) => return None,
            None => return (objects.len() > 1).then_some(objects),
        }
    }
}

fn push(chunks: &mut Vec<Chunk>, text: &str, range: Range<usize>) {
    if !is_blank(&text[range.clone()]) {
        chunks.push(Chunk { range });
    }
}

fn is_separator(line: &str) -> bool {
    line.strip_prefix("---").is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n']))
}

/// Comments and white space at the start of a file.
fn is_prefix(start: &str) -> bool {
    let content = |line: &str| line.trim_start_matches('\u{feff}').trim_start().chars().next();
    start.lines().all(|line| matches!(content(line), None | Some('#')))
}

fn is_blank(chunk: &str) -> bool {
    chunk.lines().all(|line| {
        let line = line.trim_start_matches('\u{feff}');
        let content = if is_separator(line) { line[3..].trim() } else { line.trim() };
        content.is_empty() || content.starts_with('#') || content == "..."
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str) -> Vec<&str> {
        split(text).into_iter().map(|chunk| &text[chunk.range]).collect()
    }

    #[test]
    fn documents_are_cut_at_separator_lines() {
        assert_eq!(pieces("a: 1\n---\nb: 2\n"), ["a: 1\n", "---\nb: 2\n"]);
        assert_eq!(
            pieces("---\n# Source: x\na: 1\n--- # next\nb: 2"),
            ["---\n# Source: x\na: 1\n", "--- # next\nb: 2"]
        );
        assert_eq!(pieces("a: 1\r\n---\r\nb: 2\r\n"), ["a: 1\r\n", "---\r\nb: 2\r\n"]);
    }

    #[test]
    fn what_only_looks_like_a_separator_stays() {
        assert_eq!(pieces("a: |\n  ---\n  x\n").len(), 1);
        assert_eq!(pieces("a: 1\n---x: 2\n").len(), 1);
        assert_eq!(pieces("a: '\n ---'\n").len(), 1);
    }

    #[test]
    fn json_objects_need_no_separator() {
        assert_eq!(pieces("{\"a\": 1}\n{\"b\": {}}\n"), ["{\"a\": 1}", "\n{\"b\": {}}"]);
        assert_eq!(pieces("{\"a\": 1}\n---\n{\"b\": 2}").len(), 2);
        assert_eq!(pieces("{a: 1}").len(), 1);
    }

    #[test]
    fn chunks_without_content_are_left_out() {
        assert!(pieces("").is_empty());
        assert!(pieces("# only\n---\n# comments\n---\n...\n").is_empty());
        assert_eq!(pieces("---\n---\na: 1\n---\n"), ["---\na: 1\n"]);
        assert_eq!(pieces("---\n# b\n---\na: 1\n"), ["---\na: 1\n"]);
    }

    #[test]
    fn comments_before_the_first_separator_belong_to_the_first_document() {
        assert_eq!(pieces("# why\n\n---\na: 1\n---\nb: 2\n"), ["# why\n\n---\na: 1\n", "---\nb: 2\n"]);
        assert_eq!(pieces("# a\n---\n# b\n---\na: 1\n"), ["---\na: 1\n"]);
    }
}
