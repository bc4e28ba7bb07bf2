//! The signals that public images ask to be stopped with: `rules/knowledge/stop-signals.yaml`.

use super::{BASH_IMAGES, BUSYBOX_IMAGES, DASH_IMAGES};

include!(concat!(env!("OUT_DIR"), "/stop_signals.rs"));

/// A row of the list.
struct ImageSignal {
    images: &'static [&'static str],
    tag: Option<&'static str>,
    signal: Option<&'static str>,
    since: Option<&'static str>,
    unsure: &'static [&'static str],
}

/// What is known of an image's STOPSIGNAL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageStop {
    /// It sets this one, without `SIG`.
    Sets(&'static str),
    /// It sets none: SIGTERM is sent.
    Nothing,
    /// It is not known.
    Unknown,
}

/// What STOPSIGNAL a public image sets, by its repository as [`official`] shortens it, and its
/// tag.
#[must_use]
pub fn stop_signal_of_image(repository: &str, tag: Option<&str>) -> ImageStop {
    let repository = official(repository);
    let has_word = |word: &str| tag.is_some_and(|tag| tag.split('-').any(|part| part == word));
    let fits =
        |row: &&ImageSignal| row.tag.is_none_or(has_word) && row.images.iter().any(|it| is_image(it, repository));
    match IMAGE_SIGNALS.iter().find(fits) {
        Some(row) => row.at(tag),
        None if is_plain(repository) => ImageStop::Nothing,
        None => ImageStop::Unknown,
    }
}

impl ImageSignal {
    fn at(&self, tag: Option<&str>) -> ImageStop {
        let (Some(signal), version) = (self.signal, tag.and_then(version)) else { return ImageStop::Nothing };
        match (self.since, tag) {
            (Some(_), None) => ImageStop::Unknown,
            _ if version.is_some_and(|version| self.unsure.contains(&version)) => ImageStop::Unknown,
            (Some(since), Some(_)) if version.is_some_and(|version| is_before(version, since)) => ImageStop::Nothing,
            _ => ImageStop::Sets(signal),
        }
    }
}

/// `gcr.io/distroless/*` stands for every image below.
fn is_image(row: &str, repository: &str) -> bool {
    match row.strip_suffix('*') {
        Some(start) => repository.starts_with(start),
        None => row == repository,
    }
}

/// The official images of distributions and languages, which run other people's programs.
fn is_plain(repository: &str) -> bool {
    [BASH_IMAGES, BUSYBOX_IMAGES, DASH_IMAGES].iter().any(|list| list.binary_search(&repository).is_ok())
}

/// The name of an official image, from Docker Hub itself or from a mirror of it: `python` of
/// `mirror.example.com/library/python`. Any other repository stays as it is.
#[must_use]
pub fn official(repository: &str) -> &str {
    if let Some((_, name)) = repository.rsplit_once("library/") {
        return name;
    }
    match repository.split_once('/') {
        Some((host, name)) if host.contains(['.', ':']) && !name.contains('/') => name,
        _ => repository,
    }
}

/// The version at the start of a tag: `1.27` of `1.27-alpine`.
fn version(tag: &str) -> Option<&str> {
    let version = tag.split('-').next()?;
    let is_version = version.starts_with(|first: char| first.is_ascii_digit());
    is_version.then_some(version)
}

/// Whether a version comes before another one. What it leaves out is the newest: `1.19` is
/// 1.19.10.
fn is_before(version: &str, other: &str) -> bool {
    let numbers = |text: &str| text.split('.').map(|part| part.parse().unwrap_or(u32::MAX)).collect::<Vec<_>>();
    let (mut version, other) = (numbers(version), numbers(other));
    version.resize(other.len().max(version.len()), u32::MAX);
    version < other
}

#[cfg(test)]
mod tests {
    use super::ImageStop::{Nothing, Sets, Unknown};
    use super::*;

    #[test]
    fn nginx_quits_gracefully_since_november_2020() {
        let nginx = |tag| stop_signal_of_image("nginx", tag);
        for tag in ["latest", "alpine", "stable", "1.27", "1.27-alpine", "1.19", "1.19.5", "1.19.10-alpine", "1"] {
            assert_eq!(nginx(Some(tag)), Sets("QUIT"), "{tag}");
        }
        for tag in ["1.17", "1.17.10-alpine", "1.19.0", "1.19.3", "1.15"] {
            assert_eq!(nginx(Some(tag)), Nothing, "{tag}");
        }
        for tag in [Some("1.18.0"), Some("1.18"), Some("1.19.4-alpine"), None] {
            assert_eq!(nginx(tag), Unknown, "{tag:?}");
        }
    }

    #[test]
    fn other_images() {
        assert_eq!(stop_signal_of_image("php", Some("8.3-fpm-alpine")), Sets("QUIT"));
        assert_eq!(stop_signal_of_image("php", Some("8.3-apache")), Sets("WINCH"));
        assert_eq!(stop_signal_of_image("php", Some("8.3-cli")), Nothing);
        assert_eq!(stop_signal_of_image("mirror.example.com/library/python", Some("3.12")), Nothing);
        assert_eq!(stop_signal_of_image("host:5000/debian", Some("12")), Nothing);
        assert_eq!(stop_signal_of_image("gcr.io/distroless/python3", None), Nothing);
        assert_eq!(stop_signal_of_image("bitnami/nginx", Some("1.27")), Unknown);
        assert_eq!(stop_signal_of_image("shop/web", Some("1.0")), Unknown);
    }
}
