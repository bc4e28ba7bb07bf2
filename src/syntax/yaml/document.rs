//! One parsed document: an arena of nodes, and handles into it.
//!
//! Aliases are entries that share the node of their anchor, and merge keys (`<<`)
//! are resolved when the document is built, so readers see only plain mappings.

use std::borrow::Cow;
use std::ops::Range;

use super::scalar::{Scalar, Style, resolve};
use crate::source::{SourceId, Span};
use crate::syntax::Comment;

pub(super) type NodeId = u32;

/// A parsed document.
#[derive(Debug)]
pub struct Document<'s> {
    pub(super) source: SourceId,
    /// The text of the whole source, not of this document alone.
    pub(super) text: &'s str,
    pub(super) span: Span,
    pub(super) nodes: Vec<NodeData<'s>>,
    pub(super) items: Vec<NodeId>,
    pub(super) entries: Vec<(NodeId, NodeId)>,
    pub(super) root: NodeId,
    pub(super) comments: Vec<Comment>,
}

#[derive(Debug)]
pub(super) struct NodeData<'s> {
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) value: Value<'s>,
}

#[derive(Debug)]
pub(super) enum Value<'s> {
    Scalar {
        text: Cow<'s, str>,
        style: Style,
        tag: ScalarTag,
    },
    Sequence {
        first: u32,
        len: u32,
        flow: bool,
    },
    /// `merged` are the entries that come from `<<`.
    Mapping {
        first: u32,
        len: u32,
        merged: Range<u32>,
        flow: bool,
    },
}

/// What an explicit tag says of a scalar's type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ScalarTag {
    None,
    /// `!!str`, and every tag that go-yaml does not resolve.
    String,
    /// `!!int`, `!!float`, `!!bool`, `!!null`: the text is resolved even in quotes.
    Resolve,
}

/// A node of a document: a light handle, copied freely.
#[derive(Clone, Copy)]
pub struct Node<'a> {
    document: &'a Document<'a>,
    id: NodeId,
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum NodeKind<'a> {
    /// A scalar, typed as `kubectl` types it.
    Scalar(Scalar<'a>),
    /// A sequence.
    Sequence,
    /// A mapping.
    Mapping,
}

/// A key and its value.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// The key.
    pub key: Node<'a>,
    /// The value.
    pub value: Node<'a>,
}

impl<'a> Entry<'a> {
    /// Where to point at for this entry: its value, or its key where the value is empty
    /// or a collection, which would mark many lines.
    #[must_use]
    pub fn place(&self) -> Span {
        let written = self.value.span();
        if written.is_empty() || !matches!(self.value.kind(), NodeKind::Scalar(_)) || self.value.is_block_scalar() {
            self.key.span()
        } else {
            written
        }
    }
}

/// One step of a path into a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment<'a> {
    /// A key of a mapping.
    Key(&'a str),
    /// An index of a sequence, from 0.
    Index(usize),
}

impl Document<'_> {
    /// The source that the document stands in.
    #[must_use]
    pub fn source(&self) -> SourceId {
        self.source
    }

    /// The byte range of the document in its source, its `---` line included.
    #[must_use]
    pub fn span(&self) -> Span {
        self.span
    }

    /// Whether a key is a mapping or a sequence. No manifest has such a key, but `{{ x }}` of
    /// a template parses as one.
    #[must_use]
    pub fn has_collection_keys(&self) -> bool {
        self.entries.iter().any(|(key, _)| !matches!(self.nodes[*key as usize].value, Value::Scalar { .. }))
    }

    /// The comments, in the order of the source.
    #[must_use]
    pub fn comments(&self) -> &[Comment] {
        &self.comments
    }
}

