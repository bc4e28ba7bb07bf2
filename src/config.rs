//! `shipworthy.yaml`: its form, and errors that name file, line, column and the nearest
//! known name.

mod required;
mod rules;

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_saphyr::Spanned;

pub(crate) use crate::fault::Fault;
pub use crate::fault::{ConfigError, nearest, unknown};
use crate::release::config::requirement::Requirement;
use crate::release::pod::image::ImageName;
use crate::release::runtime::makers::{Maker, join};
use crate::release::{Orchestrator, Provided};
use crate::rule::{Rule, Severity};

use required::RequiredConfig;
pub use rules::{RuleSetting, RuleSettings, Setting};

/// The names a configuration may have, the preferred one first.
pub const FILE_NAMES: [&str; 2] = ["shipworthy.yaml", ".shipworthy.yaml"];

/// The minor versions of Kubernetes that can be judged for.
pub const KUBE_MINORS: std::ops::RangeInclusive<u8> = 25..=37;

/// The configuration.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Config {
    /// The version of Kubernetes to judge for; by default the newest that is known.
    #[schemars(with = "Option<String>")]
    kube_version: Option<Spanned<String>>,
    /// The severity at which a run fails.
    #[schemars(with = "Option<FailOnWord>")]
    fail_on: Option<Spanned<String>>,
    /// Globs of paths that are left out, from the configuration's folder.
    pub exclude: Vec<String>,
    /// What is deployed together.
    pub releases: Vec<ReleaseConfig>,
    /// Which Dockerfile builds which image; without it, names decide.
    images: Vec<ImageConfig>,
    /// A Secret that is nowhere in reach is an error.
    pub strict_references: bool,
    /// Objects that exist in the cluster already.
    provided: Vec<ProvidedConfig>,
    /// Variables that the effective environment of workloads must hold.
    required_config: Vec<RequiredConfig>,
    #[serde(skip)]
    requirements: Arc<[Requirement]>,
    /// Levels and parameters of rules.
    pub rules: RuleSettings,
    /// How suppressions count.
    pub suppressions: Suppressions,
    /// Levels and parameters for some objects only; of several that fit, the last one counts.
    pub overrides: Vec<Override>,
    /// Folders of your own rules, from the configuration's folder.
    #[schemars(with = "Vec<String>")]
    rule_folders: Vec<Spanned<String>>,
}

/// An entry of `releases`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ReleaseConfig {
    /// Its name.
    pub name: String,
    /// Who applies it; seen from the inputs where it is not said.
    #[serde(default)]
    #[schemars(with = "Option<DeployedByWord>")]
    deployed_by: Option<Spanned<String>>,
    /// The namespace of objects that name none.
    #[serde(default)]
    namespace: Option<String>,
    /// Globs of its manifests, from the configuration's folder.
    #[serde(default)]
    pub manifests: Vec<String>,
    /// Its chart.
    #[serde(default)]
    pub helm: Option<HelmConfig>,
    /// The directory of its kustomization, from the configuration's folder.
    #[serde(default)]
    pub kustomize: Option<String>,
    /// Globs of the Dockerfiles that build its images, from the configuration's folder.
    #[serde(default)]
    pub dockerfiles: Vec<String>,
}

/// An entry of `images`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ImageConfig {
    /// The image, without tag and digest.
    #[schemars(with = "String")]
    image: Spanned<String>,
    /// The path of the Dockerfile, from the configuration's folder.
    #[schemars(with = "String")]
    dockerfile: Spanned<String>,
    /// The stage that is built.
    #[serde(default)]
    target: Option<String>,
}

/// A chart, and what helm is told besides.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct HelmConfig {
    /// Its directory, from the configuration's folder.
    pub chart: String,
    /// Files with values, from the configuration's folder; later ones win.
    #[serde(default)]
    pub values: Vec<String>,
    /// The namespace of the release.
    #[serde(default)]
    pub namespace: Option<String>,
    /// The name of the release, where it is not that of the entry.
    #[serde(default)]
    pub release_name: Option<String>,
    /// Values by their path.
    #[serde(default)]
    pub set: BTreeMap<String, serde_json::Value>,
    /// The version of Kubernetes that the chart is told.
    #[serde(default)]
    pub kube_version: Option<String>,
    /// The APIs that the chart is told of, besides those of Kubernetes.
    #[serde(default)]
    pub api_versions: Vec<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ProvidedConfig {
    kind: String,
    name: String,
    #[serde(default)]
    namespace: Option<String>,
}

