//! Names that are nearly right.

/// The known name that is most like another one, and how many edits lie between them,
/// whatever the case of the letters. Whether that is near enough is the caller's to say.
#[must_use]
pub fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<(&'n str, usize)> {
    let name = name.to_lowercase();
    let distances = known.map(|known| (known, strsim::damerau_levenshtein(&name, &known.to_lowercase())));
    distances.min_by_key(|(_, distance)| *distance)
}
