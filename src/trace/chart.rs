//! From the manifests of a chart to its templates.

use std::collections::{HashMap, HashSet};

use rayon::prelude::*;

use super::layout::{Layout, Meant};
use super::template::{By, Define, Defines, Piece, Program, align, parse};
use super::values::ValueFiles;
use super::{Origin, Rendered};
use crate::source::{SourceId, Sources, Span};
use crate::syntax::yaml::{Document, Node, Segment};

/// A document longer than this is not compared with its template.
const MAX_DOCUMENT: usize = 512 * 1024;

/// A chart, ready to trace documents that were rendered of it.
pub(super) struct Chart<'s> {
    sources: &'s Sources,
    layout: Layout,
    /// Values that were given, the strongest first.
    given: Vec<SourceId>,
    programs: HashMap<SourceId, Program>,
    /// The lines in which helm names the source of what follows: offset and path.
    names: Vec<(u32, &'s str)>,
}

impl<'s> Chart<'s> {
    /// Reads the templates that `documents` came of.
    pub(super) fn new(sources: &'s Sources, rendered: &Rendered, documents: &[Span]) -> Self {
        let layout = Layout::new(rendered.files.clone());
        let names = names(sources.get(rendered.output).text());
        let mut chart = Self { sources, layout, given: rendered.values.clone(), programs: HashMap::new(), names };
        let wanted = documents.iter().filter_map(|document| match chart.meant(*document)? {
            Meant::Template { source, .. } => Some(source),
            Meant::Packed(_) => None,
        });
        let wanted: HashSet<_> = wanted.collect();
        let defines = chart.defines();
        let compile = |source: &SourceId| {
            let text = sources.get(*source).text();
            Some((*source, Program::new(*source, text, &parse(text)?.parts, &defines)))
        };
        chart.programs = wanted.par_iter().filter_map(compile).collect();
        chart
    }

    /// The template that helm names in front of a document. Later documents of a file of
    /// `crds/` have no name of their own.
    fn meant(&self, document: Span) -> Option<Meant> {
        let after = self.names.partition_point(|(at, _)| *at < document.end);
        let (_, printed) = self.names[after.checked_sub(1)?];
        self.layout.find(self.sources, printed)
    }

