//! The ConfigMaps and Secrets that a pod template asks for.
//!
//! Source: Kubernetes `pkg/kubelet/kubelet_pods.go`, `makeEnvironmentVariables`: a container
//! whose reference cannot be resolved is not created, unless the reference is optional. Volumes:
//! `pkg/volume/configmap`, `pkg/volume/secret`, `pkg/volume/projected`.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::ConfigKind;
use super::provider::Resolution;
use crate::release::field::{Field, is_filled_in, is_placeholder};
use crate::release::{Container, Workload};

/// How a pod template uses what it refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Usage {
    /// One key, as the value of a variable (`valueFrom`).
    Variable,
    /// Every key, as variables (`envFrom`).
    Environment,
    /// As files, in a volume.
    Volume,
}

/// A reference to a ConfigMap or a Secret.
#[derive(Clone, Copy)]
pub struct Reference<'a> {
    /// What it asks for.
    pub kind: ConfigKind,
    /// The mapping that holds `name` and `key`.
    pub field: Field<'a>,
    /// Where the name stands.
    pub name: Field<'a>,
    /// How it is used.
    pub usage: Usage,
    /// Whether the Pod starts without it; taken for granted where it is filled in later.
    pub is_optional: bool,
}

impl<'a> Reference<'a> {
    fn new(kind: ConfigKind, field: Field<'a>, usage: Usage) -> Self {
        // Of all references only a Secret's volume says `secretName`.
        let named = field.get("name");
        let name = if named.exists() { named } else { field.get("secretName") };
        let is_optional = field.get("optional").bool_or(false).value() != Some(false);
        Self { kind, field, name, usage, is_optional }
    }

    /// The name, where it can be told.
    #[must_use]
    pub fn target(self) -> Option<&'a str> {
        self.name.string().filter(|name| !name.is_empty() && !self.name.node().is_some_and(is_placeholder))
    }

    /// The keys that it asks for by name.
    #[must_use]
    pub fn keys(self) -> Vec<Field<'a>> {
        match self.usage {
            Usage::Variable => vec![self.field.get("key")],
            Usage::Environment => Vec::new(),
            Usage::Volume => self.field.get("items").items().map(|item| item.get("key")).collect(),
        }
    }

    /// `ConfigMap web`.
    #[must_use]
    pub fn title(self) -> String {
        format!("{} {}", self.kind, self.name.string().unwrap_or("?"))
    }
}

impl<'a> Container<'a> {
    /// The references of its environment: those of `envFrom`, then those of `env`.
    pub fn config_references(self) -> impl Iterator<Item = Reference<'a>> {
        let all = self.field().get("envFrom").items().filter_map(of_source);
        all.chain(self.field().get("env").items().filter_map(of_variable))
    }
}

/// The reference of an item of `envFrom`.
pub(super) fn of_source(item: Field<'_>) -> Option<Reference<'_>> {
    let keys = [("configMapRef", ConfigKind::ConfigMap), ("secretRef", ConfigKind::Secret)];
    reference_of(item, keys, Usage::Environment)
}

/// The reference of an item of `env`.
pub(super) fn of_variable(item: Field<'_>) -> Option<Reference<'_>> {
    let keys = [("configMapKeyRef", ConfigKind::ConfigMap), ("secretKeyRef", ConfigKind::Secret)];
    reference_of(item.get("valueFrom"), keys, Usage::Variable)
}

/// The reference of a volume, or of a source of a projected one.
fn of_volume(item: Field<'_>) -> Option<Reference<'_>> {
    let keys = [("configMap", ConfigKind::ConfigMap), ("secret", ConfigKind::Secret)];
    reference_of(item, keys, Usage::Volume)
}

fn reference_of<'a>(field: Field<'a>, keys: [(&str, ConfigKind); 2], usage: Usage) -> Option<Reference<'a>> {
    let found = keys.into_iter().find(|(key, _)| field.get(key).exists());
    found.map(|(key, kind)| Reference::new(kind, field.get(key), usage))
}

impl<'a> Workload<'a> {
    /// Every reference of its pod template to a ConfigMap or a Secret that keeps its Pods from
    /// starting where it cannot be resolved. The kubelet ignores volumes that no container
    /// mounts (`desired_state_of_world_populator.go`).
    #[must_use]
    pub fn config_references(self) -> Vec<Reference<'a>> {
        let containers = self.containers();
        let mounts = containers.iter().flat_map(|container| container.field().get("volumeMounts").items());
        let mounted: HashSet<_> = mounts.filter_map(|mount| mount.get("name").string()).collect();
        let volumes = self.pod_spec().get("volumes").items();
        let volumes = volumes.filter(|volume| volume.get("name").string().is_some_and(|name| mounted.contains(name)));
        let volumes = volumes.flat_map(|volume| {
            let projected = volume.at(&["projected", "sources"]).items();
            std::iter::once(volume).chain(projected).filter_map(of_volume).collect::<Vec<_>>()
        });
        let variables = containers.iter().flat_map(|container| container.config_references());
        variables.chain(volumes).collect()
    }
}

