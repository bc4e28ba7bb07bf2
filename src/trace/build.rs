//! From the manifests of a kustomize build to the bases and patches that wrote them.
//!
//! kustomize writes its output anew, so nothing of a text survives. An object is found by its
//! kind and name, a field by its path: in what an overlay sets (images, replicas, namespace,
//! labels), in its patches, and then further in, down to the base.

use std::collections::{BTreeSet, HashMap};

use super::fields::{Path, Step};
use super::inline;
use super::{Origin, Rendered};
use crate::release::kustomize::{is_kustomization, join, patches};
use crate::source::{Sources, Span};
use crate::syntax::yaml::{self, Document, Node};

/// A build, ready to trace what came of it.
pub(super) struct Build<'s> {
    sources: &'s Sources,
    /// The files by their location.
    files: HashMap<String, File<'s>>,
    /// The kustomizations, the outermost first.
    kustomizations: Vec<String>,
    /// Files that are patches, and no resources.
    patches: BTreeSet<String>,
}

struct File<'s> {
    documents: Vec<Document<'s>>,
}

/// An object as far as it takes to find it.
struct Wanted<'d> {
    kind: &'d str,
    name: &'d str,
    root: Node<'d>,
    path: Path<'d>,
    /// The text of the field, where it is a scalar.
    text: Option<&'d str>,
    /// Whether it is not in the base, so that even the name of an item comes from a patch.
    is_added: bool,
}

impl<'s> Build<'s> {
    pub(super) fn new(sources: &'s Sources, rendered: &Rendered) -> Self {
        let mut build = Self { sources, files: HashMap::new(), kustomizations: Vec::new(), patches: BTreeSet::new() };
        for (location, source) in &rendered.sources {
            let text = sources.get(*source).text();
            let chunks = yaml::split(text);
            let documents =
                chunks.iter().filter_map(|chunk| yaml::parse(*source, text, chunk).ok()).flatten().collect();
            if is_kustomization(location) {
                build.kustomizations.push(location.clone());
            }
            build.files.insert(location.clone(), File { documents });
        }
        let read = build.kustomizations.iter().filter_map(|location| Some((location, build.root_of(location)?)));
        build.patches = read.flat_map(|(location, root)| patches(location, root)).collect();
        build
    }