    /// All definitions, those of the outermost charts winning as they do in helm.
    fn defines(&self) -> Defines<'s> {
        let is_template = |path: &str| path.starts_with("templates/") || path.contains("/templates/");
        let mut files: Vec<_> = self.layout.files().filter(|(path, _)| is_template(path)).collect();
        files.sort_by_key(|(path, _)| (std::cmp::Reverse(path.matches("charts/").count()), path.to_string()));
        let sources = self.sources;
        let read = files.into_par_iter().filter_map(|(_, source)| {
            let text = sources.get(source).text();
            text.contains("define").then(|| parse(text).map(|template| (source, text, template)))?
        });
        let read: Vec<_> = read.collect();
        let defines = read.into_iter().flat_map(|(source, text, template)| {
            template.defines.into_iter().map(move |(name, parts)| (name, Define { source, text, parts }))
        });
        defines.collect()
    }

    /// Compares a document with the template that it came of.
    pub(super) fn trace(&self, document: Span) -> Traced<'s> {
        let text = self.sources.get(document.source).text();
        let start = self.names.iter().map(|(at, _)| *at).rfind(|at| document.start <= *at && *at < document.end);
        let content = start.map_or(document.start as usize, |name| {
            text[name as usize..].find('\n').map_or(text.len(), |length| name as usize + length + 1)
        });
        let whole = &text[content..document.end as usize];
        let whole = whole.strip_prefix("---").map_or(whole, str::trim_start);
        let begin = document.end as usize - whole.len();
        let begin = begin + whole.len() - whole.trim_start().len();
        let body = whole.trim();
        let meant = self.meant(document);
        let pieces = match &meant {
            Some(Meant::Template { source, .. }) if body.len() <= MAX_DOCUMENT => {
                self.programs.get(source).and_then(|program| align(program, self.sources, body))
            }
            _ => None,
        };
        let values = match &meant {
            Some(Meant::Template { charts, .. }) => self.values(charts),
            _ => ValueFiles::read(self.sources, &[]),
        };
        Traced { begin, meant, pieces, values }
    }

    /// The files with values of a chart that others lead to, the strongest first.
    fn values(&self, charts: &[(String, String)]) -> ValueFiles<'s> {
        let names: Vec<_> = charts.iter().map(|(name, _)| name.clone()).collect();
        let mut files: Vec<_> = self.given.iter().map(|file| (*file, names.clone())).collect();
        let directories = std::iter::once("").chain(charts.iter().map(|(_, directory)| directory.as_str()));
        for (depth, directory) in directories.enumerate() {
            if let Some(own) = self.layout.get(&format!("{directory}values.yaml")) {
                files.push((own, names[depth..].to_vec()));
            }
        }
        ValueFiles::read(self.sources, &files)
    }

    /// The places of a document in its template.
    pub(super) fn origin(&self, traced: &Traced<'s>, document: &Document<'_>, span: Span) -> Option<Origin> {
        let source = match traced.meant.as_ref()? {
            Meant::Packed(place) => return Some(Origin::near(*place)),
            Meant::Template { source, .. } => *source,
        };
        let pieces = traced.pieces.as_deref().unwrap_or_default();
        match traced.piece_at(pieces, span.start) {
            Some(piece) => Some(self.of_piece(traced, source, pieces, piece, document, span)),
            None => Some(Origin::near(self.like(source, document.text(), span))),
        }
    }

    fn of_piece(
        &self,
        traced: &Traced<'s>,
        template: SourceId,
        pieces: &[Piece],
        piece: &Piece,
        document: &Document<'_>,
        span: Span,
    ) -> Origin {
        let action = |index: usize| self.programs.get(&template).map(|program| &program.actions[index]);
        let at = |piece: &Piece, offset: u32| match piece.by {
            By::Text { span, .. } => Some(span.start + (offset as usize - traced.begin - piece.printed.start) as u32),
            _ => None,
        };
        let last = traced.piece_at(pieces, span.end.max(span.start + 1) - 1).unwrap_or(piece);
        let (start, mut end) = match piece.by {
            By::Text { span: text, .. } => {
                let start = at(piece, span.start).unwrap_or(text.start);
                (Span::new(text.source, start, start), start)
            }
            By::Action(index) => action(index).map(|action| (action.span, action.span.end)).unwrap_or((span, span.end)),
            By::Include(include) => (include, include.end),
        };
        match last.by {
            By::Text { span: text, .. } if text.source == start.source => {
                end = end.max(at(last, span.end).unwrap_or(end))
            }
            By::Action(index) => {
                end = action(index).filter(|it| it.span.source == start.source).map_or(end, |it| end.max(it.span.end))
            }
            By::Include(include) if include.source == start.source => end = end.max(include.end),
            _ => {}
        }
        let literal = last == piece && matches!(piece.by, By::Text { is_own: true, .. });
        let values = self.values_of(traced, template, pieces, document, span);
        Origin { span: Span::new(start.source, start.start, end), approximate: false, literal, values }
    }

    /// The keys of the values that actions printed within a place.
    fn values_of(
        &self,
        traced: &Traced<'s>,
        template: SourceId,
        pieces: &[Piece],
        document: &Document<'_>,
        span: Span,
    ) -> Vec<Span> {
        let mut values: Vec<Span> = Vec::new();
        for piece in pieces {
            let printed = traced.begin + piece.printed.start..traced.begin + piece.printed.end;
            let is_inside =
                printed.start < span.range().end.max(span.range().start + 1) && span.range().start < printed.end;
            let By::Action(index) = piece.by else { continue };
            let action = self.programs.get(&template).and_then(|program| program.actions.get(index));
            let Some(action) = action.filter(|_| is_inside) else { continue };
            let rest = path_within(document, span, printed.start as u32);
            let text = &self.sources.get(span.source).text()[printed];
            values.extend(action.values.iter().filter_map(|path| traced.values.find(path, &rest, text)));
        }
        values.dedup();
        values
    }

    /// The line of a template that is most like a line of a document: it begins with the same
    /// key. The first line where none is.
    fn like(&self, template: SourceId, text: &str, span: Span) -> Span {
        let line = text[..span.start as usize].rfind('\n').map_or(0, |at| at + 1);
        let line = text[line..].lines().next().unwrap_or_default().trim().trim_start_matches("- ");
        let key = line.split_inclusive(':').next().unwrap_or(line);
        let template_text = self.sources.get(template).text();
        let mut at = 0;
        for candidate in template_text.split_inclusive('\n') {
            let written = candidate.trim_start().trim_start_matches("- ");
            if !key.is_empty() && written.starts_with(key) {
                let start = at + candidate.len() - candidate.trim_start().len();
                return Span::new(template, start as u32, (at + candidate.trim_end().len()) as u32);
            }
            at += candidate.len();
        }
        let first = template_text.lines().next().map_or(0, str::len);
        Span::new(template, 0, first as u32)
    }
}

/// A document, compared with its template.
pub(super) struct Traced<'s> {
    /// Where the document begins in its source, without blanks and `# Source:`.
    begin: usize,
    meant: Option<Meant>,
    pieces: Option<Vec<Piece>>,
    values: ValueFiles<'s>,
}

impl Traced<'_> {
    fn piece_at<'p>(&self, pieces: &'p [Piece], offset: u32) -> Option<&'p Piece> {
        let offset = (offset as usize).checked_sub(self.begin)?;
        let after = pieces.partition_point(|piece| piece.printed.start <= offset);
        let piece = pieces.get(after.checked_sub(1)?)?;
        // The end of a document belongs to its last piece.
        let is_last = after == pieces.len() && offset <= piece.printed.end;
        (piece.printed.contains(&offset) || is_last).then_some(piece)
    }
}

/// The steps of the path to a place that begin behind `from`.
fn path_within<'d>(document: &'d Document<'d>, span: Span, from: u32) -> Vec<Segment<'d>> {
    let path = document.path_to(span);
    let mut node = Some(document.root());
    let mut outside = 0;
    for segment in &path {
        let Some(here) = node else { break };
        let (start, next) = match segment {
            Segment::Key(key) => match here.entry(key) {
                Some(entry) => (entry.key.span().start, Some(entry.value)),
                None => break,
            },
            Segment::Index(index) => match here.items().nth(*index) {
                Some(item) => (item.span().start, Some(item)),
                None => break,
            },
        };
        if start >= from {
            break;
        }
        outside += 1;
        node = next.filter(|next: &Node<'_>| next.is_mapping() || next.items().len() > 0);
    }
    path.into_iter().skip(outside).collect()
}

fn names(text: &str) -> Vec<(u32, &str)> {
    const NAME: &str = "# Source: ";
    let mut found = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if let Some(path) = line.strip_prefix(NAME) {
            found.push((at as u32, path.trim_end()));
        }
        at += line.len();
    }
    found
}
