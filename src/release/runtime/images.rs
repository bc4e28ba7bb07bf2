//! Which Dockerfile of the tree builds the image of a container.
//!
//! The configuration's `images` decide; else a Compose or Skaffold file that builds an image of
//! that name; else the names: the last component of the image's equals the Dockerfile's suffix
//! or prefix (`Dockerfile.web`, `web.Dockerfile`) or its directory. Of several that fit the
//! nearest counts, and where two are equally near, none.

use std::collections::{HashMap, HashSet};

use super::makers::{Maker, directory_of, distinct, of_skaffold};
use crate::knowledge::base_name;
use crate::release::build::Base;
use crate::release::pod::image::ImageName;
use crate::release::scope::common_depth;
use crate::release::{Build, Container, Object, ObjectId, Releases, Stage};

/// A stage of a Dockerfile of the tree, by indexes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct StageId {
    build: usize,
    stage: usize,
}

/// What is built in the tree, and what runs it.
#[derive(Debug, Default)]
pub(in crate::release) struct Images {
    makers: Vec<Maker>,
    /// The repositories whose images a kustomization of the tree replaces.
    replaced: HashSet<String>,
    /// From a container, by its object and its place there, to its stage.
    stages: HashMap<(ObjectId, usize), StageId>,
    /// The containers that run a stage's image.
    users: HashMap<StageId, Vec<(ObjectId, usize)>>,
}

impl Images {
    pub(in crate::release) fn of<'a>(releases: &'a Releases<'a>) -> Self {
        let replaced = replaced(releases).collect();
        if releases.builds().is_empty() {
            return Self { replaced, ..Self::default() };
        }
        let compose = releases.compose.iter().flat_map(super::makers::ComposeFile::makers);
        let skaffold = releases.objects().iter().flat_map(of_skaffold);
        let makers = distinct(compose.chain(skaffold));
        let finder = Finder { releases, makers: &makers };
        let mut known = HashMap::new();
        let mut images = Self { replaced, ..Self::default() };
        let workloads = releases.objects().iter().filter_map(|object| releases.workload(object));
        for workload in workloads.filter(|workload| workload.is_complete()) {
            let object = workload.object();
            for container in workload.containers() {
                let Some(name) = container.image().and_then(ImageName::parse) else { continue };
                let key = (name.repository, object.release, object.directory(), chart_of(object));
                let found = *known.entry(key).or_insert_with(|| finder.find(name, object));
                if let Some(id) = found {
                    images.stages.insert((object.id, container.index()), id);
                    images.users.entry(id).or_default().push((object.id, container.index()));
                }
            }
        }
        images.makers = makers;
        images
    }
}

/// The repositories that entries of `images:` of kustomizations replace.
fn replaced<'a>(releases: &'a Releases<'a>) -> impl Iterator<Item = String> + 'a {
    let kustomizations = releases.objects().iter().filter(|object| object.is_kustomization());
    let entries = kustomizations.flat_map(|object| object.field().get("images").items());
    let changing = entries.filter(|entry| ["newTag", "newName", "digest"].iter().any(|key| entry.get(key).exists()));
    changing.filter_map(|entry| Some(ImageName::parse(entry.get("name").string()?)?.repository.to_string()))
}

/// The name of the chart that an object is rendered from.
fn chart_of<'a>(object: &Object<'a>) -> Option<&'a str> {
    let label = object.label("helm.sh/chart").or_else(|| object.label("chart"))?;
    let (name, version) = label.rsplit_once('-')?;
    version.starts_with(|first: char| first.is_ascii_digit()).then_some(name)
}

struct Finder<'a, 'm> {
    releases: &'a Releases<'a>,
    makers: &'m [Maker],
}

impl Finder<'_, '_> {
    fn find(&self, image: ImageName<'_>, object: &Object<'_>) -> Option<StageId> {
        let mut configured = self.releases.makers.iter().filter(|maker| is_named(maker, image));
        if let Some(maker) = configured.next_back() {
            return self.stage(maker);
        }
        let last = base_name(image.repository);
        let same: Vec<_> = self.makers.iter().filter(|maker| is_named(maker, image)).collect();
        let alike = || self.makers.iter().filter(|maker| base_name(&maker.repository) == last).collect();
        let said: Vec<&Maker> = if same.is_empty() { alike() } else { same };
        if !said.is_empty() {
            let mut stages: Vec<_> =
                said.iter().filter_map(|it| Some((self.stage(it)?, it.directory.as_str()))).collect();
            stages.dedup_by_key(|(stage, _)| *stage);
            return nearest(stages.into_iter(), object.directory());
        }
        let own = &self.releases.release_of(object).dockerfiles;
        let is_own = |build: &Build<'_>| own.is_empty() || own.iter().any(|path| path == build.path);
        let builds = || self.releases.builds().iter().filter(|build| is_own(build));
        let named = builds().filter(|build| is_called(build.path, last));
        let named: Vec<_> = named.filter_map(|it| Some((last_stage(it)?, directory_of(it.path)))).collect();
        if !named.is_empty() {
            return nearest(named.into_iter(), object.directory());
        }
        // The only one at the root is the repository's, or its chart's.
        let is_repository = self.releases.repository.as_deref() == Some(last) || chart_of(object) == Some(last);
        let mut at_root = builds().filter(|build| directory_of(build.path).is_empty());
        let sole = at_root.next().filter(|_| at_root.next().is_none() && is_repository);
        sole.and_then(last_stage)
    }

