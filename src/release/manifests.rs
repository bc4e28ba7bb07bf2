//! Releases for tests, from the texts of their manifests.

use crate::release::{Object, Orchestrator, Release, Releases, Scope};
use crate::source::Sources;
use crate::syntax::yaml;

/// Looks at the releases that files of a directory tree, or of a closed scope, make.
pub(crate) fn read<T>(scope: Scope, files: &[(&str, &str)], look: impl FnOnce(&mut Releases<'_>) -> T) -> T {
    let id = Sources::default().add("x", "");
    let parsed = files.iter().flat_map(|(path, text)| {
        let documents = yaml::split(text).into_iter().flat_map(|chunk| yaml::parse(id, text, &chunk).unwrap());
        documents.map(|document| (*path, document)).collect::<Vec<_>>()
    });
    let documents: Vec<_> = parsed.collect();
    let mut releases = Releases::new(33, Vec::new());
    let objects = documents.iter().map(|(path, document)| {
        Object::read(document.root(), path, false).unwrap_or_else(|| Object::read_kustomization(document.root(), path))
    });
    releases.add(Release::new("", scope), objects.collect::<Vec<_>>());
    look(&mut releases)
}

/// A Pod with one container, which has these fields.
pub(crate) fn pod(container: &str) -> String {
    let container = format!("{{name: web, image: a, {container}}}");
    format!("apiVersion: v1\nkind: Pod\nmetadata: {{name: web}}\nspec: {{containers: [{container}]}}\n")
}

/// An object of the core group.
pub(crate) fn object(kind: &str, name: &str, rest: &str) -> String {
    format!("---\napiVersion: v1\nkind: {kind}\nmetadata: {{name: {name}}}\n{rest}\n")
}

/// Looks at what a tool deploys as a whole.
pub(crate) fn deployed_by<T>(tool: Orchestrator, files: &[(&str, &str)], look: impl FnOnce(&Releases<'_>) -> T) -> T {
    read(Scope::Closed, files, |releases| {
        releases.releases[0].orchestrator = Some(tool);
        look(releases)
    })
}
