//! The tools that apply a release.

use std::fmt;

/// The tool that applies a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Orchestrator {
    /// `helm install` and `helm upgrade`.
    Helm,
    /// Argo CD.
    Argo,
    /// Flux.
    Flux,
    /// `kubectl apply`.
    Kubectl,
}

impl Orchestrator {
    /// The word of the configuration: `helm`, `argo`, `flux`, `kubectl`.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "helm" => Self::Helm,
            "argo" => Self::Argo,
            "flux" => Self::Flux,
            "kubectl" => Self::Kubectl,
            _ => return None,
        })
    }
}

impl fmt::Display for Orchestrator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Helm => "helm",
            Self::Argo => "argo",
            Self::Flux => "flux",
            Self::Kubectl => "kubectl",
        })
    }
}
