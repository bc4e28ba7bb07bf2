//! Parser events into a [`Document`].

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, StructureStyle, Tag};

use super::document::{Document, NodeData, NodeId, ScalarTag, Value};
use super::scalar::Style;
use super::stream::Chunk;
use crate::source::{SourceId, Span};
use crate::syntax::Comment;
use crate::syntax::SyntaxError;

/// A document may stand for at most this many nodes once its aliases are followed, unless
/// it holds a tenth of them itself. go-yaml refuses such documents too.
const MAX_EXPANDED_NODES: u64 = 1_000_000;
/// Levels of nesting, aliases followed. The parser's own limit, 255, knows no aliases.
const MAX_DEPTH: u32 = 512;
/// Comment lines that may stand between a key and its value.
const MAX_BUFFERED_COMMENTS: usize = 1_000_000;

/// Bytes that may be read again for the sake of lines that only our parser minds.
const MAX_MENDING: usize = 64 << 20;

/// Parses one chunk of a stream. It holds one document, or more where `...` ends one.
///
/// # Errors
///
/// The first fault of the chunk: kubectl would refuse the document too.
pub fn parse<'s>(source: SourceId, text: &'s str, chunk: &Chunk) -> Result<Vec<Document<'s>>, SyntaxError> {
    let mut base = chunk.range.start;
    let mut body = Cow::Borrowed(&text[chunk.range.clone()]);
    if let Some(rest) = text[chunk.range.clone()].strip_prefix('\u{feff}') {
        base = chunk.range.end - rest.len();
        body = Cow::Borrowed(rest);
    }
    let mut work_left = MAX_MENDING;
    loop {
        let mut builder = Builder::new(source, text, base, chunk);
        let Err(stop) = builder.read(&body) else { return Ok(builder.documents) };
        let mended = stop.mend_at.filter(|_| work_left >= body.len()).and_then(|at| join_lines(&body, at));
        let Some(mended) = mended else { return Err(stop.error) };
        work_left -= body.len();
        body = Cow::Owned(mended);
    }
}

/// Puts a space in the place of the line break before the line at `at`, which continues a
/// quoted scalar with too little indentation. go-yaml reads such a line, and our parser does
/// not. No offset changes.
fn join_lines(body: &str, at: usize) -> Option<String> {
    let line_break = body[..at].rfind('\n')?;
    let mut mended = body.to_string();
    mended.replace_range(line_break..=line_break, " ");
    Some(mended)
}

/// Why reading stopped.
struct Stop {
    error: SyntaxError,
    /// The place of a fault that the parser alone takes for one.
    mend_at: Option<usize>,
}

impl From<SyntaxError> for Stop {
    fn from(error: SyntaxError) -> Self {
        Self { error, mend_at: None }
    }
}

/// A collection whose end has not come yet.
struct Open {
    id: NodeId,
    flow: bool,
    anchor: usize,
    /// Children in order; of a mapping, keys and values in turn.
    children: Vec<NodeId>,
    mapping: bool,
}

/// What a node stands for once aliases are followed.
#[derive(Clone, Copy)]
struct Extent {
    nodes: u64,
    depth: u32,
}

struct Builder<'s> {
    source: SourceId,
    text: &'s str,
    base: usize,
    span: Span,
    documents: Vec<Document<'s>>,
    nodes: Vec<NodeData<'s>>,
    extents: Vec<Extent>,
    items: Vec<NodeId>,
    entries: Vec<(NodeId, NodeId)>,
    comments: Vec<Comment>,
    anchors: HashMap<usize, NodeId>,
    open: Vec<Open>,
    root: Option<NodeId>,
}

impl<'s> Builder<'s> {
    fn new(source: SourceId, text: &'s str, base: usize, chunk: &Chunk) -> Self {
        Self {
            source,
            text,
            base,
            span: Span::new(source, chunk.range.start as u32, chunk.range.end as u32),
            documents: Vec::new(),
            nodes: Vec::new(),
            extents: Vec::new(),
            items: Vec::new(),
            entries: Vec::new(),
            comments: Vec::new(),
            anchors: HashMap::new(),
            open: Vec::new(),
            root: None,
        }
    }

