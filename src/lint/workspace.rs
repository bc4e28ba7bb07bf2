//! Documents into releases.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};

use super::policy::Policy;
use super::renders::Renders;
use super::texts::{Documents, Form, Texts};
use crate::input::{Encoding, InputFile, Inputs, Skipped};
use crate::release::runtime::files::ContextFile;
use crate::release::runtime::makers::{ComposeFile, is_compose_name};
use crate::release::{Build, Object, Release, Releases, Scope, kustomize};
use crate::source::{SourceId, Sources, Span};
use crate::syntax::SyntaxError;
use crate::syntax::yaml::{Document, Node};

/// Everything that rules look at.
pub struct Workspace<'a> {
    /// The texts.
    pub sources: &'a Sources,
    /// The releases with all objects.
    pub releases: Releases<'a>,
    /// Documents that hold Kubernetes objects.
    pub documents: Vec<&'a Document<'a>>,
    /// Documents that could not be read.
    pub broken: Vec<SyntaxError>,
    /// What came of rendering, apart from manifests.
    pub renders: Renders,
    /// What was not looked at.
    pub skipped: Vec<Skipped>,
    /// Objects that belong to no release of their own but stand in the tree for reference.
    pub reference_only: HashSet<usize>,
    /// What was rendered: index among the renders of the inputs.
    pub rendered: HashMap<SourceId, usize>,
    targets: HashSet<SourceId>,
    locations: BTreeMap<SourceId, &'a str>,
}

impl<'a> Workspace<'a> {
    /// Sorts documents into releases.
    #[must_use]
    pub fn build(inputs: &'a Inputs, texts: &'a Texts, documents: &'a Documents<'a>, policy: &Policy<'_>) -> Self {
        let ids = texts.files.iter().map(|file| file.source);
        let targets = ids.clone().zip(&inputs.files).filter(|(_, file)| file.target).map(|(id, _)| id).collect();
        let locations = ids.zip(&inputs.files).map(|(id, file)| (id, file.location.as_str())).collect();
        let mut workspace = Self {
            sources: &texts.sources,
            releases: releases(inputs, policy),
            documents: Vec::new(),
            broken: Vec::new(),
            renders: Renders::read(inputs, texts),
            skipped: inputs.skipped.clone(),
            reference_only: HashSet::new(),
            rendered: rendered_files(inputs).map(|(render, file)| (texts.source(file), render)).collect(),
            targets,
            locations,
        };
        // Nothing is rendered that no target lies in: what came of it is always reported.
        let faults = workspace.renders.faults.iter().map(|fault| fault.place.source);
        let dropped = workspace.renders.dropped.iter().map(|hook| hook.place.source);
        workspace.targets.extend(faults.chain(dropped));
        let objects = workspace.sort(inputs, documents);
        workspace.add_broken(inputs, texts, documents);
        workspace.add_releases(inputs, objects);
        workspace.add_dockerfiles(inputs, texts, documents);
        workspace.add_context_files(inputs, texts);
        workspace.skipped.sort();
        workspace
    }

    /// Whether findings at a place are reported.
    #[must_use]
    pub fn is_target(&self, span: Span) -> bool {
        self.targets.contains(&span.source)
    }

