//! Where a value of a chart is written.

use crate::source::{SourceId, Sources, Span};
use crate::syntax::yaml::{self, Document, Node, Segment};

/// A text of fewer bytes is found anywhere.
const DISTINCTIVE: usize = 3;

/// The values that a chart is rendered with, the strongest file first.
pub(super) struct ValueFiles<'s> {
    files: Vec<ValueFile<'s>>,
}

struct ValueFile<'s> {
    /// What stands in front of every path: the chart's name in its parent's values.
    below: Vec<String>,
    documents: Vec<Document<'s>>,
}

impl<'s> ValueFiles<'s> {
    /// Reads files, the strongest first, each with the keys that its values are found below.
    pub(super) fn read(sources: &'s Sources, files: &[(SourceId, Vec<String>)]) -> Self {
        let read = |(source, below): &(SourceId, Vec<String>)| {
            let text = sources.get(*source).text();
            let documents = yaml::split(text).first().and_then(|chunk| yaml::parse(*source, text, chunk).ok());
            ValueFile { below: below.clone(), documents: documents.unwrap_or_default() }
        };
        Self { files: files.iter().map(read).collect() }
    }

    /// The key of a value whose text is in what was `printed`, or that leads to it by `rest`.
    pub(super) fn find(&self, path: &[String], rest: &[Segment<'_>], printed: &str) -> Option<Span> {
        self.files.iter().find_map(|file| {
            let root = file.documents.first()?.root();
            // A chart in another one's `charts/` sees the same globals.
            let global = path.first().is_some_and(|key| key == "global");
            let path: Vec<_> = if global { path.iter().collect() } else { file.below.iter().chain(path).collect() };
            follow(root, None, &path, rest, printed)
        })
    }
}

fn follow(node: Node<'_>, key: Option<Span>, path: &[&String], rest: &[Segment<'_>], printed: &str) -> Option<Span> {
    match path.split_first() {
        Some((step, below)) if step.as_str() == "*" => {
            let entries = node.entries().map(|entry| (entry.value, entry.key.span()));
            let items = node.items().map(|item| (item, start_of(item)));
            let found = entries.chain(items).filter_map(|(value, key)| follow(value, Some(key), below, rest, printed));
            // Which item it was is not known: only one may fit, and not by chance.
            let mut found = found.filter(|_| printed.len() >= DISTINCTIVE);
            found.next().filter(|_| found.next().is_none())
        }
        Some((step, below)) => {
            let entry = node.entry(step)?;
            follow(entry.value, Some(entry.key.span()), below, rest, printed)
        }
        None if node.is_null() => None,
        None => match node.text() {
            Some(text) => key.filter(|_| is_in(text.trim_end(), printed)),
            None => descend(node, rest).or(key.filter(|_| rest.is_empty())),
        },
    }
}

/// Whether a value may be what was printed, or a part of it. A short one is it or is not.
fn is_in(text: &str, printed: &str) -> bool {
    let bare = printed.trim().trim_matches(['"', '\'']);
    bare == text || (text.len() >= DISTINCTIVE && printed.contains(text))
}

/// As far as a path leads within a value that was printed as a whole; nothing where not even
/// its first step is there.
fn descend(node: Node<'_>, rest: &[Segment<'_>]) -> Option<Span> {
    let (step, below) = rest.split_first()?;
    let (value, place) = match step {
        Segment::Key(key) => node.entry(key).map(|entry| (entry.value, entry.key.span()))?,
        Segment::Index(index) => node.items().nth(*index).map(|item| (item, start_of(item)))?,
    };
    descend(value, below).or(Some(place))
}

fn start_of(item: Node<'_>) -> Span {
    item.entries().next().map_or(item.span(), |entry| entry.key.span())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strongest_file_with_the_printed_value_is_named() {
        let mut sources = Sources::default();
        let own = sources
            .add("own", "image: {tag: \"1.0\"}\nresources: {limits: {cpu: 1}}\nhosts: [{name: alpha}, {name: beta}]\n");
        let parent = sources.add("parent", "db: {image: {tag: \"2.0\"}}\n");
        let values = ValueFiles::read(&sources, &[(parent, vec!["db".to_string()]), (own, Vec::new())]);
        let find = |path: &str, rest: &[Segment<'_>], printed: &str| {
            let path: Vec<_> = path.split('.').map(str::to_string).collect();
            values.find(&path, rest, printed).map(|span| {
                let line = sources.get(span.source).text()[..span.start as usize].matches('\n').count();
                format!("{}:{line}:{}", sources.get(span.source).path(), sources.slice(span))
            })
        };
        assert_eq!(find("image.tag", &[], "x:2.0").unwrap(), "parent:0:tag");
        assert_eq!(find("image.tag", &[], "x:1.0").unwrap(), "own:0:tag");
        assert_eq!(find("image.tag", &[], "x:3.0"), None);
        let rest = [Segment::Key("limits"), Segment::Key("cpu")];
        assert_eq!(find("resources", &rest, "…").unwrap(), "own:1:cpu");
        assert_eq!(find("hosts.*.name", &[], "beta").unwrap(), "own:2:name");
        assert_eq!(find("hosts.*.name", &[], "alpha, beta"), None);
    }
}
