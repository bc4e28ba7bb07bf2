//! What a rule of a generic kind may be about (`on:`), and which paths that has.

use super::dockerfile::{Follows, INSTRUCTION, STAGE};
use super::image::IMAGE_PARTS;
use super::path::{Path, Step};
use super::root::Root;
use crate::fault::{nearest, unknown};
use crate::knowledge::schema::{self, Type};
use crate::release::build::Build;
use crate::release::scaling::Autoscaler;
use crate::release::{DisruptionBudget, Ingress, Object, Releases, Service, Workload};
use crate::syntax::dockerfile::Keyword;

/// What a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    Object,
    Workload,
    Container,
    Probe,
    ConfigMap,
    Hook,
    Service,
    Ingress,
    DisruptionBudget,
    Scaler,
    Stage,
    Instruction,
}

/// The words of `on:`; of two for one subject the first is its name.
pub(super) const WORDS: [(&str, Subject); 13] = [
    ("object", Subject::Object),
    ("manifest", Subject::Object),
    ("workload", Subject::Workload),
    ("container", Subject::Container),
    ("probe", Subject::Probe),
    ("configmap", Subject::ConfigMap),
    ("hook", Subject::Hook),
    ("service", Subject::Service),
    ("ingress", Subject::Ingress),
    ("disruption-budget", Subject::DisruptionBudget),
    ("scaler", Subject::Scaler),
    ("stage", Subject::Stage),
    ("instruction", Subject::Instruction),
];

impl Subject {
    pub(super) fn parse(word: &str) -> Option<Self> {
        WORDS.iter().find(|(known, _)| *known == word).map(|(_, subject)| *subject)
    }

