//! What is deployed together, and what the platform will do with it.
//!
//! [`Releases`] holds every object that was read. Typed views ([`Workload`],
//! [`Container`], [`Probe`], [`Service`] …) are light handles into it that answer in
//! [`Fact`]s: a value with its origin, or the reason why it is not known. References
//! between objects are resolved by the scopes of [`scope`]; who selects whom is worked out
//! when it is first asked for ([`relations`]).

pub mod build;
pub mod config;
pub mod conformance;
pub mod deploy;
pub mod disruption;
pub mod fact;
pub mod field;
pub mod job;
pub mod kustomize;
#[cfg(test)]
mod manifests;
pub mod object;
pub mod orchestrator;
pub mod pod;
mod region;
mod relations;
pub mod render;
pub mod rollout;
pub mod runtime;
pub mod scaling;
pub mod schedule;
pub mod scope;
pub mod secrets;
pub mod selector;
pub mod suppression;
pub mod texts;
pub mod traffic;
pub mod update;
pub mod workload;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

pub use build::{Build, BuildArgument, Stage};
pub use disruption::DisruptionBudget;
pub use fact::{Fact, Origin};
pub use field::Field;
pub use object::{Object, ObjectId};
pub use orchestrator::Orchestrator;
pub use pod::container::{Container, Role};
pub use pod::probe::Probe;
pub use scaling::{Autoscaler, Replicas};
pub use scope::{Release, Scope};
pub use selector::Selector;
pub use traffic::ingress::Ingress;
pub use traffic::service::Service;
pub use workload::{Workload, WorkloadKind};

use config::provider::Providers;
use config::requirement::Requirement;
use deploy::applied_by::Orchestrators;
use deploy::together::Deploys;
use region::Regions;
use relations::Relations;
use runtime::files::ContextFile;
use runtime::images::Images;
use runtime::makers::{ComposeFile, Maker};
use runtime::run::Launches;
use scaling::Scalings;

/// Every object of a run, and the releases they belong to.
#[derive(Debug)]
pub struct Releases<'a> {
    /// The minor version of Kubernetes that is judged for: 33 for 1.33.
    pub kube_minor: u8,
    /// Objects that exist in the cluster already.
    pub provided: Vec<Provided>,
    /// Whether a Secret that is nowhere in reach is certainly missing.
    pub strict_references: bool,
    /// What environments must hold.
    pub required: Arc<[Requirement]>,
    /// Which Dockerfile builds which image, as the configuration says.
    pub makers: Arc<[Maker]>,
    /// The name of the repository, where it is known.
    pub repository: Option<String>,
    releases: Vec<Release>,
    objects: Vec<Object<'a>>,
    by_name: HashMap<(usize, &'a str, &'a str), Vec<ObjectId>>,
    builds: Vec<Build<'a>>,
    compose: Vec<ComposeFile<'a>>,
    context_files: BTreeMap<&'a str, ContextFile<'a>>,
    launches: Vec<Launches>,
    image_launches: Vec<Launches>,
    images: OnceLock<Images>,
    relations: OnceLock<Relations>,
    regions: OnceLock<Regions>,
    orchestrators: OnceLock<Orchestrators>,
    deploys: OnceLock<Deploys>,
    providers: OnceLock<Providers>,
    scalings: OnceLock<Scalings>,
}

/// An object that exists in the cluster already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provided {
    /// Its kind.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Its namespace; any, where it is not said.
    pub namespace: Option<String>,
}

impl<'a> Releases<'a> {
    /// No objects yet.
    #[must_use]
    pub fn new(kube_minor: u8, provided: Vec<Provided>) -> Self {
        Self {
            kube_minor,
            provided,
            strict_references: false,
            required: Arc::default(),
            makers: Arc::default(),
            repository: None,
            releases: Vec::new(),
            objects: Vec::new(),
            by_name: HashMap::new(),
            builds: Vec::new(),
            compose: Vec::new(),
            context_files: BTreeMap::new(),
            launches: Vec::new(),
            image_launches: Vec::new(),
            images: OnceLock::new(),
            relations: OnceLock::new(),
            regions: OnceLock::new(),
            orchestrators: OnceLock::new(),
            deploys: OnceLock::new(),
            providers: OnceLock::new(),
            scalings: OnceLock::new(),
        }
    }

    /// Adds a release with its objects. Objects of an open scope may be looked up by every
    /// closed one.
    pub fn add(&mut self, mut release: Release, objects: impl IntoIterator<Item = Object<'a>>) {
        let index = self.releases.len();
        let first = self.objects.len();
        self.objects.extend(objects);
        self.launches.resize_with(self.objects.len(), Launches::new);
        release.objects = first..self.objects.len();
        for (id, object) in self.objects.iter_mut().enumerate().skip(first) {
            object.id = id;
            object.release = index;
            if let Some(name) = object.name {
                self.by_name.entry((index, object.kind, name)).or_default().push(id);
            }
        }
        release.orchestrator = release.orchestrator.or_else(|| deploy::applied_by::detect(&self.objects[first..]));
        self.releases.push(release);
    }

    /// Adds a Dockerfile.
    pub fn add_build(&mut self, mut build: Build<'a>) {
        build.id = self.builds.len();
        self.builds.push(build);
        self.image_launches.push(Launches::new());
    }

    /// Adds a Compose file, which says what images are built from.
    pub fn add_compose(&mut self, file: ComposeFile<'a>) {
        self.compose.push(file);
    }

    /// Adds a file that may be copied into an image, by its path from the root of the context.
    pub fn add_context_file(&mut self, path: &'a str, file: ContextFile<'a>) {
        self.context_files.insert(path, file);
    }

    /// A file that may be copied into an image.
    #[must_use]
    pub fn context_file(&self, path: &str) -> Option<ContextFile<'a>> {
        self.context_files.get(path).copied()
    }

    /// The Dockerfiles, in the order in which they were added.
    #[must_use]
    pub fn builds(&self) -> &[Build<'a>] {
        &self.builds
    }

    /// The releases, in the order in which they were added.
    #[must_use]
    pub fn releases(&self) -> &[Release] {
        &self.releases
    }

    /// The release that an object is judged in.
    #[must_use]
    pub fn release_of(&self, object: &Object<'_>) -> &Release {
        &self.releases[object.release]
    }

    /// Every object of every release.
    #[must_use]
    pub fn objects(&self) -> &[Object<'a>] {
        &self.objects
    }

    /// The objects of a release.
    #[must_use]
    pub fn objects_of(&self, release: usize) -> &[Object<'a>] {
        &self.objects[self.releases[release].objects.clone()]
    }

    fn images(&'a self) -> &'a Images {
        self.images.get_or_init(|| Images::of(self))
    }

    fn relations(&'a self) -> &'a Relations {
        self.relations.get_or_init(|| Relations::of(self))
    }

    fn regions(&'a self) -> &'a Regions {
        self.regions.get_or_init(|| Regions::of(self))
    }

    fn orchestrators(&'a self) -> &'a Orchestrators {
        self.orchestrators.get_or_init(|| Orchestrators::of(self))
    }

    fn deploys(&'a self) -> &'a Deploys {
        self.deploys.get_or_init(|| Deploys::of(self))
    }

    fn scalings(&'a self) -> &'a Scalings {
        self.scalings.get_or_init(|| Scalings::of(self))
    }

    fn providers(&self) -> &Providers {
        self.providers.get_or_init(|| Providers::of(self))
    }

    /// The view of an object as a workload, if it is one.
    #[must_use]
    pub fn workload(&'a self, object: &'a Object<'a>) -> Option<Workload<'a>> {
        Workload::of(self, object)
    }
}
