//! What several checks of this group say or do alike.

use crate::check::edit::{Edit, Fix, Safety, set, written_here};
use crate::release::deploy::migration::Migration;
use crate::release::{Field, Object};

/// The field of an annotation.
pub(super) fn annotation<'a>(object: &Object<'a>, key: &str) -> Field<'a> {
    object.field().at(&["metadata", "annotations", key])
}

/// A fix that writes an annotation.
pub(super) fn annotate(object: &Object<'_>, key: &str, value: &str, safety: Safety, what: &str) -> Option<Fix> {
    let here = written_here(object.root(), &["metadata", "annotations"]);
    let edit = here.and_then(|_| set(object.root(), &["metadata", "annotations", key], &format!("\"{value}\"")));
    Fix::new(safety, what, edit.map(|edit| vec![edit]))
}

/// A fix that quotes what is written.
pub(super) fn quote(field: Field<'_>) -> Option<Fix> {
    let span = field.node().map(|node| node.span()).filter(|span| !span.is_empty());
    Fix::new(Safety::Safe, "quote it", span.map(Edit::quote))
}

/// `the migration (manage.py migrate)`, or `the migration` where only a name tells.
pub(super) fn the_migration(migration: &Migration<'_>) -> String {
    match &migration.command {
        Some(command) => format!("the migration ({command})"),
        None => "the migration".to_string(),
    }
}

/// The known word that a word is a misspelling of, where there is only one: the same letters,
/// or at most two of them wrong.
pub(super) fn meant<'w>(word: &str, known: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    let plain = |word: &str| word.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let asked = plain(word);
    let near: Vec<_> = known.map(|known| (strsim::levenshtein(&asked, &plain(known)), known)).collect();
    let best = near.iter().map(|(distance, _)| *distance).min().filter(|distance| *distance <= 2)?;
    let mut fitting = near.iter().filter(|(distance, _)| *distance == best);
    fitting.next().filter(|_| fitting.next().is_none() && asked.len() > 3).map(|(_, known)| *known)
}

#[cfg(test)]
mod tests {
    use super::meant;

    #[test]
    fn misspellings_are_known_where_they_are_plain() {
        let events = ["pre-install", "pre-upgrade", "post-install"];
        assert_eq!(meant("preinstall", events.into_iter()), Some("pre-install"));
        assert_eq!(meant("pre_upgrade", events.into_iter()), Some("pre-upgrade"));
        assert_eq!(meant("pre-instal", events.into_iter()), Some("pre-install"));
        assert_eq!(meant("install", events.into_iter()), None);
        assert_eq!(meant("", events.into_iter()), None);
    }
}