/// The words of `failOn`.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
#[allow(dead_code, reason = "only its schema is used")]
enum FailOnWord {
    Error,
    Warning,
    Info,
    Never,
}

/// The words of `deployedBy`.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
#[allow(dead_code, reason = "only its schema is used")]
enum DeployedByWord {
    Helm,
    Argo,
    Flux,
    Kubectl,
}

/// How suppressions count.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Suppressions {
    /// A suppression without a reason suppresses nothing.
    pub require_reason: bool,
}

/// An entry of `overrides`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// Which objects it is about.
    #[serde(rename = "match")]
    pub matches: Match,
    /// Levels and parameters for them.
    pub rules: RuleSettings,
    /// Why; for people.
    #[serde(default)]
    pub reason: Option<String>,
}

/// What an override is about: every part that is given must fit.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Match {
    /// A glob of the path, from the configuration's folder.
    pub path: Option<String>,
    /// The kind.
    pub kind: Option<String>,
    /// A glob of the name.
    pub name: Option<String>,
    /// A glob of the namespace.
    pub namespace: Option<String>,
    /// Labels of the object.
    pub labels: BTreeMap<String, String>,
}

/// The severity at which a run fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailOn {
    /// At findings of this severity and above.
    At(Severity),
    /// Never.
    Never,
}

impl FailOn {
    /// The word of the configuration and the command line.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "error" => Self::At(Severity::Error),
            "warning" => Self::At(Severity::Warning),
            "info" => Self::At(Severity::Info),
            "never" => Self::Never,
            _ => return None,
        })
    }
}

/// A configuration whose names are not yet checked: it says where more rules are.
pub struct Draft {
    path: String,
    config: Config,
}

impl Draft {
    /// Reads a configuration.
    ///
    /// # Errors
    ///
    /// The first fault of its form, with its place.
    pub fn read(path: &str, text: &str) -> Result<Self, ConfigError> {
        // A file that holds nothing but comments says nothing, which is fine.
        let config = if crate::syntax::yaml::split(text).is_empty() {
            Config::default()
        } else {
            let options = serde_saphyr::options! { strict_booleans: true };
            serde_saphyr::from_str_with_options(text, options).map_err(|error| Fault::of_yaml(&error).at(path))?
        };
        Ok(Self { path: path.to_string(), config })
    }

    /// The folders of the user's own rules, from the configuration's folder.
    pub fn rule_folders(&self) -> impl Iterator<Item = &Spanned<String>> {
        self.config.rule_folders.iter()
    }

    /// A fault of something that is written in it.
    #[must_use]
    pub fn fault<T>(&self, written: &Spanned<T>, message: impl Into<String>) -> ConfigError {
        Fault::new(written.referenced, message).at(&self.path)
    }

    /// The configuration, once every name in it is checked. `read` gives the text of a file
    /// that it names, by the path that is written there.
    ///
    /// # Errors
    ///
    /// The first fault, with its place.
    pub fn check(self, rules: &[Rule], read: &dyn Fn(&str) -> Result<String, String>) -> Result<Config, ConfigError> {
        let Self { path, mut config } = self;
        config.check(rules).map_err(|fault| fault.at(&path))?;
        let required = std::mem::take(&mut config.required_config).into_iter();
        let required: Result<Vec<_>, _> = required.map(|entry| entry.requirement(read)).collect();
        config.requirements = required.map_err(|fault| fault.at(&path))?.into();
        Ok(config)
    }
}

impl Config {
    /// Reads a configuration and checks every name in it.
    ///
    /// # Errors
    ///
    /// The first fault, with its place.
    pub fn parse(path: &str, text: &str, rules: &[Rule]) -> Result<Self, ConfigError> {
        Self::parse_with(path, text, rules, &|_| Err("no other file can be read here".to_string()))
    }

    /// Reads a configuration and checks every name in it. `read` gives the text of a file that
    /// the configuration names, by the path that is written there.
    ///
    /// # Errors
    ///
    /// The first fault, with its place.
    pub fn parse_with(
        path: &str,
        text: &str,
        rules: &[Rule],
        read: &dyn Fn(&str) -> Result<String, String>,
    ) -> Result<Self, ConfigError> {
        Draft::read(path, text)?.check(rules, read)
    }

    /// The folders of the user's own rules, from the configuration's folder.
    pub fn rule_folders(&self) -> impl Iterator<Item = &str> {
        self.rule_folders.iter().map(|folder| folder.value.as_str())
    }