    /// The path of a source from the root of the context.
    #[must_use]
    pub fn location(&self, source: SourceId) -> &'a str {
        self.locations.get(&source).copied().unwrap_or_default()
    }

    /// The path that stands for an object: of what was rendered that of the template.
    #[must_use]
    pub fn location_of(&self, object: &Object<'_>) -> Cow<'a, str> {
        let source = object.root().span().source;
        let location = self.location(source);
        match object.template().and_then(|template| template.split_once('/')) {
            Some((_, below)) if self.rendered.contains_key(&source) => {
                let folder = location.rsplit_once('/').map(|(folder, _)| format!("{folder}/")).unwrap_or_default();
                Cow::Owned(format!("{folder}{below}"))
            }
            _ => Cow::Borrowed(location),
        }
    }

    /// The objects of each file; what holds none is noted as skipped.
    fn sort(&mut self, inputs: &'a Inputs, documents: &'a Documents<'a>) -> Vec<Vec<Node<'a>>> {
        let mut objects: Vec<Vec<Node<'a>>> = inputs.files.iter().map(|_| Vec::new()).collect();
        for (file, document) in &documents.whole {
            let found = objects_of(document);
            let input = &inputs.files[*file];
            if found.is_empty() {
                if kustomize::is_kustomization(&input.location) {
                    // It may leave out what it is, and its generators are still references' objects.
                    objects[*file].push(document.root());
                }
                if is_compose_name(&input.location) {
                    self.releases.add_compose(ComposeFile { path: &input.location, root: document.root() });
                }
                self.skip_document(input, document, "not a Kubernetes object");
            } else if document.has_collection_keys() {
                self.skip_document(input, document, "a template, not a manifest: render it first");
            } else {
                self.documents.push(document);
                objects[*file].extend(found);
            }
        }
        objects
    }

    fn skip_document(&mut self, file: &InputFile, document: &Document<'_>, reason: &str) {
        let line = self.sources.get(document.source()).position(document.root().span().start).line;
        let reason = if line > 1 { format!("{reason} (line {line})") } else { reason.to_string() };
        self.skip_file(file, &reason);
    }

    /// Faults of documents that are manifests as far as can be told. In the directory tree
    /// that leaves out templates and files that are nobody's manifest; what is piped or
    /// rendered must parse.
    fn add_broken(&mut self, inputs: &Inputs, texts: &Texts, documents: &Documents<'_>) {
        let closed: HashSet<usize> = inputs.closed.iter().flat_map(|scope| scope.files.iter().copied()).collect();
        for (index, file) in texts.files.iter().enumerate() {
            let at = |start: usize| Span::new(file.source, start as u32, start as u32);
            let message = match file.encoding {
                Encoding::Utf8 => continue,
                _ if matches!(file.form, Form::Context | Form::Part) => continue,
                // The builder reads any bytes that are no zeros.
                Encoding::Broken(_) if file.form != Form::Manifests => continue,
                Encoding::Utf16 | Encoding::Binary if file.form == Form::Neither => continue,
                Encoding::Utf16 => "this is UTF-16, and Kubernetes tools read UTF-8 only: save it as UTF-8",
                Encoding::Binary => "this is no text: it holds zero bytes",
                Encoding::Broken(_) => "this byte is not UTF-8, and Kubernetes tools read UTF-8 only",
            };
            let start = if let Encoding::Broken(start) = file.encoding { start } else { 0 };
            let input = &inputs.files[index];
            if input.named || closed.contains(&index) || looks_like_manifest(texts.text(index)) {
                self.broken.push(SyntaxError::refused(at(start), message));
            } else {
                self.skip_file(input, "not UTF-8 text");
            }
        }
        for (index, error, range) in &documents.broken {
            let (input, chunk) = (&inputs.files[*index], &texts.text(*index)[range.clone()]);
            let reason = if closed.contains(index) {
                None
            } else if looks_like_template(chunk) {
                Some("a template, not YAML: render it first")
            } else if !input.named && !looks_like_manifest(texts.text(*index)) {
                Some("not YAML, and not recognisably a Kubernetes object")
            } else {
                None
            };
            match reason {
                None => self.broken.push(error.clone()),
                Some(reason) => self.skip_file(input, reason),
            }
        }
    }

    /// The directory tree first, then the closed scopes. The files of closed scopes stand in
    /// the tree too, for references only.
    fn add_releases(&mut self, inputs: &'a Inputs, nodes: Vec<Vec<Node<'a>>>) {
        let patches: HashSet<String> =
            inputs.files.iter().zip(&nodes).flat_map(|(file, nodes)| patches(file, nodes)).collect();
        let read = |index: usize| {
            let file = &inputs.files[index];
            let is_patch = patches.contains(&file.location);
            let read = |node: &Node<'a>| {
                let object = Object::read(*node, &file.location, is_patch);
                object.unwrap_or_else(|| Object::read_kustomization(*node, &file.location))
            };
            nodes[index].iter().map(read).collect::<Vec<_>>()
        };
        let mut claimed: HashSet<usize> = inputs.closed.iter().flat_map(|scope| scope.files.iter().copied()).collect();
        claimed.extend(&inputs.covered);
        let outside = outside_the_tree(inputs);
        let mut tree = Vec::new();
        for index in (0..inputs.files.len()).filter(|index| !outside.contains(index)) {
            let objects = read(index);
            if claimed.contains(&index) {
                self.reference_only.extend(tree.len()..tree.len() + objects.len());
            }
            tree.extend(objects);
        }
        self.releases.add(Release::new("", Scope::Open), tree);
        for scope in &inputs.closed {
            let mut release = Release::new(&scope.name, Scope::Closed);
            release.namespace.clone_from(&scope.namespace);
            release.orchestrator = scope.orchestrator;
            release.dockerfiles = scope.dockerfiles.iter().map(|index| inputs.files[*index].location.clone()).collect();
            self.releases.add(release, scope.files.iter().flat_map(|index| read(*index)));
        }
        let implied = self.releases.objects().iter().filter(|object| object.root().string("apiVersion").is_none());
        self.reference_only.extend(implied.map(|object| object.id));
    }

    /// Dockerfiles, without those that are filled in before they are one.
    fn add_dockerfiles(&mut self, inputs: &'a Inputs, texts: &Texts, documents: &'a Documents<'a>) {
        for (index, file) in texts.files.iter().enumerate().filter(|(_, file)| file.form == Form::Neither) {
            let is_template = looks_like_template(texts.text(index)) && file.encoding == Encoding::Utf8;
            let reason = if is_template { TEMPLATE } else { "not a Dockerfile: it begins with neither FROM nor ARG" };
            self.skip_file(&inputs.files[index], reason);
        }
        for (index, dockerfile) in &documents.dockerfiles {
            let is_template = ["{{", "{%"].iter().any(|open| dockerfile.text.contains(open));
            if is_template && !dockerfile.faults.is_empty() {
                self.skip_file(&inputs.files[*index], TEMPLATE);
            } else if !dockerfile.text.is_empty() {
                self.releases.add_build(Build::new(dockerfile, &inputs.files[*index].location));
            }
        }
    }

    fn add_context_files(&mut self, inputs: &'a Inputs, texts: &'a Texts) {
        for (input, file) in inputs.files.iter().zip(&texts.files) {
            if file.form == Form::Context && file.encoding == Encoding::Utf8 {
                let text = texts.sources.get(file.source).text();
                self.releases.add_context_file(&input.location, ContextFile { source: file.source, text });
            }
        }
    }

    fn skip_file(&mut self, file: &InputFile, reason: &str) {
        if file.target {
            self.skipped.push(Skipped { path: file.path.clone(), reason: reason.to_string() });
        }
    }
}

