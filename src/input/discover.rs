//! Finds the files of a run.
//!
//! The *targets* are what the user names. The *context* in which references are resolved is
//! the whole tree below the configuration file, else the repository's root, else the
//! targets. `.gitignore` counts; hidden folders and `node_modules` are left out; symbolic
//! links are not followed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use globset::{Glob, GlobSet, GlobSetBuilder};
use ignore::WalkBuilder;
use xxhash_rust::xxh3::xxh3_64;

use super::render::{self, Places, Plan, Renderer, Template, Tree};
use super::{ClosedScope, InputFile, Inputs, STDIN, Skipped, display, is_context_name, is_dockerfile_name, normalize};
use crate::config::{Config, FILE_NAMES, ReleaseConfig};
use crate::release::kustomize::is_kustomization;

/// A file above this size, in bytes, is not read.
pub const MAX_FILE_SIZE: u64 = 512 * 1024 * 1024;

/// A script or a server's configuration above this size, in bytes, is not read.
const MAX_CONTEXT_FILE_SIZE: u64 = 256 * 1024;

/// What a run is asked to look at.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The working directory, absolute.
    pub directory: PathBuf,
    /// The paths that the user named; `-` is standard input.
    pub paths: Vec<PathBuf>,
    /// The path that standard input has in reports.
    pub stdin_path: String,
    /// The version of Kubernetes that charts are told, where it is said.
    pub kube_version: Option<String>,
    /// The files that may be targets, absolute, where not all that the user named are.
    pub only: Option<BTreeSet<PathBuf>>,
    /// The part of the targets that this run is for.
    pub shard: Option<Shard>,
}

/// One of several parts of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Which one, from 1.
    pub number: usize,
    /// How many there are.
    pub of: usize,
}

impl Shard {
    /// `1/4`
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (number, of) = text.split_once('/')?;
        let shard = Self { number: number.parse().ok()?, of: of.parse().ok()? };
        (1..=shard.of).contains(&shard.number).then_some(shard)
    }
}

/// What was found.
#[derive(Debug, Default)]
pub struct Found {
    /// The files.
    pub inputs: Inputs,
    /// What could not be read: the run has not done its job then.
    pub problems: Vec<String>,
    /// How many of the files that the user named are no targets of this run.
    pub left_out: usize,
    plan: Plan,
    templates: Vec<Template>,
    root: PathBuf,
    directory: PathBuf,
}

impl Found {
    /// Renders charts and kustomizations, beside the files.
    pub fn render(&mut self, renderer: &dyn Renderer) {
        let places = Places { directory: &self.directory, root: &self.root };
        render::perform(&self.plan, &self.templates, renderer, &mut self.inputs, places);
    }
}

/// The configuration file that applies: the nearest one above the targets, up to the
/// repository's root.
#[must_use]
pub fn config_file(request: &Request) -> Option<PathBuf> {
    let start = common_directory(request);
    for directory in start.ancestors() {
        if let Some(found) = FILE_NAMES.iter().map(|name| directory.join(name)).find(|path| path.is_file()) {
            return Some(found);
        }
        if directory.join(".git").exists() {
            break;
        }
    }
    None
}

/// The deepest directory that holds every target; the working directory for standard input.
fn common_directory(request: &Request) -> PathBuf {
    let directories = request.paths.iter().map(|path| {
        let path =
            if path.as_os_str() == "-" { request.directory.clone() } else { normalize(&request.directory, path) };
        if path.is_dir() { path } else { path.parent().unwrap_or(&path).to_path_buf() }
    });
    let shared = |one: PathBuf, other: PathBuf| {
        one.components().zip(other.components()).take_while(|(one, other)| one == other).map(|(part, _)| part).collect()
    };
    directories.reduce(shared).unwrap_or_else(|| request.directory.clone())
}

