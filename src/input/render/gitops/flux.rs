//! Flux' HelmReleases and Kustomizations: what they deploy from this repository.
//!
//! Source: Flux `helm-controller/api/v2`, `kustomize-controller/api/v1`.

use serde_json::Value;

use super::json;
use super::repository::Repository;
use super::{Deployed, Found};
use crate::input::render::Values;
use crate::release::Orchestrator;

/// Reads a `HelmRelease`.
pub(super) fn helm_release(object: &Value, repository: &Repository<'_>) -> Found {
    let mut found = Found::default();
    let name = json::text(object, &["metadata", "name"]).unwrap_or_default();
    let spec = object.get("spec").unwrap_or(&Value::Null);
    // A patch of one says nothing of its chart.
    if spec.get("chart").is_none() && spec.get("chartRef").is_none() {
        return found;
    }
    let source = json::at(spec, &["chart", "spec"]).unwrap_or(&Value::Null);
    let chart = json::text(source, &["chart"]);
    let kind = json::text(source, &["sourceRef", "kind"]).unwrap_or_default();
    let directory = chart.filter(|_| kind == "GitRepository").map(|chart| repository.path(chart));
    let Some(directory) = directory.filter(|directory| directory.is_dir()) else {
        let of = json::text(source, &["sourceRef", "name"]).or(json::text(spec, &["chartRef", "name"]));
        let chart = chart.unwrap_or("a chart");
        found.passed.push(format!("HelmRelease {name} takes {chart} from {}", of.unwrap_or("elsewhere")));
        return found;
    };
    let needed = |from: &&Value| !json::at(from, &["optional"]).and_then(Value::as_bool).unwrap_or(false);
    if let Some(from) = json::items(spec, &["valuesFrom"]).find(needed) {
        let [kind, of] = ["kind", "name"].map(|key| json::text(from, &[key]).unwrap_or_default());
        found.passed.push(format!(
            "HelmRelease {name} takes values from {kind} {of}, so its chart was taken with its own values alone"
        ));
        return found;
    }
    let target = json::text(spec, &["targetNamespace"]);
    let namespace = target.or(json::text(object, &["metadata", "namespace"])).map(str::to_string);
    let own = json::text(spec, &["releaseName"]).map(str::to_string);
    let release = own.unwrap_or_else(|| target.map_or(name.to_string(), |target| format!("{target}-{name}")));
    let files = json::texts(source, &["valuesFiles"]).iter().map(|file| repository.path(file)).collect();
    let inline = json::at(spec, &["values"]).map(Value::to_string);
    let values = Values { namespace, files, inline, ..Values::default() };
    found.deployed.push(Deployed { orchestrator: Orchestrator::Flux, release, directory, values });
    found
}

/// Reads a Kustomization of Flux. What has no kustomization of its own stays in the tree.
pub(super) fn kustomization(object: &Value, repository: &Repository<'_>) -> Found {
    let mut found = Found::default();
    let name = json::text(object, &["metadata", "name"]).unwrap_or_default();
    let spec = object.get("spec").unwrap_or(&Value::Null);
    let Some(path) = json::text(spec, &["path"]) else { return found };
    let directory = repository.path(path.trim_start_matches("./"));
    if !directory.is_dir() {
        let [kind, of] = ["kind", "name"].map(|key| json::text(spec, &["sourceRef", key]).unwrap_or_default());
        found.passed.push(format!("Kustomization {name} deploys {path} of {kind} {of}"));
        return found;
    }
    let namespace = json::text(spec, &["targetNamespace"]).map(str::to_string);
    found.deployed.push(Deployed {
        orchestrator: Orchestrator::Flux,
        release: name.to_string(),
        directory,
        values: Values { namespace, ..Values::default() },
    });
    found
}
