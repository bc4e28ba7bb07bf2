//! Configuration on its way to the process: which ConfigMaps and Secrets a pod template asks
//! for ([`reference`]), what provides them ([`provider`]), which variables a container ends up
//! with ([`environment`]), what restarts it when they change ([`restart`]), and what the
//! configuration of shipworthy requires of them ([`requirement`]).

pub mod datum;
pub mod environment;
pub mod name;
pub mod provider;
pub mod reference;
pub mod requirement;
pub mod restart;

use std::fmt;

/// What configuration is kept in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ConfigKind {
    /// A ConfigMap.
    ConfigMap,
    /// A Secret.
    Secret,
}

impl ConfigKind {
    /// The `kind`, as Kubernetes writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ConfigMap => "ConfigMap",
            Self::Secret => "Secret",
        }
    }
}

impl fmt::Display for ConfigKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Manifests for the tests of this module.
#[cfg(test)]
pub(super) mod manifests {
    use crate::release::{Object, Release, Releases, Scope};
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
            Object::read(document.root(), path, false)
                .unwrap_or_else(|| Object::read_kustomization(document.root(), path))
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
}
