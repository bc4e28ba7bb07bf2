//! JSON Schemas of what users write and programs read. Those in `docs/schema/` are made from
//! here, and a test compares them.

use serde_json::{Map, Value, json};

use crate::check::{self, generic};
use crate::config::Config;
use crate::report;
use crate::rule::Severity;

const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The schema of `shipworthy.yaml`.
#[must_use]
pub fn config() -> Value {
    let mut schema = schemars::schema_for!(Config);
    schema.insert("title".to_string(), "shipworthy.yaml".into());
    schema.to_value()
}

/// The schema of the JSON report.
#[must_use]
pub fn report() -> Value {
    let mut schema = report::json::schema();
    schema.insert("title".to_string(), "shipworthy's JSON report, version 1".into());
    schema.to_value()
}

/// The schema of a rule file. Which parameters a check takes is told when the file is read.
#[must_use]
pub fn rule() -> Value {
    let words = [Severity::Info, Severity::Warning, Severity::Error].map(Severity::as_str);
    let level = json!({"enum": words});
    let kinds = generic::KINDS.iter().map(|(name, _)| *name);
    let checks: Vec<_> = kinds.chain(check::names()).collect();
    let levels = json!({"type": "object", "minProperties": 1, "additionalProperties": level});
    json!({
        "$schema": DRAFT,
        "title": "A rule of shipworthy",
        "type": "object",
        "additionalProperties": false,
        "required": ["id", "group", "summary", "remedy", "on", "check"],
        "oneOf": [{"required": ["level"]}, {"required": ["levels"]}],
        "properties": {
            "id": name("The id: also the name of the file."),
            "group": name("The group, which --select and --ignore take, too."),
            "level": described(level, "The severity of every finding."),
            "levels": described(levels, "The severity of each case that the check can find."),
            "summary": text("One line: what is wrong."),
            "rationale": text("Why: what happens, and on which fact that rests."),
            "remedy": text("What to do."),
            "references": {"type": "array", "items": {"type": "string"}, "description": "Sources."},
            "on": {"type": "string", "description": "What the rule looks at.", "examples": subjects()},
            "check": {"enum": checks, "description": "The function that looks."},
            "params": {"type": "object", "description": "The function's parameters."},
            "preview": {"type": "boolean", "description": "Off until somebody selects it."},
            "examples": examples(),
        },
    })
}

fn subjects() -> Vec<&'static str> {
    generic::subjects().collect()
}

fn text(description: &str) -> Value {
    json!({"type": "string", "description": description})
}

fn name(description: &str) -> Value {
    json!({"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "description": description})
}

fn described(mut schema: Value, description: &str) -> Value {
    schema["description"] = description.into();
    schema
}

fn examples() -> Value {
    // An unquoted number is a text, too, once it is asked for as one.
    let marked = json!({"type": ["string", "number", "boolean"], "description": "The text that is marked."});
    let flag = closed(&["file", "text"], &[("file", text("The file.")), ("text", marked), ("case", text("The case."))]);
    let files = json!({"type": "object", "additionalProperties": {"type": "string"}, "description": "Texts by path."});
    let also = json!({"type": "array", "items": {"type": "string"}, "description": "Other rules that fire here."});
    let parts = |flags: Value| {
        let flags = ("flags", json!({"type": "array", "items": flags}));
        closed(
            &["name", "files"],
            &[("name", text("What it shows.")), ("files", files.clone()), flags, ("also", also.clone())],
        )
    };
    let list = |example: Value| json!({"type": "array", "items": example});
    let mut bad = parts(flag.clone());
    bad["required"] = json!(["name", "files", "flags"]);
    bad["properties"]["flags"]["minItems"] = 1.into();
    closed(&[], &[("bad", list(bad)), ("good", list(parts(flag)))])
}

/// An object with these properties and no others.
fn closed(required: &[&str], properties: &[(&str, Value)]) -> Value {
    let properties: Map<_, _> = properties.iter().map(|(name, schema)| ((*name).to_string(), schema.clone())).collect();
    json!({"type": "object", "additionalProperties": false, "required": required, "properties": properties})
}
