//! Names of images.

use std::borrow::Cow;

use crate::knowledge::is_mutable_tag;

/// What an image is called: `registry.example.com/shop/web:1.4.2@sha256:…`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageName<'a> {
    /// Registry and path, without what Docker Hub's names may leave out.
    pub repository: &'a str,
    /// The tag; `latest` where neither a tag nor a digest is written.
    pub tag: Option<&'a str>,
    /// The digest.
    pub digest: Option<&'a str>,
}

impl<'a> ImageName<'a> {
    /// Takes a name apart; nothing for one that is filled in later, or is no name.
    #[must_use]
    pub fn parse(image: &'a str) -> Option<Self> {
        if image.contains(['$', '{', '<', ' ']) || image.is_empty() {
            return None;
        }
        let (name, digest) = image.split_once('@').map_or((image, None), |(name, digest)| (name, Some(digest)));
        let path = name.rfind('/').map_or(0, |slash| slash + 1);
        let (repository, tag) = match name[path..].find(':') {
            Some(colon) => (&name[..path + colon], Some(&name[path + colon + 1..])),
            None => (name, None),
        };
        let repository = repository.trim_start_matches("index.").trim_start_matches("docker.io/");
        let repository = repository.trim_start_matches("library/");
        let tag = tag.or(if digest.is_none() { Some("latest") } else { None });
        (!repository.is_empty() && tag != Some("")).then_some(Self { repository, tag, digest })
    }

    /// The registry that it is pulled from: Docker Hub, unless the first part of the name can be
    /// a host.
    ///
    /// Source: `github.com/distribution/reference`, `splitDockerDomain`.
    #[must_use]
    pub fn registry(self) -> &'a str {
        self.host().map_or("docker.io", |(host, _)| host)
    }

    /// The repository within its registry: `library/nginx` for `nginx`.
    #[must_use]
    pub fn path(self) -> Cow<'a, str> {
        match self.host() {
            Some((_, path)) => path.into(),
            None if self.repository.contains('/') => self.repository.into(),
            None => format!("library/{}", self.repository).into(),
        }
    }

    fn host(self) -> Option<(&'a str, &'a str)> {
        let (host, path) = self.repository.split_once('/')?;
        let is_host = host.contains(['.', ':']) || host == "localhost" || host.contains(char::is_uppercase);
        is_host.then_some((host, path))
    }

    /// Whether two names of one repository cannot mean the same image: their digests differ, or
    /// else their tags do.
    #[must_use]
    pub fn differs(self, other: Self) -> bool {
        match (self.digest, other.digest, self.tag, other.tag) {
            (Some(one), Some(other), ..) => one != other,
            (.., Some(one), Some(other)) => one != other,
            _ => false,
        }
    }

    /// Whether nobody can tell which program it is: tag `latest`, written or not, and no digest.
    #[must_use]
    pub fn is_latest(self) -> bool {
        self.digest.is_none() && self.tag == Some("latest")
    }

    /// Whether its tag is moved with every build, by its name, and no digest holds it.
    #[must_use]
    pub fn is_mutable(self) -> bool {
        self.digest.is_none() && self.tag.is_some_and(is_mutable_tag)
    }

    /// The tag or the digest, as a message says it.
    #[must_use]
    pub fn version(self) -> &'a str {
        self.tag.or(self.digest).unwrap_or("latest")
    }
}

#[cfg(test)]
mod tests {
    use super::ImageName;

    fn parts(image: &str) -> (&str, Option<&str>, Option<&str>) {
        let name = ImageName::parse(image).unwrap();
        (name.repository, name.tag, name.digest)
    }

    #[test]
    fn names_are_taken_apart() {
        assert_eq!(parts("shop/web:1.4"), ("shop/web", Some("1.4"), None));
        assert_eq!(parts("docker.io/library/redis"), ("redis", Some("latest"), None));
        assert_eq!(parts("host:5000/web@sha256:0"), ("host:5000/web", None, Some("sha256:0")));
        assert_eq!(parts("host:5000/web:1@sha256:0"), ("host:5000/web", Some("1"), Some("sha256:0")));
        for unknown in ["", "${IMAGE}", "web:", "{{ .Values.image }}", ":"] {
            assert_eq!(ImageName::parse(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn registries_are_told_from_paths() {
        let registry = |image| {
            let name = ImageName::parse(image).unwrap();
            (name.registry(), name.path().into_owned())
        };
        let is = |host, path: &str| (host, path.to_string());
        assert_eq!(registry("nginx"), is("docker.io", "library/nginx"));
        assert_eq!(registry("shop/web:1"), is("docker.io", "shop/web"));
        assert_eq!(registry("docker.io/library/nginx"), is("docker.io", "library/nginx"));
        assert_eq!(registry("index.docker.io/shop/web"), is("docker.io", "shop/web"));
        assert_eq!(registry("ghcr.io/a/b/c@sha256:0"), is("ghcr.io", "a/b/c"));
        assert_eq!(registry("host:5000/web"), is("host:5000", "web"));
        assert_eq!(registry("localhost/web"), is("localhost", "web"));
    }

    #[test]
    fn what_cannot_be_the_same() {
        let differ = |one, other| ImageName::parse(one).unwrap().differs(ImageName::parse(other).unwrap());
        assert!(differ("web:1", "web:2"));
        assert!(differ("web:1", "web"));
        assert!(differ("web:1@sha256:0", "web:1@sha256:1"));
        assert!(!differ("web:1@sha256:0", "web:1"));
        assert!(!differ("web@sha256:0", "web:1"));
    }
}