/// Finds and reads every file of a run.
///
/// # Errors
///
/// A glob of the configuration that is none.
pub fn discover(request: &Request, config: &Config, config_path: Option<&Path>) -> Result<Found, globset::Error> {
    let context = context_root(request, config_path);
    let root = context.clone().unwrap_or_else(|| request.directory.clone());
    let directory = request.directory.clone();
    let repository = context.as_ref().and_then(|root| Some(root.file_name()?.to_string_lossy().into_owned()));
    let mut finder = Finder {
        request,
        root: root.clone(),
        excluded: globs(&config.exclude)?,
        rule_folders: rule_folders(request, config, config_path),
        files: BTreeMap::new(),
        found: Found { root, directory, ..Found::default() },
    };
    finder.targets();
    if let Some(context) = &context {
        finder.walk(context, false);
    }
    finder.narrow();
    finder.plan(config, &context.unwrap_or_else(|| common_directory(request)));
    finder.read();
    let mut found = finder.found;
    found.inputs.repository = repository;
    found.inputs.closed = closed_scopes(config, &found.inputs.files)?;
    found.problems.extend(empty_releases(config, &found.inputs.closed));
    if request.paths.iter().any(|path| path.as_os_str() == "-") {
        read_stdin(request, &mut found);
    }
    Ok(found)
}

/// The files below a directory that would be looked at, all of them targets.
pub(super) fn files_below(request: &Request, directory: &Path, excluded: &GlobSet) -> BTreeMap<PathBuf, bool> {
    let mut finder = Finder {
        request,
        root: directory.to_path_buf(),
        excluded: excluded.clone(),
        rule_folders: Vec::new(),
        files: BTreeMap::new(),
        found: Found::default(),
    };
    finder.walk(directory, true);
    finder.files.into_keys().map(|file| (file, true)).collect()
}

fn context_root(request: &Request, config_path: Option<&Path>) -> Option<PathBuf> {
    if let Some(path) = config_path {
        return normalize(&request.directory, path).parent().map(Path::to_path_buf);
    }
    let start = common_directory(request);
    start.ancestors().find(|directory| directory.join(".git").exists()).map(Path::to_path_buf)
}

fn rule_folders(request: &Request, config: &Config, config_path: Option<&Path>) -> Vec<PathBuf> {
    let path = config_path.map(|path| normalize(&request.directory, path));
    let base = path.as_deref().and_then(Path::parent).unwrap_or(&request.directory);
    config.rule_folders().map(|folder| normalize(base, Path::new(folder))).collect()
}

/// The scopes that the configuration's `releases` close.
///
/// # Errors
///
/// A glob of the configuration that is none.
pub fn closed_scopes(config: &Config, files: &[InputFile]) -> Result<Vec<ClosedScope>, globset::Error> {
    let scope = |release: &ReleaseConfig| {
        let manifests = globs(&release.manifests)?;
        let building = globs(&release.dockerfiles)?;
        let matching = |set: &GlobSet| {
            let matching = files.iter().enumerate().filter(|(_, file)| set.is_match(&file.location));
            matching.map(|(index, _)| index).collect()
        };
        Ok(ClosedScope {
            name: release.name.clone(),
            namespace: release.namespace().map(str::to_string),
            orchestrator: release.deployed_by(),
            files: matching(&manifests),
            dockerfiles: matching(&building),
        })
    };
    config.releases.iter().map(scope).collect()
}

/// Releases whose manifests are nowhere: a typo would lint them as part of the tree.
fn empty_releases(config: &Config, scopes: &[ClosedScope]) -> Vec<String> {
    let releases = config.releases.iter().zip(scopes);
    let empty = releases.filter(|(release, scope)| !release.manifests.is_empty() && scope.files.is_empty());
    empty
        .map(|(release, _)| {
            format!("releases: {}: no file matches manifests {}", release.name, release.manifests.join(", "))
        })
        .collect()
}

fn globs(patterns: &[String]) -> Result<GlobSet, globset::Error> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        set.add(Glob::new(pattern.trim_start_matches("./"))?);
    }
    set.build()
}

