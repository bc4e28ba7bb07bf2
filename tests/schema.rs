//! The JSON Schemas under docs/schema/ are what the program prints, and hold for real files.
//! `SHIPWORTHY_BLESS=1 cargo test --test schema` writes them anew: review the diff.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use shipworthy::config::Config;
use shipworthy::input::{InputFile, Inputs};
use shipworthy::lint::{Policy, Selection, lint};
use shipworthy::report::{self, Format, Style};
use shipworthy::rule::{self, builtin};
use shipworthy::schema;

fn yaml(text: &str) -> Value {
    // As YAML 1.2 has it: `off` is a word.
    serde_saphyr::from_str_with_options(text, serde_saphyr::options! { strict_booleans: true }).unwrap()
}

fn faults(schema: &Value, value: &Value) -> Vec<String> {
    let validator = jsonschema::validator_for(schema).unwrap();
    validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn the_files_are_what_the_program_prints() {
    for (name, schema) in [("config", schema::config()), ("rule", schema::rule()), ("report", schema::report())] {
        let path = format!("docs/schema/{name}.json");
        let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        if std::env::var_os("SHIPWORTHY_BLESS").is_some() {
            fs::create_dir_all("docs/schema").unwrap();
            fs::write(&path, &text).unwrap();
        }
        let written = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
        assert!(written == text, "{path} is out of date: SHIPWORTHY_BLESS=1 cargo test --test schema");
    }
}

#[test]
fn every_rule_of_ours_is_one() {
    let schema = schema::rule();
    let groups = fs::read_dir("rules").unwrap().map(|entry| entry.unwrap().path());
    let files = groups.filter(|group| !group.ends_with("knowledge")).flat_map(|group| fs::read_dir(group).unwrap());
    let files: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    assert_eq!(files.len(), builtin().len());
    for file in files {
        assert_eq!(faults(&schema, &yaml(&fs::read_to_string(&file).unwrap())), [""; 0], "{}", file.display());
    }
}

/// What the program takes the schema takes, and what it refuses for its form the schema refuses.
#[test]
fn a_rule_that_cannot_be_read_is_none() {
    let schema = schema::rule();
    let rule = "id: a\ngroup: b\nlevel: error\nsummary: s\nremedy: r\non: workload\ncheck: required\n";
    for (text, is_right) in [
        (rule.to_string(), true),
        (format!("{rule}preview: true\n"), true),
        (format!("{rule}levels: {{default: error}}\n"), false),
        (rule.replace("level: error\n", ""), false),
        (rule.replace("level: error", "level: fatal"), false),
        (rule.replace("summary: s\n", ""), false),
        (format!("{rule}exmaples: {{}}\n"), false),
        (format!("{rule}examples: {{bad: [{{name: n, files: {{}}}}]}}\n"), false),
        (format!("{rule}examples: {{good: [{{name: n, files: {{}}}}]}}\n"), true),
    ] {
        assert_eq!(rule::file::read(&text).is_ok(), is_right, "{text}");
        assert_eq!(faults(&schema, &yaml(&text)).is_empty(), is_right, "{text}");
    }
}

#[test]
fn a_configuration_that_cannot_be_read_is_none() {
    let schema = schema::config();
    for (text, is_right) in [
        ("kubeVersion: \"1.33\"\nfailOn: error\nexclude: [\"vendor/**\"]\n", true),
        (
            "releases:\n  - {name: shop, deployedBy: argo, helm: {chart: c, values: [v], set: {image.tag: \"1\"}}}\n",
            true,
        ),
        ("images:\n  - {image: a/b, dockerfile: Dockerfile, target: t}\n", true),
        ("provided:\n  - {kind: Secret, name: a}\n", true),
        ("requiredConfig:\n  - {match: {name: \"web*\"}, keys: [A], schema: {type: object}}\n", true),
        ("rules:\n  liveness-missing: off\n  startup-missing: {level: warning, minimumSeconds: 90}\n", true),
        ("overrides:\n  - match: {path: \"a/**\"}\n    rules: {readiness-missing: off}\n    reason: r\n", true),
        ("suppressions: {requireReason: true}\nruleFolders: []\nstrictReferences: false\n", true),
        ("kubeversion: \"1.33\"\n", false),
        ("failOn: fatal\n", false),
        ("releases:\n  - {helm: {chart: c}}\n", false),
        ("releases:\n  - {name: a, deployedBy: spinnaker}\n", false),
        ("rules:\n  liveness-missing: none\n", false),
        ("rules:\n  startup-missing: {minimum: 90}\n", false),
        ("suppressions: {requireReason: maybe}\n", false),
    ] {
        assert_eq!(Config::parse("shipworthy.yaml", text, builtin()).is_ok(), is_right, "{text}");
        let faults = faults(&schema, &yaml(text));
        assert_eq!(faults.is_empty(), is_right, "{text}{faults:?}");
    }
}

#[test]
fn reports_of_the_examples_are_reports() {
    let schema = schema::report();
    let policy = Policy::new(builtin(), &Config::default(), &Selection::default());
    for rule in builtin() {
        for example in rule.bad.iter() {
            let file = |(path, text): &(rule::file::Text, rule::file::Text)| InputFile {
                path: path.to_string(),
                location: path.to_string(),
                bytes: text.as_bytes().to_vec(),
                target: true,
                named: false,
            };
            let files =
                example.files.iter().filter(|(path, _)| Path::new(path.as_ref()) != Path::new("shipworthy.yaml"));
            let inputs = Inputs { files: files.map(file).collect(), ..Inputs::default() };
            let mut out = Vec::new();
            report::write(&lint(&inputs, &policy), Format::Json, Style::default(), &mut out).unwrap();
            assert_eq!(faults(&schema, &serde_json::from_slice(&out).unwrap()), [""; 0], "{}", rule.id);
        }
    }
}
