//! The same finding on many objects, told once.
//!
//! A chart that makes twelve Deployments in a loop has one line to mend. Findings are the same
//! if rule, case, severity, message and help are, apart from the names of what they are about,
//! and if they come from the same field of one template, or from the same written place.

use std::collections::HashMap;

use crate::lint::{Finding, Resource};
use crate::source::{SourceId, Span};

/// Objects that are listed by name; more are counted.
const MAX_LISTED: usize = 10;

/// Findings that are the same but for what they are about; the first one stands for all.
pub(super) struct Group<'f> {
    pub(super) first: &'f Finding<'f>,
    others: Vec<&'f Finding<'f>>,
}

/// Findings by what is the same in them, in the order of their first ones.
pub(super) fn group<'f>(findings: impl Iterator<Item = &'f Finding<'f>>) -> Vec<Group<'f>> {
    let mut groups: Vec<Group<'f>> = Vec::new();
    let mut known: HashMap<Key<'f>, usize> = HashMap::new();
    for finding in findings {
        let index = *known.entry(Key::of(finding)).or_insert(groups.len());
        match groups.get_mut(index) {
            Some(group) => group.others.push(finding),
            None => groups.push(Group { first: finding, others: Vec::new() }),
        }
    }
    groups
}

impl Group<'_> {
    /// "and 11 more: Deployment web-2, web-3"; nothing where the first one is the only one.
    pub(super) fn rest(&self, list_all: bool) -> Option<String> {
        if self.others.is_empty() {
            return None;
        }
        let listed = if list_all { self.others.len() } else { MAX_LISTED };
        let mut before = self.first.resource.as_ref();
        let mut names = Vec::new();
        for resource in self.others.iter().take(listed).map(|finding| finding.resource.as_ref()) {
            names.push(name(resource, before));
            before = resource;
        }
        let left = self.others.len() - names.len();
        if left > 0 {
            names.push(format!("{left} others (-v lists them)"));
        }
        Some(format!("and {} more: {}", self.others.len(), names.join(", ")))
    }
}

/// What an object is called, after another one: its kind and its namespace only where they
/// differ from the other's.
fn name(resource: Option<&Resource>, before: Option<&Resource>) -> String {
    let Some(resource) = resource else { return "a document".to_string() };
    let same = |part: &dyn Fn(&Resource) -> Option<&str>| before.is_some_and(|before| part(before) == part(resource));
    let kind = if same(&|resource| Some(&resource.kind)) { String::new() } else { format!("{} ", resource.kind) };
    let namespace = match resource.namespace.as_deref() {
        Some(namespace) if !same(&|resource| resource.namespace.as_deref()) => format!("{namespace}/"),
        _ => String::new(),
    };
    format!("{kind}{namespace}{}", resource.name.as_deref().unwrap_or("without a name"))
}

/// What is the same in the findings of a group.
#[derive(PartialEq, Eq, Hash)]
struct Key<'f> {
    rule: &'f str,
    case: &'f str,
    severity: &'static str,
    place: Place<'f>,
    message: String,
    help: String,
}

/// Where the findings of a group come from.
#[derive(PartialEq, Eq, Hash)]
enum Place<'f> {
    /// A field of a template, in the output of which they stand.
    Template(SourceId, &'f str, String),
    /// One place that many objects share.
    Written(Span),
}

impl<'f> Key<'f> {
    fn of(finding: &'f Finding<'f>) -> Self {
        let nameless = |text: &str| without_names(text, finding.resource.as_ref());
        let place = match &finding.template {
            Some(template) => Place::Template(finding.hit.span.source, template, nameless(&finding.field)),
            None => Place::Written(finding.hit.span),
        };
        Self {
            rule: &finding.rule.id,
            case: finding.hit.case,
            severity: finding.severity.as_str(),
            place,
            message: nameless(&finding.hit.message),
            help: nameless(finding.help()),
        }
    }
}

/// A text with stars in the place of the names of an object and its container, where they are
/// whole words: `web` in `web-headless`, not in `website`.
fn without_names(text: &str, resource: Option<&Resource>) -> String {
    let names = resource.map(|resource| [resource.name.as_deref(), resource.container.as_deref()]);
    let mut names: Vec<_> = names.into_iter().flatten().flatten().filter(|name| !name.is_empty()).collect();
    // A name that another one begins with must not break it up.
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    names.iter().fold(text.to_string(), |text, name| replace_words(&text, name))
}

fn replace_words(text: &str, word: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(word) {
        let end = at + word.len();
        let joins = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
        let before = if at == 0 { result.chars().next_back() } else { rest[..at].chars().next_back() };
        let is_word = !joins(before) && !joins(rest[end..].chars().next());
        result.push_str(&rest[..at]);
        result.push_str(if is_word { "*" } else { word });
        rest = &rest[end..];
    }
    result.push_str(rest);
    result
}

#[cfg(test)]
mod tests {
    use super::replace_words;

    #[test]
    fn only_whole_words_are_names() {
        assert_eq!(
            replace_words("web and web-headless, no website; webweb", "web"),
            "* and *-headless, no website; webweb"
        );
        assert_eq!(replace_words("ünweb", "web"), "ünweb");
        assert_eq!(replace_words("", "web"), "");
    }
}
