//! What a deploy brings up together with a hook or a migration: the app's workloads, and the
//! other migrations.
//!
//! A deploy is a closed scope, and in the directory tree a directory. All of it is worked out in
//! one pass, so that asking costs nothing however many Jobs ask.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::knowledge::servers::server_of_image;
use crate::knowledge::signals::official;
use crate::release::deploy::hook::{ARGO_HOOK, HELM_HOOK, Hook, Moment, Runner, Stage, order};
use crate::release::deploy::migration::{Migration, Waits};
use crate::release::pod::image::{ImageName, is_same_version, is_version};
use crate::release::{Object, ObjectId, Releases, Scope, Workload};

/// More images of one repository than this are not versions of one app.
const MOST_IMAGES: usize = 8;

/// Every deploy, and which one an object belongs to.
#[derive(Debug, Default)]
pub(in crate::release) struct Deploys {
    of: Vec<usize>,
    all: Vec<Deploy>,
}

/// What is brought up together.
#[derive(Debug, Default)]
pub struct Deploy {
    /// How many hooks run at a moment.
    hooks: HashMap<Moment, usize>,
    /// All workloads that stay.
    apps: Apps,
    /// Those that run an image of one repository.
    by_repository: HashMap<String, Apps>,
    /// The migrations of one repository that run at a moment and are equal in the order.
    equals: HashMap<(Moment, i64, String), Vec<ObjectId>>,
    /// What is known of the migrations of one command.
    runs: HashMap<String, Runs>,
    /// Version labels that are those of an image.
    versions: BTreeSet<String>,
    /// A database of its own, which is not there before the first install.
    database: Option<ObjectId>,
    /// The first object whose only hook is Helm's, and the first whose only one is Argo CD's.
    families: [Option<ObjectId>; 2],
}

/// Workloads that stay, as a migration sees them.
#[derive(Debug, Default)]
pub struct Apps {
    count: usize,
    /// One of those that wait for nothing.
    idle: Option<ObjectId>,
    /// How many wait until all migrations are applied, and one of them.
    waiting: (usize, Option<ObjectId>),
    /// How many others wait for what a word names.
    waiting_for: HashMap<String, usize>,
    /// One of those with the lowest wave.
    first: Option<(i64, ObjectId)>,
    /// One whose readiness verifies migrations.
    verifying: Option<ObjectId>,
    /// One of each image that they run.
    images: BTreeMap<String, ObjectId>,
}

/// The migrations of one command in a deploy.
#[derive(Debug, Default)]
struct Runs {
    moments: BTreeSet<Moment>,
    environment: Option<String>,
    differ: bool,
}

impl Apps {
    fn add(&mut self, workload: Workload<'_>, images: &[&str]) {
        let id = workload.object().id;
        self.count += 1;
        match workload.waits() {
            Waits::No => self.idle = self.idle.or(Some(id)),
            Waits::ForMigrations => self.waiting = (self.waiting.0 + 1, self.waiting.1.or(Some(id))),
            Waits::For(words) => {
                for word in words.into_iter().collect::<BTreeSet<_>>() {
                    *self.waiting_for.entry(word.to_string()).or_default() += 1;
                }
            }
        }
        let wave = order(workload.object(), Runner::Argo);
        if self.first.is_none_or(|(lowest, _)| wave < lowest) {
            self.first = Some((wave, id));
        }
        if self.verifying.is_none() && workload.readiness_verifies_migrations() {
            self.verifying = Some(id);
        }
        for image in images {
            self.images.entry((*image).to_string()).or_insert(id);
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Whether every one of them waits for a Job of this name, or for all migrations.
    #[must_use]
    pub fn all_wait_for(&self, job: Option<&str>) -> bool {
        let by_name = job.and_then(|job| self.waiting_for.get(job)).copied().unwrap_or(0);
        self.waiting.0 + by_name == self.count
    }

    /// The lowest wave among them.
    #[must_use]
    pub fn lowest_wave(&self) -> Option<i64> {
        self.first.map(|(wave, _)| wave)
    }
}

impl Deploys {
    pub(in crate::release) fn of<'a>(releases: &'a Releases<'a>) -> Self {
        let mut deploys = Self::default();
        let mut known = HashMap::new();
        for object in releases.objects() {
            let open = releases.release_of(object).scope == Scope::Open;
            let key = (object.release, if open { object.directory() } else { "" });
            let index = *known.entry(key).or_insert_with(|| {
                deploys.all.push(Deploy::default());
                deploys.all.len() - 1
            });
            deploys.of.push(index);
            if !object.is_helm_test() {
                deploys.all[index].add(releases, object);
            }
        }
        deploys
    }
}

impl Deploy {
    fn add<'a>(&mut self, releases: &'a Releases<'a>, object: &'a Object<'a>) {
        let hook = releases.hook(object);
        for moment in hook.iter().flat_map(|hook| &hook.moments) {
            *self.hooks.entry(*moment).or_default() += 1;
        }
        match (object.annotation(HELM_HOOK), object.annotation(ARGO_HOOK)) {
            (Some(_), None) => self.families[0] = self.families[0].or(Some(object.id)),
            (None, Some(_)) => self.families[1] = self.families[1].or(Some(object.id)),
            _ => {}
        }
        if is_database_resource(object) {
            self.database = self.database.or(Some(object.id));
        }
        let Some(workload) = releases.workload(object).filter(Workload::is_complete) else { return };
        if let Some(migration) = workload.migration() {
            self.add_migration(&migration);
        } else if workload.is_long_running() && hook.is_none() {
            self.add_app(workload);
        }
    }