    fn root_of(&self, location: &str) -> Option<Node<'_>> {
        self.files.get(location)?.documents.first().map(Document::root)
    }

    /// Where a place of a rendered document was written.
    pub(super) fn origin(&self, document: &Document<'_>, span: Span) -> Option<Origin> {
        let root = document.root();
        let (kind, name) = (root.string("kind")?, root.at(&["metadata", "name"])?.text()?);
        let text = self.sources.slice(span);
        let path = Path::of(document, span);
        let mut wanted = Wanted { kind, name, root, path, text: Some(text), is_added: false };
        let base = self.base(&wanted);
        wanted.is_added = base.is_none_or(|base| wanted.path.follow(base).1 < wanted.path.steps.len());
        let set = self.kustomizations.iter().find_map(|location| self.set_by(location, &wanted, base));
        let generated = || self.kustomizations.iter().find_map(|location| self.generated_by(location, &wanted));
        let origin = set.or_else(|| self.written_in(&wanted, base?)).or_else(generated);
        origin.or_else(|| {
            let first = self.root_of(self.kustomizations.first()?)?.entries().next()?;
            Some(Origin::near(first.key.span()))
        })
    }

    /// The resource that an object was made from.
    fn base(&self, wanted: &Wanted<'_>) -> Option<Node<'_>> {
        let resources = self
            .files
            .iter()
            .filter(|(location, _)| !is_kustomization(location) && !self.patches.contains(location.as_str()));
        let mut found: Vec<_> = resources
            .flat_map(|(location, file)| file.documents.iter().flat_map(objects).map(move |root| (location, root)))
            .filter(|(_, root)| root.string("kind") == Some(wanted.kind))
            .filter_map(|(location, root)| {
                let name = root.at(&["metadata", "name"])?.text()?;
                let in_namespace = root.at(&["metadata", "namespace"]).and_then(Node::text)
                    == wanted.root.at(&["metadata", "namespace"]).and_then(Node::text);
                let steps = wanted.path.follow(root).1;
                self.is_renamed(name, wanted.name).then_some(((name.len(), in_namespace, steps), location, root))
            })
            .collect();
        found.sort_by(|one, other| other.0.cmp(&one.0).then_with(|| one.1.cmp(other.1)));
        found.first().map(|(_, _, root)| *root)
    }

    /// Whether a name may have become another one by the prefixes and suffixes of the build,
    /// and by the hash of a generator.
    fn is_renamed(&self, name: &str, rendered: &str) -> bool {
        let Some(at) = rendered.find(name).filter(|_| !name.is_empty()) else { return false };
        let (before, after) = (&rendered[..at], &rendered[at + name.len()..]);
        let known = |key: &str, part: &str| {
            part.is_empty()
                || self
                    .kustomizations
                    .iter()
                    .filter_map(|location| self.root_of(location)?.string(key))
                    .any(|it| part.contains(it))
        };
        known("namePrefix", before) && (known("nameSuffix", after) || is_hash(after))
    }

    /// The field in the resource itself.
    fn written_in(&self, wanted: &Wanted<'_>, base: Node<'_>) -> Option<Origin> {
        let (place, steps) = wanted.path.follow(base);
        let named = || base.at(&["metadata", "name"]).or(base.get("kind")).map(Node::span);
        let place = place.or_else(named)?;
        let written = self.sources.slice(place);
        let is_whole = steps == wanted.path.steps.len();
        let same = wanted.text.is_some_and(|text| bare(text) == bare(written) || bare(text).contains(bare(written)));
        let literal = is_whole && wanted.text == Some(written) && !written.is_empty();
        Some(Origin { span: place, approximate: !(is_whole && same), literal, values: Vec::new() })
    }

    /// What a kustomization sets by itself or by a patch.
    fn set_by(&self, location: &str, wanted: &Wanted<'_>, base: Option<Node<'_>>) -> Option<Origin> {
        let root = self.root_of(location)?;
        let name = base.and_then(|base| base.at(&["metadata", "name"])?.text()).unwrap_or(wanted.name);
        let place = transformed(root, wanted, name).or_else(|| self.patched(location, root, wanted, name))?;
        Some(Origin { span: place, approximate: false, literal: false, values: Vec::new() })
    }

    /// The last patch of a kustomization that writes a field.
    fn patched(&self, location: &str, root: Node<'_>, wanted: &Wanted<'_>, name: &str) -> Option<Span> {
        let directory = location.rsplit_once('/').map_or("", |(directory, _)| directory);
        let items = |key: &str| root.get(key).into_iter().flat_map(Node::items).collect::<Vec<_>>();
        let all = ["patchesStrategicMerge", "patchesJson6902", "patches"].into_iter().flat_map(items);
        let all: Vec<_> = all.collect();
        all.into_iter().rev().find_map(|patch| {
            if !is_target(patch, wanted.kind, name) {
                return None;
            }
            let file = patch.string("path").or(patch.as_str().filter(|text| !text.contains('\n')));
            if let Some(file) = file.and_then(|file| self.files.get(&join(directory, file))) {
                let targeted = patch.get("target").is_some();
                return file.documents.iter().find_map(|document| in_patch(document.root(), wanted, name, targeted));
            }
            let text = patch.get("patch").unwrap_or(patch);
            let targeted = patch.get("target").is_some();
            inline::find(self.sources, text, |root| in_patch(root, wanted, name, targeted))
        })
    }

    /// The generator of a `ConfigMap` or `Secret`.
    fn generated_by(&self, location: &str, wanted: &Wanted<'_>) -> Option<Origin> {
        let key = match wanted.kind {
            "ConfigMap" => "configMapGenerator",
            "Secret" => "secretGenerator",
            _ => return None,
        };
        let mut generators = self.root_of(location)?.get(key)?.items();
        let generator =
            generators.find(|it| it.string("name").is_some_and(|name| self.is_renamed(name, wanted.name)))?;
        let key = wanted.path.keys().get(1).copied().filter(|_| wanted.path.keys().first() == Some(&"data"));
        let literals = generator.get("literals").into_iter().flat_map(Node::items);
        let literal = literals.filter(|it| it.text().and_then(|text| text.split_once('=')).map(|(key, _)| key) == key);
        let place = literal.map(Node::span).next().or_else(|| generator.get("name").map(Node::span))?;
        Some(Origin { span: place, approximate: false, literal: false, values: Vec::new() })
    }
}

