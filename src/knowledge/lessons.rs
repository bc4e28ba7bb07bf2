//! The lessons of practice that rules refer to, as `docs/practice.md` tells them.

const PRACTICE: &str = include_str!("../../docs/practice.md");

/// Every lesson with its text, in the order of the document.
pub fn lessons() -> impl Iterator<Item = (&'static str, &'static str)> {
    PRACTICE.split("\n### ").skip(1).filter_map(|part| {
        let (id, text) = part.split_once('\n')?;
        Some((id.trim(), text.trim()))
    })
}

/// The text of a lesson: `K1`.
#[must_use]
pub fn lesson(id: &str) -> Option<&'static str> {
    lessons().find(|(known, _)| *known == id).map(|(_, text)| text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lessons_are_read_from_the_document() {
        assert_eq!(lessons().next().unwrap().0, "K1");
        assert!(lesson("R10").unwrap().starts_with("Traffic is balanced"));
        assert_eq!(lesson("K99"), None);
    }
}
