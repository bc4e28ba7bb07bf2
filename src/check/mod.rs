//! Checks: pure functions from one subject to its hits.
//!
//! A check knows no rule, severity, configuration or output. It says which case it found,
//! where, and with which numbers; the engine does the rest. Each group has a file with a
//! table of its checks; [`find`] looks in all of them.

mod build;
mod config;
mod edit;
pub mod generic;
mod hit;
mod images;
mod jobs;
mod migrations;
mod probes;
mod rollout;
mod scaling;
mod shutdown;
mod syntax;
mod traffic;

use std::sync::Arc;

pub use edit::{Edit, Fix, Safety};
use generic::{Generic, ParamFault};
pub use hit::{Hit, Related};

use crate::params::Params;
use crate::release::render::{DroppedHook, RenderFault};
use crate::release::runtime::run::Run;
use crate::release::suppression::Suppression;
use crate::release::{
    Autoscaler, BuildArgument, Container, DisruptionBudget, Ingress, Object, Probe, Releases, Service, Stage, Workload,
};
use crate::syntax::SyntaxError;

/// What may have the annotations of a hook.
#[derive(Clone, Copy)]
pub enum HookSubject<'a> {
    /// An object.
    Object(&'a Object<'a>),
    /// A manifest that helm left out of what it rendered.
    Dropped(&'a DroppedHook),
}

/// A check, by what it looks at.
#[derive(Clone)]
pub enum Check {
    /// At a document, or a line of a Dockerfile, that could not be read.
    Syntax(fn(&SyntaxError, &Params) -> Vec<Hit>),
    /// At a suppression that suppressed nothing.
    Suppression(fn(&Suppression, &Params) -> Vec<Hit>),
    /// At a chart or kustomization that gave no manifests.
    Render(fn(&RenderFault, &Params) -> Vec<Hit>),
    /// At an object of any kind, and at what helm left out for its hooks.
    Hook(for<'a> fn(&'a Releases<'a>, HookSubject<'a>, &Params) -> Vec<Hit>),
    /// At an object of any kind.
    Object(for<'a> fn(&'a Releases<'a>, &'a Object<'a>, &Params) -> Vec<Hit>),
    /// At a complete workload.
    Workload(fn(Workload<'_>, &Params) -> Vec<Hit>),
    /// At a container of a complete workload.
    Container(fn(Container<'_>, &Params) -> Vec<Hit>),
    /// At a probe of a container of a complete workload.
    Probe(fn(Probe<'_>, &Params) -> Vec<Hit>),
    /// At a Service.
    Service(fn(Service<'_>, &Params) -> Vec<Hit>),
    /// At an Ingress.
    Ingress(fn(Ingress<'_>, &Params) -> Vec<Hit>),
    /// At a `PodDisruptionBudget`.
    DisruptionBudget(fn(DisruptionBudget<'_>, &Params) -> Vec<Hit>),
    /// At a `HorizontalPodAutoscaler` or a KEDA `ScaledObject`.
    Autoscaler(fn(Autoscaler<'_>, &Params) -> Vec<Hit>),
    /// At what runs: a container, or an image by its own command.
    Run(fn(&Run<'_>, &Params) -> Vec<Hit>),
    /// At a stage of a Dockerfile.
    Stage(fn(Stage<'_>, &Params) -> Vec<Hit>),
    /// At a build argument: all declarations of one name in a Dockerfile.
    BuildArgument(fn(BuildArgument<'_>, &Params) -> Vec<Hit>),
    /// What a rule file describes in full, of any subject.
    Generic(Arc<Generic>),
}

impl Check {
    /// The word for its subject in a rule file (`on:`).
    #[must_use]
    pub fn subject(&self) -> &'static str {
        match self {
            Check::Syntax(_) => "syntax",
            Check::Suppression(_) => "suppression",
            Check::Render(_) => "render",
            Check::Hook(_) => "hook",
            Check::Object(_) => "object",
            Check::Workload(_) => "workload",
            Check::Container(_) => "container",
            Check::Probe(_) => "probe",
            Check::Service(_) => "service",
            Check::Ingress(_) => "ingress",
            Check::DisruptionBudget(_) => "disruption-budget",
            Check::Autoscaler(_) => "autoscaler",
            Check::Run(_) => "run",
            Check::Stage(_) => "stage",
            Check::BuildArgument(_) => "build-argument",
            Check::Generic(generic) => generic.subject(),
        }
    }
}

/// The checks of every group, by name.
const TABLES: &[&[(&str, Check)]] = &[
    build::CHECKS,
    config::CHECKS,
    jobs::CHECKS,
    images::CHECKS,
    migrations::CHECKS,
    probes::CHECKS,
    rollout::CHECKS,
    scaling::CHECKS,
    shutdown::CHECKS,
    syntax::CHECKS,
    traffic::CHECKS,
];

/// The function behind a name.
#[must_use]
pub fn find(name: &str) -> Option<Check> {
    TABLES.iter().flat_map(|table| table.iter()).find(|(known, _)| *known == name).map(|(_, check)| check.clone())
}

/// The names of all functions.
pub fn names() -> impl Iterator<Item = &'static str> {
    TABLES.iter().flat_map(|table| table.iter()).map(|(name, _)| *name)
}

/// The check of a name, ready to look at a subject; nothing where there is none of that name.
///
/// # Errors
///
/// What is wrong with the parameters of a generic check. Those of a function are compared with
/// what the rule declares.
pub fn compile(name: &str, on: &str, params: &Params) -> Result<Option<Check>, ParamFault> {
    match Generic::compile(name, on, params) {
        Some(generic) => generic.map(|generic| Some(Check::Generic(Arc::new(generic)))),
        None => Ok(find(name)),
    }
}
