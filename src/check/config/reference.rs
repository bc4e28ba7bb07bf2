//! References to ConfigMaps and Secrets that lead nowhere.

use crate::check::Hit;
use crate::params::Params;
use crate::release::config::ConfigKind;
use crate::release::config::reference::{MissingKey, Reference, Unresolved, Usage};
use crate::release::{Scope, Workload};

/// A ConfigMap or a Secret that is nowhere in reach.
pub(super) fn missing(workload: Workload<'_>, _: &Params) -> Vec<Hit> {
    workload.unresolved_config().into_iter().filter_map(|unresolved| unresolvable(workload, &unresolved)).collect()
}

fn unresolvable(workload: Workload<'_>, unresolved: &Unresolved<'_>) -> Option<Hit> {
    let (releases, object) = (workload.releases(), workload.object());
    let Unresolved { reference, resolution } = unresolved;
    let scope = releases.release_of(object).scope;
    // In the tree somebody, as Kustomize does, may give both the same namespace.
    if scope == Scope::Open && resolution.elsewhere.is_some() {
        return None;
    }
    let near = releases.near_name(object, reference.kind, reference.target()?);
    let case = match (reference.kind, scope) {
        _ if near.is_some() => "near",
        (ConfigKind::Secret, _) if releases.strict_references => "strict",
        (ConfigKind::Secret, _) => "secret",
        (ConfigKind::ConfigMap, Scope::Closed) => "closed",
        (ConfigKind::ConfigMap, Scope::Open) => "open",
    };
    let title = reference.title();
    let found = match (near, resolution.elsewhere) {
        (Some((near, _)), _) => format!("there is no {title} in reach; did you mean {near}?"),
        (None, Some(namespace)) => format!("{title} stands in namespace {namespace}, out of reach"),
        (None, None) => format!("there is no {title} in reach"),
    };
    let colon = if near.is_some() { "" } else { ":" };
    let hit =
        Hit::new(case, reference.name.place(), format!("{found}{colon} {}", consequence(*reference, near.is_some())));
    Some(match near {
        Some((_, object)) => hit.related(object.place(), "almost that name"),
        None => hit,
    })
}

/// What the kubelet does about it.
fn consequence(reference: Reference<'_>, starts_sentence: bool) -> String {
    let pods = if starts_sentence { "Without it Pods" } else { "Pods" };
    match reference.usage {
        Usage::Variable | Usage::Environment => format!("{pods} stay in CreateContainerConfigError"),
        Usage::Volume => format!("{pods} wait for the volume for ever (FailedMount)"),
    }
}

/// A key that the ConfigMap or the Secret does not have.
pub(super) fn key_missing(workload: Workload<'_>, _: &Params) -> Vec<Hit> {
    workload.missing_config_keys().into_iter().filter_map(|missing| without_key(&missing)).collect()
}

fn without_key(missing: &MissingKey<'_>) -> Option<Hit> {
    let MissingKey { reference, key, resolution } = missing;
    let name = key.string()?;
    let near = resolution.near_key(name).map(|near| format!("; did you mean {near}?")).unwrap_or_default();
    let message = format!("{} has no key {name}{near}", reference.title());
    let colon = if near.is_empty() { ":" } else { "" };
    let message = format!("{message}{colon} {}", consequence(*reference, !near.is_empty()));
    let hit = Hit::only(key.place(), message);
    Some(hit.related(resolution.providers.first()?.object.place(), format!("the {}", reference.kind)))
}
