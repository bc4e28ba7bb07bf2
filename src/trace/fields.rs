//! The same field in another document: lists are matched by what identifies their items, not
//! by position.

use crate::source::Span;
use crate::syntax::yaml::{Document, Node, Segment};

/// What identifies an item of a list of Kubernetes, the strongest first.
const IDENTITIES: [&str; 8] = ["name", "containerPort", "mountPath", "devicePath", "port", "ip", "topologyKey", "key"];

/// A field of a document, by steps that do not depend on positions.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Path<'d> {
    pub(super) steps: Vec<Step<'d>>,
    /// Whether the key is meant, and not the value.
    is_key: bool,
}

/// A step of a path.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Step<'d> {
    /// A key of a mapping.
    Key(&'d str),
    /// An item of a list: where it stands, and what it is.
    Item(usize, Node<'d>),
}

impl<'d> Path<'d> {
    /// The path of a place in a document.
    pub(super) fn of(document: &'d Document<'d>, span: Span) -> Self {
        let mut node = document.root();
        let mut path = Self { steps: Vec::new(), is_key: true };
        for segment in document.path_to(span) {
            let next = match segment {
                Segment::Key(key) => node.entry(key).map(|entry| {
                    path.is_key = entry.key.span().contains(span);
                    (Step::Key(key), entry.value)
                }),
                Segment::Index(index) => node.items().nth(index).map(|item| (Step::Item(index, item), item)),
            };
            let Some((step, value)) = next else { break };
            path.steps.push(step);
            node = value;
        }
        path
    }

    /// The keys of the path, without the items of lists.
    pub(super) fn keys(&self) -> Vec<&'d str> {
        let keys = self.steps.iter().filter_map(|step| match step {
            Step::Key(key) => Some(*key),
            Step::Item(..) => None,
        });
        keys.collect()
    }

    /// The place of the field in another document, and how many steps were found there.
    pub(super) fn follow(&self, root: Node<'_>) -> (Option<Span>, usize) {
        let (mut node, mut place) = (root, None);
        for (depth, step) in self.steps.iter().enumerate() {
            let is_last = depth + 1 == self.steps.len();
            let next = match step {
                Step::Key(key) => node.entry(key).map(|entry| {
                    let place = if is_last && self.is_key { entry.key.span() } else { entry.place() };
                    (entry.value, place)
                }),
                Step::Item(index, item) => same_item(node, *index, *item).map(|item| (item, place_of(item))),
            };
            let Some((value, found)) = next else { return (place, depth) };
            (node, place) = (value, Some(found));
        }
        (place, self.steps.len())
    }

    /// Where the value at a JSON pointer holds the field, if it does.
    pub(super) fn in_value_at(&self, pointer: &str, value: Node<'_>) -> Option<Span> {
        let depth = self.depth_below(pointer)?;
        if let Step::Item(_, item) = self.steps[depth - 1] {
            same_identity(value, item).then_some(())?;
        }
        let rest = Self { steps: self.steps[depth..].to_vec(), is_key: self.is_key };
        match rest.follow(value) {
            (place, steps) if steps == rest.steps.len() => Some(place.unwrap_or_else(|| place_of(value))),
            _ => None,
        }
    }

    /// How many steps a JSON pointer takes, if it is the field or leads to it.
    fn depth_below(&self, pointer: &str) -> Option<usize> {
        let unescape = |part: &str| part.replace("~1", "/").replace("~0", "~");
        let parts: Vec<_> = pointer.split('/').skip(1).map(unescape).collect();
        let fits = |(part, step): (&String, &Step<'_>)| match step {
            Step::Key(key) => part == key,
            Step::Item(index, _) => part == "-" || part.parse() == Ok(*index),
        };
        let leads = parts.len() <= self.steps.len() && parts.iter().zip(&self.steps).all(fits);
        Some(parts.len()).filter(|depth| leads && *depth > 0)
    }
}

fn same_item<'o>(list: Node<'o>, index: usize, item: Node<'_>) -> Option<Node<'o>> {
    let mut items = list.items();
    if let Some(text) = item.text() {
        return items.find(|other| other.text() == Some(text)).or_else(|| list.items().nth(index));
    }
    let identity = IDENTITIES.iter().find_map(|key| Some((*key, item.get(key)?.text()?)));
    match identity {
        Some((key, text)) => items.find(|other| other.get(key).and_then(Node::text) == Some(text)),
        None => items.nth(index),
    }
}

/// Whether two items of lists are one and the same, as far as they say what they are.
fn same_identity(one: Node<'_>, other: Node<'_>) -> bool {
    one.text().is_some() == other.text().is_some() && identity(one) == identity(other)
}

fn identity(item: Node<'_>) -> Option<&str> {
    item.text().or_else(|| IDENTITIES.iter().find_map(|key| item.get(key)?.text()))
}

fn place_of(item: Node<'_>) -> Span {
    item.entries().next().map_or(item.span(), |entry| entry.key.span())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;
    use crate::syntax::yaml;

    const RENDERED: &str = "spec:\n  containers:\n  - image: b\n    name: two\n  - image: a\n    name: one\n";

    fn with_path<T>(text: &str, check: impl FnOnce(&Path<'_>) -> T) -> T {
        let mut sources = Sources::default();
        let id = sources.add("rendered", RENDERED);
        let documents = yaml::parse(id, RENDERED, &yaml::split(RENDERED)[0]).unwrap();
        let start = RENDERED.find(text).unwrap() as u32 + text.len() as u32 - 1;
        check(&Path::of(&documents[0], Span::new(id, start, start + 1)))
    }

    #[test]
    fn items_are_found_by_what_identifies_them() {
        let base = "spec: {containers: [{name: one, image: x}, {name: two, image: y}]}\n";
        let id = Sources::default().add("base", base);
        let documents = yaml::parse(id, base, &yaml::split(base)[0]).unwrap();
        with_path("image: b", |path| {
            let (place, steps) = path.follow(documents[0].root());
            assert_eq!((&base[place.unwrap().range()], steps), ("y", 4));
            assert_eq!(path.keys(), ["spec", "containers", "image"]);
            let item = documents[0].root().at(&["spec", "containers"]).unwrap().items().nth(1).unwrap();
            let place =
                |pointer: &str, value| path.in_value_at(pointer, value).map(|span| base[span.range()].to_string());
            assert_eq!(place("/spec/containers/-", item).unwrap(), "y");
            assert_eq!(place("/spec/containers/0/image", item.get("image").unwrap()).unwrap(), "y");
            assert_eq!(place("/spec/containers/1", item), None);
            let other = documents[0].root().at(&["spec", "containers"]).unwrap().items().next().unwrap();
            assert_eq!(place("/spec/containers/-", other), None, "another container");
        });
    }
}