/// A reference that cannot be resolved.
pub struct Unresolved<'a> {
    /// The first reference of that kind and name.
    pub reference: Reference<'a>,
    /// What was found of the name.
    pub resolution: Rc<Resolution<'a>>,
}

/// A key that a reference asks for and that is not there.
pub struct MissingKey<'a> {
    /// The reference.
    pub reference: Reference<'a>,
    /// The key.
    pub key: Field<'a>,
    /// The ConfigMap or Secret without it.
    pub resolution: Rc<Resolution<'a>>,
}

impl<'a> Workload<'a> {
    /// The ConfigMaps and Secrets that its Pods need and that are nowhere in reach, each once.
    #[must_use]
    pub fn unresolved_config(self) -> Vec<Unresolved<'a>> {
        let mut resolver = Resolver::new(self);
        let mut seen = HashSet::new();
        let needed = self.config_references().into_iter().filter(|reference| !reference.is_optional);
        let found = needed.filter_map(|reference| {
            let resolution = resolver.resolve(reference).filter(|resolution| resolution.is_absent())?;
            seen.insert((reference.kind, reference.target()?)).then_some(Unresolved { reference, resolution })
        });
        found.collect()
    }

    /// The keys that its Pods need and that their ConfigMap or Secret does not have.
    #[must_use]
    pub fn missing_config_keys(self) -> Vec<MissingKey<'a>> {
        let mut resolver = Resolver::new(self);
        let needed = self.config_references().into_iter().filter(|reference| !reference.is_optional);
        let mut found = Vec::new();
        for reference in needed {
            let Some(resolution) = resolver.resolve(reference) else { continue };
            let is_missing = |key: &str| !is_filled_in(key) && resolution.key(key).is_missing();
            let missing = reference.keys().into_iter().filter(|key| key.string().is_some_and(is_missing));
            found.extend(missing.map(|key| MissingKey { reference, key, resolution: Rc::clone(&resolution) }));
        }
        found
    }
}

/// Looks references of one workload up, each name once.
pub struct Resolver<'a> {
    workload: Workload<'a>,
    known: HashMap<(ConfigKind, &'a str), Rc<Resolution<'a>>>,
}

impl<'a> Resolver<'a> {
    /// Nothing looked up yet.
    #[must_use]
    pub fn new(workload: Workload<'a>) -> Self {
        Self { workload, known: HashMap::new() }
    }

    /// What a reference means; nothing where its name cannot be told.
    pub fn resolve(&mut self, reference: Reference<'a>) -> Option<Rc<Resolution<'a>>> {
        let name = reference.target()?;
        let workload = self.workload;
        let resolve = || Rc::new(Resolution::of(workload.releases(), workload.object(), reference.kind, name));
        Some(Rc::clone(self.known.entry((reference.kind, name)).or_insert_with(resolve)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release::Scope;
    use crate::release::manifests::read;

    #[test]
    fn references_stand_in_environments_and_mounted_volumes() {
        let cron_job = "
apiVersion: batch/v1
kind: CronJob
metadata: {name: web}
spec:
  jobTemplate:
    spec:
      template:
        spec:
          imagePullSecrets: [{name: registry}]
          initContainers: [{name: i, image: a, envFrom: [{prefix: P, secretRef: {name: all, optional: true}}]}]
          containers:
            - name: c
              image: a
              env: [{name: A, value: a}, {name: B, valueFrom: {configMapKeyRef: {name: one, key: k}}}]
              volumeMounts: [{name: v, mountPath: /v}, {name: s, mountPath: /s}, {name: p, mountPath: /p}]
          volumes:
            - {name: v, configMap: {name: files, items: [{key: a, path: a}, {key: b, path: b}]}}
            - {name: s, secret: {secretName: tls, optional: false}}
            - {name: p, projected: {sources: [{secret: {name: projected}}, {configMap: {name: \"${NAME}\"}}]}}
            - {name: unused, configMap: {name: unused}}
";
        let found = read(Scope::Open, &[("a.yaml", cron_job)], |releases| {
            let workload = releases.workload(&releases.objects()[0]).unwrap();
            let show = |reference: Reference<'_>| {
                let keys: Vec<_> = reference.keys().into_iter().filter_map(Field::string).collect();
                let optional = if reference.is_optional { "?" } else { "" };
                format!("{} {}{optional} {}", reference.kind, reference.target().unwrap_or("-"), keys.join(","))
            };
            workload.config_references().into_iter().map(show).collect::<Vec<_>>().join("; ")
        });
        assert_eq!(
            found,
            "ConfigMap one k; Secret all? ; ConfigMap files a,b; Secret tls ; Secret projected ; ConfigMap - "
        );
    }
}