    fn add_app(&mut self, workload: Workload<'_>) {
        if workload.app_containers().any(|container| container.image().is_some_and(keeps_a_schema)) {
            self.database = self.database.or(Some(workload.object().id));
        }
        let images: Vec<_> = workload.app_containers().filter_map(|container| container.image()).collect();
        self.add_version(workload, &images);
        if workload.is_database() {
            return;
        }
        self.apps.add(workload, &images);
        let names: Vec<_> =
            images.iter().filter_map(|image| Some((ImageName::parse(image)?.repository, *image))).collect();
        for repository in names.iter().map(|(repository, _)| *repository).collect::<BTreeSet<_>>() {
            let own: Vec<_> = names.iter().filter(|(name, _)| *name == repository).map(|(_, image)| *image).collect();
            self.by_repository.entry(repository.to_string()).or_default().add(workload, &own);
        }
    }

    /// The version that a workload's label names, where it is that of an image that it runs.
    fn add_version(&mut self, workload: Workload<'_>, images: &[&str]) {
        let metadata = [workload.object().field().get("metadata"), workload.pod_metadata()];
        for label in metadata.iter().filter_map(|it| it.at(&["labels", "app.kubernetes.io/version"]).string()) {
            let mut tags = images.iter().filter_map(|image| ImageName::parse(image)?.tag);
            if tags.any(|tag| is_version(tag) && is_same_version(label, tag)) {
                self.versions.insert(label.to_string());
            }
        }
    }

    fn add_migration(&mut self, migration: &Migration<'_>) {
        let Some(turn) = migration.workload.turn() else { return };
        for moment in &turn.moments {
            let key = (*moment, turn.order, migration.repository().unwrap_or_default().to_string());
            self.equals.entry(key).or_default().push(migration.workload.object().id);
        }
        if let Some(key) = migration.key() {
            let runs = self.runs.entry(key).or_default();
            runs.moments.extend(&turn.moments);
            let environment = migration.environment();
            runs.differ |= runs.environment.as_ref().is_some_and(|known| *known != environment);
            runs.environment = Some(environment);
        }
    }

    /// How many hooks run at a moment.
    #[must_use]
    pub fn hooks_at(&self, moment: Moment) -> usize {
        self.hooks.get(&moment).copied().unwrap_or(0)
    }
}

/// What a migration has to do with, in its deploy.
#[derive(Clone)]
pub struct Surroundings<'a> {
    releases: &'a Releases<'a>,
    deploy: &'a Deploy,
    migration: Migration<'a>,
}

impl<'a> Migration<'a> {
    /// Its deploy.
    #[must_use]
    pub fn surroundings(&self) -> Surroundings<'a> {
        let releases = self.workload.releases();
        Surroundings { releases, deploy: releases.deploy_of(self.workload.object()), migration: self.clone() }
    }

    /// The repository of its image.
    fn repository(&self) -> Option<&'a str> {
        self.container.image().and_then(ImageName::parse).map(|name| name.repository)
    }

    /// What tells it from other migrations: its command line.
    fn key(&self) -> Option<String> {
        let line = self.container.command_line();
        (!line.is_empty()).then(|| line.join("\0"))
    }

    /// What is written of its environment.
    fn environment(&self) -> String {
        let field = self.container.field();
        let text = field.node().map_or("", |node| node.document().text());
        let written = ["env", "envFrom"].map(|key| field.get(key).node().map_or("", |node| &text[node.span().range()]));
        written.join("\0")
    }
}

