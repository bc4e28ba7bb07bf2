//! What is known of the world as data: built in from `rules/knowledge/` and `data/`.

mod images;
mod lessons;
pub mod schema;
mod secrets;
pub mod servers;
pub mod signals;
pub mod wrappers;

pub use images::{base_name, image_tag, is_database_image};
pub use lessons::{lesson, lessons};
pub use secrets::{holds_secret, is_stand_in, looks_secret, names_secret, secret_in, words_of};

include!(concat!(env!("OUT_DIR"), "/knowledge.rs"));

/// Whether a label is set on Pods when they run, so that no pod template has it.
#[must_use]
pub fn is_runtime_label(key: &str) -> bool {
    RUNTIME_LABELS.binary_search(&key).is_ok()
}

/// Whether objects of an API group make no Pods. Groups that are built in to Kubernetes are
/// none of its business.
#[must_use]
pub fn is_harmless_group(group: &str) -> bool {
    HARMLESS_GROUPS.binary_search(&group).is_ok()
}

/// The version that no longer serves a kind, for one that was removed before the schemas begin.
#[must_use]
pub fn removed_api(api_version: &str, kind: &str) -> Option<&'static str> {
    REMOVED_APIS
        .iter()
        .find_map(|row| row.strip_prefix(api_version)?.strip_prefix(' ')?.strip_prefix(kind)?.strip_prefix(' '))
}

/// Since when a kind that is still served is deprecated, and what stands in for it.
#[must_use]
pub fn deprecated_api(api_version: &str, kind: &str) -> Option<(&'static str, Option<&'static str>)> {
    let row = DEPRECATED_APIS
        .iter()
        .find_map(|row| row.strip_prefix(api_version)?.strip_prefix(' ')?.strip_prefix(kind)?.strip_prefix(' '))?;
    Some(row.split_once(' ').map_or((row, None), |(since, instead)| (since, Some(instead))))
}

/// Whether a tag is moved with every build, by its name.
#[must_use]
pub fn is_mutable_tag(tag: &str) -> bool {
    let tag = tag.to_ascii_lowercase();
    MUTABLE_TAGS.binary_search(&tag.as_str()).is_ok() || tag.ends_with("-snapshot") || tag.ends_with("-latest")
}

/// Commands that change a database schema: a program, and a word that stands after it.
pub fn migration_commands() -> impl Iterator<Item = (&'static str, &'static str)> {
    MIGRATIONS.iter().filter_map(|command| command.split_once(' '))
}

/// Whether a controller puts a ConfigMap of this name into every namespace.
#[must_use]
pub fn is_cluster_configmap(name: &str) -> bool {
    CLUSTER_CONFIGMAPS.binary_search(&name).is_ok()
}

/// What a controller makes a ConfigMap or a Secret from.
#[derive(Clone, Copy, Debug)]
pub struct ConfigProvider {
    /// `ConfigMap` or `Secret`.
    pub makes: &'static str,
    /// The API group of what it is made from.
    pub group: &'static str,
    /// The kind of what it is made from.
    pub kind: &'static str,
    /// Where the name of what is made stands.
    pub path: &'static str,
}

/// Everything that a controller makes a ConfigMap or a Secret from.
pub fn config_providers() -> impl Iterator<Item = ConfigProvider> {
    CONFIG_PROVIDERS.iter().filter_map(|row| {
        let mut words = row.split(' ');
        let mut word = || words.next();
        Some(ConfigProvider { makes: word()?, group: word()?, kind: word()?, path: word()? })
    })
}

/// Whether a build argument may be absent: BuildKit sets it, or tools do without.
#[must_use]
pub fn is_predefined_argument(name: &str) -> bool {
    BUILD_ARGUMENTS.binary_search(&name).is_ok() || name.starts_with("BUILDKIT_")
}

/// Whether the last word of a build argument's name says that it may be empty.
#[must_use]
pub fn is_optional_argument_word(word: &str) -> bool {
    OPTIONAL_ARGUMENT_WORDS.binary_search(&word).is_ok()
}

/// Whether a path, without a slash at its end, is a directory of the system.
#[must_use]
pub fn is_system_directory(path: &str) -> bool {
    SYSTEM_DIRECTORIES.binary_search(&path).is_ok()
}

/// Whether a trigger of KEDA's counts what waits to be worked on, by its type.
#[must_use]
pub fn is_queue_trigger(kind: &str) -> bool {
    QUEUE_TRIGGERS.binary_search(&kind).is_ok()
}

/// The labels of nodes that may be taken away at short notice: key and value.
pub fn spot_labels() -> impl Iterator<Item = (&'static str, &'static str)> {
    SPOT_LABELS.iter().filter_map(|label| label.split_once(' '))
}
