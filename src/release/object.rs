//! A Kubernetes object, whatever its kind.

use super::field::Field;
use crate::source::Span;
use crate::syntax::yaml::{Document, Node};

/// Index of an object in [`super::Releases`].
pub type ObjectId = usize;

/// An object as it is written, with what identifies it.
#[derive(Debug)]
pub struct Object<'a> {
    /// Its index.
    pub id: ObjectId,
    /// Index of the release that it is judged in.
    pub release: usize,
    /// `apiVersion`, as written.
    pub api_version: &'a str,
    /// `kind`, as written.
    pub kind: &'a str,
    /// `metadata.name`, where it is written.
    pub name: Option<&'a str>,
    /// `metadata.namespace`, where it is written.
    pub namespace: Option<&'a str>,
    /// The path of its file, with `/`.
    pub path: &'a str,
    /// Whether a kustomization uses its file as a patch.
    pub is_patch: bool,
    root: Node<'a>,
}

impl<'a> Object<'a> {
    /// The object that a node is, if it has an `apiVersion` and a `kind`. Its id and its
    /// release are set when it joins a release.
    #[must_use]
    pub fn read(root: Node<'a>, path: &'a str, is_patch: bool) -> Option<Self> {
        Some(Self {
            id: 0,
            release: 0,
            api_version: root.string("apiVersion")?,
            kind: root.string("kind")?,
            name: root.at(&["metadata", "name"]).and_then(Node::as_str),
            namespace: root.at(&["metadata", "namespace"]).and_then(Node::as_str),
            path,
            is_patch,
            root,
        })
    }

    /// A kustomization, which may leave out what it is: its file's name says it.
    #[must_use]
    pub fn read_kustomization(root: Node<'a>, path: &'a str) -> Self {
        let api_version = root.string("apiVersion").unwrap_or("kustomize.config.k8s.io/v1beta1");
        let kind = root.string("kind").unwrap_or("Kustomization");
        Self { id: 0, release: 0, api_version, kind, name: None, namespace: None, path, is_patch: false, root }
    }

    /// Whether it is Kustomize's own file, a kustomization or a component.
    #[must_use]
    pub fn is_kustomization(&self) -> bool {
        self.group() == "kustomize.config.k8s.io"
    }

    /// The API group: `apps` of `apps/v1`, empty for the core group.
    #[must_use]
    pub fn group(&self) -> &'a str {
        self.api_version.split_once('/').map_or("", |(group, _)| group)
    }

    /// The object's root node.
    #[must_use]
    pub fn root(&self) -> Node<'a> {
        self.root
    }

    /// The document that the object stands in.
    #[must_use]
    pub fn document(&self) -> &'a Document<'a> {
        self.root.document()
    }

    /// The whole object as a field, pointed at by its name, else by its kind.
    #[must_use]
    pub fn field(&self) -> Field<'a> {
        let named = self.root.at(&["metadata", "name"]).or_else(|| self.root.get("kind"));
        Field::root(self.root, named.map_or(self.root.span(), Node::span))
    }

    /// Where a finding about the whole object points at.
    #[must_use]
    pub fn place(&self) -> Span {
        self.field().place()
    }

    /// The annotations that are strings.
    pub fn annotations(&self) -> impl Iterator<Item = (&'a str, &'a str)> + 'a {
        self.root.at(&["metadata", "annotations"]).into_iter().flat_map(Node::strings)
    }

    /// The value of an annotation.
    #[must_use]
    pub fn annotation(&self, key: &str) -> Option<&'a str> {
        self.root.at(&["metadata", "annotations"])?.string(key)
    }

    /// The value of a label.
    #[must_use]
    pub fn label(&self, key: &str) -> Option<&'a str> {
        self.root.at(&["metadata", "labels"])?.string(key)
    }

    /// The template that helm made the object from, by the `# Source:` comment it prints.
    #[must_use]
    pub fn template(&self) -> Option<&'a str> {
        let document = self.document();
        let root = self.root.span();
        let before = document.comments().iter().take_while(|comment| comment.span.start < root.start);
        let texts = before.map(|comment| &document.text()[comment.span.range()]);
        texts.filter_map(|text| text.strip_prefix("# Source: ")).map(str::trim).next()
    }

    /// Whether helm runs the object only for `helm test`: it is then not part of what a
    /// deploy brings up.
    #[must_use]
    pub fn is_helm_test(&self) -> bool {
        self.annotation("helm.sh/hook").is_some_and(|hooks| {
            let mut events = hooks.split(',').map(|event| event.trim().to_ascii_lowercase());
            events.any(|event| matches!(event.as_str(), "test" | "test-success"))
        })
    }

    /// `Deployment web`, or the kind alone for an object without a name.
    #[must_use]
    pub fn title(&self) -> String {
        match self.name {
            Some(name) => format!("{} {name}", self.kind),
            None => self.kind.to_string(),
        }
    }

    /// The directory of the object's file, without a slash at its end.
    #[must_use]
    pub fn directory(&self) -> &'a str {
        self.path.rsplit_once('/').map_or("", |(directory, _)| directory)
    }
}
