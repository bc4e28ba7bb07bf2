//! Faults of a configuration, each with its place and the nearest known name.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use shipworthy::config::{Config, ConfigError};
use shipworthy::rule::builtin;

fn fault(text: &str) -> String {
    accepted(text).expect_err(text).to_string()
}

fn accepted(text: &str) -> Result<Config, ConfigError> {
    Config::parse("shipworthy.yaml", text, builtin())
}

#[test]
fn unknown_names_are_refused_with_the_nearest_known_one() {
    assert_eq!(fault("excludes: []\n"), "shipworthy.yaml:1:1: unknown key `excludes`; did you mean `exclude`?");
    assert_eq!(
        fault("rules:\n  rollout-zero-availabel: off\n"),
        "shipworthy.yaml:2:3: unknown rule `rollout-zero-availabel`; did you mean `rollout-zero-available`?"
    );
    assert_eq!(
        fault("rules:\n  rollout-zero-available: warn\n"),
        "shipworthy.yaml:2:27: unknown level `warn`; did you mean `warning`?"
    );
    assert_eq!(
        fault("overrides:\n  - match: {paths: x}\n    rules: {}\n"),
        "shipworthy.yaml:2:13: unknown key `paths`; did you mean `path`?"
    );
    assert_eq!(
        fault("releases: [{name: a, deployedBy: argocd}]"),
        "shipworthy.yaml:1:34: unknown deployedBy `argocd`; did you mean `argo`?"
    );
}

#[test]
fn wrong_types_and_versions_are_refused_at_their_place() {
    assert!(fault("exclude: 3\n").starts_with("shipworthy.yaml:1:10: "), "{}", fault("exclude: 3\n"));
    assert_eq!(
        fault("kubeVersion: \"1.99\"\n"),
        "shipworthy.yaml:1:14: Kubernetes 1.99 is outside what shipworthy knows: 1.25 to 1.37"
    );
    assert!(fault("kubeVersion: newest\n").contains("is no version of Kubernetes"));
    assert!(fault("rules: [\n").starts_with("shipworthy.yaml:"));
}

#[test]
fn the_documented_forms_are_accepted() {
    let text = "
kubeVersion: \"1.33\"
failOn: warning
exclude: [\"vendor/**\"]
releases:
  - name: legacy
    deployedBy: argo
    manifests: [deploy/*.yaml]
strictReferences: true
provided:
  - {kind: Secret, name: shop-db}
requiredConfig:
  - match: {kind: Deployment, name: \"web*\", labels: {tier: web}, container: app}
    keys: [SECRET_KEY, DATABASE_URL]
    schema: {type: object, properties: {DATABASE_URL: {pattern: \"^postgres://\"}}}
rules:
  rollout-zero-available: off
  rollout-reduces-capacity: {level: warning}
suppressions: {requireReason: true}
overrides:
  - match: {path: \"legacy/**\", labels: {tier: web}}
    rules: {rollout-zero-available: info}
    reason: replaced in Q1
";
    let config = accepted(text).unwrap();
    assert_eq!(config.kube_minor(), Some(33));
    assert!(accepted("").is_ok());
    assert!(accepted("# nothing yet\n").is_ok());
}

#[test]
fn required_configuration_is_compiled_and_its_faults_have_places() {
    let schema = |schema: &str| format!("requiredConfig:\n  - keys: [A]\n    schema: {schema}\n");
    assert!(accepted(&schema("{type: object, properties: {A: {pattern: \"^a\"}}}")).is_ok());
    let wrong = fault(&schema("{type: objekt}"));
    assert!(wrong.starts_with("shipworthy.yaml:3:13: this is no JSON Schema: "), "{wrong}");
    assert_eq!(
        fault(&schema("[1]")),
        "shipworthy.yaml:3:13: a schema is a mapping, or the path of a file that holds one"
    );
    assert_eq!(
        fault("requiredConfig:\n  - match: {kinds: Deployment}\n"),
        "shipworthy.yaml:2:13: unknown key `kinds`; did you mean `kind`?"
    );
    assert!(fault("requiredConfig:\n  - match: {name: \"[\"}\n").starts_with("shipworthy.yaml:2:19: "));
    assert!(fault("strictReferences: maybe\n").starts_with("shipworthy.yaml:1:19: "));
}

#[test]
fn a_schema_may_stand_in_a_file() {
    let text = "requiredConfig: [{schema: settings.json}]\n";
    let parse = |content: Result<&str, &str>| {
        let read = |path: &str| {
            assert_eq!(path, "settings.json");
            content.map(str::to_string).map_err(str::to_string)
        };
        Config::parse_with("shipworthy.yaml", text, builtin(), &read).map_err(|error| error.to_string())
    };
    assert_eq!(parse(Ok("{\"type\": \"object\"}")).unwrap().requirements().len(), 1);
    assert_eq!(parse(Err("gone")).unwrap_err(), "shipworthy.yaml:1:27: settings.json: gone");
    let broken = parse(Ok("{\"type\": ")).unwrap_err();
    assert!(broken.starts_with("shipworthy.yaml:1:27: settings.json: "), "{broken}");
}