impl<'a> Surroundings<'a> {
    /// The workloads whose schema it changes: those that run an image of its repository; where
    /// there are none, all that stay and are no database.
    #[must_use]
    pub fn apps(&self) -> &'a Apps {
        let own = self.migration.repository().and_then(|name| self.deploy.by_repository.get(name));
        own.unwrap_or(&self.deploy.apps)
    }

    /// One of the app's workloads that wait for nothing, else one of those that come first.
    #[must_use]
    pub fn idle_app(&self) -> Option<&'a Object<'a>> {
        self.object(self.apps().idle.or(self.apps().first.map(|(_, id)| id)))
    }

    /// One of the app's workloads that wait for migrations before they start.
    #[must_use]
    pub fn waiting_app(&self) -> Option<&'a Object<'a>> {
        self.object(self.apps().waiting.1)
    }

    /// One of the app's workloads that become ready only once migrations are applied.
    #[must_use]
    pub fn verifying_app(&self) -> Option<&'a Object<'a>> {
        self.object(self.apps().verifying)
    }

    /// The database that comes with the deploy, and is not there before the first install.
    #[must_use]
    pub fn database(&self) -> Option<&'a Object<'a>> {
        self.object(self.deploy.database)
    }

    /// All moments at which its command runs, in whichever Job.
    #[must_use]
    pub fn moments(&self) -> BTreeSet<Moment> {
        let own = || self.migration.workload.turn().map(|turn| turn.moments.into_iter().collect());
        self.runs().map(|runs| runs.moments.clone()).or_else(own).unwrap_or_default()
    }

    /// Whether it is one half of a migration in two phases: the same command runs before and
    /// after the rollout with another environment, as with the post-deployment migrations of
    /// Rails.
    #[must_use]
    pub fn is_in_two_phases(&self) -> bool {
        let at = |runs: &Runs, stage| runs.moments.iter().any(|moment| moment.stage() == stage);
        self.runs().is_some_and(|runs| runs.differ && at(runs, Stage::Before) && at(runs, Stage::After))
    }

    fn runs(&self) -> Option<&'a Runs> {
        self.deploy.runs.get(&self.migration.key()?)
    }

    /// Whether no other hook runs at any of its moments.
    #[must_use]
    pub fn is_sole_hook(&self, turn: &Hook) -> bool {
        turn.moments.iter().all(|moment| self.deploy.hooks_at(*moment) <= 1)
    }

    /// A migration of the same repository that stands before it in the input and is equal in
    /// the order, and the moment.
    #[must_use]
    pub fn equal_before(&self, turn: &Hook) -> Option<(Moment, &'a Object<'a>)> {
        let repository = self.migration.repository()?;
        let first = |moment: &Moment| {
            let equals = self.deploy.equals.get(&(*moment, turn.order, repository.to_string()))?;
            let first = *equals.first()?;
            (first != self.migration.workload.object().id).then_some((*moment, self.object(Some(first))?))
        };
        let of_deploy = turn.moments.iter().filter(|moment| moment.stage() != Stage::Aside);
        of_deploy.filter_map(first).next()
    }

    /// A workload of the app with an image of the same repository that cannot be the image of
    /// the migration, where none has the same. Many images of one repository are roles, told
    /// by their tags.
    #[must_use]
    pub fn other_image(&self) -> Option<(&'a Object<'a>, ImageName<'a>)> {
        let own = ImageName::parse(self.migration.container.image()?)?;
        let apps = self.deploy.by_repository.get(own.repository)?;
        if apps.images.len() > MOST_IMAGES {
            return None;
        }
        let others = || apps.images.iter().filter_map(|(image, id)| Some((ImageName::parse(image)?, *id)));
        if others().any(|(other, _)| !own.differs(other)) {
            return None;
        }
        let (other, id) = others().min_by_key(|(_, id)| *id)?;
        Some((self.object(Some(id))?, other))
    }

    fn object(&self, id: Option<ObjectId>) -> Option<&'a Object<'a>> {
        id.map(|id| &self.releases.objects()[id])
    }
}

/// Whether an image keeps a schema that something migrates: a database, and neither a cache nor
/// a message broker.
fn keeps_a_schema(image: &str) -> bool {
    const OTHERS: [&str; 10] =
        ["redis", "valkey", "memcached", "rabbitmq", "kafka", "nats", "zookeeper", "etcd", "redpanda", "search"];
    let name = crate::knowledge::base_name(image);
    crate::knowledge::is_database_image(image) && !OTHERS.iter().any(|other| name.contains(other))
}

/// Whether an object has an operator bring up a database.
fn is_database_resource(object: &Object<'_>) -> bool {
    const GROUPS: [&str; 8] = [
        "acid.zalan.do",
        "k8s.mariadb.com",
        "kubedb.com",
        "mariadb.mmontes.io",
        "mysql.oracle.com",
        "postgres-operator.crunchydata.com",
        "postgresql.cnpg.io",
        "pxc.percona.com",
    ];
    GROUPS.contains(&object.group())
}

