//! Every part of an override's `match`, on objects and on Dockerfiles.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use shipworthy::lint::lint_example;
use shipworthy::rule::{Example, builtin};

const CONFIG_MAP: &str =
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web-1, labels: {tier: web}}\ndata: {A: 1}\n";
const DOCKERFILE: &str = "ARG V=3.22\nFROM alpine:$V AS build\nARG NPM_TOKEN\nRUN echo $NPM_TOKEN\nFROM alpine:3.22\nARG PIP_TOKEN\nRUN echo $PIP_TOKEN\n";

/// `path:line` of the findings of two rules that are left, where an override takes away those
/// that match.
fn left(matches: &str) -> Vec<String> {
    let config = format!(
        "releases: [{{name: r, namespace: shop, manifests: [r/*.yaml]}}]\noverrides:\n  - match: {matches}\n    rules: {{config-value-not-string: off, secret-in-arg-or-env: off}}\n"
    );
    let files = [("shipworthy.yaml", config.as_str()), ("r/a.yaml", CONFIG_MAP), ("docker/Dockerfile", DOCKERFILE)];
    let files: Vec<_> = files.iter().map(|(path, text)| (path.to_string().into(), text.to_string().into())).collect();
    let example = Example { name: "x".into(), files: files.into(), flags: Vec::new().into(), also: Vec::new().into() };
    let report = lint_example(&example, builtin()).unwrap();
    let wanted = ["config-value-not-string", "secret-in-arg-or-env"];
    let findings = report.findings.iter().filter(|finding| wanted.contains(&finding.rule.id.as_ref()));
    let places = findings.map(|finding| {
        let source = report.sources.get(finding.hit.span.source);
        let (folder, _) = source.path().split_once('/').unwrap();
        format!("{folder}:{}", source.position(finding.hit.span.start).line)
    });
    places.collect()
}

const ALL: [&str; 3] = ["docker:3", "docker:6", "r:4"];

#[test]
fn each_part_of_a_match_counts_for_objects() {
    let others = ["docker:3", "docker:6"];
    for matches in [
        "{kind: ConfigMap}",
        "{name: \"web-*\"}",
        "{namespace: shop}",
        "{labels: {tier: web}}",
        "{path: \"r/**\"}",
        "{path: \"r/**\", kind: ConfigMap, name: web-1, namespace: \"sh*\", labels: {tier: web}}",
    ] {
        assert_eq!(left(matches), others, "{matches}");
    }
    for matches in [
        "{kind: Secret}",
        "{name: web}",
        "{namespace: other}",
        "{labels: {tier: api}}",
        "{path: \"s/**\"}",
        "{kind: ConfigMap, name: other}",
    ] {
        assert_eq!(left(matches), ALL, "{matches}");
    }
    assert!(left("{}").is_empty());
}

#[test]
fn dockerfiles_match_by_kind_and_by_the_names_of_their_stages() {
    assert_eq!(left("{kind: Dockerfile}"), ["r:4"]);
    assert_eq!(left("{path: \"docker/*\"}"), ["r:4"]);
    assert_eq!(left("{kind: Dockerfile, name: build}"), ["docker:6", "r:4"]);
    assert_eq!(left("{kind: Dockerfile, name: \"1\"}"), ["docker:3", "r:4"], "a stage without a name");
    assert_eq!(left("{kind: Dockerfile, namespace: shop}"), ALL);
    assert_eq!(left("{kind: Dockerfile, labels: {tier: web}}"), ALL);
}
