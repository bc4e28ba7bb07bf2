//! `requiredConfig:` of the configuration: variables that workloads must have.

use std::collections::BTreeMap;

use globset::Glob;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use serde_saphyr::Spanned;

use super::Fault;
use crate::release::config::requirement::{Requirement, compile_schema};

/// An entry of `requiredConfig`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RequiredConfig {
    #[serde(rename = "match", default)]
    matches: RequiredMatch,
    #[serde(default)]
    keys: Vec<String>,
    /// A JSON Schema, or the path of one.
    #[serde(default)]
    #[schemars(with = "Option<SchemaOrPath>")]
    schema: Option<Spanned<Value>>,
}

/// A JSON Schema in place, or the path of a file that holds one.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "only its schema is used")]
enum SchemaOrPath {
    Path(String),
    Schema(BTreeMap<String, Value>),
}

/// Which containers an entry is about: every part that is given must fit.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct RequiredMatch {
    kind: Option<String>,
    #[schemars(with = "Option<String>")]
    name: Option<Spanned<String>>,
    labels: BTreeMap<String, String>,
    container: Option<String>,
}

impl RequiredConfig {
    /// The entry, ready to be asked.
    pub(super) fn requirement(self, read: &dyn Fn(&str) -> Result<String, String>) -> Result<Requirement, Fault> {
        let RequiredMatch { kind, name, labels, container } = self.matches;
        let glob = |name: Spanned<String>| match Glob::new(&name.value) {
            Ok(glob) => Ok(glob.compile_matcher()),
            Err(error) => Err(Fault::new(name.referenced, error.to_string())),
        };
        let name = name.map(glob).transpose()?;
        let schema = self.schema.map(|schema| compile(schema, read)).transpose()?;
        Ok(Requirement { kind, name, labels, container, keys: self.keys, schema })
    }
}

fn compile(
    schema: Spanned<Value>,
    read: &dyn Fn(&str) -> Result<String, String>,
) -> Result<jsonschema::Validator, Fault> {
    let fault = |message: String| Fault::new(schema.referenced, message);
    let from_file;
    let value = match &schema.value {
        Value::String(path) => {
            let text = read(path).map_err(|error| fault(format!("{path}: {error}")))?;
            let parsed: Result<Value, _> = serde_saphyr::from_str(&text);
            from_file = parsed.map_err(|error| fault(format!("{path}: {}", error.without_snippet())))?;
            &from_file
        }
        inline => inline,
    };
    if !value.is_object() && !value.is_boolean() {
        return Err(fault("a schema is a mapping, or the path of a file that holds one".to_string()));
    }
    compile_schema(value).map_err(fault)
}