impl<'a> Workload<'a> {
    /// Whether a workload that is brought up with it runs an image of a version, and says so.
    #[must_use]
    pub fn stands_beside_version(self, label: &str) -> bool {
        self.releases().deploy_of(self.object()).versions.contains(label)
    }

    /// Another workload that is brought up with it and runs another build of an image that it
    /// runs; the first of them. Releases that run two builds on purpose say so in names or
    /// labels, and more than two are roles, told by their tags.
    #[must_use]
    pub fn other_build(self, image: ImageName<'a>) -> Option<(&'a Object<'a>, ImageName<'a>)> {
        let releases = self.releases();
        let apps = releases.deploy_of(self.object()).by_repository.get(image.repository)?;
        // nginx in front of one role and nginx in front of another are no roles themselves.
        let is_public = !official(image.repository).contains('/') || server_of_image(image.repository, None).is_some();
        if apps.images.len() != 2 || is_public || is_variant(self) || !self.kind().rolls_out() {
            return None;
        }
        let (other, id) = apps.images.iter().find_map(|(other, id)| {
            let other = ImageName::parse(other).filter(|other| image.differs(*other))?;
            Some((other, *id))
        })?;
        let theirs = releases.workload(&releases.objects()[id])?;
        // One of the two tells: the one that comes later.
        let is_later = theirs.object().id < self.object().id && theirs.kind().rolls_out();
        let stem = |workload: Workload<'a>| {
            let name = workload.object().name.unwrap_or_default();
            name.trim_end_matches(|letter: char| letter.is_ascii_digit()).to_string()
        };
        // Two files that hold one object are alternatives, and `web2` is another `web`.
        if stem(self) == stem(theirs) {
            return None;
        }
        (is_later && !is_variant(theirs) && same_kind_of_tag(image, other)).then_some((theirs.object(), other))
    }
}

/// Whether a workload is one of several versions that run side by side on purpose.
fn is_variant(workload: Workload<'_>) -> bool {
    const WORDS: [&str; 6] = ["canary", "blue", "green", "preview", "stable", "baseline"];
    let name = workload.object().name.unwrap_or_default();
    let has_word = |text: &str| text.split(['-', '.', '_']).any(|part| WORDS.contains(&part));
    has_word(name)
        || workload.labels().iter().any(|(key, value)| matches!(*key, "version" | "track") || has_word(value))
}

/// Whether two tags number versions in the same way: `1.4-web` and `1.4-worker` are two images.
fn same_kind_of_tag(one: ImageName<'_>, other: ImageName<'_>) -> bool {
    let words = |image: ImageName<'_>| {
        let tag = image.tag.unwrap_or_default().to_string();
        let words: Vec<String> =
            tag.split(['-', '_', '.']).filter(|word| !word.is_empty()).map(str::to_string).collect();
        words.into_iter().filter(|word| word.chars().all(char::is_alphabetic)).collect::<Vec<_>>()
    };
    words(one) == words(other)
}