    /// The stage that a maker builds.
    fn stage(&self, maker: &Maker) -> Option<StageId> {
        let build = self.releases.builds().iter().find(|it| it.path == maker.dockerfile)?;
        match &maker.target {
            Some(target) => {
                let stage = build.stages().find(|stage| stage.title().eq_ignore_ascii_case(target))?;
                Some(StageId { build: build.id, stage: stage.index })
            }
            None => last_stage(build),
        }
    }
}

fn last_stage(build: &Build<'_>) -> Option<StageId> {
    Some(StageId { build: build.id, stage: build.stages().len().checked_sub(1)? })
}

fn is_named(maker: &Maker, image: ImageName<'_>) -> bool {
    maker.repository == image.repository
}

/// Whether a Dockerfile's name, or its directory's, is that of an image.
fn is_called(path: &str, image: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let suffix = name.strip_prefix("Dockerfile.").or_else(|| name.strip_prefix("Containerfile."));
    let prefix = name.strip_suffix(".Dockerfile").or_else(|| name.strip_suffix(".dockerfile"));
    match suffix.or(prefix) {
        Some(variant) => variant == image,
        None => directory_of(path).rsplit('/').next() == Some(image),
    }
}

/// Of stages with the directories that bring them in, the one nearest to a directory.
fn nearest<'m>(found: impl Iterator<Item = (StageId, &'m str)>, from: &str) -> Option<StageId> {
    let mut found: Vec<_> = found.map(|(stage, directory)| (common_depth(from, directory), stage)).collect();
    found.sort_unstable();
    found.dedup();
    match found.as_slice() {
        [.., (depth, _), (deepest, _)] if depth == deepest => None,
        [.., (_, stage)] => Some(*stage),
        [] => None,
    }
}

impl<'a> Releases<'a> {
    fn stage_of(&'a self, id: StageId) -> Option<Stage<'a>> {
        self.builds()[id.build].stage(id.stage)
    }

    /// Whether a kustomization of the tree replaces an image: `images:` with its name.
    pub(super) fn is_replaced(&'a self, image: ImageName<'_>) -> bool {
        self.images().replaced.contains(image.repository)
    }

    /// The containers that run the image of a stage. A file of a closed release stands in the
    /// directory tree, too: its containers count once, as those of the release.
    pub fn users_of(&'a self, stage: Stage<'a>) -> impl Iterator<Item = Container<'a>> {
        let id = StageId { build: stage.build().id, stage: stage.index };
        let users = self.images().users.get(&id).map(Vec::as_slice).unwrap_or_default();
        let container = |(object, index): &(ObjectId, usize)| {
            self.workload(&self.objects()[*object])?.containers().get(*index).copied()
        };
        let mut seen = HashSet::new();
        let found = users.iter().rev().filter_map(container);
        let mut found: Vec<_> = found.filter(|container| seen.insert(container.field().place())).collect();
        found.reverse();
        found.into_iter()
    }

    /// The stages of a Dockerfile that become images: the last one, and those that something
    /// in the tree builds or runs.
    pub fn built_stages(&'a self, build: &'a Build<'a>) -> impl Iterator<Item = Stage<'a>> + 'a {
        let last = build.target().map(|stage| stage.index);
        let targets =
            self.images().makers.iter().chain(self.makers.iter()).filter(|maker| maker.dockerfile == build.path);
        let titles: Vec<_> = targets.filter_map(|maker| maker.target.clone()).collect();
        build.stages().filter(move |stage| {
            let is_target = titles.iter().any(|title| stage.title().eq_ignore_ascii_case(title));
            Some(stage.index) == last || is_target
        })
    }

    /// The directories that may be sent to the builder with a Dockerfile, the likeliest first.
    pub(super) fn contexts_of(&'a self, build: &'a Build<'a>) -> Vec<&'a str> {
        let makers = self.makers.iter().chain(&self.images().makers);
        let said = makers.filter(|maker| maker.dockerfile == build.path).filter_map(|maker| maker.context.as_deref());
        let own = directory_of(build.path);
        let above = std::iter::successors(Some(own), |it| (!it.is_empty()).then(|| directory_of(it)));
        said.chain(above).collect()
    }
}

impl<'a> Container<'a> {
    /// The stage that its image is built from, where a Dockerfile of the tree builds it.
    #[must_use]
    pub fn stage(self) -> Option<Stage<'a>> {
        let releases = self.workload().releases();
        releases.stage_of(*releases.images().stages.get(&(self.workload().object().id, self.index()))?)
    }
}

impl<'b> Stage<'b> {
    /// The image below all stages, where it is known.
    #[must_use]
    pub fn base_name(self) -> Option<ImageName<'b>> {
        match self.base_image() {
            Base::Image(image) => ImageName::parse(image),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dockerfiles_are_called_like_images() {
        for path in
            ["web/Dockerfile", "a/web/Containerfile", "Dockerfile.web", "docker/web.Dockerfile", "web.dockerfile"]
        {
            assert!(is_called(path, "web"), "{path}");
        }
        for path in ["Dockerfile", "web/Dockerfile.dev", "web/a/Dockerfile", "webDockerfile"] {
            assert!(!is_called(path, "web"), "{path}");
        }
    }

    #[test]
    fn the_nearest_counts_and_two_equally_near_do_not() {
        let id = |build| StageId { build, stage: 0 };
        let found = [(id(0), "a/web"), (id(1), "b/web")];
        assert_eq!(nearest(found.into_iter(), "a/deploy"), Some(id(0)));
        assert_eq!(nearest(found.into_iter(), "deploy"), None);
        assert_eq!(nearest(std::iter::empty(), "deploy"), None);
    }
}
