//! What exists already when a hook runs.
//!
//! Helm creates the chart's `crds/`, runs the hooks of `pre-install` one after the other (by
//! weight, then name, then kind), and only then creates everything that is no hook; an upgrade
//! changes that only after `pre-upgrade`, so such a hook sees the previous release
//! (`pkg/action/install.go`, `upgrade.go`, `hooks.go`). Argo CD goes by phase, wave, kind and
//! name; what is of one phase and wave is created together, kind by kind, and awaited at its end
//! (`gitops-engine/pkg/sync/sync_tasks.go`, `sync_context.go`).

use std::cmp::Ordering;

use crate::release::deploy::hook::{ARGO_WAVE, Hook, Moment, Runner, Stage, order};
use crate::release::deploy::refs::Need;
use crate::release::workload::Workload;
use crate::release::{Object, Releases, Scope};

/// Whether an object is there when a hook runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Presence {
    /// It is.
    There,
    /// It is, because of two equal weights its name comes first.
    ByName,
    /// It is as the previous release left it.
    Previous,
    /// It is not yet.
    NotYet,
}

/// Something that a hook needs, and how it finds it.
pub struct Found<'a> {
    /// What the pod template names.
    pub need: Need<'a>,
    /// The object.
    pub object: &'a Object<'a>,
    /// The hook that the object is itself.
    pub hook: Option<Hook>,
    /// The moment at which it is missed most.
    pub moment: Moment,
    /// Whether it is there then.
    pub presence: Presence,
}

impl<'a> Workload<'a> {
    /// The turn that it has in a deploy: as a hook; with Argo CD also by a wave.
    #[must_use]
    pub fn turn(self) -> Option<Hook> {
        let (releases, object) = (self.releases(), self.object());
        let runner = releases.runner_of(object)?;
        let waved = || {
            let in_waves = runner == Runner::Argo && object.annotation(ARGO_WAVE).is_some();
            in_waves.then(|| Hook { runner, moments: vec![Moment::Sync], order: order(object, runner) })
        };
        Hook::read(object, runner).or_else(waved)
    }

    /// What it cannot start without, of what is deployed together with it, at its turn. What
    /// is said to exist already is not among it.
    #[must_use]
    pub fn found_at(self, turn: &Hook) -> Vec<Found<'a>> {
        let needs = self.needs().into_iter().filter(|need| !need.optional);
        needs.filter_map(|need| self.find_at(turn, need)).collect()
    }

    fn find_at(self, turn: &Hook, need: Need<'a>) -> Option<Found<'a>> {
        let (releases, object) = (self.releases(), self.object());
        if releases.is_provided(object, need.kind, need.name) {
            return None;
        }
        let named = releases.find(object, need.kind, need.name, |found| found.group().is_empty());
        let together = named.into_iter().filter(|found| releases.are_applied_together(object, found));
        let found = together.map(|found| {
            let hook = releases.hook(found);
            let (presence, moment) = worst(turn, object, found, hook.as_ref());
            Found { need, object: found, hook, moment, presence }
        });
        found.min_by_key(|found| found.presence)
    }
}

/// How the moment of a deploy at which an object is missed most finds it.
fn worst(turn: &Hook, object: &Object<'_>, needed: &Object<'_>, hook: Option<&Hook>) -> (Presence, Moment) {
    let moments = turn.moments.iter().copied().filter(|moment| moment.stage() != Stage::Aside);
    let found = moments.map(|moment| {
        let presence = match turn.runner {
            Runner::Helm => in_helm(moment, (turn.order, object), (hook, needed)),
            Runner::Argo => in_argo((moment, turn.order), hook, needed),
        };
        (presence, moment)
    });
    // Of equal ones the first: the first install.
    let found = found.reduce(|worst, next| if next.0 > worst.0 { next } else { worst });
    found.unwrap_or((Presence::There, Moment::Skip))
}

