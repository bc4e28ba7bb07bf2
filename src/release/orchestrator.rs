//! Who applies a release.

use std::fmt;

use super::Object;

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

/// What the objects themselves tell: Argo CD's annotations, then helm's marks.
pub(super) fn detect(objects: &[Object<'_>]) -> Option<Orchestrator> {
    let argo = |object: &Object<'_>| object.annotations().any(|(key, _)| key.starts_with("argocd.argoproj.io/"));
    let helm = |object: &Object<'_>| {
        object.label("helm.sh/chart").is_some()
            || object.label("app.kubernetes.io/managed-by") == Some("Helm")
            || object.annotations().any(|(key, _)| key == "helm.sh/hook")
            || template_of(object).is_some()
    };
    if objects.iter().any(argo) {
        Some(Orchestrator::Argo)
    } else if objects.iter().any(helm) {
        Some(Orchestrator::Helm)
    } else {
        None
    }
}

/// The template that helm made an object from, by the `# Source:` comment it prints.
#[must_use]
pub fn template_of<'a>(object: &Object<'a>) -> Option<&'a str> {
    let document = object.document();
    let root = object.root().span();
    let before = document.comments().iter().take_while(|comment| comment.span.start < root.start);
    let texts = before.map(|comment| &document.text()[comment.span.range()]);
    texts.filter_map(|text| text.strip_prefix("# Source: ")).map(str::trim).next()
}
