//! Scopes, and how a reference finds its object.
//!
//! A rendered chart, a build, standard input and an entry of `releases:` are *closed*
//! scopes and are searched first. The directory tree is an *open* scope: of the objects
//! that fit, those count whose deepest common directory with the reference is deepest, and
//! equally near ones all count.

use std::ops::Range;

use super::orchestrator::Orchestrator;
use super::{Object, ObjectId, Releases};

/// What kind of scope a release is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All that is applied together is known.
    Closed,
    /// The directory tree: there may be more elsewhere.
    Open,
}

/// What is deployed together.
#[derive(Clone, Debug)]
pub struct Release {
    /// The name to print; empty for the directory tree.
    pub name: String,
    /// Open or closed.
    pub scope: Scope,
    /// The namespace of objects that name none, where it is known.
    pub namespace: Option<String>,
    /// Who applies it, where that is said or can be seen.
    pub orchestrator: Option<Orchestrator>,
    /// The paths of the Dockerfiles that build its images; any, where it names none.
    pub dockerfiles: Vec<String>,
    pub(super) objects: Range<usize>,
}

impl Release {
    /// A release without objects.
    #[must_use]
    pub fn new(name: impl Into<String>, scope: Scope) -> Self {
        Self { name: name.into(), scope, namespace: None, orchestrator: None, dockerfiles: Vec::new(), objects: 0..0 }
    }
}

impl<'a> Releases<'a> {
    /// Whether an object is in reach for a reference from another one that names no
    /// namespace: both in the same namespace, as far as that can be told.
    #[must_use]
    pub fn same_namespace(&self, one: &Object<'_>, other: &Object<'_>) -> bool {
        match (self.namespace_of(one), self.namespace_of(other)) {
            (Some(one), Some(other)) => one == other,
            (None, None) => true,
            _ => one.release == other.release,
        }
    }

    /// Whether two objects reach the cluster together: of one closed scope, or of one directory.
    #[must_use]
    pub fn are_applied_together(&self, one: &Object<'_>, other: &Object<'_>) -> bool {
        let closed = self.releases[one.release].scope == Scope::Closed;
        one.release == other.release && (closed || one.directory() == other.directory())
    }

    /// Within its release, where what is applied together with an object stands: nothing for a
    /// closed scope, else its directory.
    #[must_use]
    pub(super) fn region_of<'o>(&self, object: &Object<'o>) -> &'o str {
        match self.releases[object.release].scope {
            Scope::Closed => "",
            Scope::Open => object.directory(),
        }
    }

    /// The namespace of an object: its own, else its scope's.
    #[must_use]
    pub fn namespace_of<'o>(&'o self, object: &'o Object<'_>) -> Option<&'o str> {
        object.namespace.or(self.releases[object.release].namespace.as_deref())
    }

    /// The objects of a kind and name that a reference in `from` means. `kind` may stand in
    /// several API groups: `fits` decides.
    #[must_use]
    pub fn find(
        &self,
        from: &Object<'_>,
        kind: &'a str,
        name: &'a str,
        fits: impl Fn(&Object<'a>) -> bool,
    ) -> Vec<&Object<'a>> {
        let candidates = |release: usize| {
            let ids = self.by_name.get(&(release, kind, name)).map(Vec::as_slice).unwrap_or_default();
            ids.iter().copied().filter(|id| fits(&self.objects[*id])).collect()
        };
        self.nearest(from, candidates).into_iter().map(|id| &self.objects[id]).collect()
    }

    /// Whether any object of a kind and name is in reach, be it a patch.
    #[must_use]
    pub fn has_named(&self, from: &Object<'_>, kind: &str, name: &str) -> bool {
        let open = (0..self.releases.len()).filter(|index| self.releases[*index].scope == Scope::Open);
        let mut named = std::iter::once(from.release).chain(open).flat_map(|release| self.named(release, kind, name));
        named.any(|object| self.same_namespace(from, object))
    }

    /// Of the objects that `candidates` names for a release, those that a reference in
    /// `from` means: its own release first, then the directory tree.
    pub(super) fn nearest(&self, from: &Object<'_>, candidates: impl Fn(usize) -> Vec<ObjectId>) -> Vec<ObjectId> {
        let open = (0..self.releases.len()).filter(|index| self.releases[*index].scope == Scope::Open);
        let others = open.filter(|index| *index != from.release);
        for release in std::iter::once(from.release).chain(others) {
            let found: Vec<_> =
                candidates(release).into_iter().filter(|id| self.same_namespace(from, &self.objects[*id])).collect();
            if !found.is_empty() {
                return match self.releases[release].scope {
                    Scope::Closed => found,
                    Scope::Open => self.deepest(from, found),
                };
            }
        }
        Vec::new()
    }

    fn deepest(&self, from: &Object<'_>, found: Vec<ObjectId>) -> Vec<ObjectId> {
        let depth = |id: &ObjectId| common_depth(from.directory(), self.objects[*id].directory());
        let deepest = found.iter().map(depth).max().unwrap_or(0);
        found.into_iter().filter(|id| depth(id) == deepest).collect()
    }

    /// Whether the release of an object holds one of a kind and name, but in a namespace that
    /// is not the object's.
    #[must_use]
    pub fn stands_in_another_namespace(&self, from: &Object<'_>, kind: &str, name: &str) -> bool {
        let mut named = self.named(from.release, kind, name).peekable();
        named.peek().is_some() && !named.any(|object| self.same_namespace(from, object))
    }

    /// The objects of a kind and name in a release.
    pub(super) fn named<'r>(
        &'r self,
        release: usize,
        kind: &'r str,
        name: &'r str,
    ) -> impl Iterator<Item = &'r Object<'a>> {
        let ids = self.by_name.get(&(release, kind, name)).map(Vec::as_slice).unwrap_or_default();
        ids.iter().map(|id| &self.objects[*id])
    }

    /// The object of a kind and name that belongs to no namespace; of several releases that hold
    /// one, the first one's.
    #[must_use]
    pub fn find_cluster_wide(
        &'a self,
        kind: &'a str,
        name: &'a str,
        fits: impl Fn(&Object<'a>) -> bool,
    ) -> Option<&'a Object<'a>> {
        let releases = 0..self.releases.len();
        releases.flat_map(|release| self.named(release, kind, name)).find(|object| fits(object))
    }

    /// Whether an object is said to exist in the cluster already.
    #[must_use]
    pub fn is_provided(&self, from: &Object<'_>, kind: &str, name: &str) -> bool {
        self.provided.iter().any(|provided| {
            let namespace = provided.namespace.as_deref();
            provided.kind == kind
                && provided.name == name
                && (namespace.is_none() || self.namespace_of(from).is_none() || namespace == self.namespace_of(from))
        })
    }
}

/// How many directories two directories share, from the root down.
pub(super) fn common_depth(one: &str, other: &str) -> usize {
    let parts = |path| str::split(path, '/').filter(|part| !part.is_empty());
    parts(one).zip(parts(other)).take_while(|(one, other)| one == other).count()
}

#[cfg(test)]
mod tests {
    use super::common_depth;

    #[test]
    fn depth_counts_shared_directories() {
        assert_eq!(common_depth("", "a"), 0);
        assert_eq!(common_depth("a/b", "a/b/c"), 2);
        assert_eq!(common_depth("a/bc", "a/b"), 1);
        assert_eq!(common_depth("/x/a", "/x/b"), 1);
    }
}