impl<'a> Document<'a> {
    /// The text of the source that the document stands in.
    #[must_use]
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// The root node.
    #[must_use]
    pub fn root(&'a self) -> Node<'a> {
        Node { document: self, id: self.root }
    }

    /// The path of the innermost node or key that covers `span`.
    #[must_use]
    pub fn path_to(&'a self, span: Span) -> Vec<Segment<'a>> {
        let mut path = Vec::new();
        let mut node = self.root();
        while let Some((segment, inner, ends)) = node.child_covering(span) {
            path.push(segment);
            if ends {
                break;
            }
            node = inner;
        }
        path
    }
}

impl<'a> Node<'a> {
    fn data(self) -> &'a NodeData<'a> {
        &self.document.nodes[self.id as usize]
    }

    fn with(self, id: NodeId) -> Self {
        Self { id, ..self }
    }

    /// The document that the node belongs to.
    #[must_use]
    pub fn document(self) -> &'a Document<'a> {
        self.document
    }

    /// The node's bytes: a scalar with its quotes, a block scalar without its header, a
    /// collection from its first to its last child. Empty for a value that is not written.
    #[must_use]
    pub fn span(self) -> Span {
        let data = self.data();
        Span::new(self.document.source, data.start, data.end)
    }

    /// What the node is, with its type.
    #[must_use]
    pub fn kind(self) -> NodeKind<'a> {
        match &self.data().value {
            Value::Scalar { text, style, tag } => NodeKind::Scalar(match (tag, style) {
                (ScalarTag::Resolve, _) | (ScalarTag::None, Style::Plain) => resolve(text),
                _ => Scalar::String(text),
            }),
            Value::Sequence { .. } => NodeKind::Sequence,
            Value::Mapping { .. } => NodeKind::Mapping,
        }
    }

    /// The typed value of a scalar.
    #[must_use]
    pub fn scalar(self) -> Option<Scalar<'a>> {
        match self.kind() {
            NodeKind::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// The text of a scalar, whatever its type.
    #[must_use]
    pub fn text(self) -> Option<&'a str> {
        match &self.data().value {
            Value::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// The text of a scalar that is a string.
    #[must_use]
    pub fn as_str(self) -> Option<&'a str> {
        match self.scalar()? {
            Scalar::String(text) => Some(text),
            _ => None,
        }
    }

    /// The value of a whole number; `3.0` is one too, because its JSON form is.
    #[must_use]
    pub fn as_integer(self) -> Option<i64> {
        match self.scalar()? {
            Scalar::Integer(value) => i64::try_from(value).ok(),
            Scalar::Float(value) if value.fract() == 0.0 && value.abs() < 9e15 => Some(value as i64),
            _ => None,
        }
    }

    /// The value of a boolean.
    #[must_use]
    pub fn as_bool(self) -> Option<bool> {
        match self.scalar()? {
            Scalar::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The style of a scalar.
    #[must_use]
    pub fn style(self) -> Option<Style> {
        match self.data().value {
            Value::Scalar { style, .. } => Some(style),
            _ => None,
        }
    }

    fn is_block_scalar(self) -> bool {
        self.style() == Some(Style::Block)
    }

    /// Whether the node is null, written or not.
    #[must_use]
    pub fn is_null(self) -> bool {
        self.scalar() == Some(Scalar::Null)
    }

    /// Whether the node is a mapping.
    #[must_use]
    pub fn is_mapping(self) -> bool {
        matches!(self.data().value, Value::Mapping { .. })
    }

    /// Whether the node is a collection in flow style: `{…}` or `[…]`.
    #[must_use]
    pub fn is_flow(self) -> bool {
        match self.data().value {
            Value::Sequence { flow, .. } | Value::Mapping { flow, .. } => flow,
            Value::Scalar { .. } => false,
        }
    }

    /// The items of a sequence; nothing for any other node.
    pub fn items(self) -> impl DoubleEndedIterator<Item = Node<'a>> + ExactSizeIterator + 'a {
        let range = match self.data().value {
            Value::Sequence { first, len, .. } => first as usize..(first + len) as usize,
            _ => 0..0,
        };
        self.document.items[range].iter().map(move |id| self.with(*id))
    }

    /// The entries of a mapping, those of `<<` at its place; nothing for any other node. A
    /// key that is there twice comes twice, and the last one counts.
    pub fn entries(self) -> impl DoubleEndedIterator<Item = Entry<'a>> + 'a {
        self.entry_range().map(move |index| self.entry_at(index))
    }

    /// The entries that are written in the mapping itself, without those of `<<`.
    pub fn own_entries(self) -> impl DoubleEndedIterator<Item = Entry<'a>> + 'a {
        let merged = match &self.data().value {
            Value::Mapping { merged, .. } => merged.clone(),
            _ => 0..0,
        };
        self.entry_range().filter(move |index| !merged.contains(index)).map(move |index| self.entry_at(index))
    }

    fn entry_range(self) -> Range<u32> {
        match self.data().value {
            Value::Mapping { first, len, .. } => first..first + len,
            _ => 0..0,
        }
    }

    fn entry_at(self, index: u32) -> Entry<'a> {
        let (key, value) = self.document.entries[index as usize];
        Entry { key: self.with(key), value: self.with(value) }
    }

    /// The entry of a key, null values included.
    #[must_use]
    pub fn entry(self, key: &str) -> Option<Entry<'a>> {
        self.entries().rev().find(|entry| entry.key.text() == Some(key))
    }

    /// The value of a key; nothing where it is absent or null, which means the same to
    /// Kubernetes.
    #[must_use]
    pub fn get(self, key: &str) -> Option<Node<'a>> {
        self.entry(key).map(|entry| entry.value).filter(|value| !value.is_null())
    }

    /// The value behind a chain of keys, none of them absent or null.
    #[must_use]
    pub fn at(self, path: &[&str]) -> Option<Node<'a>> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The string behind a key.
    #[must_use]
    pub fn string(self, key: &str) -> Option<&'a str> {
        self.get(key)?.as_str()
    }

