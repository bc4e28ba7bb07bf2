//! What a path starts at.

use super::dockerfile;
use super::image::image_part;
use super::path::{Path, Step};
use super::value::{Content, Value, follow};
use crate::release::build::Build;
use crate::release::scaling::Autoscaler;
use crate::release::{Container, Fact, Field, Object, Probe, Role, Stage, Workload, WorkloadKind};
use crate::syntax::dockerfile::Instruction;

/// One thing that a rule judges.
#[derive(Clone, Copy)]
pub(super) enum Root<'a> {
    Object(&'a Object<'a>),
    Scaler(Autoscaler<'a>),
    Workload(Workload<'a>),
    Container(Container<'a>),
    Probe(Probe<'a>),
    Stage(Stage<'a>),
    Instruction(&'a Build<'a>, &'a Instruction),
}

impl<'a> Root<'a> {
    /// Everything at a path.
    pub(super) fn values(self, path: &Path) -> Vec<Value<'a>> {
        self.at(&path.steps, "")
    }

    fn at(self, steps: &[Step], label: &str) -> Vec<Value<'a>> {
        let (head, rest) = match steps.split_first() {
            Some((Step::Key(head), rest)) => (head.as_str(), rest),
            _ => ("", steps),
        };
        let inner = || if label.is_empty() { head.to_string() } else { format!("{label}.{head}") };
        let below = |field: Option<Field<'a>>| field.map_or_else(Vec::new, |field| follow(field, rest, inner()));
        match (self, head) {
            (Self::Stage(stage), _) => dockerfile::of_stage(stage, steps, ""),
            (Self::Instruction(build, instruction), _) => dockerfile::of_instruction(build, instruction, steps),
            (Self::Probe(probe), "container") => Root::Container(probe.container()).at(rest, &inner()),
            (Self::Probe(probe), "kind") => vec![Value::text(inner(), probe.kind().to_string(), probe.field().place())],
            (Self::Container(_) | Self::Probe(_), "object") => below(self.object().map(Object::field)),
            (Self::Workload(_) | Self::Container(_) | Self::Probe(_), "pod") => {
                below(self.workload().map(Workload::template))
            }
            (Self::Container(it), "role") => vec![Value::text(inner(), role(it.role()), it.field().place())],
            (Self::Container(it), "image") if !rest.is_empty() => container_image(it, rest, &inner()),
            (Self::Workload(workload), "replicas") => replicas(workload, rest, &inner()),
            _ => self.field().map_or_else(Vec::new, |field| follow(field, steps, label.to_string())),
        }
    }

    /// What the platform takes for a field that is not written.
    pub(super) fn default_of(self, path: &Path) -> Option<Fact<i64>> {
        let fact = match (self, path.text.as_str()) {
            (Self::Workload(workload), text) => workload_default(workload, text)?,
            (Self::Probe(probe), "initialDelaySeconds") => probe.initial_delay(),
            (Self::Probe(probe), "periodSeconds") => probe.period(),
            (Self::Probe(probe), "timeoutSeconds") => probe.timeout(),
            (Self::Probe(probe), "successThreshold") => probe.success_threshold(),
            (Self::Probe(probe), "failureThreshold") => probe.failure_threshold(),
            (Self::Scaler(scaler), "spec.minReplicas") if !scaler.is_keda() => scaler.min(),
            (Self::Scaler(scaler), "spec.minReplicaCount") if scaler.is_keda() => scaler.min(),
            _ => return None,
        };
        Some(fact).filter(Fact::is_default)
    }

    fn field(self) -> Option<Field<'a>> {
        match self {
            Self::Object(object) => Some(object.field()),
            Self::Scaler(scaler) => Some(scaler.object().field()),
            Self::Workload(workload) => Some(workload.object().field()),
            Self::Container(container) => Some(container.field()),
            Self::Probe(probe) => Some(probe.field()),
            Self::Stage(_) | Self::Instruction(..) => None,
        }
    }

    fn workload(self) -> Option<Workload<'a>> {
        match self {
            Self::Workload(workload) => Some(workload),
            Self::Container(container) => Some(container.workload()),
            Self::Probe(probe) => Some(probe.container().workload()),
            _ => None,
        }
    }

    fn object(self) -> Option<&'a Object<'a>> {
        match self {
            Self::Object(object) => Some(object),
            Self::Scaler(scaler) => Some(scaler.object()),
            _ => self.workload().map(Workload::object),
        }
    }

    /// The kind of the object, or the keyword of the instruction.
    pub(super) fn kind(self) -> Option<&'a str> {
        match self {
            Self::Instruction(_, instruction) => Some(dockerfile::keyword(instruction)),
            _ => self.object().map(|object| object.kind),
        }
    }

    /// The container that it is, or belongs to.
    pub(super) fn container(self) -> Option<&'a str> {
        match self {
            Self::Container(container) => container.name(),
            Self::Probe(probe) => probe.container().name(),
            _ => None,
        }
    }
}

fn role(role: Role) -> &'static str {
    match role {
        Role::App => "app",
        Role::Sidecar => "sidecar",
        Role::Init => "init",
    }
}

fn container_image<'a>(container: Container<'a>, rest: &[Step], label: &str) -> Vec<Value<'a>> {
    let field = container.field().get("image");
    match (field.string().filter(|_| container.final_image().is_some()), rest.first()) {
        (Some(image), Some(Step::Key(part))) => vec![image_part(image, part, label, field.place())],
        (None, _) if field.exists() => vec![Value::new(label, Content::Unknown, field.place())],
        _ => vec![Value::new(label, Content::Absent, field.place())],
    }
}

/// The fewest and the most replicas, whoever decides them.
fn replicas<'a>(workload: Workload<'a>, rest: &[Step], label: &str) -> Vec<Value<'a>> {
    if !workload.kind().is_replicated() {
        return Vec::new();
    }
    let (replicas, bound) = (workload.replicas(), rest.first());
    let is_min = bound == Some(&Step::Key("min".to_string()));
    let (name, fact) = if is_min { ("min", &replicas.min) } else { ("max", &replicas.max) };
    vec![Value::of_fact(format!("{label}.{name}"), fact)]
}

fn workload_default(workload: Workload<'_>, path: &str) -> Option<Fact<i64>> {
    let is_pod = matches!(path.rsplit_once('.'), Some((_, "terminationGracePeriodSeconds")));
    match path {
        _ if is_pod => Some(workload.grace()),
        "spec.minReadySeconds" if workload.kind().rolls_out() => Some(workload.min_ready_seconds()),
        "spec.progressDeadlineSeconds" if workload.kind() == WorkloadKind::Deployment => {
            Some(workload.progress_deadline())
        }
        "spec.replicas" if workload.kind().is_replicated() && workload.autoscalers().next().is_none() => {
            Some(workload.replicas().min)
        }
        _ => None,
    }
}
