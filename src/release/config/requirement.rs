//! Variables that a user requires of workloads.

use std::collections::BTreeMap;

use globset::GlobMatcher;
use serde_json::Value as Json;

use super::datum::Value;
use super::environment::Environment;
use crate::fault::strip_location;
use crate::release::{Container, Role, Workload};

/// Which variables which workloads must have.
#[derive(Debug, Default)]
pub struct Requirement {
    /// The kind.
    pub kind: Option<String>,
    /// A glob of the name.
    pub name: Option<GlobMatcher>,
    /// Labels of the object.
    pub labels: BTreeMap<String, String>,
    /// The container; any regular one, where it is not said.
    pub container: Option<String>,
    /// Names of variables that must be there and not empty.
    pub keys: Vec<String>,
    /// What the variables must be like, as an object of texts.
    pub schema: Option<jsonschema::Validator>,
}

/// Something that a schema refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The variable; nothing where it is about the environment as a whole.
    pub variable: Option<String>,
    /// What is wrong, without the value.
    pub message: String,
    /// Whether the variable is not there at all.
    pub is_missing: bool,
}

/// Compiles a JSON Schema.
///
/// # Errors
///
/// What is wrong with it.
pub fn compile_schema(schema: &Json) -> Result<jsonschema::Validator, String> {
    jsonschema::validator_for(schema).map_err(|error| {
        let message = strip_location(&error.to_string());
        let at = error.instance_path().to_string();
        let at = if at.is_empty() { String::new() } else { format!(" (at {at})") };
        format!("this is no JSON Schema: {message}{at}")
    })
}

impl Requirement {
    /// Whether it is about a workload.
    #[must_use]
    pub fn fits(&self, workload: Workload<'_>) -> bool {
        let object = workload.object();
        self.kind.as_deref().is_none_or(|kind| kind == object.kind)
            && self.name.as_ref().is_none_or(|glob| object.name.is_some_and(|name| glob.is_match(name)))
            && self.labels.iter().all(|(key, value)| object.label(key) == Some(value))
    }

    /// The containers of a workload that it is about: the named one, else every regular one,
    /// one of which has to have each variable.
    #[must_use]
    pub fn containers<'a>(&self, workload: Workload<'a>) -> Vec<Container<'a>> {
        let containers = workload.containers().into_iter();
        let fits = |container: &Container<'a>| match self.container.as_deref() {
            Some(name) => container.name() == Some(name),
            None => container.role() == Role::App,
        };
        containers.filter(fits).collect()
    }

    /// What the schema refuses of an environment. Values that cannot be seen are not judged,
    /// and of an environment that cannot be seen whole, only what is there.
    #[must_use]
    pub fn refusals(&self, environment: &Environment<'_>) -> Vec<Refusal> {
        let Some(schema) = &self.schema else { return Vec::new() };
        let known = |value: Value<'_>| Json::String(value.known().unwrap_or_default().to_string());
        let variables = environment.variables().iter();
        let instance = variables.map(|variable| (variable.name.to_string(), known(variable.winner().value)));
        let instance = Json::Object(instance.collect());
        let all_is_seen = environment.unseen().is_empty()
            && environment.variables().iter().all(|variable| variable.winner().value.known().is_some());
        let errors = schema.iter_errors(&instance).filter_map(|error| {
            let path = error.instance_path().to_string();
            let name = path.strip_prefix('/').map(|name| name.replace("~1", "/").replace("~0", "~"));
            if let jsonschema::error::ValidationErrorKind::Required { property } = error.kind() {
                let variable = property.as_str()?.to_string();
                return Some(Refusal { variable: Some(variable), message: String::new(), is_missing: true });
            }
            let is_judged = match name.as_deref().map(|name| environment.get(name)) {
                Some(variable) => variable?.winner().value.known().is_some(),
                None => all_is_seen,
            };
            let message = error.masked().to_string();
            is_judged.then_some(Refusal { variable: name, message, is_missing: false })
        });
        errors.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release::Scope;
    use crate::release::manifests::{object, pod, read};
    use serde_json::json;

    /// The variables that a schema refuses, `!` before those that are missing.
    fn refused(schema: &Json, container: &str) -> String {
        let manifests = pod(container) + &object("ConfigMap", "c", "data: {PORT: http}");
        let schema = Some(jsonschema::validator_for(schema).unwrap());
        read(Scope::Closed, &[("a.yaml", &manifests)], |releases| {
            let workload = releases.workload(&releases.objects()[0]).unwrap();
            let requirement = Requirement { schema, ..Requirement::default() };
            let refusals = requirement.refusals(&workload.containers()[0].environment());
            let show = |refusal: Refusal| {
                assert!(!refusal.message.contains("http"), "{}", refusal.message);
                let mark = if refusal.is_missing { "!" } else { "" };
                format!("{mark}{}", refusal.variable.as_deref().unwrap_or("*"))
            };
            refusals.into_iter().map(show).collect::<Vec<_>>().join(" ")
        })
    }

    #[test]
    fn only_what_can_be_seen_is_refused() {
        let number = json!({"required": ["PORT"], "properties": {"PORT": {"pattern": "^[0-9]+$"}}});
        assert_eq!(refused(&number, "envFrom: [{configMapRef: {name: c}}]"), "PORT");
        assert_eq!(refused(&number, "env: [{name: PORT, value: \"80\"}]"), "");
        assert_eq!(refused(&number, "env: [{name: PORT, valueFrom: {secretKeyRef: {name: s, key: k}}}]"), "");
        assert_eq!(refused(&number, "env: []"), "!PORT");
        let some = json!({"minProperties": 1});
        assert_eq!(refused(&some, "env: []"), "*");
        assert_eq!(refused(&some, "envFrom: [{secretRef: {name: s}}]"), "");
    }
}
