//! Heredocs: text for an instruction on the lines below it.

use super::lines::line_end;
use super::words::{unquote, words};
use crate::source::{SourceId, Span};

/// A heredoc.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heredoc {
    /// What ends it.
    pub delimiter: String,
    /// Whether the delimiter is quoted, so that nothing in the text is expanded.
    pub quoted: bool,
    /// `<<-`: tabs at the start of lines are taken away.
    pub strips_tabs: bool,
    /// The word that announces it.
    pub word: Span,
    /// The lines, without the one that ends it.
    pub body: Span,
}

/// The heredocs that a logical line announces, each with an empty body. BuildKit looks at
/// whole words alone, so `$((1<<2))` announces none.
pub(super) fn announced(text: &str, start: usize, source: SourceId) -> Vec<Heredoc> {
    // Nearly every line has none.
    if !text.contains("<<") {
        return Vec::new();
    }
    let found = words(text, true, b'\\').into_iter().filter_map(|range| {
        let word = text[range.clone()].trim_start_matches(|letter: char| letter.is_ascii_digit());
        let rest = word.strip_prefix("<<")?;
        let name = rest.strip_prefix('-').unwrap_or(rest);
        let delimiter = unquote(name);
        let at = Span::new(source, (start + range.start) as u32, (start + range.end) as u32);
        (!delimiter.is_empty() && !name.contains('<')).then(|| Heredoc {
            quoted: delimiter != name,
            delimiter,
            strips_tabs: rest.starts_with('-'),
            word: at,
            body: at.at_end(),
        })
    });
    found.collect()
}

/// Reads the body of a heredoc from the line at `start`. Gives the offset behind the line that
/// ends it; nothing where no line does.
pub(super) fn read_body(heredoc: &mut Heredoc, text: &str, start: usize) -> Option<usize> {
    let mut at = start;
    while at < text.len() {
        let (end, next) = line_end(text, at);
        let line = &text[at..end];
        let line = if heredoc.strips_tabs { line.trim_start_matches('\t') } else { line };
        if line == heredoc.delimiter {
            heredoc.body = Span::new(heredoc.word.source, start as u32, at as u32);
            return Some(next);
        }
        at = next;
    }
    None
}
