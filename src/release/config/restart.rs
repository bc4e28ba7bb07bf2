//! What restarts Pods when the configuration in their environment changes. Variables are read
//! when a process starts; a file in a mounted volume follows its ConfigMap.

use std::collections::HashSet;

use super::ConfigKind;
use super::name::{has_kustomize_hash, is_versioned};
use super::reference::{Reference, Resolver};
use crate::release::field::is_filled_in;
use crate::release::{Object, Workload};
use crate::syntax::yaml::Entry;

/// Annotations by which Stakater's Reloader or Pusher's Wave restart a workload, whatever it reads.
const RELOADERS: [&str; 5] = [
    "reloader.stakater.com/auto",
    "reloader.stakater.com/search",
    "reloader.stakater.com/match",
    "wave.pusher.com/update-on-config-change",
    "secrets.infisical.com/auto-reload",
];

impl<'a> Workload<'a> {
    /// Whether a change of its configuration restarts its Pods: a checksum in the pod
    /// template, or an operator that watches.
    #[must_use]
    pub fn restarts_on_change(self) -> bool {
        let mut annotations = self.annotations_of_reloaders();
        let template = self.pod_metadata().get("annotations");
        let mut template = template.node().into_iter().flat_map(|node| node.entries());
        template.any(|entry| entry.key.text().is_some_and(is_checksum))
            || annotations.any(|(key, value)| RELOADERS.contains(&key) && is_on(value))
    }

    /// Whether Reloader restarts its Pods when one ConfigMap or Secret changes.
    fn is_reloaded_for(self, kind: ConfigKind, name: &str) -> bool {
        let (auto, named) = match kind {
            ConfigKind::ConfigMap => ("configmap.reloader.stakater.com/auto", "configmap.reloader.stakater.com/reload"),
            ConfigKind::Secret => ("secret.reloader.stakater.com/auto", "secret.reloader.stakater.com/reload"),
        };
        let is_listed = |value: &str| is_filled_in(value) || value.split(',').any(|listed| listed.trim() == name);
        self.annotations_of_reloaders()
            .any(|(key, value)| (key == auto && is_on(value)) || (key == named && is_listed(value)))
    }

    /// Its own annotations and those of its pod template: Reloader reads both.
    fn annotations_of_reloaders(self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let template = self.pod_metadata().get("annotations").node();
        let own = self.object().root().at(&["metadata", "annotations"]);
        let entries = own.into_iter().chain(template).flat_map(|node| node.entries());
        entries.filter_map(|entry| Some((entry.key.text()?, entry.value.text()?)))
    }

    /// Checksums of configuration among its own annotations, where a change restarts nothing.
    #[must_use]
    pub fn misplaced_checksums(self) -> Vec<Entry<'a>> {
        let own = self.object().root().at(&["metadata", "annotations"]);
        let entries = own.into_iter().flat_map(|node| node.entries());
        entries.filter(|entry| entry.key.text().is_some_and(|key| key.starts_with("checksum/"))).collect()
    }

    /// The ConfigMaps and Secrets in reach that its containers take variables from, each once,
    /// and that may change under the same name.
    #[must_use]
    pub fn changeable_config(self) -> Vec<(Reference<'a>, &'a Object<'a>)> {
        let mut resolver = Resolver::new(self);
        let mut found: Vec<(Reference<'a>, &'a Object<'a>)> = Vec::new();
        let mut seen = HashSet::new();
        for reference in self.containers().iter().flat_map(|container| container.config_references()) {
            let Some(name) = reference.target().filter(|name| seen.insert((reference.kind, *name))) else { continue };
            if self.is_reloaded_for(reference.kind, name) {
                continue;
            }
            let Some(resolution) = resolver.resolve(reference) else { continue };
            let mut own = resolution
                .providers
                .iter()
                .filter(|provider| provider.is_itself() || provider.object.is_kustomization());
            let Some(provider) = own.next().filter(|provider| !provider.hashes_name()) else { continue };
            let is_fixed = provider.object.root().get("immutable").and_then(|node| node.as_bool()) == Some(true);
            let changes_name = has_kustomize_hash(name) || (is_fixed && is_versioned(name));
            if !changes_name {
                found.push((reference, provider.object));
            }
        }
        found
    }
}

/// Whether a value switches an annotation on, as Go's `strconv.ParseBool` reads it.
fn is_on(value: &str) -> bool {
    matches!(value.trim(), "1" | "t" | "T" | "true" | "TRUE" | "True") || is_filled_in(value)
}

/// Whether an annotation of a pod template changes with some configuration: `checksum/config`,
/// and the names that charts give to the same thing.
fn is_checksum(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    let mut words = key.split(|letter: char| !letter.is_ascii_alphanumeric());
    words.any(|word| {
        let is_whole = matches!(word, "sha" | "sha1" | "sha256" | "md5" | "rollme");
        is_whole || word.contains("checksum") || word.ends_with("hash")
    })
}

#[cfg(test)]
mod tests {
    use super::is_checksum;

    #[test]
    fn checksums_are_told_by_a_word() {
        for key in [
            "checksum/config",
            "checksum/secrets.yaml",
            "configmap-hash",
            "rollme",
            "example.com/configHash",
            "configChecksum",
        ] {
            assert!(is_checksum(key), "{key}");
        }
        for key in
            ["prometheus.io/scrape", "hashicorp.com/x-y", "sharding/on", "kubectl.kubernetes.io/default-container"]
        {
            assert!(!is_checksum(key), "{key}");
        }
    }
}