    fn read(&mut self, body: &str) -> Result<(), Stop> {
        let options = granit_parser::options! {
            disallow_directives: true,
            max_buffered_comment_events: MAX_BUFFERED_COMMENTS,
        };
        for next in Parser::new_from_str_with_options(body, options) {
            let (event, span) = next.map_err(|error| self.stop(&error, body))?;
            self.accept(event, span)?;
        }
        Ok(())
    }

    fn stop(&self, error: &granit_parser::ScanError, body: &str) -> Stop {
        let at = error.marker().byte_offset().unwrap_or(body.len()).min(body.len());
        let line = body.get(at..).and_then(|rest| rest.lines().next()).map_or(0, |line| line.trim_end().len());
        let continues_scalar = matches!(error.kind(), ErrorKind::InvalidQuotedScalarIndent);
        Stop { error: self.error(at, at + line, error.info().to_string()), mend_at: continues_scalar.then_some(at) }
    }

    fn error(&self, start: usize, end: usize, message: impl Into<String>) -> SyntaxError {
        let (start, end) = ((self.base + start) as u32, (self.base + end) as u32);
        SyntaxError::refused(Span::new(self.source, start, end), message)
    }

    fn accept(&mut self, event: Event<'_>, span: granit_parser::Span) -> Result<(), SyntaxError> {
        let bytes = span.byte_range().unwrap_or(0..0);
        let (start, end) = ((self.base + bytes.start) as u32, (self.base + bytes.end) as u32);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let id = self.scalar(&text, style, tag.as_deref(), start, end);
                self.complete(id, anchor)
            }
            Event::SequenceStart(style, anchor, _) => self.begin(false, style, anchor, start, end),
            Event::MappingStart(style, anchor, _) => self.begin(true, style, anchor, start, end),
            Event::SequenceEnd | Event::MappingEnd => self.end(end),
            Event::Alias(anchor) => match self.anchors.get(&anchor) {
                Some(id) => self.attach(*id, bytes.start),
                None => Err(self.error(bytes.start, bytes.end, "an alias that contains itself")),
            },
            Event::Comment(..) => {
                self.comment(start, end);
                Ok(())
            }
            Event::DocumentEnd => {
                self.finish();
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn push(&mut self, start: u32, end: u32, value: Value<'s>) -> NodeId {
        self.nodes.push(NodeData { start, end, value });
        self.extents.push(Extent { nodes: 1, depth: 1 });
        self.nodes.len() as NodeId - 1
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, tag: Option<&Tag>, start: u32, end: u32) -> NodeId {
        let style = match style {
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::SingleQuoted => Style::SingleQuoted,
            ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
            ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
        };
        let tag = match tag.map(|tag| tag.core_suffix()) {
            None => ScalarTag::None,
            Some(Some("int" | "float" | "bool" | "null")) => ScalarTag::Resolve,
            Some(_) if tag.is_some_and(|tag| tag.suffix() == "merge") => ScalarTag::None,
            Some(_) => ScalarTag::String,
        };
        // The parser reports an absent value as `~` without a place; it belongs to its key.
        let absent = start == end && style == Style::Plain;
        let key_end = self.open.last().filter(|open| open.mapping && open.children.len() % 2 == 1);
        let key_end = key_end.and_then(|open| open.children.last()).map(|key| self.nodes[*key as usize].end);
        let (text, start, end) = match (absent, key_end) {
            (true, Some(at)) => (Cow::Borrowed(""), at, at),
            (true, None) => (Cow::Borrowed(""), start, start),
            _ => (self.written(text, start, end), start, end),
        };
        self.push(start, end, Value::Scalar { text, style, tag })
    }

    /// The text of a scalar, borrowed from the source where it stands there to the letter.
    fn written(&self, text: &str, start: u32, end: u32) -> Cow<'s, str> {
        let (start, end) = (start as usize, end as usize);
        let slices = [self.text.get(start..end), self.text.get(start + 1..end.saturating_sub(1))];
        match slices.into_iter().flatten().find(|slice| *slice == text) {
            Some(slice) => Cow::Borrowed(slice),
            None => Cow::Owned(text.to_string()),
        }
    }

