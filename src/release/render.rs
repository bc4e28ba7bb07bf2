//! What came of rendering charts and kustomizations, as far as it is judged.

use crate::source::Span;

/// A chart or kustomization that gave no manifests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenderFault {
    /// The chart's name, or the beginning of the kustomization.
    pub place: Span,
    /// The tool: `helm` or `kustomize`.
    pub tool: String,
    /// What was to be rendered: `charts/shop for release shop`.
    pub what: String,
    /// Whether it was tried.
    pub tried: bool,
    /// Why there is nothing.
    pub why: String,
    /// What the user can do, where that is more than mending the place.
    pub help: Option<String>,
    /// Where the tool says that the fault is.
    pub at: Option<Span>,
}

/// A manifest that helm left out, because it knows no such hook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DroppedHook {
    /// What the annotation says.
    pub value: String,
    /// The annotation in the template, else the chart's name.
    pub place: Span,
    /// The release that lacks it.
    pub release: String,
}
