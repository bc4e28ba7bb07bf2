//! Argo CD's Applications: what they deploy from this repository, with which values.
//!
//! Source: Argo CD `pkg/apis/application/v1alpha1/types.go`, `reposerver/repository/repository.go`.

use serde_json::Value;

use super::generate::{fill, is_open, parameters};
use super::json;
use super::repository::Repository;
use super::{Deployed, Found};
use crate::input::render::Values;
use crate::release::Orchestrator;
use crate::syntax::yaml::resolve;

/// Reads an Application.
pub(super) fn application(object: &Value, repository: &Repository<'_>) -> Found {
    let name = json::text(object, &["metadata", "name"]).unwrap_or_default();
    let mut found = Found::default();
    of_spec(name, object.get("spec").unwrap_or(&Value::Null), repository, &mut found);
    found
}

/// Reads an `ApplicationSet`, as far as its generators look at nothing but the repository.
pub(super) fn application_set(object: &Value, repository: &Repository<'_>) -> Found {
    let name = json::text(object, &["metadata", "name"]).unwrap_or_default();
    let mut found = Found::default();
    let (Some(spec), Some(template)) = (json::at(object, &["spec"]), json::at(object, &["spec", "template"])) else {
        return found;
    };
    match parameters(spec, repository) {
        Some(all) => all.iter().for_each(|parameters| {
            let filled = fill(template, parameters);
            let name = json::text(&filled, &["metadata", "name"]).unwrap_or(name).to_string();
            of_spec(&name, filled.get("spec").unwrap_or(&Value::Null), repository, &mut found);
        }),
        None => {
            found.passed.push(format!("ApplicationSet {name} asks a generator that looks outside of the repository"))
        }
    }
    found
}

fn of_spec(name: &str, spec: &Value, repository: &Repository<'_>, found: &mut Found) {
    let several: Vec<_> = json::items(spec, &["sources"]).collect();
    let sources = if several.is_empty() { json::at(spec, &["source"]).into_iter().collect() } else { several };
    let deploying: Vec<_> = sources.iter().filter(|it| it.get("path").is_some() || it.get("chart").is_some()).collect();
    let [source] = deploying[..] else {
        if deploying.len() > 1 {
            found.passed.push(format!("Application {name} is made of {} sources", deploying.len()));
        }
        return;
    };
    let url = json::text(source, &["repoURL"]);
    if let Some(chart) = json::text(source, &["chart"]) {
        found.passed.push(format!("Application {name} takes the chart {chart} from {}", url.unwrap_or("elsewhere")));
        return;
    }
    let Some(path) = json::text(source, &["path"]) else { return };
    if is_open(name) || is_open(path) || !repository.is_own(url) || !repository.path(path).is_dir() {
        found.passed.push(format!("Application {name} deploys {path} of {}", url.unwrap_or("elsewhere")));
        return;
    }
    let Some(values) = values(path, source, &sources, repository) else {
        found.passed.push(format!("Application {name} takes values from another repository"));
        return;
    };
    let namespace = json::text(spec, &["destination", "namespace"]).filter(|it| !is_open(it)).map(str::to_string);
    let release = json::text(source, &["helm", "releaseName"]).unwrap_or(name).to_string();
    found.deployed.push(Deployed {
        orchestrator: Orchestrator::Argo,
        release,
        directory: repository.path(path),
        values: Values { namespace, ..values },
    });
}

fn values(path: &str, source: &Value, sources: &[&Value], repository: &Repository<'_>) -> Option<Values> {
    let helm = json::at(source, &["helm"]).unwrap_or(&Value::Null);
    let may_miss = json::at(helm, &["ignoreMissingValueFiles"]).and_then(Value::as_bool).unwrap_or(false);
    let mut files = Vec::new();
    for file in json::texts(helm, &["valueFiles"]) {
        let file = match file.strip_prefix('$').and_then(|file| file.split_once('/')) {
            Some((name, file)) => {
                let named = sources.iter().find(|it| json::text(it, &["ref"]) == Some(name))?;
                repository.is_own(json::text(named, &["repoURL"])).then(|| repository.path(file))?
            }
            None if file.contains("://") || is_open(&file) => return None,
            None if file.starts_with('/') => repository.path(&file),
            None => repository.path(&format!("{path}/{file}")),
        };
        if file.is_file() || !may_miss {
            files.push(file);
        }
    }
    let parameters = json::items(helm, &["parameters"]).filter_map(|parameter| {
        let (name, value) = (json::text(parameter, &["name"])?, json::text(parameter, &["value"])?);
        let forced = json::at(parameter, &["forceString"]).and_then(Value::as_bool).unwrap_or(false);
        let value = if forced { Value::from(value) } else { json::of_scalar(resolve(value)) };
        Some((name.to_string(), value.to_string()))
    });
    let inline = json::at(helm, &["valuesObject"]).map(Value::to_string);
    let inline = inline.or_else(|| json::text(helm, &["values"]).map(str::to_string));
    Some(Values { files, set: parameters.collect(), inline, ..Values::default() })
}
