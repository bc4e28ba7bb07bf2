//! Rules that users write: faults of their files, what the generic kinds find, and the policies
//! under `testdata/policies`, which `docs/custom-rules.md` shows.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::process::Command;

use proptest::prelude::*;
use shipworthy::config::Config;
use shipworthy::lint::lint_example;
use shipworthy::rule::load::{RuleText, load};
use shipworthy::rule::{Example, Rule, builtin};

const SCHEMA: &str = "{type: object, required: [team]}";

fn read(path: &str, text: &str) -> Result<Vec<Rule>, String> {
    let text = RuleText { path: path.to_string(), text: text.to_string() };
    let beside = |_: &RuleText, path: &str| match path {
        "labels.json" => Ok(SCHEMA.to_string()),
        "broken.json" => Ok("{".to_string()),
        _ => Err("no such file".to_string()),
    };
    load(&[text], builtin(), &beside).map_err(|error| error.to_string())
}

/// A rule of five lines, the others as they are given.
fn rule(rest: &str) -> String {
    format!("id: my-rule\ngroup: mine\nlevel: error\nsummary: s\nremedy: r\n{rest}\n")
}

fn fault(rest: &str) -> String {
    read("mine/my-rule.yaml", &rule(rest)).expect_err(rest)
}

/// What a rule says of some files: `file:line:text: message`, a line for each finding.
fn found(rest: &str, files: &[(&str, &str)]) -> String {
    let rules = read("mine/my-rule.yaml", &rule(rest)).unwrap();
    report(&rules, files)
}