    pub(super) fn word(self) -> &'static str {
        WORDS.iter().find(|(_, subject)| *subject == self).map_or("", |(word, _)| word)
    }

    /// Everything of an object that it means.
    pub(super) fn of_object<'a>(self, releases: &'a Releases<'a>, object: &'a Object<'a>) -> Vec<Root<'a>> {
        let workload = || releases.workload(object).filter(Workload::is_complete);
        let containers = || workload().map(Workload::containers).unwrap_or_default();
        let object_if = |fits: bool| if fits { vec![Root::Object(object)] } else { Vec::new() };
        match self {
            Self::Object => object_if(!object.is_kustomization()),
            Self::Workload => workload().map(Root::Workload).into_iter().collect(),
            Self::Container => containers().into_iter().map(Root::Container).collect(),
            Self::Probe => containers().into_iter().flat_map(|container| container.probes()).map(Root::Probe).collect(),
            Self::ConfigMap => object_if(object.group().is_empty() && object.kind == "ConfigMap"),
            Self::Hook => object_if(releases.hook(object).is_some()),
            Self::Service => object_if(Service::of(releases, object).is_some()),
            Self::Ingress => object_if(Ingress::of(releases, object).is_some()),
            Self::DisruptionBudget => object_if(DisruptionBudget::of(releases, object).is_some()),
            Self::Scaler => Autoscaler::of(releases, object).map(Root::Scaler).into_iter().collect(),
            Self::Stage | Self::Instruction => Vec::new(),
        }
    }

    /// Everything of a Dockerfile that it means.
    pub(super) fn of_build<'a>(self, build: &'a Build<'a>) -> Vec<Root<'a>> {
        match self {
            Self::Stage => build.stages().map(Root::Stage).collect(),
            Self::Instruction => {
                let instructions = build.dockerfile.instructions.iter();
                instructions.map(|instruction| Root::Instruction(build, instruction)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Refuses kinds that it never has.
    pub(super) fn check_kind(self, kind: &str) -> Result<(), String> {
        const WORKLOADS: [&str; 9] = [
            "Deployment",
            "StatefulSet",
            "DaemonSet",
            "ReplicaSet",
            "ReplicationController",
            "Rollout",
            "Pod",
            "Job",
            "CronJob",
        ];
        let known: Vec<&str> = match self {
            Self::Object | Self::Hook => return Ok(()),
            Self::Workload | Self::Container | Self::Probe => WORKLOADS.to_vec(),
            Self::Instruction => Keyword::ALL.iter().map(|(word, _)| *word).collect(),
            Self::Scaler => vec!["HorizontalPodAutoscaler", "ScaledObject"],
            _ => return Err(format!("`kinds` says nothing of a {}: there is only one", self.word())),
        };
        let is_known = known.contains(&kind);
        if is_known { Ok(()) } else { Err(unknown(&format!("kind of {}", self.word()), kind, known.into_iter())) }
    }

    /// Refuses paths that lead nowhere, as far as that can be told.
    pub(super) fn check_path(self, path: &Path, kinds: &[String]) -> Result<(), String> {
        let (head, rest) = (path.head(), path.steps.get(1..).unwrap_or_default());
        match (self, head) {
            (Self::Stage, _) => check_listed(STAGE, path, head, rest),
            (Self::Instruction, _) => check_listed(INSTRUCTION, path, head, rest),
            (Self::Workload | Self::Container | Self::Probe, Some("pod")) => in_schema(path, "Pod", rest),
            (Self::Container | Self::Probe, Some("object")) => Ok(()),
            (Self::Probe, Some("container")) => check_container(path, rest),
            (Self::Probe, Some("kind")) | (Self::Container, Some("role")) => Ok(()),
            (Self::Container, _) => check_container(path, &path.steps),
            (Self::Probe, _) => {
                let probe = [key("spec"), key("containers"), Step::Items, key("livenessProbe")];
                in_schema(path, "Pod", &[&probe, path.steps.as_slice()].concat())
            }
            (Self::Workload, Some("replicas")) => match rest {
                [Step::Key(bound)] if bound == "min" || bound == "max" => Ok(()),
                _ => Err(format!("`{}`: write `replicas.min` or `replicas.max`", path.text)),
            },
            (Self::ConfigMap, _) => in_schema(path, "ConfigMap", &path.steps),
            (Self::Service, _) => in_schema(path, "Service", &path.steps),
            (Self::Ingress, _) => in_schema(path, "Ingress", &path.steps),
            (Self::DisruptionBudget, _) => in_schema(path, "PodDisruptionBudget", &path.steps),
            _ => in_kinds(path, kinds),
        }
    }
}

fn key(name: &str) -> Step {
    Step::Key(name.to_string())
}

fn check_container(path: &Path, steps: &[Step]) -> Result<(), String> {
    match steps {
        [Step::Key(image), Step::Key(part)] if image == "image" => match IMAGE_PARTS.contains(&part.as_str()) {
            true => Ok(()),
            false => Err(unknown("part of an image", part, IMAGE_PARTS.into_iter())),
        },
        _ => {
            let container = [key("spec"), key("containers"), Step::Items];
            in_schema(path, "Pod", &[&container, steps].concat())
        }
    }
}

fn check_listed(known: &[(&str, Follows)], path: &Path, head: Option<&str>, rest: &[Step]) -> Result<(), String> {
    let names = || known.iter().map(|(name, _)| *name);
    let head = head.unwrap_or_default();
    let Some((_, follows)) = known.iter().find(|(name, _)| *name == head) else {
        return Err(unknown("path", head, names()));
    };
    let wanted = match (follows, rest) {
        (Follows::Nothing, []) | (Follows::Items, [Step::Items]) | (Follows::ImagePart, []) => return Ok(()),
        (Follows::Key, [Step::Key(_) | Step::AnyKey]) => return Ok(()),
        (Follows::ImagePart, [Step::Key(part)]) if IMAGE_PARTS.contains(&part.as_str()) => return Ok(()),
        (Follows::Stage, [Step::Key(head), rest @ ..]) => return check_listed(STAGE, path, Some(head), rest),
        (Follows::Nothing, _) => format!("`{head}`"),
        (Follows::Items, _) => format!("`{head}[]`"),
        (Follows::Key, _) => format!("`{head}.NAME` or `{head}[\"NAME\"]`"),
        (Follows::ImagePart, _) => format!("`{head}` or `{head}.` and one of {}", IMAGE_PARTS.join(", ")),
        (Follows::Stage, _) => format!("`{head}.` and a path into the stage"),
    };
    Err(format!("`{}` leads nowhere: write {wanted}", path.text))
}

/// Without kinds, or with one that is not Kubernetes' own, nothing can be told.
fn in_kinds(path: &Path, kinds: &[String]) -> Result<(), String> {
    let is_known = |kind: &String| schema::kinds().any(|known| known.name() == kind);
    if kinds.is_empty() || !kinds.iter().all(is_known) {
        return Ok(());
    }
    let mut checked = kinds.iter().map(|kind| in_schema(path, kind, &path.steps));
    let first = checked.next().unwrap_or(Ok(()));
    if first.is_ok() || checked.any(|checked| checked.is_ok()) { Ok(()) } else { first }
}

/// Whether some version of a kind has the field that steps lead to.
fn in_schema(path: &Path, kind: &str, steps: &[Step]) -> Result<(), String> {
    let versions = schema::kinds().filter(|known| known.name() == kind);
    let mut checked = versions.map(|version| walk(Type::Object(version.object()), steps));
    let first = checked.next().unwrap_or(Ok(()));
    match first {
        Err(_) if checked.any(|checked| checked.is_ok()) => Ok(()),
        checked => checked.map_err(|fault| format!("`{}` leads nowhere: {fault}", path.text)),
    }
}

fn walk(mut ty: Type, steps: &[Step]) -> Result<(), String> {
    for (index, step) in steps.iter().enumerate() {
        let before = || match index.checked_sub(1).map(|before| &steps[before]) {
            Some(Step::Key(name)) => format!("`{name}`"),
            _ => "it".to_string(),
        };
        ty = match (ty, step) {
            (Type::Any, _) => return Ok(()),
            (Type::Object(object), Step::Key(name)) => match object.field(name) {
                Some(field) => field.ty(),
                None => {
                    let near = nearest(name, object.fields().map(schema::Field::name));
                    let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
                    return Err(format!("there is no field `{name}`{near}"));
                }
            },
            (Type::Object(_), Step::AnyKey) => return Ok(()),
            (Type::Map(element), Step::Key(_) | Step::AnyKey) | (Type::Array(element), Step::Items) => element.ty(),
            (Type::Array(_), _) => return Err(format!("{} is a list: write `[]` behind it", before())),
            (_, Step::Items) => return Err(format!("{} is no list", before())),
            (_, _) => return Err(format!("{} has no fields", before())),
        };
    }
    Ok(())
}
