//! The parameters that an `ApplicationSet` fills its template with: lists, and directories
//! and files of the repository.
//!
//! Source: Argo CD `applicationset/generators`, `applicationset/utils/utils.go`.

use std::collections::BTreeMap;
use std::path::Path;

use globset::{GlobBuilder, GlobMatcher};
use serde_json::Value;

use super::json;
use super::repository::Repository;

/// More Applications than this are not made of one set.
const MOST: usize = 500;

/// The parameters of one Application, by their path: `path.basename`.
pub(super) type Parameters = BTreeMap<String, String>;

/// The parameters of all Applications of a set. Nothing where a generator asks something
/// outside of the repository.
pub(super) fn parameters(spec: &Value, repository: &Repository<'_>) -> Option<Vec<Parameters>> {
    let mut found = Vec::new();
    for generator in json::items(spec, &["generators"]) {
        let git = json::at(generator, &["git"]);
        if json::at(generator, &["list"]).is_some() {
            found.extend(json::items(generator, &["list", "elements"]).map(flat));
        } else if let Some(git) = git.filter(|git| repository.is_own(json::text(git, &["repoURL"]))) {
            found.extend(directories(git, repository));
            found.extend(files(git, repository));
        } else {
            return None;
        }
    }
    found.truncate(MOST);
    Some(found)
}

fn directories(git: &Value, repository: &Repository<'_>) -> Vec<Parameters> {
    let wanted = globs(git, "directories", false);
    let excluded = globs(git, "directories", true);
    let fits = |globs: &[GlobMatcher], path: &str| globs.iter().any(|glob| glob.is_match(path));
    let paths = repository.directories().into_iter();
    let paths = paths.filter(|path| fits(&wanted, path) && !fits(&excluded, path));
    paths.map(|path| of_path(&path)).collect()
}

fn files(git: &Value, repository: &Repository<'_>) -> Vec<Parameters> {
    let (wanted, excluded) = (globs(git, "files", false), globs(git, "files", true));
    let fits = |globs: &[GlobMatcher], path: &str| globs.iter().any(|glob| glob.is_match(path));
    let mut found = Vec::new();
    for (path, file) in repository.files().filter(|(path, _)| fits(&wanted, path) && !fits(&excluded, path)) {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let Some(value) = read(&file) else { continue };
        let all = value.as_array().cloned().unwrap_or_else(|| vec![value]);
        found.extend(all.iter().map(|one| {
            let mut parameters = flat(one);
            parameters.extend(of_path(folder));
            parameters
        }));
    }
    found
}

fn read(file: &Path) -> Option<Value> {
    let text = std::fs::read_to_string(file).ok()?;
    super::super::read_mapping(&text, |root| Some(json::of(root)))
}

fn globs(git: &Value, key: &str, excluding: bool) -> Vec<GlobMatcher> {
    let entries = json::items(git, &[key])
        .filter(|entry| json::at(entry, &["exclude"]).and_then(Value::as_bool).unwrap_or(false) == excluding);
    let paths = entries.filter_map(|entry| json::text(entry, &["path"]));
    let glob = |path: &str| GlobBuilder::new(path.trim_matches('/')).literal_separator(true).build().ok();
    paths.filter_map(glob).map(|glob| glob.compile_matcher()).collect()
}

/// What a path is called in a template: as a whole, by its last part, by its parts.
fn of_path(path: &str) -> Parameters {
    let base = path.rsplit('/').next().unwrap_or(path);
    let mut found: Parameters =
        path.split('/').enumerate().map(|(at, part)| (format!("path[{at}]"), part.to_string())).collect();
    for (name, text) in [("path", path), ("path.path", path), ("path.basename", base)] {
        found.insert(name.to_string(), text.to_string());
    }
    let normal = base.to_lowercase().replace(['_', '.'], "-");
    found.insert("path.basenameNormalized".to_string(), normal);
    found
}

/// The values of a mapping by their paths.
fn flat(value: &Value) -> Parameters {
    fn put(found: &mut Parameters, name: &str, value: &Value) {
        match value {
            Value::Object(entries) => entries.iter().for_each(|(key, value)| {
                put(found, &if name.is_empty() { key.clone() } else { format!("{name}.{key}") }, value);
            }),
            Value::String(text) => _ = found.insert(name.to_string(), text.clone()),
            Value::Bool(_) | Value::Number(_) => _ = found.insert(name.to_string(), value.to_string()),
            Value::Null | Value::Array(_) => {}
        }
    }
    let mut found = Parameters::new();
    put(&mut found, "", value);
    found
}

/// A template filled in. What it is not told stays as it is.
pub(super) fn fill(template: &Value, parameters: &Parameters) -> Value {
    match template {
        Value::String(text) => Value::String(fill_text(text, parameters)),
        Value::Array(items) => items.iter().map(|item| fill(item, parameters)).collect(),
        Value::Object(entries) => {
            Value::Object(entries.iter().map(|(key, value)| (key.clone(), fill(value, parameters))).collect())
        }
        other => other.clone(),
    }
}

fn fill_text(text: &str, parameters: &Parameters) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, behind)) = after.split_once("}}") else { break };
        filled.push_str(before);
        match parameters.get(name.trim().trim_start_matches('.')) {
            Some(value) => filled.push_str(value),
            None => filled.push_str(&format!("{{{{{name}}}}}")),
        }
        rest = behind;
    }
    filled + rest
}

/// Whether something was not filled in.
pub(super) fn is_open(text: &str) -> bool {
    text.contains("{{")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_filled_in_and_what_is_not_told_stays() {
        let parameters = of_path("apps/web_ui");
        assert_eq!(fill_text("{{path}}/{{.path.basename}}-{{ path[0] }}", &parameters), "apps/web_ui/web_ui-apps");
        assert_eq!(fill_text("{{.path.basenameNormalized}} {{ name }}", &parameters), "web-ui {{ name }}");
        let told = flat(&serde_json::json!({"cluster": {"name": "prod", "n": 1}}));
        assert_eq!(fill(&serde_json::json!(["{{cluster.name}}{{cluster.n}}"]), &told), serde_json::json!(["prod1"]));
    }
}