fn in_helm(
    moment: Moment,
    (weight, object): (i64, &Object<'_>),
    (hook, needed): (Option<&Hook>, &Object<'_>),
) -> Presence {
    let Some(hook) = hook else {
        return match moment {
            Moment::PreInstall => Presence::NotYet,
            Moment::PreUpgrade => Presence::Previous,
            _ => Presence::There,
        };
    };
    if hook.moments.contains(&moment) {
        // Of one weight and one name, kinds that a Pod needs come before Jobs and Pods.
        return match (hook.order.cmp(&weight), needed.name.cmp(&object.name)) {
            (Ordering::Less, _) | (Ordering::Equal, Ordering::Equal) => Presence::There,
            (Ordering::Equal, Ordering::Less) => Presence::ByName,
            _ => Presence::NotYet,
        };
    }
    // An earlier event left it there. A hook that helm drops is another rule's business.
    let only_later = moment == Moment::PreInstall && hook.is_of_deploy();
    if only_later { Presence::NotYet } else { Presence::There }
}

fn in_argo(turn: (Moment, i64), hook: Option<&Hook>, needed: &Object<'_>) -> Presence {
    let place = |(moment, wave): (Moment, i64)| (moment.stage(), wave);
    let earliest = match hook {
        None => Some((Stage::During, order(needed, Runner::Argo))),
        Some(hook) => hook.moments.iter().map(|moment| place((*moment, hook.order))).min(),
    };
    let late = earliest.is_some_and(|(stage, wave)| stage != Stage::Aside && (stage, wave) > place(turn));
    if late { Presence::NotYet } else { Presence::There }
}

impl<'a> Releases<'a> {
    /// The hooks of a release in the order in which they run, moment by moment; Helm's by
    /// weight and name, Argo CD's by wave, kind and name. In the directory tree those of each
    /// directory are apart.
    #[must_use]
    pub fn hooks_in_order(&'a self, release: usize) -> Vec<(Moment, Hook, &'a Object<'a>)> {
        let objects = self.objects_of(release).iter().filter(|object| !object.is_helm_test());
        let hooks = objects.filter_map(|object| Some((self.hook(object)?, object)));
        let moments = hooks.flat_map(|(hook, object)| {
            let moments = hook.moments.clone();
            moments.into_iter().map(move |moment| (moment, hook.clone(), object))
        });
        let mut all: Vec<_> = moments.collect();
        all.sort_by_key(|(moment, hook, object)| {
            // Argo CD sorts kinds before names.
            let name_first = object.name.filter(|_| hook.runner == Runner::Helm);
            let directory = if self.releases()[release].scope == Scope::Open { object.directory() } else { "" };
            (directory, *moment, hook.order, name_first, kind_rank(object.kind), object.name)
        });
        all
    }
}

/// The kinds in the order in which helm and Argo CD create them (helm: `kind_sorter.go`,
/// `InstallOrder`, which the output of `helm template` shows); all others come last.
const KINDS: [&str; 25] = [
    "Namespace",
    "NetworkPolicy",
    "ResourceQuota",
    "LimitRange",
    "PodDisruptionBudget",
    "ServiceAccount",
    "Secret",
    "ConfigMap",
    "StorageClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "CustomResourceDefinition",
    "ClusterRole",
    "ClusterRoleBinding",
    "Role",
    "RoleBinding",
    "Service",
    "DaemonSet",
    "Pod",
    "ReplicaSet",
    "Deployment",
    "StatefulSet",
    "Job",
    "CronJob",
    "Ingress",
];

fn kind_rank(kind: &str) -> usize {
    KINDS.iter().position(|known| *known == kind).unwrap_or(KINDS.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release::Orchestrator;
    use crate::release::manifests::deployed_by;

    fn present(tool: Orchestrator, job: &str, config: &str) -> (Presence, Moment) {
        let text = format!(
            "{{apiVersion: batch/v1, kind: Job, metadata: {{name: migrate, annotations: {job}}}, spec: {{template: {{spec: \
             {{containers: [{{envFrom: [{{configMapRef: {{name: config}}}}]}}]}}}}}}}}\n---\n\
             {{apiVersion: v1, kind: ConfigMap, metadata: {{name: config, annotations: {config}}}}}\n"
        );
        deployed_by(tool, &[("x", &text)], |releases| {
            let workload = releases.workload(&releases.objects()[0]).unwrap();
            let found = workload.found_at(&workload.turn().unwrap());
            (found[0].presence, found[0].moment)
        })
    }

    fn hook(events: &str, weight: i64) -> String {
        format!("{{helm.sh/hook: {events:?}, helm.sh/hook-weight: \"{weight}\"}}")
    }

    fn wave(phase: &str, wave: i64) -> String {
        let phase = if phase.is_empty() { String::new() } else { format!("argocd.argoproj.io/hook: {phase}, ") };
        format!("{{{phase}argocd.argoproj.io/sync-wave: \"{wave}\"}}")
    }

    #[test]
    fn what_helm_has_created() {
        use Presence::{ByName, NotYet, Previous, There};
        let helm = |job: &str, config: &str| present(Orchestrator::Helm, job, config);
        assert_eq!(helm(&hook("pre-install,pre-upgrade", -5), "{}"), (NotYet, Moment::PreInstall));
        assert_eq!(helm(&hook("pre-upgrade", -5), "{}"), (Previous, Moment::PreUpgrade));
        assert_eq!(helm(&hook("post-install,pre-upgrade", -5), "{}"), (Previous, Moment::PreUpgrade));
        assert_eq!(helm(&hook("post-install,post-upgrade", -5), "{}").0, There);
        let pre = |weight| hook("pre-install,pre-upgrade", weight);
        assert_eq!(helm(&pre(1), &pre(0)).0, There);
        assert_eq!(helm(&pre(0), &pre(1)).0, NotYet);
        assert_eq!(helm(&pre(0), &pre(0)).0, ByName, "config sorts before migrate");
        assert_eq!(helm(&pre(0), &hook("post-install", -1)).0, NotYet);
        assert_eq!(helm(&hook("pre-upgrade", 0), &hook("pre-install", 5)).0, There);
        assert_eq!(helm(&pre(0), &hook("preinstall", 0)).0, There, "that helm drops it is said elsewhere");
    }

    #[test]
    fn what_argo_cd_has_created() {
        use Presence::{NotYet, There};
        let argo = |job: &str, config: &str| present(Orchestrator::Argo, job, config).0;
        assert_eq!(argo(&wave("PreSync", 5), "{}"), NotYet);
        assert_eq!(argo(&wave("PostSync", 0), "{}"), There);
        assert_eq!(argo(&wave("PreSync", 0), &wave("PreSync", 0)), There, "kind by kind within a wave");
        assert_eq!(argo(&wave("PreSync", 0), &wave("PreSync", 1)), NotYet);
        assert_eq!(argo(&wave("Sync", -1), "{}"), NotYet);
        assert_eq!(argo(&wave("", -1), "{}"), NotYet, "a wave is a turn, too");
        assert_eq!(argo(&wave("", -1), &wave("", -1)), There);
        assert_eq!(argo(&hook("pre-install", 0), "{}"), NotYet);
    }

    fn in_order(tool: Orchestrator) -> Vec<String> {
        let hook = |kind: &str, name: &str| {
            format!(
                "apiVersion: v1\nkind: {kind}\nmetadata: {{name: {name}, annotations: {{helm.sh/hook: pre-install}}}}\n"
            )
        };
        let text = [hook("Job", "a"), hook("Job", "b"), hook("ServiceAccount", "b"), hook("Secret", "c")].join("---\n");
        deployed_by(tool, &[("x", &text)], |releases| {
            releases.hooks_in_order(0).iter().map(|(_, _, object)| object.title()).collect()
        })
    }

    #[test]
    fn helm_goes_by_name_and_argo_cd_by_kind() {
        assert_eq!(in_order(Orchestrator::Helm), ["Job a", "ServiceAccount b", "Job b", "Secret c"]);
        assert_eq!(in_order(Orchestrator::Argo), ["ServiceAccount b", "Secret c", "Job a", "Job b"]);
    }
}
