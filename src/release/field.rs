//! A place in an object, written or not.
//!
//! Following keys through a [`Field`] never loses the place: where a key is absent, the
//! field points at the nearest enclosing thing that is written, so a finding about an
//! absent value has somewhere to stand.

use super::fact::Fact;
use crate::source::Span;
use crate::syntax::yaml::{Entry, Node, Scalar};

/// A field of an object; null counts as absent, as it does for Kubernetes.
#[derive(Clone, Copy, Debug)]
pub struct Field<'a> {
    node: Option<Node<'a>>,
    entry: Option<Entry<'a>>,
    place: Span,
}

impl<'a> Field<'a> {
    /// A node that is no key's value, to be pointed at as `place`.
    #[must_use]
    pub fn root(node: Node<'a>, place: Span) -> Self {
        Self { node: Some(node), entry: None, place }
    }

    /// The field behind a key.
    #[must_use]
    pub fn get(self, key: &str) -> Self {
        match self.node.and_then(|node| node.entry(key)) {
            Some(entry) => Self {
                node: Some(entry.value).filter(|value| !value.is_null()),
                entry: Some(entry),
                place: entry.place(),
            },
            None => Self { node: None, entry: None, ..self },
        }
    }

    /// The field behind a chain of keys.
    #[must_use]
    pub fn at(self, path: &[&str]) -> Self {
        path.iter().fold(self, |field, key| field.get(key))
    }

    /// The items of a sequence. An item is pointed at by its `name`, else by its first key.
    pub fn items(self) -> impl ExactSizeIterator<Item = Field<'a>> + 'a {
        let items: Vec<_> = self.node.map(|node| node.items().collect()).unwrap_or_default();
        items.into_iter().map(|node| {
            let named = node.entry("name").filter(|entry| !entry.value.is_null());
            let first = || node.entries().next().map(|entry| entry.key.span());
            let place = named.map(|entry| entry.place()).or_else(first).unwrap_or_else(|| node.span());
            Field::root(node, place)
        })
    }

    /// The fields of a mapping, each with its key. Of a key that is there twice both come.
    pub fn entries(self) -> impl Iterator<Item = (&'a str, Field<'a>)> + 'a {
        let entries = self.node.into_iter().flat_map(Node::entries);
        entries.filter_map(|entry| {
            let node = Some(entry.value).filter(|value| !value.is_null());
            Some((entry.key.text()?, Self { node, entry: Some(entry), place: entry.place() }))
        })
    }

    /// The node, where the field is written and not null.
    #[must_use]
    pub fn node(self) -> Option<Node<'a>> {
        self.node
    }

    /// Whether the field is written and not null.
    #[must_use]
    pub fn exists(self) -> bool {
        self.node.is_some()
    }

    /// The key and the value, where the field is written, be it as null.
    #[must_use]
    pub fn entry(self) -> Option<Entry<'a>> {
        self.entry
    }

    /// The key's place, where the field is written; else the field's place.
    #[must_use]
    pub fn key_place(self) -> Span {
        self.entry.map_or(self.place, |entry| entry.key.span())
    }

    /// Where to point at.
    #[must_use]
    pub fn place(self) -> Span {
        self.place
    }

    /// The text, where it is a string.
    #[must_use]
    pub fn string(self) -> Option<&'a str> {
        self.node?.as_str()
    }

    /// A whole number, or the platform's default where it is absent.
    #[must_use]
    pub fn integer_or(self, default: i64) -> Fact<i64> {
        self.read(default, Node::as_integer, "is not a whole number")
    }

    /// A boolean, or the platform's default where it is absent.
    #[must_use]
    pub fn bool_or(self, default: bool) -> Fact<bool> {
        self.read(default, Node::as_bool, "is not a boolean")
    }

    /// A string, or the platform's default where it is absent.
    #[must_use]
    pub fn string_or(self, default: &'a str) -> Fact<&'a str> {
        self.read(default, Node::as_str, "is not a string")
    }

    /// A value that `parse` makes of the node, or the platform's default where it is absent.
    pub fn read<T>(self, default: T, parse: impl FnOnce(Node<'a>) -> Option<T>, otherwise: &'static str) -> Fact<T> {
        let Some(node) = self.node else { return Fact::default_of(default, self.place) };
        if is_placeholder(node) {
            return Fact::unknown("is filled in later", self.place);
        }
        match parse(node) {
            Some(value) => Fact::written(value, self.place),
            None => Fact::unknown(otherwise, self.place),
        }
    }
}

/// Whether a scalar holds a variable that some other tool will fill in: `${X}` (envsubst,
/// Flux), `{{ … }}`, `{x}`, `<X>`, `__X__`, and the `DISK_SIZE` of documentation.
#[must_use]
pub fn is_placeholder(node: Node<'_>) -> bool {
    // `{name}` of Python's format is a mapping without values.
    if node.is_flow() && node.is_mapping() {
        let mut entries = node.entries().peekable();
        return entries.peek().is_some() && entries.all(|entry| entry.value.span().is_empty());
    }
    let Some(Scalar::String(text)) = node.scalar() else { return false };
    is_filled_in(text) || is_capital_word(text)
}

/// Whether a text holds a variable that some other tool, or the kubelet, fills in. Unlike
/// [`is_placeholder`] it takes `INFO` for what it is: configuration has such values.
#[must_use]
pub fn is_filled_in(text: &str) -> bool {
    let enclosed = |open, close| text.len() > 2 && text.starts_with(open) && text.ends_with(close);
    text.contains("${")
        || text.contains("{{")
        || text.contains("$(")
        || enclosed("<", ">")
        || enclosed("__", "__")
        || is_shell_variable(text)
}

/// `DISK_SIZE`: no port, quantity or number is written like that.
fn is_capital_word(text: &str) -> bool {
    text.len() > 2
        && text.starts_with(|first: char| first.is_ascii_uppercase())
        && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

/// `$NAME` and nothing else.
fn is_shell_variable(text: &str) -> bool {
    text.strip_prefix('$')
        .is_some_and(|name| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'))
}
