//! Kustomizations: which files they use as patches, which are fragments and no objects, and
//! which ConfigMaps and Secrets they generate.
//!
//! Source: kustomize `api/types/kustomization.go`, `api/types/generatorargs.go`,
//! `api/kv/kv.go`.

use super::config::ConfigKind;
use super::config::datum::{Datum, Value};
use super::{Field, Object};
use crate::syntax::yaml::Node;

/// Whether a file is a kustomization by its name.
#[must_use]
pub fn is_kustomization(path: &str) -> bool {
    matches!(path.rsplit('/').next(), Some("kustomization.yaml" | "kustomization.yml" | "Kustomization"))
}

/// Whether a path is one where people keep patches, for kustomizations that are made up by
/// another tool: below a folder of overlays or patches, or in a file that says so.
#[must_use]
pub fn stands_among_patches(path: &str) -> bool {
    let mut parts = path.rsplit('/');
    let in_name = parts.next().is_some_and(|file| file.contains("patch"));
    in_name || parts.any(|folder| matches!(folder, "overlays" | "overlay" | "patches"))
}

/// The paths of the patches that a kustomization at `path` names.
pub fn patches<'a>(path: &'a str, root: Node<'a>) -> impl Iterator<Item = String> + 'a {
    let directory = path.rsplit_once('/').map_or("", |(directory, _)| directory);
    let listed = move |key: &str| root.get(key).into_iter().flat_map(Node::items);
    let by_path = ["patches", "patchesJson6902"].into_iter().flat_map(listed).filter_map(|patch| patch.string("path"));
    let by_name = listed("patchesStrategicMerge").filter_map(Node::as_str);
    by_path.chain(by_name.collect::<Vec<_>>()).map(move |file| join(directory, file))
}

/// The paths of the files and folders that a kustomization at `path` names as resources.
pub fn resources<'a>(path: &'a str, root: Node<'a>) -> impl Iterator<Item = String> + 'a {
    let directory = path.rsplit_once('/').map_or("", |(directory, _)| directory);
    let listed = root.get("resources").into_iter().flat_map(Node::items).filter_map(Node::as_str);
    listed.map(move |file| join(directory, file))
}

/// A relative path, resolved without looking at the file system.
#[must_use]
pub fn join(directory: &str, relative: &str) -> String {
    let mut parts: Vec<&str> = directory.split('/').filter(|part| !part.is_empty()).collect();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let root = if directory.starts_with('/') { "/" } else { "" };
    format!("{root}{}", parts.join("/"))
}

/// An entry of `configMapGenerator` or `secretGenerator`.
#[derive(Clone, Copy, Debug)]
pub struct Generator<'a> {
    /// What it generates.
    pub kind: ConfigKind,
    field: Field<'a>,
    /// The options of all generators of the kustomization.
    options: Field<'a>,
}

/// The generators of a kustomization; none for any other object.
#[must_use]
pub fn generators<'a>(object: &Object<'a>) -> Vec<Generator<'a>> {
    if !object.is_kustomization() {
        return Vec::new();
    }
    let root = object.field();
    let keys = [("configMapGenerator", ConfigKind::ConfigMap), ("secretGenerator", ConfigKind::Secret)];
    let of_key = |(key, kind)| {
        root.get(key).items().map(move |field| Generator { kind, field, options: root.get("generatorOptions") })
    };
    keys.into_iter().flat_map(of_key).collect()
}

impl<'a> Generator<'a> {
    /// The name by which other manifests refer to what it generates.
    #[must_use]
    pub fn name(self) -> Option<&'a str> {
        self.field.get("name").string()
    }

    /// Whether a hash of the data is appended to the name, in every reference too.
    #[must_use]
    pub fn hashes_name(self) -> bool {
        let disabled = |options: Field<'a>| options.get("disableNameSuffixHash").bool_or(false).value() == Some(true);
        !disabled(self.options) && !disabled(self.field.get("options"))
    }

    /// Whether it changes what another kustomization generates.
    #[must_use]
    pub fn is_addition(self) -> bool {
        matches!(self.field.get("behavior").string(), Some("merge" | "replace"))
    }

    /// The keys; nothing where they stand in another file.
    #[must_use]
    pub fn data(self) -> Option<Vec<Datum<'a>>> {
        let has_envs = self.field.get("envs").exists() || self.field.get("env").exists();
        if has_envs || self.is_addition() {
            return None;
        }
        let items = |key: &str| self.field.get(key).items().filter_map(Field::node);
        let literals = items("literals").filter_map(literal);
        Some(literals.chain(items("files").filter_map(file)).collect())
    }
}

/// `KEY=value`; quotes around the value are none of it.
fn literal(node: Node<'_>) -> Option<Datum<'_>> {
    let (key, value) = node.as_str()?.split_once('=')?;
    let unquote = |quote: char| value.strip_prefix(quote)?.strip_suffix(quote);
    let value = unquote('"').or_else(|| unquote('\'')).unwrap_or(value);
    Some(Datum { key, value: Value::Known(value), place: node.span() })
}

/// `key=path`, or a path whose last component is the key.
fn file(node: Node<'_>) -> Option<Datum<'_>> {
    let text = node.as_str()?;
    let key = text.split_once('=').map_or_else(|| text.rsplit('/').next().unwrap_or(text), |(key, _)| key);
    Some(Datum { key, value: Value::Unknown("stands in a file"), place: node.span() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patches_are_known_by_their_place() {
        for path in ["overlays/prod/web.yaml", "a/patches/web.yaml", "web-patch.yaml"] {
            assert!(stands_among_patches(path), "{path}");
        }
        assert!(!stands_among_patches("base/web.yaml") && !stands_among_patches("dispatch/web.yaml"));
    }

    #[test]
    fn paths_are_joined() {
        assert_eq!(join("a/b", "../c.yaml"), "a/c.yaml");
        assert_eq!(join("", "./c.yaml"), "c.yaml");
        assert_eq!(join("/x", "c.yaml"), "/x/c.yaml");
        assert_eq!(join("a", "../../c.yaml"), "../c.yaml");
    }
}