/// A field of an object in a patch: an object of its own, or a list of operations.
fn in_patch(patch: Node<'_>, wanted: &Wanted<'_>, name: &str, targeted: bool) -> Option<Span> {
    if patch.items().len() > 0 {
        let operations = patch.items().rev();
        let written = |it: Node<'_>| wanted.path.in_value_at(it.string("path")?, it.get("value")?);
        return operations.into_iter().find_map(written);
    }
    let named = patch.at(&["metadata", "name"]).and_then(Node::text) == Some(name);
    let fits = targeted || (patch.string("kind") == Some(wanted.kind) && named);
    // What says which object is meant was not written by the patch.
    let identifies = matches!(wanted.path.keys()[..], ["apiVersion" | "kind"] | ["metadata", "name" | "namespace"]);
    if !fits || identifies {
        return None;
    }
    let (place, steps) = wanted.path.follow(patch);
    place.filter(|_| steps == wanted.path.steps.len() && (wanted.is_added || !ends_in_identity(&wanted.path)))
}

/// Whether a path ends at the name of a list's item, which patches repeat to say what they
/// change.
fn ends_in_identity(path: &Path<'_>) -> bool {
    matches!(path.steps[..], [.., Step::Item(..), Step::Key("name")])
}

fn is_target(patch: Node<'_>, kind: &str, name: &str) -> bool {
    let Some(target) = patch.get("target") else { return true };
    let fits = |key: &str, value: &str| {
        target.string(key).is_none_or(|wanted| wanted == value || wanted.contains(['*', '.', '|', '(', '[']))
    };
    fits("kind", kind) && fits("name", name)
}

/// What the transformers of a kustomization write.
fn transformed(root: Node<'_>, wanted: &Wanted<'_>, name: &str) -> Option<Span> {
    let items = |key: &str| root.get(key).into_iter().flat_map(Node::items);
    let keys = wanted.path.keys();
    let text = wanted.text.map(bare).unwrap_or_default();
    match keys[..] {
        ["spec", "replicas"] => {
            let set = items("replicas").find(|it| it.string("name") == Some(name))?;
            Some(set.get("count")?.span())
        }
        ["metadata", "namespace"] => root.get("namespace").filter(|it| it.text() == Some(text)).map(Node::span),
        [.., "image"] => {
            let image = |entry: &Node<'_>| {
                let named = entry.string("newName").or(entry.string("name"));
                named.is_some_and(|named| {
                    text.strip_prefix(named).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '@']))
                })
            };
            let set = items("images").find(image)?;
            Some(set.get("newTag").or(set.get("digest")).or(set.get("newName"))?.span())
        }
        [.., "labels" | "matchLabels" | "selector", label] => {
            let common = root.get("commonLabels");
            let pairs = items("labels").filter_map(|entry| entry.get("pairs"));
            let entry = common.into_iter().chain(pairs).find_map(|labels| labels.entry(label))?;
            Some(entry.place())
        }
        [.., "annotations", annotation] => Some(root.get("commonAnnotations")?.entry(annotation)?.place()),
        _ => None,
    }
}

/// The objects of a document, those of a list one by one.
fn objects<'d>(document: &'d Document<'d>) -> Vec<Node<'d>> {
    let root = document.root();
    match root.get("items") {
        Some(items) if root.string("kind").is_some_and(|kind| kind.ends_with("List")) => items.items().collect(),
        _ => vec![root],
    }
}

fn bare(text: &str) -> &str {
    text.trim().trim_matches(['"', '\''])
}

/// The hash that kustomize appends to what it generates.
fn is_hash(text: &str) -> bool {
    let hash = text.rsplit('-').next().unwrap_or_default();
    text.starts_with('-') && hash.len() == 10 && hash.bytes().all(|byte| b"2456789bcdfghkmt".contains(&byte))
}