    fn check(&self, rules: &[Rule]) -> Result<(), Fault> {
        if let Some(version) = &self.kube_version {
            parse_kube_version(&version.value).map_err(|message| Fault::new(version.referenced, message))?;
        }
        if let Some(word) = &self.fail_on {
            FailOn::parse(&word.value).ok_or_else(|| {
                let known = ["error", "warning", "info", "never"];
                Fault::new(word.referenced, unknown("failOn", &word.value, known.into_iter()))
            })?;
        }
        for release in &self.releases {
            if let Some(word) = &release.deployed_by {
                Orchestrator::parse(&word.value).ok_or_else(|| {
                    let known = ["helm", "argo", "flux", "kubectl"];
                    Fault::new(word.referenced, unknown("deployedBy", &word.value, known.into_iter()))
                })?;
            }
        }
        for image in &self.images {
            image.maker().map(|_| ())?;
        }
        let settings = std::iter::once(&self.rules).chain(self.overrides.iter().map(|entry| &entry.rules));
        settings.into_iter().try_for_each(|settings| settings.check(rules))
    }

    /// The minor version of Kubernetes to judge for, where it is said.
    #[must_use]
    pub fn kube_minor(&self) -> Option<u8> {
        self.kube_version.as_ref().and_then(|version| parse_kube_version(&version.value).ok())
    }

    /// The version of Kubernetes as it is written, where it is said.
    #[must_use]
    pub fn kube_version(&self) -> Option<&str> {
        self.kube_version.as_ref().map(|version| version.value.as_str())
    }

    /// The severity at which a run fails, where it is said.
    #[must_use]
    pub fn fail_on(&self) -> Option<FailOn> {
        self.fail_on.as_ref().and_then(|word| FailOn::parse(&word.value))
    }

    /// Objects that exist in the cluster already.
    #[must_use]
    pub fn provided(&self) -> Vec<Provided> {
        let provided = self.provided.iter();
        let provided = provided.map(|ProvidedConfig { kind, name, namespace }| Provided {
            kind: kind.clone(),
            name: name.clone(),
            namespace: namespace.clone(),
        });
        provided.collect()
    }

    /// Which Dockerfile builds which image.
    #[must_use]
    pub fn makers(&self) -> Arc<[Maker]> {
        self.images.iter().filter_map(|image| image.maker().ok()).collect()
    }

    /// Variables that workloads must have.
    #[must_use]
    pub fn requirements(&self) -> Arc<[Requirement]> {
        Arc::clone(&self.requirements)
    }
}

impl ImageConfig {
    fn maker(&self) -> Result<Maker, Fault> {
        let name = ImageName::parse(&self.image.value);
        let name = name.ok_or_else(|| {
            let message = format!("\"{}\" is no name of an image", self.image.value);
            Fault::new(self.image.referenced, message)
        })?;
        let dockerfile = join("", &self.dockerfile.value).ok_or_else(|| {
            let message = format!("\"{}\" is no path below the configuration's folder", self.dockerfile.value);
            Fault::new(self.dockerfile.referenced, message)
        })?;
        Ok(Maker {
            repository: name.repository.to_string(),
            dockerfile,
            context: None,
            target: self.target.clone(),
            directory: String::new(),
        })
    }
}

impl ReleaseConfig {
    /// The namespace of objects that name none.
    #[must_use]
    pub fn namespace(&self) -> Option<&str> {
        let of_chart = self.helm.as_ref().and_then(|helm| helm.namespace.as_deref());
        self.namespace.as_deref().or(of_chart)
    }

    /// Who applies the release, where it is said.
    #[must_use]
    pub fn deployed_by(&self) -> Option<Orchestrator> {
        self.deployed_by.as_ref().and_then(|word| Orchestrator::parse(&word.value))
    }
}

/// The minor version of `1.33`, `v1.33` or `1.33.2`.
///
/// # Errors
///
/// What is wrong with it.
pub fn parse_kube_version(text: &str) -> Result<u8, String> {
    let minor = text.strip_prefix('v').unwrap_or(text).strip_prefix("1.");
    let minor = minor.and_then(|rest| rest.split('.').next()).and_then(|minor| minor.parse::<u8>().ok());
    match minor {
        Some(minor) if KUBE_MINORS.contains(&minor) => Ok(minor),
        Some(_) => Err(format!(
            "Kubernetes {text} is outside what shipworthy knows: 1.{} to 1.{}",
            KUBE_MINORS.start(),
            KUBE_MINORS.end()
        )),
        None => Err(format!("\"{text}\" is no version of Kubernetes: write it as \"1.{}\"", KUBE_MINORS.end())),
    }
}