impl<'a> Releases<'a> {
    fn deploy_of(&'a self, object: &Object<'_>) -> &'a Deploy {
        let deploys = self.deploys();
        &deploys.all[deploys.of[object.id]]
    }

    /// One of the workloads that stay, are no database, and run an image of a repository in the
    /// deploy of an object.
    #[must_use]
    pub fn app_that_runs(&'a self, object: &Object<'_>, repository: &str) -> Option<&'a Object<'a>> {
        let (_, id) = self.deploy_of(object).by_repository.get(repository)?.first?;
        Some(&self.objects()[id])
    }

    /// The first object whose only hook is of another family than that of an object, and
    /// whether the object is itself the first of its family in its deploy.
    #[must_use]
    pub fn other_family(&'a self, object: &Object<'_>) -> Option<&'a Object<'a>> {
        let [helm, argo] = self.deploy_of(object).families;
        let other = if argo == Some(object.id) { helm } else { None };
        other.map(|id| &self.objects()[id])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release::Orchestrator;
    use crate::release::manifests::deployed_by;

    /// What `look` makes of the first object's migration, among the other objects.
    fn with<T>(tool: Orchestrator, objects: &[String], look: impl FnOnce(Workload<'_>, Surroundings<'_>) -> T) -> T {
        let files: Vec<_> = objects.iter().map(|text| ("x", text.as_str())).collect();
        deployed_by(tool, &files, |releases| {
            let workload = releases.workload(&releases.objects()[0]).unwrap();
            look(workload, workload.migration().unwrap().surroundings())
        })
    }

    fn job(name: &str, annotations: &str, container: &str) -> String {
        format!(
            "{{apiVersion: batch/v1, kind: Job, metadata: {{name: {name}, annotations: {annotations}}}, spec: {{template: \
             {{spec: {{containers: [{{name: c, command: [./manage.py, migrate], {container}}}]}}}}}}}}"
        )
    }

    fn app(name: &str, image: &str, pod: &str) -> String {
        format!(
            "{{apiVersion: apps/v1, kind: Deployment, metadata: {{name: {name}}}, spec: {{template: {{spec: {{{pod}containers: \
             [{{name: c, image: \"{image}\"}}]}}}}}}}}"
        )
    }

    const HOOK: &str = "{helm.sh/hook: \"pre-install,pre-upgrade\"}";

    #[test]
    fn the_app_runs_an_image_of_the_same_repository() {
        let count = |objects: &[String]| with(Orchestrator::Helm, objects, |_, around| around.apps().count);
        let migration = || job("m", "{}", "image: \"shop:2\"");
        assert_eq!(count(&[migration()]), 0);
        assert_eq!(count(&[migration(), app("a", "shop:1", ""), app("b", "other:1", "")]), 1);
        assert_eq!(count(&[migration(), app("a", "x:1", ""), app("b", "y:1", "")]), 2, "else all");
        assert_eq!(count(&[migration(), app("a", "postgres:16", "")]), 0, "but no database");
    }

    #[test]
    fn all_must_wait() {
        let waits = |objects: &[String]| {
            with(Orchestrator::Helm, objects, |workload, around| around.apps().all_wait_for(workload.object().name))
        };
        let migration = || job("m-job", "{}", "image: \"shop:1\"");
        let by_name = "initContainers: [{name: w, image: x, args: [job, m-job]}], ";
        let for_all = "initContainers: [{name: wait-for-migrations, image: x}], ";
        assert!(waits(&[migration(), app("a", "shop:1", by_name), app("b", "shop:1", for_all)]));
        assert!(!waits(&[migration(), app("a", "shop:1", by_name), app("b", "shop:1", "")]));
        let other = by_name.replace("m-job", "n-job");
        assert!(!waits(&[migration(), app("a", "shop:1", &other)]));
    }

    #[test]
    fn versions_of_one_repository() {
        let other = |objects: &[String]| {
            with(Orchestrator::Helm, objects, |_, around| {
                around.other_image().map(|(_, name)| name.version().to_string())
            })
        };
        let migration = || job("m", "{}", "image: \"shop:2\"");
        assert_eq!(other(&[migration(), app("a", "shop:1", "")]).as_deref(), Some("1"));
        assert_eq!(other(&[migration(), app("a", "shop:1", ""), app("b", "shop:2", "")]), None);
        assert_eq!(other(&[migration(), app("a", "other:1", "")]), None);
        let roles = (10..20).map(|tag| app(&format!("a{tag}"), &format!("shop:{tag}"), ""));
        assert_eq!(other(&std::iter::once(migration()).chain(roles).collect::<Vec<_>>()), None);
    }

    #[test]
    fn a_migration_in_two_phases() {
        let two = |environment: &str| {
            let before = job("a", "{helm.sh/hook: pre-upgrade}", "image: shop, env: [{name: SKIP, value: x}]");
            let after = job("b", "{helm.sh/hook: post-upgrade}", &format!("image: shop, env: [{environment}]"));
            with(Orchestrator::Helm, &[before, after], |_, around| (around.is_in_two_phases(), around.moments().len()))
        };
        assert_eq!(two(""), (true, 2));
        assert_eq!(two("{name: SKIP, value: x}"), (false, 2));
    }

    #[test]
    fn equal_migrations_and_databases() {
        let equal = |objects: &[String]| {
            with(Orchestrator::Helm, objects, |workload, around| {
                let turn = workload.turn().unwrap();
                (around.equal_before(&turn).map(|(moment, _)| moment), around.is_sole_hook(&turn))
            })
        };
        let first = || job("m", HOOK, "image: shop");
        assert_eq!(equal(&[first()]), (None, true));
        assert_eq!(equal(&[first(), job("n", HOOK, "image: shop")]), (None, false), "the first of them is not told");
        let database =
            |object: String| with(Orchestrator::Helm, &[first(), object], |_, around| around.database().is_some());
        assert!(database(app("db", "postgres:16", "")));
        assert!(!database(app("cache", "redis:7", "")));
        assert!(database("{apiVersion: postgresql.cnpg.io/v1, kind: Cluster}".to_string()));
    }
}
