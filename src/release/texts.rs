//! The values that Kubernetes decodes as texts, whatever they look like: labels, annotations,
//! the data of ConfigMaps and Secrets, environments, the metadata of KEDA's triggers.

use super::field::Field;
use super::{Object, Releases};
use crate::syntax::yaml::{Entry, Node};

/// A key and a value that must be a text.
#[derive(Clone, Copy, Debug)]
pub struct TextEntry<'a> {
    /// The name under which the value is known: the key, or an environment variable's name.
    pub name: &'a str,
    /// Whether it is the value of an environment variable: null is an empty text there.
    pub is_variable: bool,
    /// Key and value, as written.
    pub entry: Entry<'a>,
}

/// Every entry of an object that must be a text.
#[must_use]
pub fn texts<'a>(releases: &'a Releases<'a>, object: &'a Object<'a>) -> Vec<TextEntry<'a>> {
    let mut found = labels_and_annotations(object.field().get("metadata"));
    match (object.group(), object.kind) {
        ("", "ConfigMap") => found.extend(entries(object.field().get("data"))),
        ("", "Secret") => found.extend(entries(object.field().get("stringData"))),
        ("keda.sh", "ScaledObject" | "ScaledJob") => {
            let triggers = object.field().at(&["spec", "triggers"]).items();
            found.extend(triggers.flat_map(|trigger| entries(trigger.get("metadata"))));
        }
        _ => {}
    }
    if let Some(workload) = releases.workload(object) {
        // A bare Pod's own metadata is its template's.
        if workload.pod_metadata().node() != object.field().get("metadata").node() {
            found.extend(labels_and_annotations(workload.pod_metadata()));
        }
        for container in workload.containers() {
            found.extend(container.field().get("env").items().filter_map(variable));
        }
    }
    found
}

fn labels_and_annotations(metadata: Field<'_>) -> Vec<TextEntry<'_>> {
    ["labels", "annotations"].into_iter().flat_map(|key| entries(metadata.get(key))).collect()
}

fn entries(mapping: Field<'_>) -> Vec<TextEntry<'_>> {
    let entries = mapping.node().into_iter().flat_map(Node::entries);
    entries.filter_map(|entry| Some(TextEntry { name: entry.key.text()?, is_variable: false, entry })).collect()
}

/// `value` of an item of `env`.
fn variable(item: Field<'_>) -> Option<TextEntry<'_>> {
    let name = item.get("name").string().unwrap_or("value");
    item.get("value").entry().map(|entry| TextEntry { name, is_variable: true, entry })
}
