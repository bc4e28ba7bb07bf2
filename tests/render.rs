//! Charts and kustomizations, with stand-ins for helm and kustomize: each prints what lies in
//! `.stdout` and `.stderr` of the directory that it is given.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

const STAND_IN: &str = r#"#!/bin/sh
echo "$(basename "$0") $*" >> calls
for directory in "$3" "$2"; do
  if [ -f "$directory/.script" ]; then . "$directory/.script"; fi
  if [ -f "$directory/.stdout" ]; then cat "$directory/.stdout"; [ -f "$directory/.stderr" ] && cat "$directory/.stderr" >&2; exit 0; fi
  if [ -f "$directory/.stderr" ]; then cat "$directory/.stderr" >&2; exit 1; fi
done
"#;

/// A tree, with the stand-ins in `bin` beside it.
struct Tree(TempDir);

struct Run {
    code: i32,
    json: Value,
    stderr: String,
}

impl Tree {
    fn new(files: &[(&str, &str)]) -> Self {
        let tree = Self(TempDir::new().unwrap());
        for tool in ["helm", "kustomize"] {
            tree.write(&format!("../bin/{tool}"), STAND_IN);
            fs::set_permissions(tree.path().join(format!("../bin/{tool}")), fs::Permissions::from_mode(0o755)).unwrap();
        }
        for (path, text) in files {
            tree.write(path, text);
        }
        tree
    }

    fn path(&self) -> std::path::PathBuf {
        self.0.path().join("tree")
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        fs::create_dir_all(self.path()).unwrap();
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn calls(&self) -> Vec<String> {
        let mut calls: Vec<_> =
            fs::read_to_string(self.path().join("calls")).unwrap_or_default().lines().map(str::to_string).collect();
        calls.sort();
        calls
    }

    fn check(&self, args: &[&str]) -> Run {
        let bin = self.0.path().join("bin");
        self.check_with(&format!("{}:/usr/bin:/bin", bin.display()), args)
    }

    fn check_with(&self, path: &str, args: &[&str]) -> Run {
        let mut command = Command::new(env!("CARGO_BIN_EXE_shipworthy"));
        command.args(["check", "--format", "json"]).args(args).current_dir(self.path()).env("PATH", path);
        command.env("XDG_CACHE_HOME", self.0.path().join("cache"));
        let output = command.output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        let json = serde_json::from_slice(&output.stdout).expect(&stderr);
        Run { code: output.status.code().unwrap(), json, stderr }
    }
}

impl Run {
    fn findings(&self) -> Vec<String> {
        let findings = self.json["findings"].as_array().unwrap().iter();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
        findings.map(|it| format!("{}:{}: {}", text(&it["path"]), it["start"]["line"], text(&it["rule"]))).collect()
    }

    fn messages(&self) -> String {
        let findings = self.json["findings"].as_array().unwrap().iter();
        findings.map(|finding| finding["message"].as_str().unwrap()).collect::<Vec<_>>().join("\n")
    }
}

const CHART: &str = "apiVersion: v2\nname: shop\nversion: 1.0.0\n";
const TEMPLATE: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\ndata:\n  A: 1\n";
const OUTPUT: &str = "---\n# Source: shop/templates/config.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: shop\ndata:\n  A: 1\n";
const MANIFEST: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: plain}\ndata: {A: 1}\n";

fn shop() -> Tree {
    Tree::new(&[
        ("charts/shop/Chart.yaml", CHART),
        ("charts/shop/values.yaml", "a: 1\n"),
        ("charts/shop/templates/config.yaml", TEMPLATE),
        ("charts/shop/.stdout", OUTPUT),
    ])
}

