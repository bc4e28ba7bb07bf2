//! What a path finds.

use std::borrow::Cow;

use super::path::Step;
use crate::release::field::is_filled_in;
use crate::release::{Fact, Field};
use crate::source::Span;
use crate::syntax::yaml::{Node, NodeKind, Segment, path};

/// What stands at a path.
#[derive(Clone, Debug)]
pub(super) enum Content<'a> {
    /// Nothing.
    Absent,
    /// Something that cannot be told.
    Unknown,
    /// A node of a document.
    Node(Node<'a>),
    /// Text that was worked out, or that stands in a Dockerfile.
    Text(Cow<'a, str>),
}

/// A value, and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Value<'a> {
    /// The path that led to it, as a message says it.
    pub(super) path: String,
    pub(super) content: Content<'a>,
    /// Where it is written, or where it would be.
    pub(super) place: Span,
    /// Whether the bytes of its text stand one by one at its place.
    pub(super) is_literal: bool,
    /// Whether nobody wrote it, and the platform fills it in.
    pub(super) is_default: bool,
}

impl<'a> Value<'a> {
    pub(super) fn new(path: impl Into<String>, content: Content<'a>, place: Span) -> Self {
        Self { path: path.into(), content, place, is_literal: false, is_default: false }
    }

    pub(super) fn text(path: impl Into<String>, text: impl Into<Cow<'a, str>>, place: Span) -> Self {
        Self::new(path, Content::Text(text.into()), place)
    }

    /// A number that was worked out.
    pub(super) fn of_fact(path: impl Into<String>, fact: &Fact<i64>) -> Self {
        let content = fact.value().map_or(Content::Unknown, |value| Content::Text(value.to_string().into()));
        Self { is_default: fact.is_default(), ..Self::new(path, content, fact.span()) }
    }

    /// The text of a scalar, unless some tool is still to fill it in.
    pub(super) fn scalar(&self) -> Option<&str> {
        let text = match &self.content {
            Content::Node(node) => node.text()?,
            Content::Text(text) => text,
            Content::Absent | Content::Unknown => return None,
        };
        (!is_filled_in(text) || self.is_literal).then_some(text)
    }

    /// Whether it is there and holds nothing.
    pub(super) fn is_empty(&self) -> bool {
        match &self.content {
            Content::Node(node) => match node.kind() {
                NodeKind::Scalar(_) => node.text().is_some_and(|text| text.trim().is_empty()),
                NodeKind::Sequence => node.items().next().is_none(),
                NodeKind::Mapping => node.entries().next().is_none(),
            },
            Content::Text(text) => text.trim().is_empty(),
            Content::Absent | Content::Unknown => false,
        }
    }
}

/// The values that steps lead to from a field. What is absent is a value, too, but an absent
/// list has no items.
pub(super) fn follow<'a>(field: Field<'a>, steps: &[Step], path: String) -> Vec<Value<'a>> {
    let mut reached = vec![(path, field)];
    for step in steps {
        reached = reached.into_iter().flat_map(|(path, field)| take(field, step, &path)).collect();
    }
    let value = |(path, field): (String, Field<'a>)| {
        Value::new(path, field.node().map_or(Content::Absent, Content::Node), field.place())
    };
    reached.into_iter().map(value).collect()
}

fn take<'a>(field: Field<'a>, step: &Step, path: &str) -> Vec<(String, Field<'a>)> {
    let with = |segment: Segment<'_>| {
        let mut path = path.to_string();
        path::push(&mut path, &segment);
        path
    };
    match step {
        Step::Key(key) => vec![(with(Segment::Key(key)), field.get(key))],
        Step::AnyKey => field.entries().map(|(key, value)| (with(Segment::Key(key)), value)).collect(),
        Step::Items => field.items().enumerate().map(|(index, item)| (with(Segment::Index(index)), item)).collect(),
    }
}
