//! What is known of the world as data: built in from `rules/knowledge/` and `data/`.

mod images;
pub mod schema;
mod secrets;
pub mod servers;

pub use images::{base_name, is_database_image};
pub use secrets::looks_secret;

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

/// Commands that change a database schema: a program, and a word that stands after it.
pub fn migration_commands() -> impl Iterator<Item = (&'static str, &'static str)> {
    MIGRATIONS.iter().filter_map(|command| command.split_once(' '))
}