fn read_stdin(request: &Request, found: &mut Found) {
    let mut bytes = Vec::new();
    if let Err(error) = io::stdin().lock().take(MAX_FILE_SIZE + 1).read_to_end(&mut bytes) {
        found.problems.push(format!("{STDIN}: {error}"));
        return;
    }
    if bytes.len() as u64 > MAX_FILE_SIZE {
        found.problems.push(format!("{STDIN}: larger than {} MiB: lint it in parts", MAX_FILE_SIZE >> 20));
        return;
    }
    let path = &request.stdin_path;
    found.inputs.add_piped(path, bytes, ClosedScope { name: path.clone(), ..ClosedScope::default() });
}

/// How a file came to be looked at.
#[derive(Clone, Copy, Default)]
struct Reason {
    target: bool,
    named: bool,
}

struct Finder<'r> {
    request: &'r Request,
    root: PathBuf,
    excluded: GlobSet,
    /// Folders of the user's own rules, which are no manifests.
    rule_folders: Vec<PathBuf>,
    files: BTreeMap<PathBuf, Reason>,
    found: Found,
}

impl Finder<'_> {
    fn targets(&mut self) {
        for path in self.request.paths.iter().filter(|path| path.as_os_str() != "-") {
            let absolute = normalize(&self.request.directory, path);
            match fs::metadata(&absolute) {
                Ok(metadata) if metadata.is_dir() => self.walk(&absolute, true),
                Ok(_) => self.add(absolute, Reason { target: true, named: true }),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    self.found.problems.push(format!("{}: there is no such file or directory", path.display()));
                }
                Err(error) => self.found.problems.push(format!("{}: {error}", path.display())),
            }
        }
    }

    fn walk(&mut self, directory: &Path, target: bool) {
        let mut walk = WalkBuilder::new(directory);
        walk.require_git(false).follow_links(false);
        walk.filter_entry(|entry| entry.depth() == 0 || entry.file_name() != "node_modules");
        for entry in walk.build() {
            match entry {
                Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_file()) => {
                    let name = entry.file_name().to_string_lossy();
                    if looked_at(&name) || is_context_name(&name) {
                        self.add(entry.into_path(), Reason { target, named: false });
                    }
                }
                Ok(_) => {}
                Err(error) if target => self.found.problems.push(error.to_string()),
                Err(_) => {}
            }
        }
    }

    /// Adds a file, unless the configuration excludes it. A file that is named counts as
    /// one of the tree, too: hooks name every changed file.
    fn add(&mut self, path: PathBuf, reason: Reason) {
        if self.rule_folders.iter().any(|folder| path.starts_with(folder)) {
            return;
        }
        if self.excluded.is_match(self.location(&path)) {
            if reason.target {
                self.skip(&path, "excluded by the configuration");
            }
            return;
        }
        let known = self.files.entry(path).or_default();
        known.target |= reason.target;
        known.named |= reason.named;
    }

    fn location(&self, path: &Path) -> String {
        display(&self.root, path)
    }

    fn skip(&mut self, path: &Path, reason: impl Into<String>) {
        let path = display(&self.request.directory, path);
        self.found.inputs.skipped.push(Skipped { path, reason: reason.into() });
    }

    /// Leaves the targets to this run that are its own. A chart stays in one piece, because it
    /// would be rendered for each part otherwise.
    fn narrow(&mut self) {
        let only = |path: &PathBuf| self.request.only.as_ref().is_none_or(|only| only.contains(path));
        let targets = self.files.iter().filter(|(_, reason)| reason.target).map(|(path, _)| path);
        let mut kept: BTreeSet<_> = targets.clone().filter(|path| only(path)).cloned().collect();
        let before = targets.count();
        if let Some(Shard { number, of }) = self.request.shard {
            // A hash, so that a file that comes or goes moves no other one to another part.
            let part_of = |path: &Path| xxh3_64(self.location(self.unit_of(path)).as_bytes()) % of as u64;
            kept.retain(|path| part_of(path) == number as u64 - 1);
        }
        self.found.left_out = before - kept.len();
        self.files.iter_mut().for_each(|(path, reason)| reason.target = kept.contains(path));
    }

    /// What a file is looked at with: the directory of its chart, else itself.
    fn unit_of<'p>(&self, path: &'p Path) -> &'p Path {
        let chart = path.ancestors().skip(1).find(|above| self.files.contains_key(&above.join("Chart.yaml")));
        chart.map_or(path, render::outermost_chart)
    }

    /// Charts and kustomizations among the files.
    fn plan(&mut self, config: &Config, boundary: &Path) {
        let files: BTreeMap<_, _> = self.files.iter().map(|(path, reason)| (path.clone(), reason.target)).collect();
        let directory = &self.request.directory;
        let named: Vec<_> = self.request.paths.iter().map(|path| normalize(directory, path)).collect();
        let kube_version = self.request.kube_version.as_deref().or(config.kube_version());
        let tree = Tree { directory, root: &self.root, boundary, files: &files, named: &named, kube_version };
        let mut plan = Plan::new(tree, config);
        self.found.problems.append(&mut plan.problems);
        self.found.plan = plan;
    }

    fn read(&mut self) {
        let mut charts = Charts::default();
        let files = std::mem::take(&mut self.files);
        let has_dockerfile = files.keys().any(|path| is_dockerfile_name(&path.to_string_lossy()));
        for (path, reason) in files {
            let is_context = !reason.named && !looked_at(&file_name(&path));
            if is_context && !(has_dockerfile && is_short(&path)) {
                continue;
            }
            if let Some(chart) = charts.template_of(&path) {
                if reason.target {
                    let chart = render::outermost_chart(&chart).to_path_buf();
                    self.found.templates.push(Template { path, chart });
                }
                continue;
            }
            self.read_file(&path, reason);
        }
    }

    fn read_file(&mut self, path: &Path, reason: Reason) {
        let shown = display(&self.request.directory, path);
        let size = fs::metadata(path).map(|metadata| metadata.len()).unwrap_or(0);
        if size > MAX_FILE_SIZE {
            self.skip(path, format!("larger than {} MiB", MAX_FILE_SIZE >> 20));
            return;
        }
        match fs::read(path) {
            Ok(bytes) => {
                let location = self.location(path);
                let Reason { target, named } = reason;
                self.found.inputs.files.push(InputFile { path: shown, location, bytes, target, named });
            }
            Err(error) if reason.target => self.found.problems.push(format!("{shown}: {error}")),
            Err(_) => {}
        }
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Whether a file may be a script or a server's configuration, by its size.
fn is_short(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|metadata| metadata.len() <= MAX_CONTEXT_FILE_SIZE)
}

/// Whether a file below a directory is looked at, by its name.
pub(super) fn looked_at(name: &str) -> bool {
    let is_configuration = FILE_NAMES.contains(&name);
    let is_manifest = [".yaml", ".yml", ".json"].iter().any(|end| name.ends_with(end));
    (is_manifest && !is_configuration) || is_dockerfile_name(name) || is_kustomization(name)
}

/// Which directories are charts, asked once each.
#[derive(Default)]
struct Charts(BTreeMap<PathBuf, bool>);

impl Charts {
    /// The chart whose `templates/` holds a file.
    fn template_of(&mut self, path: &Path) -> Option<PathBuf> {
        let mut above = path.ancestors().skip(1);
        above.by_ref().filter(|directory| directory.ends_with("templates")).find_map(|templates| {
            let chart = templates.parent()?;
            let known = self.0.entry(chart.to_path_buf());
            known.or_insert_with(|| chart.join("Chart.yaml").is_file()).then(|| chart.to_path_buf())
        })
    }
}
