//! YAML within YAML: a patch that stands as a text in a kustomization.

use crate::source::{Sources, Span};
use crate::syntax::yaml::{self, Node};

/// Reads the text of a scalar as YAML, and gives the place of what was found in it as one of
/// the source; the whole scalar where its lines cannot be told.
pub(super) fn find(sources: &Sources, scalar: Node<'_>, look: impl Fn(Node<'_>) -> Option<Span>) -> Option<Span> {
    let text = scalar.as_str()?;
    let whole = scalar.span();
    let documents = yaml::split(text).into_iter();
    let documents = documents.filter_map(|chunk| yaml::parse(whole.source, text, &chunk).ok()).flatten();
    let documents: Vec<_> = documents.collect();
    let found = documents.iter().find_map(|document| look(document.root()))?;
    let line = text[..found.start as usize].matches('\n').count();
    let start = text[..found.start as usize].rfind('\n').map_or(0, |at| at + 1);
    let length = text[start..].find('\n').unwrap_or(text.len() - start);
    let raw = sources.slice(whole);
    let mut at = 0;
    for (number, written) in raw.split_inclusive('\n').enumerate() {
        if number == line {
            let indent = written.find(&text[start..start + length]).filter(|_| length > 0);
            let Some(indent) = indent else { return Some(whole.at_start()) };
            let first = whole.start as usize + at + indent + (found.start as usize - start);
            let end = first + (found.end - found.start) as usize;
            return Some(Span::new(whole.source, first as u32, (end as u32).min(whole.end)));
        }
        at += written.len();
    }
    Some(whole.at_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_a_block_is_one_of_the_file() {
        let text = "patches:\n  - patch: |-\n      kind: Deployment\n      spec:\n        replicas: 3\n";
        let mut sources = Sources::default();
        let id = sources.add("k", text);
        let documents = yaml::parse(id, text, &yaml::split(text)[0]).unwrap();
        let scalar = documents[0].root().get("patches").unwrap().items().next().unwrap().get("patch").unwrap();
        let found = find(&sources, scalar, |root| root.at(&["spec", "replicas"]).map(Node::span)).unwrap();
        assert_eq!((sources.slice(found), sources.get(id).position(found.start).line), ("3", 5));
    }
}