    fn begin(
        &mut self,
        mapping: bool,
        style: StructureStyle,
        anchor: usize,
        start: u32,
        end: u32,
    ) -> Result<(), SyntaxError> {
        let flow = style == StructureStyle::Flow;
        let value = Value::Sequence { first: 0, len: 0, flow };
        let id = self.push(start, end, value);
        self.open.push(Open { id, flow, anchor, children: Vec::new(), mapping });
        Ok(())
    }

    fn end(&mut self, end: u32) -> Result<(), SyntaxError> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        self.measure(&open)?;
        let last = open.children.iter().rev().take(2).map(|id| self.nodes[*id as usize].end).max();
        let node = &mut self.nodes[open.id as usize];
        // The end of a block collection is reported at the next token.
        node.end = if open.flow { end } else { last.unwrap_or(node.end).max(node.start) };
        let value = if open.mapping { self.mapping(&open)? } else { self.sequence(&open) };
        self.nodes[open.id as usize].value = value;
        self.complete(open.id, open.anchor)
    }

    fn measure(&mut self, open: &Open) -> Result<(), SyntaxError> {
        let mut extent = Extent { nodes: 1, depth: 1 };
        for child in &open.children {
            let child = self.extents[*child as usize];
            extent.nodes = extent.nodes.saturating_add(child.nodes);
            extent.depth = extent.depth.max(child.depth.saturating_add(1));
        }
        self.extents[open.id as usize] = extent;
        let start = self.nodes[open.id as usize].start as usize - self.base;
        if extent.nodes > MAX_EXPANDED_NODES && extent.nodes / 10 > self.nodes.len() as u64 {
            let message = format!("aliases expand this to {} values, far more than are written", extent.nodes);
            return Err(self.error(start, start, message));
        }
        if extent.depth > MAX_DEPTH {
            return Err(self.error(start, start, format!("nested deeper than {MAX_DEPTH} levels")));
        }
        Ok(())
    }

    fn sequence(&mut self, open: &Open) -> Value<'s> {
        let first = self.items.len() as u32;
        self.items.extend(&open.children);
        Value::Sequence { first, len: open.children.len() as u32, flow: open.flow }
    }

    /// Entries in their order, with those that `<<` brings in at its place: the last of
    /// equal keys counts. kubectl 1.32 too lets `<<` win over what stands before it.
    fn mapping(&mut self, open: &Open) -> Result<Value<'s>, SyntaxError> {
        let pairs: Vec<_> = open.children.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
        let before = pairs.iter().position(|(key, _)| self.is_merge_key(*key)).unwrap_or(pairs.len());
        let (merges, after): (Vec<_>, Vec<_>) = pairs[before..].iter().partition(|(key, _)| self.is_merge_key(*key));
        let merged = self.merged_entries(&merges)?;
        let first = self.entries.len() as u32;
        self.entries.extend(&pairs[..before]);
        self.entries.extend(&merged);
        self.entries.extend(&after);
        let len = self.entries.len() as u32 - first;
        let merged = first + before as u32..first + (before + merged.len()) as u32;
        Ok(Value::Mapping { first, len, merged, flow: open.flow })
    }

    fn is_merge_key(&self, key: NodeId) -> bool {
        matches!(&self.nodes[key as usize].value, Value::Scalar { text, style: Style::Plain, tag: ScalarTag::None } if text == "<<")
    }

    /// The entries that `<<` brings in: of several mappings the first that has a key wins.
    fn merged_entries(&self, merges: &[(NodeId, NodeId)]) -> Result<Vec<(NodeId, NodeId)>, SyntaxError> {
        let mut seen = HashSet::new();
        let mut merged = Vec::new();
        for (key, value) in merges {
            let sources = match &self.nodes[*value as usize].value {
                Value::Mapping { .. } => std::slice::from_ref(value),
                Value::Sequence { first, len, .. } => &self.items[*first as usize..(*first + *len) as usize],
                Value::Scalar { .. } => &[],
            };
            let mappings: Option<Vec<_>> = sources.iter().map(|id| self.mapping_entries(*id)).collect();
            let Some(mappings) = mappings.filter(|mappings| !mappings.is_empty()) else {
                let at = self.nodes[*key as usize].start as usize - self.base;
                return Err(self.error(at, at + 2, "`<<` merges mappings only"));
            };
            for (key, value) in mappings.into_iter().flatten() {
                if self.scalar_text(*key).is_none_or(|text| seen.insert(text)) {
                    merged.push((*key, *value));
                }
            }
        }
        Ok(merged)
    }

    fn mapping_entries(&self, id: NodeId) -> Option<&[(NodeId, NodeId)]> {
        match self.nodes[id as usize].value {
            Value::Mapping { first, len, .. } => Some(&self.entries[first as usize..(first + len) as usize]),
            _ => None,
        }
    }

    fn scalar_text(&self, id: NodeId) -> Option<&str> {
        match &self.nodes[id as usize].value {
            Value::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    fn complete(&mut self, id: NodeId, anchor: usize) -> Result<(), SyntaxError> {
        if anchor != 0 {
            self.anchors.insert(anchor, id);
        }
        self.attach(id, 0)
    }

    fn attach(&mut self, id: NodeId, at: usize) -> Result<(), SyntaxError> {
        // Merges copy entries; a chain of them must not grow beyond what a reader could hold.
        if self.entries.len() as u64 > MAX_EXPANDED_NODES && self.entries.len() / 10 > self.nodes.len() {
            return Err(self.error(at, at, "merge keys expand to far more entries than are written"));
        }
        match self.open.last_mut() {
            Some(open) => open.children.push(id),
            None => self.root = Some(id),
        }
        Ok(())
    }

    fn comment(&mut self, start: u32, end: u32) {
        let line = self.text[..start as usize].rfind('\n').map_or(0, |at| at + 1);
        let alone = self.text[line..start as usize].chars().all(|before| matches!(before, ' ' | '\t' | '\u{feff}'));
        self.comments.push(Comment { span: Span::new(self.source, start, end), alone });
    }

    fn finish(&mut self) {
        let nodes = std::mem::take(&mut self.nodes);
        let items = std::mem::take(&mut self.items);
        let entries = std::mem::take(&mut self.entries);
        let mut comments = std::mem::take(&mut self.comments);
        self.extents.clear();
        self.anchors.clear();
        self.open.clear();
        let Some(root) = self.root.take() else { return };
        comments.sort_by_key(|comment| comment.span);
        let (source, text, span) = (self.source, self.text, self.span);
        self.documents.push(Document { source, text, span, nodes, items, entries, root, comments });
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Document, Node, Scalar, Segment, split};
    use super::*;
    use crate::source::Sources;

    fn read(text: &str) -> Result<Vec<Document<'_>>, SyntaxError> {
        let id = Sources::default().add("x", text);
        let mut documents = Vec::new();
        for chunk in split(text) {
            documents.extend(parse(id, text, &chunk)?);
        }
        Ok(documents)
    }

    fn one(text: &str) -> Document<'_> {
        read(text).expect("parses").remove(0)
    }

    fn slice<'s>(text: &'s str, node: Node<'_>) -> &'s str {
        &text[node.span().range()]
    }

    #[test]
    fn spans_slice_what_was_written() {
        let text = "é: &a {x: 'q', y: [1, 2]}\nb:\n  - c: |\n      text\n    d:\ne: *a\n";
        let document = one(text);
        let root = document.root();
        assert_eq!(slice(text, root.get("é").unwrap()), "{x: 'q', y: [1, 2]}");
        assert_eq!(slice(text, root.at(&["é", "x"]).unwrap()), "'q'");
        assert_eq!(root.at(&["e", "x"]).unwrap().as_str(), Some("q"));
        let item = root.get("b").unwrap().items().next().unwrap();
        assert_eq!(item.get("c").unwrap().as_str(), Some("text\n"));
        let empty = item.entry("d").unwrap();
        assert!(empty.value.is_null() && empty.value.span().is_empty());
        assert_eq!(&text[empty.place().range()], "d");
        assert!(slice(text, root.get("b").unwrap()).starts_with("- c:"));
    }

    #[test]
    fn the_second_document_of_a_stream_has_spans_of_the_stream() {
        let text = "---\na: 1\n---\n# Source: x/templates/y.yaml\nb: two # here\n";
        let documents = read(text).unwrap();
        let value = documents[1].root().get("b").unwrap();
        assert_eq!(slice(text, value), "two");
        let comments: Vec<_> = documents[1].comments().iter().map(|c| (&text[c.span.range()], c.alone)).collect();
        assert_eq!(comments, [("# Source: x/templates/y.yaml", true), ("# here", false)]);
    }

    #[test]
    fn merge_keys_count_at_their_place() {
        let anchors = "a: &a {x: 1, v: 1}\nb: &b {v: 2, z: 2}\n";
        let text = format!("{anchors}c:\n  <<: [*a, *b]\n  x: 3\nd:\n  x: 3\n  <<: *a\n");
        let document = one(&text);
        let value = |path| document.root().at(path).unwrap().as_integer();
        assert_eq!((value(&["c", "x"]), value(&["c", "v"]), value(&["c", "z"])), (Some(3), Some(1), Some(2)));
        assert_eq!(value(&["d", "x"]), Some(1));
        assert_eq!(document.root().get("c").unwrap().own_entries().count(), 1);
        let tagged = one("a: &a {x: 1}\nb: {!!merge <<: *a}\n");
        assert_eq!(tagged.root().at(&["b", "x"]).unwrap().as_integer(), Some(1));
        assert!(read("a: {<<: 1}").unwrap_err().message.contains("merges mappings"));
    }

    #[test]
    fn tags_and_quotes_decide_types() {
        let document = one("a: '1'\nb: !!str 1\nc: !!int '1'\nd: !custom 1\ne: 1\n");
        let root = document.root();
        assert_eq!(root.get("a").unwrap().scalar(), Some(Scalar::String("1")));
        assert_eq!(root.get("b").unwrap().scalar(), Some(Scalar::String("1")));
        assert_eq!(root.get("c").unwrap().scalar(), Some(Scalar::Integer(1)));
        assert_eq!(root.get("d").unwrap().scalar(), Some(Scalar::String("1")));
        assert_eq!(root.get("e").unwrap().scalar(), Some(Scalar::Integer(1)));
    }

    #[test]
    fn quoted_scalars_may_continue_with_too_little_indentation() {
        let text = "a:\n  b: 'one\n two\nthree'\n  c: \"x\ny\"\n  d: 1\n";
        let document = one(text);
        let value = document.root().at(&["a", "b"]).unwrap();
        assert_eq!(slice(text, value), "'one\n two\nthree'");
        assert_eq!(slice(text, document.root().at(&["a", "d"]).unwrap()), "1");
        assert!(read("a: 'never closed\nb: 1\n").is_err());
    }

    #[test]
    fn paths_lead_to_spans() {
        let text = "spec:\n  containers:\n    - name: app\n      image: x\n";
        let document = one(text);
        let image =
            document.root().at(&["spec", "containers"]).unwrap().items().next().unwrap().entry("image").unwrap();
        let path = document.path_to(image.value.span());
        let expected = [Segment::Key("spec"), Segment::Key("containers"), Segment::Index(0), Segment::Key("image")];
        assert_eq!(path, expected);
        assert_eq!(document.path_to(image.key.span()), expected);
    }

    #[test]
    fn hostile_documents_are_refused() {
        let deep = "[".repeat(10_000);
        assert!(read(&deep).is_err());
        let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for level in 1..10 {
            let alias = format!("*a{}, ", level - 1).repeat(10);
            bomb.push_str(&format!("a{level}: &a{level} [{}]\n", alias.trim_end_matches(", ")));
        }
        assert!(read(&bomb).unwrap_err().message.contains("aliases expand"));
        assert!(read("a: &a [*a]").is_err());
        let mut chain = String::from("a0: &a0 [x]\n");
        for level in 1..10 {
            chain.push_str(&format!("a{level}: &a{level} {}*a{}{}\n", "[".repeat(100), level - 1, "]".repeat(100)));
        }
        assert!(read(&chain).unwrap_err().message.contains("deeper"));
    }

    #[test]
    fn a_hundred_comment_lines_are_no_fault() {
        let text = format!("a:\n{}  b: 1\n", "  # note\n".repeat(500));
        assert_eq!(one(&text).comments().len(), 500);
    }

    #[test]
    fn directives_are_refused_and_a_byte_order_mark_is_not() {
        assert!(read("%YAML 1.2\n---\na: 1\n").is_err());
        assert_eq!(slice("\u{feff}a: 1", one("\u{feff}a: 1").root().get("a").unwrap()), "1");
    }
}
