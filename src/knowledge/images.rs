//! Images by name.

use super::DATABASE_IMAGES;

/// Whether an image is a database or a message broker, by its name.
#[must_use]
pub fn is_database_image(image: &str) -> bool {
    let name = base_name(image);
    DATABASE_IMAGES.iter().any(|known| name.strip_prefix(known).is_some_and(|rest| rest.is_empty() || is_variant(rest)))
}

/// The last component of an image's name, without tag and digest.
#[must_use]
pub fn base_name(image: &str) -> &str {
    let name = image.split('@').next().unwrap_or(image);
    let last = name.rsplit('/').next().unwrap_or(name);
    last.split(':').next().unwrap_or(last)
}

/// The tag of an image, where one is written.
#[must_use]
pub fn image_tag(image: &str) -> Option<&str> {
    let name = image.split('@').next().unwrap_or(image);
    name.rsplit('/').next()?.split_once(':').map(|(_, tag)| tag)
}

/// A suffix that names a flavour of the server itself, and no tool beside it.
fn is_variant(suffix: &str) -> bool {
    const FLAVOURS: [&str; 12] = [
        "alpine",
        "cluster",
        "server",
        "repmgr",
        "sentinel",
        "replica",
        "master",
        "primary",
        "standalone",
        "ha",
        "sharded",
        "oss",
    ];
    let words = suffix.strip_prefix(['-', '_']);
    words.is_some_and(|words| words.split(['-', '_']).all(|word| FLAVOURS.contains(&word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn databases_are_known_by_their_image() {
        for image in
            ["postgres:16", "docker.io/bitnami/postgresql-repmgr:1", "redis", "host:5000/x/redis-cluster@sha256:0"]
        {
            assert!(is_database_image(image), "{image}");
        }
        for image in ["redis-exporter:1", "shop/postgres-backup", "nginx", "mysqld-exporter", "kafka-ui"] {
            assert!(!is_database_image(image), "{image}");
        }
    }
}
