//! Files that say which Dockerfile builds which image: the configuration, Compose, Skaffold.

use std::collections::BTreeMap;

use crate::release::Object;
use crate::release::field::Field;
use crate::release::pod::image::ImageName;
use crate::syntax::yaml::Node;

/// An image and what it is built from. Paths start at the root of the context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Maker {
    /// The repository of the image.
    pub repository: String,
    /// The Dockerfile.
    pub dockerfile: String,
    /// The directory that is sent to the builder, where it is said.
    pub context: Option<String>,
    /// The stage that is built; the last one, where it is not said.
    pub target: Option<String>,
    /// The directory of the file that says so.
    pub directory: String,
}

/// A Compose file: where it stands, and what it holds.
#[derive(Clone, Copy, Debug)]
pub struct ComposeFile<'a> {
    /// Its path from the root of the context.
    pub path: &'a str,
    /// Its root.
    pub root: Node<'a>,
}

/// Whether a file is one of Compose's, by its name.
#[must_use]
pub fn is_compose_name(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let is_yaml = name.ends_with(".yml") || name.ends_with(".yaml");
    is_yaml && (name.starts_with("docker-compose") || name.starts_with("compose.") || name.starts_with("compose-"))
}

impl ComposeFile<'_> {
    /// The images of its services that are built. A service without `image` has the name of its
    /// project, the directory, and its own. Source: Compose specification, `build`, `image`.
    #[must_use]
    pub fn makers(&self) -> Vec<Maker> {
        let directory = directory_of(self.path);
        let project = directory.rsplit('/').next().unwrap_or_default();
        let services = Field::root(self.root, self.root.span()).get("services");
        let services = services.node().into_iter().flat_map(Node::entries);
        let makers = services.filter_map(|entry| {
            let service = Field::root(entry.value, entry.key.span());
            let build = service.get("build");
            let context = build.string().or_else(|| build.get("context").string());
            let context = join(directory, context.or_else(|| build.exists().then_some("."))?)?;
            let dockerfile = join(&context, build.get("dockerfile").string().unwrap_or("Dockerfile"))?;
            let repository = match service.get("image").string() {
                Some(image) => repository_of(image)?,
                None => format!("{project}-{}", entry.key.text()?),
            };
            let target = build.get("target").string().map(str::to_string);
            Some(Maker { repository, dockerfile, context: Some(context), target, directory: directory.to_string() })
        });
        makers.collect()
    }
}

/// The images that a Skaffold configuration builds from Dockerfiles. Source: skaffold.yaml
/// reference, `build.artifacts`.
#[must_use]
pub fn of_skaffold(object: &Object<'_>) -> Vec<Maker> {
    const OTHER_BUILDERS: [&str; 5] = ["bazel", "buildpacks", "custom", "jib", "ko"];
    if !object.api_version.starts_with("skaffold/") {
        return Vec::new();
    }
    let field = object.field();
    let profiles = field.get("profiles").items();
    let builds = std::iter::once(field.get("build")).chain(profiles.map(|profile| profile.get("build")));
    let artifacts = builds.flat_map(|build| build.get("artifacts").items());
    let built = artifacts.filter(|artifact| !OTHER_BUILDERS.iter().any(|builder| artifact.get(builder).exists()));
    let makers = built.filter_map(|artifact| {
        let context = join(object.directory(), artifact.get("context").string().unwrap_or("."))?;
        let builder = if artifact.get("kaniko").exists() { "kaniko" } else { "docker" };
        let docker = artifact.get(builder);
        Some(Maker {
            repository: repository_of(artifact.get("image").string()?)?,
            dockerfile: join(&context, docker.get("dockerfile").string().unwrap_or("Dockerfile"))?,
            context: Some(context),
            target: docker.get("target").string().map(str::to_string),
            directory: object.directory().to_string(),
        })
    });
    let mut makers: Vec<_> = makers.collect();
    makers.dedup();
    makers
}

/// The repository of an image's name; a variable may stand for its tag.
fn repository_of(image: &str) -> Option<String> {
    let name = image.split_once(":$").map_or(image, |(name, _)| name);
    ImageName::parse(name).map(|name| name.repository.to_string())
}

/// The directory of a path, empty for the root.
#[must_use]
pub fn directory_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(directory, _)| directory)
}

/// A path below a directory, both from the root of the context; nothing where it leads out, or
/// a variable stands in it.
#[must_use]
pub fn join(directory: &str, path: &str) -> Option<String> {
    if path.contains(['$', ':']) {
        return None;
    }
    let from = if path.starts_with('/') { "" } else { directory };
    let mut parts: Vec<&str> = Vec::new();
    for part in from.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// Every maker, once.
pub(super) fn distinct(makers: impl Iterator<Item = Maker>) -> Vec<Maker> {
    let mut seen = BTreeMap::new();
    for maker in makers {
        let key = (maker.repository.clone(), maker.dockerfile.clone(), maker.target.clone(), maker.directory.clone());
        seen.entry(key).or_insert(maker);
    }
    seen.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release::Scope;
    use crate::release::manifests::read;

    #[test]
    fn paths_are_joined_without_leaving_the_root() {
        assert_eq!(join("a/b", "../c").as_deref(), Some("a/c"));
        assert_eq!(join("a", "./").as_deref(), Some("a"));
        assert_eq!(join("a", "/c").as_deref(), Some("c"));
        assert_eq!(join("a", "../../c"), None);
        assert_eq!(join("", "https://example.com/x.git"), None);
    }

    #[test]
    fn compose_files_are_known_by_name() {
        for path in ["docker-compose.yml", "a/docker-compose.prod.yaml", "compose.yaml", "compose-dev.yml"] {
            assert!(is_compose_name(path), "{path}");
        }
        assert!(!is_compose_name("composer.yaml") && !is_compose_name("docker-compose.md"));
    }

    #[test]
    fn skaffold_builds_images() {
        let text = "apiVersion: skaffold/v4beta6\nkind: Config\nbuild:\n  artifacts:\n  - {image: web, context: src/web}\n  - {image: jar, jib: {}}\n  - image: r.example.com/api:x\n    docker: {dockerfile: api.Dockerfile, target: run}\n";
        read(Scope::Open, &[("skaffold.yaml", text)], |releases| {
            let makers = of_skaffold(&releases.objects()[0]);
            let names: Vec<_> = makers.iter().map(|it| (it.repository.as_str(), it.dockerfile.as_str())).collect();
            assert_eq!(names, [("web", "src/web/Dockerfile"), ("r.example.com/api", "api.Dockerfile")]);
            assert_eq!(makers[1].target.as_deref(), Some("run"));
        });
    }
}
