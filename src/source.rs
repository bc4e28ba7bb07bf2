//! Bytes and the positions in them.
//!
//! Everything that is linted is a [`Source`]: a path to show and a text. A
//! [`Span`] is a source and a byte range, and the only way in which the rest of
//! the program speaks of a place; a [`Position`] (line and column) is worked out
//! at the very end, for the places that are printed.

use std::ops::Range;
use std::sync::OnceLock;

/// Index of a [`Source`] in its [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(u32);

/// A byte range of one source; `end` is exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The source that the range lies in.
    pub source: SourceId,
    /// First byte.
    pub start: u32,
    /// First byte after the range.
    pub end: u32,
}

impl Span {
    /// A span of `source`, from byte `start` up to and without byte `end`.
    #[must_use]
    pub fn new(source: SourceId, start: u32, end: u32) -> Self {
        Self { source, start, end }
    }

    /// The bytes as a range, to slice the source's text with.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Whether the span covers no byte at all.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether `other` lies wholly within this span.
    #[must_use]
    pub fn contains(self, other: Span) -> bool {
        self.source == other.source && self.start <= other.start && other.end <= self.end
    }

    /// The empty span at this span's end.
    #[must_use]
    pub fn at_end(self) -> Self {
        Self { start: self.end, ..self }
    }

    /// The empty span at this span's start.
    #[must_use]
    pub fn at_start(self) -> Self {
        Self { end: self.start, ..self }
    }
}

/// A place as people and editors count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// Byte offset, from 0.
    pub offset: u32,
}

/// One text that is linted.
#[derive(Debug)]
pub struct Source {
    path: String,
    text: String,
    line_starts: OnceLock<Vec<u32>>,
}

impl Source {
    /// The path as it is printed: relative to the working directory, with `/`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The line, column and offset of a byte offset. An offset past the end, or
    /// inside a character, is moved back to the nearest place that exists.
    #[must_use]
    pub fn position(&self, offset: u32) -> Position {
        let mut offset = (offset as usize).min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.line_index(offset as u32);
        let start = self.line_starts()[line] as usize;
        let column = self.text[start..offset].chars().count();
        Position { line: line as u32 + 1, column: column as u32 + 1, offset: offset as u32 }
    }

    /// The byte range of a line (counted from 0), without its line break.
    #[must_use]
    pub fn line_range(&self, line: usize) -> Option<Range<usize>> {
        let starts = self.line_starts();
        let start = *starts.get(line)? as usize;
        let end = starts.get(line + 1).map_or(self.text.len(), |next| *next as usize);
        let length = self.text[start..end].trim_end_matches(['\n', '\r']).len();
        Some(start..start + length)
    }

    /// The line (counted from 0) that holds a byte offset.
    #[must_use]
    pub fn line_index(&self, offset: u32) -> usize {
        self.line_starts().partition_point(|start| *start <= offset).saturating_sub(1)
    }

    fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            let breaks = self.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
            std::iter::once(0).chain(breaks.map(|(at, _)| at as u32 + 1)).collect()
        })
    }
}

/// All sources of one run.
#[derive(Debug, Default)]
pub struct Sources(Vec<Source>);

impl Sources {
    /// Adds a source. `path` is what reports print.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<String>) -> SourceId {
        let id = SourceId(u32::try_from(self.0.len()).unwrap_or(u32::MAX));
        self.0.push(Source { path: path.into(), text: text.into(), line_starts: OnceLock::new() });
        id
    }

    /// The source behind an id that this collection gave out.
    #[must_use]
    pub fn get(&self, id: SourceId) -> &Source {
        &self.0[id.0 as usize]
    }

    /// All sources with their ids, in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        self.0.iter().enumerate().map(|(index, source)| (SourceId(index as u32), source))
    }

    /// The text that a span covers.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.get(span.source).text.get(span.range()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn position(text: &str, offset: u32) -> (u32, u32) {
        let mut sources = Sources::default();
        let id = sources.add("x", text);
        let position = sources.get(id).position(offset);
        (position.line, position.column)
    }

    #[test]
    fn positions_count_lines_and_characters_from_one() {
        assert_eq!(position("", 0), (1, 1));
        assert_eq!(position("a\nbc", 3), (2, 2));
        assert_eq!(position("a\r\nbc", 3), (2, 1));
        assert_eq!(position("é: x", 3), (1, 3));
        assert_eq!(position("a\n", 2), (2, 1));
    }

    #[test]
    fn a_position_outside_the_text_is_moved_into_it() {
        assert_eq!(position("ab", 99), (1, 3));
        assert_eq!(position("é", 1), (1, 1));
    }

    #[test]
    fn a_line_range_leaves_out_the_line_break() {
        let mut sources = Sources::default();
        let id = sources.add("x", "ab\r\n\ncd");
        let source = sources.get(id);
        assert_eq!(source.line_range(0), Some(0..2));
        assert_eq!(source.line_range(1), Some(4..4));
        assert_eq!(source.line_range(2), Some(5..7));
        assert_eq!(source.line_range(3), None);
    }
}
