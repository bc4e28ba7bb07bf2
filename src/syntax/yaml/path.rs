//! Paths into documents, as people write them.

use super::document::Segment;

/// `spec.containers[0].image`; a key that holds more than letters, digits, `-` and `_` stands
/// in quotes: `metadata.labels["app.kubernetes.io/name"]`.
#[must_use]
pub fn display(path: &[Segment<'_>]) -> String {
    let mut text = String::new();
    path.iter().for_each(|segment| push(&mut text, segment));
    text
}

/// Adds a step to a path.
pub fn push(text: &mut String, segment: &Segment<'_>) {
    match segment {
        Segment::Index(index) => text.push_str(&format!("[{index}]")),
        Segment::Key(key) if is_plain(key) => {
            text.push_str(if text.is_empty() { "" } else { "." });
            text.push_str(key);
        }
        Segment::Key(key) => text.push_str(&format!("[{key:?}]")),
    }
}

/// Whether a key needs no quotes in a path.
#[must_use]
pub fn is_plain(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '-' | '_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_with_dots_stand_in_quotes() {
        let path = [Segment::Key("metadata"), Segment::Key("labels"), Segment::Key("a.b/c"), Segment::Index(2)];
        assert_eq!(display(&path), "metadata.labels[\"a.b/c\"][2]");
        assert_eq!(display(&[]), "");
    }
}