fn report(rules: &[Rule], files: &[(&str, &str)]) -> String {
    let files = files.iter().map(|(path, text)| (path.to_string().into(), text.to_string().into()));
    let files: Vec<_> = files.collect();
    let example = Example { name: "x".into(), files: files.into(), flags: Vec::new().into(), also: Vec::new().into() };
    let report = lint_example(&example, rules).unwrap();
    let lines = report.findings.iter().map(|finding| {
        let source = report.sources.get(finding.hit.span.source);
        let line = source.position(finding.hit.span.start).line;
        format!("{line}:{}: {}", report.sources.slice(finding.hit.span), finding.hit.message)
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn faults_of_a_rule_file_have_a_place_and_the_name_that_was_meant() {
    let required = "on: container\ncheck: required\n";
    let mut wrong = Vec::new();
    for (rest, expected) in [
        (
            "on: pod\ncheck: required\nparams: {path: image}",
            "6:5: unknown subject `pod` (known: object, manifest, workload, container,",
        ),
        (
            "on: containr\ncheck: required\nparams: {path: image}",
            "6:5: unknown subject `containr`; did you mean `container`? (known: object",
        ),
        (
            "on: container\ncheck: requird\nparams: {path: image}",
            "7:8: unknown check `requird`; did you mean `required`?",
        ),
        ("on: container\nchek: required", "7:1: unknown key `chek`; did you mean `check`?"),
        (
            &format!("{required}params: {{pth: image}}"),
            "8:10: unknown parameter of required `pth`; did you mean `path`?",
        ),
        (&format!("{required}params: {{}}"), "7:8: required needs a `path`"),
        (&format!("{required}params: {{path: 3}}"), "8:16: `path` is a text, or a list of texts, not a whole number"),
        (&format!("{required}params: {{path: \"a..b\"}}"), "8:16: `a..b` is no path: a name is missing (character 3)"),
        (
            &format!("{required}params: {{path: imagePullPolcy}}"),
            "8:16: `imagePullPolcy` leads nowhere: there is no field `imagePullPolcy`; did you mean `imagePullPolicy`?",
        ),
        (
            &format!("{required}params: {{path: ports.name}}"),
            "8:16: `ports.name` leads nowhere: `ports` is a list: write `[]` behind it",
        ),
        (
            &format!("{required}params: {{path: image.registri}}"),
            "8:16: unknown part of an image `registri`; did you mean `registry`?",
        ),
        (
            &format!("{required}params: {{path: image, kinds: [Deploymnt]}}"),
            "8:30: unknown kind of container `Deploymnt`; did you mean `Deployment`?",
        ),
        (
            &format!("{required}params: {{path: image, when: {{role: \"[\"}}}}"),
            "8:29: `[` is no pattern: unclosed character class (character 1)",
        ),
        (
            "on: container\ncheck: pattern\nparams: {path: image, regex: \"a(b\"}",
            "8:30: `a(b` is no pattern: unclosed group (character 2)",
        ),
        ("on: container\ncheck: pattern\nparams: {path: image}", "7:8: pattern needs a `regex`"),
        (
            "on: container\ncheck: pattern\nparams: {path: image, regex: \"(?:\\\\w{300}){300}\"}",
            "8:30: `(?:\\w{300}){300}` is no pattern: it is too large when compiled",
        ),
        (
            "on: workload\ncheck: range\nparams: {path: spec.replicas, min: x}",
            "8:36: `x` is no number, quantity, percentage or duration",
        ),
        ("on: workload\ncheck: range\nparams: {path: spec.replicas, min: 5, max: 2}", "8:44: `max` 2 is below `min` 5"),
        (
            "on: workload\ncheck: range\nparams: {path: spec.replicas, min: 5%, max: 2}",
            "8:45: `max` is of another unit than the other bound",
        ),
        ("on: object\ncheck: schema\nparams: {path: spec, schema: {type: objekt}}", "8:30: this is no JSON Schema: "),
        ("on: object\ncheck: schema\nparams: {path: spec, schema: gone.json}", "8:30: gone.json: no such file"),
        ("on: object\ncheck: schema\nparams: {path: spec, schema: broken.json}", "8:30: broken.json: "),
        ("on: stage\ncheck: required\nparams: {path: label}", "8:16: unknown path `label`; did you mean `labels`?"),
        (
            "on: stage\ncheck: required\nparams: {path: labels}",
            "8:16: `labels` leads nowhere: write `labels.NAME` or `labels[\"NAME\"]`",
        ),
        (
            "on: instruction\ncheck: required\nparams: {path: text, kinds: [RUNN]}",
            "8:29: unknown kind of instruction `RUNN`; did you mean `RUN`?",
        ),
        ("on: probe\ncheck: grace-zero", "6:5: the check `grace-zero` is about `workload`, not `probe`"),
        (
            "on: container\ncheck: startup-missing\nparams: {minimumSecond: 3}",
            "8:10: unknown parameter of startup-missing `minimumSecond`; did you mean `minimumSeconds`?",
        ),
        (
            "on: container\ncheck: startup-missing\nparams: {minimumSeconds: x}",
            "8:26: `minimumSeconds` is a whole number, not a text",
        ),
        (
            "on: workload\ncheck: required\nparams: {path: replicas.most}",
            "8:16: `replicas.most`: write `replicas.min` or `replicas.max`",
        ),
    ] {
        let fault = fault(rest);
        if !fault.starts_with(&format!("mine/my-rule.yaml:{expected}")) {
            wrong.push(format!("{rest}\n  {fault}\n  {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn ids_groups_levels_and_files_are_checked() {
    let good = rule("on: container\ncheck: required\nparams: {path: image}");
    assert_eq!(read("mine/my-rule.yaml", &good).unwrap().len(), 1);
    let with = |from: &str, to: &str| read("mine/my-rule.yaml", &good.replace(from, to)).unwrap_err();
    assert!(with("id: my-rule", "id: My_Rule").starts_with("mine/my-rule.yaml:1:5: `My_Rule` is no id"));
    assert!(with("group: mine", "group: a--b").starts_with("mine/my-rule.yaml:2:8: `a--b` is no group"));
    assert!(
        with("level: error", "level: eror")
            .starts_with("mine/my-rule.yaml:3:8: unknown word `eror`; did you mean `error`?")
    );
    assert!(
        with("level: error", "levels: {serving: error}")
            .contains("3:10: unknown case of the check `required` `serving`")
    );
    assert!(with("level: error\n", "").contains("either `level` or `levels`"));
    assert!(with("id: my-rule", "id: other-rule").contains("a rule's file has the name of its id"));
    assert!(with("summary: s\n", "").contains("missing field `summary`"));
    let builtin_id = good.replace("my-rule", "grace-zero");
    assert!(
        read("grace-zero.yaml", &builtin_id).unwrap_err().contains("there is a rule `grace-zero` already, built in")
    );
    let text = |path: &str| RuleText { path: path.to_string(), text: good.clone() };
    let twice = load(&[text("a/my-rule.yaml"), text("b/my-rule.yaml")], builtin(), &|_, _| Err(String::new()));
    assert_eq!(
        twice.unwrap_err().to_string(),
        "b/my-rule.yaml:1:5: there is a rule `my-rule` already, in a/my-rule.yaml"
    );
    assert!(read("my-rule.yaml", "{").unwrap_err().starts_with("my-rule.yaml:1:"));
}

const POD: &str = "apiVersion: v1
kind: Pod
metadata: {name: web, labels: {team: a, tier: web}}
spec:
  hostNetwork: true
  initContainers: [{name: wait, image: busybox}]
  containers:
    - name: web
      image: ghcr.io/shop/web:1.4.2@sha256:0
      resources: {limits: {memory: 4Gi, cpu: 500m}}
      env: [{name: DB_PASSWORD, value: hunter2}]
      readinessProbe: {httpGet: {path: /, port: 80}, timeoutSeconds: 5}
";

#[test]
fn required_asks_for_what_is_there_and_not_empty() {
    let of = |params: &str| found(&format!("on: container\ncheck: required\nparams: {{{params}}}"), &[("a.yaml", POD)]);
    assert_eq!(of("path: resources.limits.memory"), "6:wait: resources.limits.memory is not set");
    assert_eq!(of("paths: [resources.limits, env], when: {role: app}"), "");
    assert_eq!(
        of("path: image.digest, when: {image.registry: docker.io}"),
        "6:busybox: image.digest of busybox is not set"
    );
    assert_eq!(of("path: \"ports[].name\""), "", "what is not there has no items");
    assert_eq!(of("path: \"env[].valueFrom\""), "11:DB_PASSWORD: env[0].valueFrom is not set");
    let patch = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n";
    let kustomization = "kind: Kustomization\npatches: [{path: patch.yaml}]\n";
    let files = [("patch.yaml", patch), ("kustomization.yaml", kustomization)];
    let selector = "on: service\ncheck: required\nparams: {path: spec.selector}";
    assert_eq!(found(selector, &files[..1]), "3:web: spec.selector is not set");
    assert_eq!(found(selector, &files), "", "a patch leaves out what it does not change");
}

#[test]
fn forbidden_takes_a_path_or_values() {
    let of = |on: &str, params: &str| {
        found(&format!("on: {on}\ncheck: forbidden\nparams: {{{params}}}"), &[("a.yaml", POD)])
    };
    assert_eq!(of("workload", "path: spec.hostNetwork"), "5:true: spec.hostNetwork is set, which is not allowed");
    assert_eq!(
        of("workload", "path: pod.spec.hostNetwork, values: [true]"),
        "5:true: pod.spec.hostNetwork is true, which is not allowed"
    );
    assert_eq!(of("manifest", "path: spec.hostNetwork, values: [false, \"true\"]"), "");
    assert_eq!(
        of("container", "path: image.tag, values: latest"),
        "6:busybox: image.tag of busybox is latest, which is not allowed"
    );
    assert_eq!(
        of("container", "path: object.metadata.labels.team, values: [a], when: {role: app}"),
        "3:a: object.metadata.labels.team is a, which is not allowed"
    );
}

#[test]
fn patterns_match_or_do_not_and_show_no_secret() {
    let of = |params: &str| found(&format!("on: container\ncheck: pattern\nparams: {{{params}}}"), &[("a.yaml", POD)]);
    assert_eq!(
        of("path: image.registry, regex: \"^docker\\\\.io$\""),
        "9:ghcr.io/shop/web:1.4.2@sha256:0: image.registry of ghcr.io/shop/web:1.4.2@sha256:0 is ghcr.io, which does not match ^docker\\.io$"
    );
    assert_eq!(
        of("path: image.repository, regex: ^library/, mustMatch: false"),
        "6:busybox: image.repository of busybox holds library/, which matches ^library/"
    );
    assert_eq!(of("path: \"env[].value\", regex: ^x"), "11:hunter2: env[0].value is ***, which does not match ^x");
    let kustomization = "kind: Kustomization\nimages: [{name: busybox, newName: registry.example.com/busybox}]\n";
    let elsewhere = "on: container\ncheck: pattern\nparams: {path: image.registry, regex: ^ghcr}";
    assert_eq!(found(elsewhere, &[("a.yaml", POD)]).lines().count(), 1);
    assert_eq!(found(elsewhere, &[("a.yaml", POD), ("kustomization.yaml", kustomization)]), "", "it is replaced");
    let labels = "on: object\ncheck: pattern\nparams: {path: metadata.labels.*, regex: ^a$}";
    assert_eq!(found(labels, &[("a.yaml", POD)]), "3:web: metadata.labels.tier is web, which does not match ^a$");
}

#[test]
fn ranges_know_units_and_the_platform_s_defaults() {
    let of = |on: &str, params: &str, text: &str| {
        found(&format!("on: {on}\ncheck: range\nparams: {{{params}}}"), &[("a.yaml", text)])
    };
    assert_eq!(
        of("container", "path: resources.limits.memory, max: 2Gi", POD),
        "10:4Gi: resources.limits.memory is 4Gi, above the maximum of 2Gi"
    );
    assert_eq!(of("container", "path: resources.limits.cpu, min: 0.5, max: 1", POD), "");
    assert_eq!(
        of("container", "path: resources.limits.memory, max: 2Gi, default: 3Gi", POD).lines().next().unwrap(),
        "6:wait: resources.limits.memory is 3Gi (default), above the maximum of 2Gi"
    );
    assert_eq!(
        of("probe", "paths: [timeoutSeconds, periodSeconds], max: 4", POD),
        "12:readinessProbe: periodSeconds is 10 (default), above the maximum of 4\n12:5: timeoutSeconds is 5, above the maximum of 4"
    );
    assert_eq!(
        of("workload", "path: pod.spec.terminationGracePeriodSeconds, min: 40", POD),
        "4:spec: pod.spec.terminationGracePeriodSeconds is 30 (default), below the minimum of 40"
    );
    let deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {selector: {}, strategy: {rollingUpdate: {maxSurge: 50%}}, template: {spec: {containers: [{name: web, image: x}]}}}\n";
    assert_eq!(
        of("workload", "path: spec.replicas, min: 2", deployment),
        "4:spec: spec.replicas is 1 (default), below the minimum of 2"
    );
    assert_eq!(
        of("workload", "path: replicas.min, min: 2", deployment),
        "4:spec: replicas.min is 1 (default), below the minimum of 2"
    );
    assert_eq!(
        of("workload", "path: spec.strategy.rollingUpdate.maxSurge, kinds: [Deployment], max: 25%", deployment),
        "4:50%: spec.strategy.rollingUpdate.maxSurge is 50%, above the maximum of 25%"
    );
    assert_eq!(
        of("workload", "path: spec.strategy.rollingUpdate.maxSurge, kinds: [Deployment], max: 1", deployment),
        "",
        "a share is no number"
    );
    let scaled = format!(
        "{deployment}---\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {{name: web}}\nspec: {{maxReplicas: 5, scaleTargetRef: {{kind: Deployment, name: web}}}}\n"
    );
    assert_eq!(of("workload", "path: spec.replicas, min: 2", &scaled), "", "the autoscaler decides");
    assert_eq!(of("workload", "path: replicas.max, max: 4", &scaled), "9:5: replicas.max is 5, above the maximum of 4");
    assert_eq!(
        of("scaler", "path: spec.minReplicas, min: 2", &scaled),
        "9:spec: spec.minReplicas is 1 (default), below the minimum of 2"
    );
    let route = "apiVersion: x/v1\nkind: Route\nspec: {timeout: 5m}\n";
    assert_eq!(
        of("object", "path: spec.timeout, max: 60s", route),
        "3:5m: spec.timeout is 5m, above the maximum of 60s"
    );
}

#[test]
fn schemas_point_at_what_they_refuse() {
    let of = |params: &str| found(&format!("on: object\ncheck: schema\nparams: {{{params}}}"), &[("a.yaml", POD)]);
    assert_eq!(of("path: metadata.labels, schema: labels.json"), "");
    assert_eq!(
        of("path: metadata.labels, schema: {properties: {tier: {enum: [a]}}}").split(": ").next().unwrap(),
        "3:web"
    );
    assert!(of("path: metadata.labels, schema: {required: [owner]}").starts_with("3:labels: metadata.labels: "));
    let deep = of("path: spec, schema: {properties: {containers: {items: {properties: {name: {maxLength: 2}}}}}}");
    assert!(deep.starts_with("8:web: spec.containers[0].name: "), "{deep}");
    assert!(!deep.contains("\"web\""), "{deep}");
    assert_eq!(of("path: spec.gone, schema: {type: string}"), "");
}

const DOCKERFILE: &str = "ARG TAG
FROM golang:$TAG AS build
RUN curl https://example.com/x \\
  | sh
FROM --platform=linux/amd64 alpine:3.22 AS base
LABEL a.b=1 c=\"2\"
ENV DB_PASSWORD=hunter2
USER app
HEALTHCHECK NONE
FROM base
COPY --from=build --chown=app /x /x
EXPOSE 8080/tcp
RUN <<EOF
wget x | sh
EOF
";

#[test]
fn stages_and_instructions_of_a_dockerfile_have_paths() {
    let of = |rest: &str| found(rest, &[("Dockerfile", DOCKERFILE)]);
    let required = |params: &str| of(&format!("on: stage\ncheck: required\nparams: {{{params}}}"));
    assert_eq!(required("path: 'labels[\"a.b\"]', when: {final: true}"), "", "it comes from the stage below");
    assert_eq!(required("path: labels.d, when: {final: true}"), "10:base: labels.d is not set");
    assert_eq!(required("path: user"), "2:golang:$TAG: user is not set");
    assert_eq!(required("path: healthcheck, when: {name: base}"), "9:HEALTHCHECK NONE: healthcheck is not set");
    assert_eq!(required("path: platform, unless: {final: true}"), "2:FROM: platform is not set");
    let stage = |params: &str| of(&format!("on: stage\ncheck: pattern\nparams: {{{params}}}"));
    assert_eq!(
        stage("path: image.registry, regex: ^x$"),
        "5:alpine:3.22: image.registry of alpine:3.22 is docker.io, which does not match ^x$"
    );
    assert_eq!(
        stage("path: env.*, regex: ^x$, when: {final: true}"),
        "7:hunter2: env.DB_PASSWORD is ***, which does not match ^x$"
    );
    assert_eq!(stage("path: 'expose[]', regex: /udp$"), "12:8080/tcp: expose is 8080/tcp, which does not match /udp$");
    let pipes = of(
        "on: instruction\ncheck: pattern\nparams: {paths: [text, 'heredocs[]'], kinds: [RUN], regex: \"\\\\|\\\\s*sh\", mustMatch: false}",
    );
    assert!(pipes.starts_with("4:| sh: text holds | sh, which matches"), "{pipes}");
    assert!(pipes.contains("\n14:| sh: heredocs holds | sh, which matches"), "{pipes}");
    assert_eq!(
        of("on: instruction\ncheck: required\nparams: {path: flags.chmod, kinds: [COPY]}"),
        "11:COPY: flags.chmod is not set"
    );
    assert_eq!(
        of("on: instruction\ncheck: forbidden\nparams: {path: keyword, values: [ENV, ADD], when: {stage.name: base}}"),
        "7:ENV: keyword is ENV, which is not allowed"
    );
}

#[test]
fn a_function_that_is_built_in_takes_other_parameters_and_one_level_for_all() {
    let pod = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  selector: {matchLabels: {a: b}}\n  template:\n    metadata: {labels: {a: b}}\n    spec: {containers: [{name: web, image: x, ports: [{containerPort: 80}], livenessProbe: {tcpSocket: {port: 80}, initialDelaySeconds: 100}}]}\n";
    let text = rule("on: container\ncheck: startup-missing\nparams: {minimumSeconds: 300}");
    let rules = read("mine/my-rule.yaml", &text).unwrap();
    assert!(rules[0].levels.len() > 1);
    let report = report(&rules, &[("a.yaml", pod)]);
    assert!(report.contains("131 s"), "{report}");
}

#[test]
fn the_configuration_sets_parameters_of_a_policy() {
    let text = rule("on: workload\ncheck: range\nparams: {path: spec.replicas, min: 2}");
    let rules = read("mine/my-rule.yaml", &text).unwrap();
    let parse = |text: &str| Config::parse("shipworthy.yaml", text, &rules).map_err(|error| error.to_string());
    assert!(parse("rules: {my-rule: {min: \"500m\"}}\n").is_ok());
    assert_eq!(
        parse("rules: {my-rule: {level: info, min: many}}\n").unwrap_err(),
        "shipworthy.yaml:1:32: `many` is no number, quantity, percentage or duration"
    );
    assert!(parse("rules: {my-rule: {max: 3}}\n").unwrap_err().contains("unknown parameter of my-rule `max`"));
    let deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 2, template: {spec: {containers: [{name: web, image: x}]}}}\n";
    let config = "overrides: [{match: {name: web}, rules: {my-rule: {min: 3}}}]\n";
    let files = [("shipworthy.yaml", config), ("a.yaml", deployment)];
    assert_eq!(report(&rules, &files), "4:2: spec.replicas is 2, below the minimum of 3");
}

#[test]
fn the_policies_of_the_documentation_hold() {
    let run = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_shipworthy"));
        let output = command.args(args).current_dir("testdata/policies").output().unwrap();
        let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        (output.status.code().unwrap(), text)
    };
    assert_eq!(run(&["rules", "test", "policies"]).0, 0, "{}", run(&["rules", "test", "policies"]).1);
    assert!(run(&["rules"]).1.contains("owner-label"));
    assert!(run(&["rules", "--format", "json"]).1.contains("\"id\": \"owner-label\""));
    assert!(!run(&["rules", "--isolated"]).1.contains("owner-label"));
    assert!(run(&["explain", "owner-label"]).1.contains("Nobody owns the workload"));
    assert_eq!(run(&["check", "--select", "owner-label"]).0, 0, "a selection runs at the rule's own level");
    assert_eq!(run(&["check", "--select", "images"]).0, 1);
    assert_eq!(run(&["rules", "test", "gone"]).0, 2);
    assert!(run(&["check", "--select", "owner-labl"]).1.contains("did you mean `owner-label`?"));
}

#[test]
fn the_documentation_shows_the_policies_as_they_are() {
    let docs = fs::read_to_string("docs/custom-rules.md").unwrap();
    let blocks = docs.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next());
    let mut shown = 0;
    for block in blocks.filter(|block| block.starts_with("id: ")) {
        let id = block.lines().next().unwrap().trim_start_matches("id: ");
        let paths = ["images", "ownership"].map(|group| format!("testdata/policies/policies/{group}/{id}.yaml"));
        let text = paths.iter().find_map(|path| fs::read_to_string(path).ok()).expect(id);
        assert!(text.replace("\r\n", "\n").starts_with(block.trim_end()), "{id} differs from docs/custom-rules.md");
        shown += 1;
    }
    assert_eq!(shown, 3);
}

#[test]
fn a_rule_folder_that_cannot_be_read_is_an_error() {
    let directory = tempfile::TempDir::new().unwrap();
    let write = |path: &str, text: &str| {
        let path = directory.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    let check = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_shipworthy"));
        let output = command.arg("check").current_dir(&directory).output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    write("shipworthy.yaml", "ruleFolders: [policies]\n");
    assert_eq!(check(), (2, "shipworthy: shipworthy.yaml:1:15: policies: there is no such folder\n".to_string()));
    write("policies/readme.txt", "");
    assert_eq!(check(), (2, "shipworthy: shipworthy.yaml:1:15: policies: the folder holds no rule\n".to_string()));
    write("policies/my-rule.yaml", "id: my-rule\n");
    let (code, stderr) = check();
    assert_eq!(code, 2);
    assert!(stderr.starts_with("shipworthy: policies/my-rule.yaml:1:1: "), "{stderr}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// A rule file may hold anything: it is read, or refused.
    #[test]
    fn broken_rule_files_are_survived(
        name in proptest::sample::select(vec!["images/image-registry", "images/source-label", "ownership/owner-label"]),
        at in any::<proptest::sample::Index>(),
        length in 0_usize..12,
        put in "[ -~\n\té\\[\\]{}()\"'*.]{0,6}",
    ) {
        let text = fs::read_to_string(format!("testdata/policies/policies/{name}.yaml")).unwrap();
        let mut bytes = text.into_bytes();
        let start = at.index(bytes.len());
        let end = (start + length).min(bytes.len());
        bytes.splice(start..end, put.into_bytes());
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Ok(rules) = read(&format!("{name}.yaml"), &text) {
            report(&rules, &[("a.yaml", POD), ("Dockerfile", DOCKERFILE)]);
        }
    }
}
