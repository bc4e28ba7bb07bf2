//! One call of a tool, and what may come of it.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::input::display;

/// A tool that renders.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Tool {
    /// `helm template`.
    Helm,
    /// `kustomize build`, or `kubectl kustomize`.
    Kustomize,
}

impl fmt::Display for Tool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Helm => "helm",
            Self::Kustomize => "kustomize",
        })
    }
}

/// What helm is told besides the chart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values {
    /// The namespace.
    pub namespace: Option<String>,
    /// Files with values, absolute; later ones win.
    pub files: Vec<PathBuf>,
    /// Values by their path, as JSON.
    pub set: Vec<(String, String)>,
    /// Values in place, as YAML, between the files and `set`.
    pub inline: Option<String>,
    /// The version of Kubernetes that the chart is told.
    pub kube_version: Option<String>,
    /// The APIs that the chart is told of, besides those of Kubernetes.
    pub api_versions: Vec<String>,
}

/// A chart or a kustomization to render.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// The tool.
    pub tool: Tool,
    /// The release's name.
    pub release: String,
    /// The directory that the tool runs in, absolute.
    pub root: PathBuf,
    /// The chart's or kustomization's directory, absolute.
    pub directory: PathBuf,
    /// What helm is told.
    pub values: Values,
    /// Directories and files that the tool reads, those with values left out.
    pub reads: Vec<PathBuf>,
}

/// What comes of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Manifests, and what the tool said all the same.
    Made {
        /// The manifests.
        manifests: Vec<u8>,
        /// What it said.
        warnings: String,
    },
    /// The tool failed, with what it said.
    Failed(String),
    /// It cannot be tried, and why.
    NotRendered(String),
}

impl Job {
    /// A path as the tool sees it from where it runs.
    #[must_use]
    pub fn seen(&self, path: &Path) -> String {
        let seen = display(&self.root, path);
        if seen == "." || seen.starts_with("../") || Path::new(&seen).is_absolute() {
            seen
        } else {
            format!("./{seen}")
        }
    }

    /// The arguments of the tool, without its name.
    #[must_use]
    pub fn arguments(&self) -> Vec<String> {
        let directory = self.seen(&self.directory);
        if self.tool == Tool::Kustomize {
            return vec!["build".to_string(), directory];
        }
        let values = &self.values;
        let mut arguments = vec!["template".to_string(), self.release.clone(), directory, "--include-crds".to_string()];
        arguments.extend(values.namespace.iter().map(|namespace| format!("--namespace={namespace}")));
        arguments.extend(values.files.iter().map(|file| format!("--values={}", self.seen(file))));
        arguments.extend(values.set.iter().map(|(key, value)| format!("--set-json={key}={value}")));
        arguments.extend(values.kube_version.iter().map(|version| format!("--kube-version={version}")));
        arguments.extend(values.api_versions.iter().map(|version| format!("--api-versions={version}")));
        arguments
    }

    /// How to do without.
    #[must_use]
    pub fn by_hand(&self) -> String {
        let directory = display(&self.root, &self.directory);
        match self.tool {
            Tool::Helm => format!("pipe `helm template {} {directory}` into `shipworthy check -`", self.release),
            Tool::Kustomize => format!("pipe `kustomize build {directory}` into `shipworthy check -`"),
        }
    }
}