    /// The entries of a mapping of strings; entries of other types are left out.
    pub fn strings(self) -> impl Iterator<Item = (&'a str, &'a str)> + 'a {
        self.entries().filter_map(|entry| Some((entry.key.text()?, entry.value.as_str()?)))
    }

    /// Every mapping that is written in this node, itself included, each once however often
    /// an alias names it.
    pub fn mappings(self) -> impl Iterator<Item = Node<'a>> + 'a {
        // Nodes are numbered as they begin, so what a node holds follows it.
        let end = self.data().end;
        let ids = self.id..self.document.nodes.len() as NodeId;
        let inside = ids.map(move |id| self.with(id)).take_while(move |node| *node == self || node.data().start < end);
        inside.filter(|node| node.is_mapping())
    }

    /// The child that covers `span`, with its path segment, and whether the span is the
    /// key itself. Children stand in the order of the source, so it is searched by halves.
    fn child_covering(self, span: Span) -> Option<(Segment<'a>, Node<'a>, bool)> {
        match &self.data().value {
            Value::Mapping { merged, .. } => {
                let range = self.entry_range();
                let parts = [range.start..merged.start.max(range.start), merged.end.max(range.start)..range.end];
                let entry = parts.into_iter().rev().find_map(|part| self.last_entry_before(part, span))?;
                let key = Segment::Key(entry.key.text().unwrap_or("?"));
                if entry.key.span().contains(span) {
                    return Some((key, entry.value, true));
                }
                entry.value.covers(span).then_some((key, entry.value, false))
            }
            Value::Sequence { first, len, .. } => {
                let items = &self.document.items[*first as usize..(*first + *len) as usize];
                let after = items.partition_point(|id| self.with(*id).data().start <= span.start);
                let item = self.with(items[after.checked_sub(1)?]);
                item.covers(span).then_some((Segment::Index(after - 1), item, false))
            }
            Value::Scalar { .. } => None,
        }
    }

    fn last_entry_before(self, part: Range<u32>, span: Span) -> Option<Entry<'a>> {
        let entries = &self.document.entries[part.start as usize..part.end as usize];
        let after = entries.partition_point(|(key, _)| self.with(*key).data().start <= span.start);
        (after > 0).then(|| self.entry_at(part.start + after as u32 - 1))
    }

    fn covers(self, span: Span) -> bool {
        !self.span().is_empty() && self.span().contains(span)
    }
}

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.document, other.document) && self.id == other.id
    }
}

impl std::fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.kind() {
            NodeKind::Scalar(scalar) => write!(f, "{scalar:?}"),
            NodeKind::Sequence => f.debug_list().entries(self.items()).finish(),
            NodeKind::Mapping => f.debug_map().entries(self.entries().map(|entry| (entry.key, entry.value))).finish(),
        }
    }
}