/// No objects yet, and what the configuration says of them.
fn releases<'a>(inputs: &Inputs, policy: &Policy<'_>) -> Releases<'a> {
    let mut releases = Releases::new(policy.kube_minor, policy.provided.clone());
    releases.strict_references = policy.strict_references;
    releases.required = policy.required.clone();
    releases.makers = policy.makers.clone();
    releases.repository.clone_from(&inputs.repository);
    releases
}
/// Why a Dockerfile was not looked at.
const TEMPLATE: &str = "a template, not a Dockerfile: fill it in first";

/// Standard input and what was rendered have no place in the directory tree.
fn outside_the_tree(inputs: &Inputs) -> HashSet<usize> {
    inputs.piped.into_iter().chain(rendered_files(inputs).map(|(_, file)| file)).collect()
}

/// The renders that gave manifests, and the files that hold them.
fn rendered_files(inputs: &Inputs) -> impl Iterator<Item = (usize, usize)> {
    inputs.renders.iter().enumerate().filter_map(|(index, render)| Some((index, render.output()?)))
}

fn patches(file: &InputFile, nodes: &[Node<'_>]) -> Vec<String> {
    if !kustomize::is_kustomization(&file.location) {
        return Vec::new();
    }
    nodes.iter().flat_map(|node| kustomize::patches(&file.location, *node).collect::<Vec<_>>()).collect()
}

/// The objects of a document; those of a `List` one by one.
fn objects_of<'a>(document: &'a Document<'a>) -> Vec<Node<'a>> {
    let root = document.root();
    let is_object = |node: &Node<'_>| node.string("apiVersion").is_some() && node.string("kind").is_some();
    if !is_object(&root) {
        return Vec::new();
    }
    match root.get("items") {
        Some(items) if root.string("kind").is_some_and(|kind| kind.ends_with("List")) => {
            items.items().filter(is_object).collect()
        }
        _ => vec![root],
    }
}

/// Whether a text that does not parse is meant as a manifest.
fn looks_like_manifest(text: &str) -> bool {
    let has_line = |start: &str| text.lines().any(|line| line.starts_with(start));
    let has_keys = |keys: [&str; 2]| keys.iter().all(|key| text.contains(key));
    (has_line("apiVersion:") && has_line("kind:"))
        || (text.trim_start().starts_with('{') && has_keys(["\"apiVersion\"", "\"kind\""]))
}

/// Whether a text is filled in by a template engine before it is YAML: `{{ … }}` or `{% … %}`
/// outside quotes.
fn looks_like_template(text: &str) -> bool {
    text.lines().any(|line| {
        let line = line.trim_start().trim_start_matches("- ");
        ["{{", "{%"].iter().any(|open| line.starts_with(open)) || line.contains(": {{") || line.contains("}}{{")
    })
}
