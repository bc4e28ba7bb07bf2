//! Names of ConfigMaps and Secrets: which are alike, and which change with what they name.

/// Whether a name that is not there may be meant as one that is: at most two letters apart.
/// Names that differ in a number (`redis-1`), or in words of three letters and less (`api`,
/// `app`), are meant to differ.
#[must_use]
pub fn is_near(known: &str, name: &str) -> bool {
    if known == name || known.len().abs_diff(name.len()) > 2 || without_digits(known) == without_digits(name) {
        return false;
    }
    strsim::damerau_levenshtein(known, name) <= 2 && !differ_in_short_words(known, name)
}

fn without_digits(name: &str) -> String {
    name.chars().filter(|letter| !letter.is_ascii_digit()).collect()
}

fn differ_in_short_words(one: &str, other: &str) -> bool {
    let words = |name: &str| name.split(['-', '.']).map(str::to_string).collect::<Vec<_>>();
    let (one, other) = (words(one), words(other));
    if one.len() != other.len() {
        // A separator too few or too many is a slip; a whole short word is not.
        return one.concat() != other.concat();
    }
    one.iter().zip(&other).filter(|(one, other)| one != other).any(|(one, other)| one.len() <= 3 && other.len() <= 3)
}

/// Whether a name ends in a hash or a version, so that a change comes under a new name.
///
/// Source: kustomize `api/hasher/hasher.go`, `encode`, for the letters of its suffix.
#[must_use]
pub fn is_versioned(name: &str) -> bool {
    let last = name.rsplit('-').next().unwrap_or(name);
    let is_number = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    let version = last.strip_prefix(['v', 'r']).unwrap_or(last);
    last != name && (has_kustomize_hash(name) || is_hash(last) || version.split(['.', '_']).all(is_number))
}

/// Whether a name ends in the hash that Kustomize appends.
#[must_use]
pub fn has_kustomize_hash(name: &str) -> bool {
    name.rsplit_once('-')
        .is_some_and(|(_, last)| last.len() == 10 && last.bytes().all(|b| b"2456789bcdfghkmt".contains(&b)))
}

/// At least six hexadecimal digits, a number among them.
fn is_hash(word: &str) -> bool {
    word.len() >= 6
        && word.bytes().all(|byte| byte.is_ascii_hexdigit())
        && word.bytes().any(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_told_from_names_that_are_meant_to_differ() {
        for (known, name) in [
            ("web-config", "web-cofnig"),
            ("web-config", "web-conf"),
            ("web-config", "webconfig"),
            ("shop-db", "shp-db"),
        ] {
            assert!(is_near(known, name), "{known} {name}");
        }
        for (known, name) in [
            ("web-config", "web-config"),
            ("redis-1", "redis-2"),
            ("redis", "redis2"),
            ("api-config", "app-config"),
            ("web", "web-a"),
            ("web-config", "web-settings"),
        ] {
            assert!(!is_near(known, name), "{known} {name}");
        }
    }

    #[test]
    fn versions_and_hashes_stand_at_the_end() {
        for name in ["web-v3", "web-1.4.2", "web-20260101", "web-9f2c1ab", "web-7dbk6tg94c", "web-r2"] {
            assert!(is_versioned(name), "{name}");
        }
        for name in ["web", "web-config", "web-v", "v3", "web-decade", "web-abcdef"] {
            assert!(!is_versioned(name), "{name}");
        }
    }
}