#[test]
fn a_chart_is_rendered_with_its_own_values_and_linted() {
    let tree = shop();
    let run = tree.check(&["."]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert_eq!(tree.calls(), ["helm template shop ./charts/shop --include-crds"]);
    assert_eq!(run.json["summary"]["documents"], 1);
    assert_eq!(run.json["summary"]["skipped"], serde_json::json!([]));
}

#[test]
fn releases_say_how_a_chart_is_rendered() {
    let tree = shop();
    tree.write(
        "shipworthy.yaml",
        "kubeVersion: \"1.33\"\nreleases:\n  - name: prod\n    deployedBy: argo\n    helm: {chart: charts/shop, values: [values/prod.yaml], namespace: shop, set: {image.tag: \"1.10\", n: 2}, apiVersions: [keda.sh/v1alpha1]}\n  - name: test\n    helm: {chart: charts/shop, releaseName: shop-test, kubeVersion: \"1.31\"}\n",
    );
    tree.write("values/prod.yaml", "a: 2\n");
    let run = tree.check(&["."]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    let prod = "helm template prod ./charts/shop --include-crds --namespace=shop --values=./values/prod.yaml --set-json=image.tag=\"1.10\" --set-json=n=2 --kube-version=1.33 --api-versions=keda.sh/v1alpha1";
    assert_eq!(tree.calls(), [prod, "helm template shop-test ./charts/shop --include-crds --kube-version=1.31"]);
}

#[test]
fn what_fails_is_a_finding_and_the_others_are_linted() {
    let tree = shop();
    tree.write("charts/bad/Chart.yaml", &CHART.replace("shop", "bad"));
    tree.write("charts/bad/templates/a.yaml", "a\nb {{ fail }}\n");
    tree.write("charts/bad/.stderr", "Error: execution error at (bad/templates/a.yaml:2:5): no\n");
    tree.write("charts/alone/Chart.yaml", &CHART.replace("shop", "alone"));
    tree.write("charts/alone/.stderr", "Error: An error occurred while checking for chart dependencies. You may need to run `helm dependency build` to fetch missing dependencies: found in Chart.yaml, but missing in charts/ directory: redis, postgresql\n");
    tree.write("charts/slow/Chart.yaml", &CHART.replace("shop", "slow"));
    tree.write("charts/slow/.script", "sleep 60 & sleep 60\n");
    let run = tree.check(&[".", "--render-timeout", "1"]);
    assert_eq!(run.code, 1);
    let failed: Vec<_> = run.findings().into_iter().filter(|finding| finding.contains("render-failed")).collect();
    let expected = ["alone", "bad", "slow"].map(|name| format!("charts/{name}/Chart.yaml:2: render-failed"));
    assert_eq!(failed, expected);
    let findings = run.json["findings"].as_array().unwrap().iter();
    let findings: Vec<_> = findings.filter(|finding| finding["rule"] == "render-failed").collect();
    assert_eq!(findings[0]["help"], "Run `helm dependency build charts/alone`.");
    assert!(run.messages().contains("its dependencies are not in charts/: redis, postgresql"), "{}", run.messages());
    assert_eq!(findings[1]["related"][0]["path"], "charts/bad/templates/a.yaml");
    assert_eq!(findings[1]["related"][0]["start"]["line"], 2);
    assert!(run.messages().contains("it took more than 1 s"), "{}", run.messages());
    assert_eq!(run.json["summary"]["documents"], 1, "the shop was linted all the same");
}

#[test]
fn without_a_tool_or_by_no_render_nothing_passes() {
    for (path, args) in [("/nowhere", vec!["."]), ("/nowhere", vec![".", "--no-render"])] {
        let tree = shop();
        let run = tree.check_with(path, &args);
        assert_eq!(run.code, 2, "{args:?}");
        assert!(run.stderr.contains("nothing was linted"), "{}", run.stderr);
        assert_eq!(run.findings(), ["charts/shop/Chart.yaml:2: chart-not-rendered"]);
        assert!(run.messages().contains("pipe `helm template shop charts/shop` into `shipworthy check -`"));
        tree.write("plain.yaml", MANIFEST);
        assert_eq!(tree.check_with(path, &args).code, 1, "the rest is linted");
    }
}

#[test]
fn a_link_out_of_the_tree_is_not_followed() {
    let tree = shop();
    tree.write("../outside.yaml", "secret: 1\n");
    symlink("../../../../outside.yaml", tree.path().join("charts/shop/templates/link.yaml")).unwrap();
    let run = tree.check(&["."]);
    assert_eq!(run.findings(), ["charts/shop/Chart.yaml:2: render-failed"]);
    assert!(run.messages().contains("charts/shop/templates/link.yaml leads out of the tree"), "{}", run.messages());
    assert!(tree.calls().is_empty());
}

#[test]
fn a_wrong_name_in_the_configuration_names_what_was_meant() {
    let tree = shop();
    tree.write("values/prod.yaml", "a: 2\n");
    tree.write(
        "shipworthy.yaml",
        "releases:\n  - name: prod\n    helm: {chart: charts/shop, values: [values/prd.yaml]}\n",
    );
    let run = tree.check(&["."]);
    assert_eq!(run.code, 1);
    assert!(run.messages().contains("no file of values values/prd.yaml; did you mean values/prod.yaml?"));
    tree.write("shipworthy.yaml", "releases:\n  - name: prod\n    helm: {chart: charts/shp}\n");
    let run = tree.check(&["."]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("helm.chart: there is no Chart.yaml in charts/shp; did you mean charts/shop?"));
}

#[test]
fn library_charts_and_charts_of_charts_are_parts_only() {
    let tree = shop();
    tree.write("charts/shop/charts/db/Chart.yaml", &CHART.replace("shop", "db"));
    tree.write("charts/shop/charts/db/templates/db.yaml", TEMPLATE);
    tree.write("charts/common/Chart.yaml", &format!("{}type: library\n", CHART.replace("shop", "common")));
    tree.write("charts/common/templates/x.yaml", TEMPLATE);
    let run = tree.check(&["."]);
    assert_eq!(tree.calls().len(), 1);
    let skipped = run.json["summary"]["skipped"].to_string();
    assert!(skipped.contains("library chart charts/common"), "{skipped}");
    assert!(skipped.contains("a template that nothing came of with the values used"), "{skipped}");
}

#[test]
fn a_hook_that_helm_leaves_out_is_found_in_the_template() {
    let tree = shop();
    let job = "kind: Job\nmetadata:\n  annotations:\n    \"helm.sh/hook\": pre-instal\n";
    tree.write("charts/shop/templates/job.yaml", job);
    tree.write("charts/shop/.stderr", "manifest_sorter.go:190: info: skipping unknown hook: \"pre-instal\"\n");
    let run = tree.check(&["."]);
    assert!(run.findings().contains(&"charts/shop/templates/job.yaml:4: hook-value-invalid".to_string()));
}

#[test]
fn only_what_a_target_lies_in_is_rendered() {
    let tree = shop();
    tree.write(".git/HEAD", "");
    tree.write("plain.yaml", MANIFEST);
    tree.check(&["plain.yaml"]);
    assert!(tree.calls().is_empty());
    tree.check(&["charts/shop/values.yaml"]);
    assert_eq!(tree.calls().len(), 1);
}

#[test]
fn a_kustomization_is_judged_as_it_is_built() {
    let base = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {A: \"1\"}\n";
    let tree = Tree::new(&[
        ("base/kustomization.yaml", "resources: [a.yaml]\n"),
        ("base/a.yaml", base),
        ("prod/kustomization.yaml", "resources: [../base]\npatches: [{path: p.yaml}]\n"),
        ("prod/p.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {A: 1}\n"),
        ("prod/.stdout", "apiVersion: v1\ndata:\n  A: 1\nkind: ConfigMap\nmetadata:\n  name: a\n"),
        ("remote/kustomization.yaml", "resources: [\"https://example.com/x.yaml\"]\n"),
    ]);
    let run = tree.check(&["."]);
    assert_eq!(tree.calls(), ["kustomize build ./prod"]);
    let findings = run.findings();
    assert_eq!(findings.iter().filter(|finding| finding.contains("config-value-not-string")).count(), 1);
    assert!(findings.contains(&"remote/kustomization.yaml:1: chart-not-rendered".to_string()), "{findings:?}");
    assert!(run.messages().contains("it takes https://example.com/x.yaml from the network"));
    tree.check(&["base"]);
    assert_eq!(tree.calls(), ["kustomize build ./base", "kustomize build ./prod"], "what is named is a root");
}

#[test]
fn directories_of_the_path_that_are_relative_are_not_searched() {
    let tree = shop();
    fs::copy(tree.path().join("../bin/helm"), tree.path().join("helm")).unwrap();
    let run = tree.check_with(".", &["."]);
    assert_eq!(run.code, 2);
    assert!(!Path::new(&tree.path().join("calls")).exists());
}

#[test]
fn findings_point_at_the_template_and_at_the_value() {
    let tree = Tree::new(&[
        ("charts/shop/Chart.yaml", CHART),
        ("charts/shop/values.yaml", "data:\n  B: 2\nextra:\n  C: 3\n"),
        (
            "charts/shop/templates/config.yaml",
            "{{- if .Values.on }}\n{{- end }}\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\ndata:\n  A: 1\n  B: {{ .Values.data.B }}\n  {{- toYaml .Values.extra | nindent 2 }}\n",
        ),
        (
            "charts/shop/.stdout",
            "---\n# Source: shop/templates/config.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: shop\ndata:\n  A: 1\n  B: 2\n  C: 3\n",
        ),
    ]);
    let run = tree.check(&[".", "--select", "config-value-not-string"]);
    let template = "charts/shop/templates/config.yaml";
    assert_eq!(run.findings(), [8, 9, 10].map(|line| format!("{template}:{line}: config-value-not-string")));
    let findings = run.json["findings"].as_array().unwrap();
    assert_eq!(findings[0]["start"], serde_json::json!({"line": 8, "column": 6, "offset": 112}));
    assert_eq!(findings[0]["rendered"], serde_json::json!({"release": "shop", "line": 8}));
    assert_eq!(findings[0]["fix"]["edits"][0]["path"], template, "the text stands in the template");
    assert!(findings[0].get("approximate").is_none());
    for (index, line) in [(1, 2), (2, 4)] {
        let related = &findings[index]["related"][0];
        assert_eq!((&related["path"], &related["start"]["line"]), (&"charts/shop/values.yaml".into(), &line.into()));
        assert_eq!(findings[index]["fix"]["edits"], serde_json::json!([]), "nothing to edit in the template");
    }
    tree.write(".git/HEAD", "");
    let of_value = tree.check(&[template, "--select", "config-value-not-string"]);
    assert_eq!(of_value.findings().len(), 3);
    tree.write("charts/shop/templates/other.yaml", TEMPLATE);
    let of_other = tree.check(&["charts/shop/templates/other.yaml", "--select", "config-value-not-string"]);
    assert!(of_other.findings().is_empty(), "another template of the chart");
}

#[test]
fn comments_of_a_template_suppress() {
    let tree = shop();
    let comment = "  # shipworthy: ignore[config-value-not-string] we know\n  A: 1";
    tree.write("charts/shop/templates/config.yaml", &TEMPLATE.replace("  A: 1", comment));
    tree.write("charts/shop/.stdout", &OUTPUT.replace("  A: 1", comment));
    let run = tree.check(&["."]);
    assert_eq!(run.json["summary"]["suppressed"], 1);
    let vain = comment.replace("value-not-string", "key-coerced");
    tree.write("charts/shop/templates/config.yaml", &TEMPLATE.replace("  A: 1", &vain));
    tree.write("charts/shop/.stdout", &OUTPUT.replace("  A: 1", &vain));
    let run = tree.check(&["."]);
    assert!(run.findings().contains(&"charts/shop/templates/config.yaml:6: unused-suppression".to_string()));
}

#[test]
fn overrides_match_the_template_and_fingerprints_outlive_lines() {
    let tree = shop();
    let fingerprint = |run: &Run| run.json["findings"][0]["fingerprint"].to_string();
    let before = fingerprint(&tree.check(&["."]));
    tree.write("charts/shop/templates/config.yaml", &format!("{{{{/* why */}}}}\n{TEMPLATE}"));
    assert_eq!(fingerprint(&tree.check(&["."])), before);
    tree.write(
        "shipworthy.yaml",
        "overrides:\n  - match: {path: charts/shop/templates/config.yaml}\n    rules: {config-value-not-string: off}\n",
    );
    assert_eq!(tree.check(&["."]).code, 0);
}

#[test]
fn secrets_of_a_template_stay_secret() {
    let tree = shop();
    let secret = |name: &str| {
        format!(
            "apiVersion: v1\nkind: Secret\nmetadata:\n  name: {name}\nstringData:\n  PIN: 987654\n  password: hunter2222\n"
        )
    };
    tree.write("charts/shop/templates/config.yaml", &secret("{{ .Release.Name }}"));
    tree.write("charts/shop/.stdout", &format!("---\n# Source: shop/templates/config.yaml\n{}", secret("shop")));
    let path = format!("{}:/usr/bin:/bin", tree.0.path().join("bin").display());
    let mut command = Command::new(env!("CARGO_BIN_EXE_shipworthy"));
    command.args(["check", "--format", "full"]).current_dir(tree.path()).env("PATH", path);
    let text = String::from_utf8(command.output().unwrap().stdout).unwrap();
    assert!(text.contains("templates/config.yaml:6") && text.contains("rendered for release shop, line 8"), "{text}");
    assert!(!text.contains("987654") && !text.contains("hunter2222"), "{text}");
}

#[test]
fn piped_manifests_name_their_template() {
    use std::io::Write;
    let mut command = Command::new(env!("CARGO_BIN_EXE_shipworthy"));
    command.args(["check", "-", "--isolated", "--format", "json"]);
    let mut child = command.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(OUTPUT.as_bytes()).unwrap();
    let json: Value = serde_json::from_slice(&child.wait_with_output().unwrap().stdout).unwrap();
    assert_eq!(json["findings"][0]["path"], "<stdin>");
    assert_eq!(json["findings"][0]["template"], serde_json::json!({"path": "shop/templates/config.yaml"}));
    assert!(json["findings"][0].get("rendered").is_none());
}

#[test]
fn findings_of_a_build_point_at_what_wrote_them() {
    let tree = Tree::new(&[
        ("base/kustomization.yaml", "resources: [a.yaml]\n"),
        (
            "base/a.yaml",
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  IN_BASE: 1 # shipworthy: ignore[config-value-not-string] we know\n  ALSO_IN_BASE: 1\n",
        ),
        (
            "prod/kustomization.yaml",
            "resources: [../base]\nnamePrefix: x-\npatches:\n  - path: p.yaml\n  - patch: |-\n      - op: add\n        path: /data/IN_OPERATION\n        value: 2\n    target: {kind: ConfigMap}\nconfigMapGenerator:\n  - name: g\n    literals: [\"K=v\"]\n",
        ),
        ("prod/p.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {IN_PATCH: 3}\n"),
        (
            "prod/.stdout",
            "apiVersion: v1\ndata:\n  ALSO_IN_BASE: 1\n  IN_BASE: 1\n  IN_OPERATION: 2\n  IN_PATCH: 3\nkind: ConfigMap\nmetadata:\n  name: x-a\n---\napiVersion: v1\ndata:\n  K: 4\nkind: ConfigMap\nmetadata:\n  name: x-g-2456789bcd\n",
        ),
    ]);
    let run = tree.check(&["."]);
    assert_eq!(
        run.findings(),
        [
            "base/a.yaml:6: config-value-not-string",
            "prod/kustomization.yaml:8: config-value-not-string",
            "prod/kustomization.yaml:12: config-value-not-string",
            "prod/p.yaml:4: config-value-not-string",
        ]
    );
    assert_eq!(run.json["summary"]["suppressed"], 1, "a comment in the base, which the build leaves out");
    let finding = &run.json["findings"][0];
    assert_eq!(finding["rendered"], serde_json::json!({"release": "prod", "line": 3}));
    assert_eq!(finding["start"]["column"], 17);
}

#[test]
fn what_did_not_change_is_not_rendered_again() {
    let tree = shop();
    let first = tree.check(&["."]);
    let second = tree.check(&["."]);
    assert_eq!(tree.calls().len(), 1);
    assert_eq!(first.json, second.json);
    tree.write("charts/shop/values.yaml", "a: 2\n");
    tree.check(&["."]);
    assert_eq!(tree.calls().len(), 2);
    fs::remove_dir_all(tree.0.path().join("cache")).unwrap();
    tree.check(&["."]);
    assert_eq!(tree.calls().len(), 3, "the cache is safe to delete");
}

#[test]
fn applications_and_helm_releases_are_releases() {
    let tree = shop();
    tree.write(".git/config", "[remote \"origin\"]\n\turl = https://example.com/shop/deploy.git\n");
    tree.write("charts/shop/values-prod.yaml", "a: 3\n");
    tree.write(
        "argo/app.yaml",
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: prod}\nspec:\n  source:\n    repoURL: git@example.com:shop/deploy.git\n    path: charts/shop\n    helm:\n      valueFiles: [values-prod.yaml]\n      valuesObject: {b: 1}\n      parameters: [{name: image.tag, value: \"1.10\", forceString: true}, {name: count, value: \"2\"}]\n  destination: {namespace: shop}\n---\napiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: db}\nspec: {source: {repoURL: \"https://charts.example.com\", chart: postgresql}}\n",
    );
    tree.write(
        "argo/set.yaml",
        "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: all}\nspec:\n  generators: [{list: {elements: [{env: test}, {env: stage}]}}]\n  template:\n    metadata: {name: \"shop-{{env}}\"}\n    spec: {source: {repoURL: \"https://example.com/shop/deploy\", path: charts/shop}, destination: {namespace: \"{{env}}\"}}\n",
    );
    tree.write(
        "flux/release.yaml",
        "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: flux, namespace: shop}\nspec:\n  chart: {spec: {chart: ./charts/shop, sourceRef: {kind: GitRepository, name: deploy}}}\n  values: {c: 1}\n",
    );
    let run = tree.check(&["."]);
    let calls: Vec<_> = tree.calls().iter().map(|call| call.replace("--include-crds ", "")).collect();
    assert_eq!(calls.len(), 4, "{calls:?}");
    assert!(calls[0].starts_with("helm template flux ./charts/shop --namespace=shop --values=/"), "{}", calls[0]);
    let prod = "helm template prod ./charts/shop --namespace=shop --values=./charts/shop/values-prod.yaml --values=/";
    assert!(
        calls[1].starts_with(&prod.replace(" --values=/", ""))
            && calls[1].contains("--set-json=image.tag=\"1.10\" --set-json=count=2 --values=/"),
        "{}",
        calls[1]
    );
    assert_eq!(calls[2], "helm template shop-stage ./charts/shop --namespace=stage");
    assert_eq!(calls[3], "helm template shop-test ./charts/shop --namespace=test");
    let skipped = run.json["summary"]["skipped"].to_string();
    assert!(skipped.contains("Application db takes the chart postgresql from https://charts.example.com"), "{skipped}");
    assert_eq!(run.json["summary"]["renders"][1]["by"], "argo");
}

#[test]
fn init_writes_a_configuration_that_is_read() {
    let tree = shop();
    tree.write("charts/shop/values-prod.yaml", "a: 3\n");
    tree.write("charts/shop/ci/ha-values.yaml", "a: 4\n");
    tree.write("overlays/prod/kustomization.yaml", "resources: []\n");
    tree.write("docker/web.Dockerfile", "FROM scratch\n");
    let init = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_shipworthy"));
        command.arg("init").current_dir(tree.path()).output().unwrap()
    };
    assert_eq!(init().status.code(), Some(0));
    let text = fs::read_to_string(tree.path().join("shipworthy.yaml")).unwrap();
    let entry = "  - name: shop-prod\n    helm: {chart: charts/shop, values: [charts/shop/values-prod.yaml]}\n";
    assert!(text.contains(entry), "{text}");
    for part in ["# - name: shop-ha", "#   kustomize: overlays/prod", "dockerfile: docker/web.Dockerfile"] {
        assert!(text.contains(part), "{text}");
    }
    let run = tree.check(&["charts/shop"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(tree.calls()[0].starts_with("helm template shop-prod ./charts/shop"));
    assert_eq!(init().status.code(), Some(2), "what is there is not overwritten");
}

#[test]
fn a_fix_moves_to_the_template_as_a_whole() {
    let tree = shop();
    let looped = "kind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\ndata:\n  {{- range $i := until 2 }}\n  C{{ $i }}: 7\n  {{- end }}\n";
    tree.write("charts/shop/templates/config.yaml", &format!("apiVersion: v1\n{looped}"));
    let output = OUTPUT.replace("  A: 1\n", "  C0: 7\n  C1: 7\n");
    tree.write("charts/shop/.stdout", &output);
    let run = tree.check(&[".", "--select", "config-value-not-string", "--fix"]);
    assert!(run.stderr.contains("2 findings fixed in 1 file"), "{}", run.stderr);
    let template = fs::read_to_string(tree.path().join("charts/shop/templates/config.yaml")).unwrap();
    assert_eq!(template, format!("apiVersion: v1\n{}", looped.replace(": 7", ": \"7\"")));
}
