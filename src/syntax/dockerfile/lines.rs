//! Physical lines into logical ones, byte for byte.

use crate::source::{SourceId, Span};
use crate::syntax::Comment;

/// A line with those that continue it.
pub(super) struct Logical {
    /// Offset of its first byte.
    pub(super) start: usize,
    /// Its text, as long as what it stands for, see `Instruction::body`.
    pub(super) text: String,
    /// Offset of the line that follows.
    pub(super) next: usize,
}

/// The end of the line at `start`: without, and with its line break.
pub(super) fn line_end(text: &str, start: usize) -> (usize, usize) {
    let next = text[start..].find('\n').map_or(text.len(), |at| start + at + 1);
    let line = text[start..next].trim_end_matches('\n').trim_end_matches('\r');
    (start + line.len(), next)
}

/// Whether a line is a comment: its offset of `#`.
pub(super) fn comment_at(text: &str, start: usize, end: usize) -> Option<usize> {
    let line = &text[start..end];
    let indent = line.len() - line.trim_start().len();
    line[indent..].starts_with('#').then_some(start + indent)
}

/// Reads the logical line at `start`. Comments between its lines go to `comments`.
pub(super) fn logical(text: &str, start: usize, escape: u8, source: SourceId, comments: &mut Vec<Comment>) -> Logical {
    let mut out = String::new();
    let mut at = start;
    loop {
        let (end, next) = line_end(text, at);
        let line = &text[at..end];
        let is_first = at == start;
        let comment = comment_at(text, at, end).filter(|_| !is_first);
        if let Some(hash) = comment {
            comments.push(Comment { span: Span::new(source, hash as u32, end as u32), alone: true });
        }
        let is_blank = !is_first && line.trim().is_empty();
        let continued = continuation(line, escape);
        match continued {
            _ if comment.is_some() || is_blank => blank(&mut out, next - at),
            Some(length) => {
                out.push_str(&line[..length]);
                join(&mut out, next - at - length, next > end);
            }
            None => out.push_str(line),
        }
        let goes_on = comment.is_some() || is_blank || continued.is_some();
        if !goes_on || next >= text.len() {
            return Logical { start, text: out, next };
        }
        at = next;
    }
}

/// The length of a line before the character that continues it.
fn continuation(line: &str, escape: u8) -> Option<usize> {
    let bytes = line.trim_end_matches([' ', '\t']).as_bytes();
    let (last, before) = bytes.split_last()?;
    (*last == escape && before.last() != Some(&escape)).then_some(before.len())
}

fn blank(out: &mut String, bytes: usize) {
    out.extend(std::iter::repeat_n(' ', bytes));
}

/// Puts a continuation of `bytes` bytes in the form that every shell reads.
fn join(out: &mut String, bytes: usize, has_break: bool) {
    if has_break && bytes >= 2 {
        blank(out, bytes - 2);
        out.push_str("\\\n");
    } else {
        blank(out, bytes);
    }
}
