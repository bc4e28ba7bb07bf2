//! The volumes of a workload that tie its Pods to a node.

use crate::release::workload::Workload;
use crate::release::{Field, Object};

/// How a persistent volume claim may be mounted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// `ReadWriteOnce`: by the Pods of one node.
    Once,
    /// `ReadWriteOncePod`: by one Pod.
    OncePod,
    /// By Pods on several nodes.
    Many,
    /// The claim is nowhere in reach.
    Unknown,
}

/// Volumes that are a disk, named without a claim.
const DISKS: [&str; 5] = ["awsElasticBlockStore", "azureDisk", "cinder", "gcePersistentDisk", "rbd"];

/// A persistent volume claim that a pod template mounts by name.
#[derive(Clone, Copy)]
pub struct Claim<'a> {
    /// The name of the claim.
    pub name: &'a str,
    /// Where the pod template names it.
    pub field: Field<'a>,
    /// How it may be mounted.
    pub access: Access,
    /// The claim, where it is in reach.
    pub object: Option<&'a Object<'a>>,
}

impl std::fmt::Display for Access {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Once => "ReadWriteOnce",
            Self::OncePod => "ReadWriteOncePod",
            Self::Many => "shared",
            Self::Unknown => "of unknown access",
        })
    }
}

impl Claim<'_> {
    /// Whether only the Pods of one node, or only one Pod, can hold it.
    #[must_use]
    pub fn is_exclusive(&self) -> bool {
        matches!(self.access, Access::Once | Access::OncePod)
    }
}

impl<'a> Workload<'a> {
    /// What keeps an additional Pod from being placed beside the others, if anything does.
    #[must_use]
    pub fn surge_obstacle(self) -> Option<&'static str> {
        let affinity =
            self.pod_spec().at(&["affinity", "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution"]);
        if self.claims().iter().any(Claim::is_exclusive) {
            Some("they mount a ReadWriteOnce claim")
        } else if self.may_hold_exclusive_volume() {
            Some("they mount a volume that may be held on one node only")
        } else if self.uses_host_ports() {
            Some("they take a port of the node")
        } else if affinity.items().len() > 0 {
            Some("their anti-affinity is required")
        } else {
            None
        }
    }

    /// The claims that the pod template names. Claims of a StatefulSet's own templates are
    /// not among them: each of its Pods has one of its own.
    #[must_use]
    pub fn claims(self) -> Vec<Claim<'a>> {
        let volumes = self.pod_spec().get("volumes").items();
        let named = volumes.filter_map(|volume| {
            let field = volume.at(&["persistentVolumeClaim", "claimName"]);
            field.string().map(|name| (name, field))
        });
        named.map(|(name, field)| self.claim(name, field)).collect()
    }

    /// Whether its Pods mount a volume that may be held on one node only: a claim that is not
    /// known to be shared, or a disk.
    #[must_use]
    pub fn may_hold_exclusive_volume(self) -> bool {
        let is_disk = |volume: Field<'a>| DISKS.iter().any(|disk| volume.get(disk).exists());
        self.claims().iter().any(|claim| claim.access != Access::Many)
            || self.pod_spec().get("volumes").items().any(is_disk)
    }

    fn claim(self, name: &'a str, field: Field<'a>) -> Claim<'a> {
        let is_core = |object: &Object<'a>| object.group().is_empty();
        let found = self.releases().find(self.object(), "PersistentVolumeClaim", name, is_core);
        let object = found.first().copied();
        let access = object.map_or(Access::Unknown, access_of);
        Claim { name, field, access, object }
    }
}

fn access_of(claim: &Object<'_>) -> Access {
    let modes = claim.field().at(&["spec", "accessModes"]);
    let modes: Vec<_> = modes.items().filter_map(Field::string).collect();
    if modes.iter().any(|mode| matches!(*mode, "ReadWriteMany" | "ReadOnlyMany")) {
        Access::Many
    } else if modes.contains(&"ReadWriteOncePod") {
        Access::OncePod
    } else if modes.contains(&"ReadWriteOnce") {
        Access::Once
    } else {
        Access::Unknown
    }
}
