//! The real binary: exit codes, what goes where, targets and context, bad input.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

struct Run {
    code: i32,
    stdout: String,
    stderr: String,
}

impl Run {
    fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).expect(&self.stderr)
    }

    fn rules(&self) -> Vec<String> {
        let json = self.json();
        let findings = json["findings"].as_array().unwrap();
        findings.iter().map(|finding| finding["rule"].as_str().unwrap().to_string()).collect()
    }
}

fn shipworthy(directory: &Path, args: &[&str], stdin: &[u8]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shipworthy"));
    command
        .args(args)
        .current_dir(directory)
        .env("PATH", "/nowhere")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A program that fails early does not read its input.
    let _ = child.stdin.take().unwrap().write_all(stdin);
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Run { code: output.status.code().unwrap(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

fn tree(files: &[(&str, &str)]) -> TempDir {
    let directory = TempDir::new().unwrap();
    for (path, text) in files {
        let path = directory.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    directory
}

const GOOD: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: good}\ndata: {A: \"1\"}\n";
const BAD: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: bad}\ndata: {A: 1}\n";
const WARNED: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: warned}\ndata: {A: }\n";

#[test]
fn exit_codes_follow_the_findings() {
    let directory = tree(&[("good.yaml", GOOD), ("bad.yaml", BAD), ("warned.yaml", WARNED)]);
    let code = |args: &[&str]| shipworthy(directory.path(), args, b"").code;
    assert_eq!(code(&["check", "good.yaml"]), 0);
    assert_eq!(code(&["check", "bad.yaml"]), 1);
    assert_eq!(code(&["check", "warned.yaml"]), 0);
    assert_eq!(code(&["check", "warned.yaml", "--fail-on", "warning"]), 1);
    assert_eq!(code(&["check", "bad.yaml", "--fail-on", "never"]), 0);
    assert_eq!(code(&["check", "bad.yaml", "--format", "json"]), 1);
    assert_eq!(code(&["check", "bad.yaml", "--ignore", "config"]), 0);
    assert_eq!(code(&["check", "--no-such-option"]), 2);
    assert_eq!(code(&["check", "bad.yaml", "--min-severity", "error", "--fail-on", "error"]), 1);
}

#[test]
fn what_is_hidden_is_judged_and_counted() {
    let directory = tree(&[("warned.yaml", WARNED)]);
    let run = shipworthy(directory.path(), &["check", "--min-severity", "error", "--fail-on", "warning"], b"");
    assert_eq!(run.code, 1);
    assert!(run.stdout.contains("1 finding hidden"), "{}", run.stdout);
}

#[test]
fn nothing_linted_is_no_pass() {
    let directory =
        tree(&[("readme.yaml", "just: data\n"), ("chart/Chart.yaml", "name: x\n"), ("chart/templates/a.yaml", GOOD)]);
    for (args, stdin) in [
        (&["check"][..], ""),
        (&["check", "-"][..], ""),
        (&["check", "-"][..], "# comments only\n---\n"),
        (&["check", "chart"][..], ""),
        (&["check", "readme.yaml"][..], ""),
    ] {
        let run = shipworthy(directory.path(), args, stdin.as_bytes());
        assert_eq!(run.code, 2, "{args:?}");
        assert!(run.stderr.contains("nothing was linted"), "{}", run.stderr);
    }
    let run = shipworthy(directory.path(), &["check", "chart", "-v"], b"");
    assert!(run.stdout.contains("chart/templates/a.yaml: a template of the Helm chart chart"), "{}", run.stdout);
}

#[test]
fn a_hook_may_name_files_that_are_no_manifests() {
    let directory = tree(&[("values.yaml", "replicas: 3\n"), ("bad.yaml", BAD), ("empty.yaml", "")]);
    let run = |args: &[&str], stdin: &str| shipworthy(directory.path(), &[&["check"], args].concat(), stdin.as_bytes());
    let allowed = |paths: &[&str], stdin: &str| run(&[&["--allow-no-manifests"], paths].concat(), stdin);
    assert_eq!(run(&["values.yaml"], "").code, 2);
    let passed = allowed(&["values.yaml", "empty.yaml"], "");
    assert_eq!(passed.code, 0);
    assert!(passed.stderr.contains("nothing to lint"), "{}", passed.stderr);
    assert_eq!(allowed(&["values.yaml", "bad.yaml"], "").code, 1);
    // Trees, streams and files that are not there are nobody's list of changes.
    fs::remove_file(directory.path().join("bad.yaml")).unwrap();
    assert_eq!(allowed(&["."], "").code, 2);
    assert_eq!(allowed(&["-"], "").code, 2);
    assert_eq!(allowed(&["values.yaml", "none.yaml"], "").code, 2);
}

#[test]
fn a_missing_path_fails_and_the_others_are_linted() {
    let directory = tree(&[("bad.yaml", BAD)]);
    let run = shipworthy(directory.path(), &["check", "none.yaml", "bad.yaml", "--format", "json"], b"");
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("none.yaml: there is no such file or directory"), "{}", run.stderr);
    assert_eq!(run.rules(), ["config-value-not-string"]);
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_read_fails_and_the_others_are_linted() {
    let directory = tree(&[("bad.yaml", BAD)]);
    // A link to itself cannot be read by anybody, root included.
    std::os::unix::fs::symlink("loop.yaml", directory.path().join("loop.yaml")).unwrap();
    let run = shipworthy(directory.path(), &["check", "loop.yaml", "bad.yaml", "--format", "json"], b"");
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("loop.yaml"), "{}", run.stderr);
    assert_eq!(run.rules(), ["config-value-not-string"]);
}

#[test]
fn bytes_that_are_no_text_are_a_finding_and_the_others_are_linted() {
    let directory = tree(&[("bad.yaml", BAD)]);
    let utf16: Vec<u8> = "\u{feff}a: 1\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(directory.path().join("utf16.yaml"), utf16).unwrap();
    fs::write(directory.path().join("binary.yaml"), b"\x7fELF\x02\x01\x00\x00").unwrap();
    fs::write(
        directory.path().join("latin.yaml"),
        b"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: caf\xe9}\ndata: {A: 1}\n",
    )
    .unwrap();
    let run = shipworthy(
        directory.path(),
        &["check", "utf16.yaml", "binary.yaml", "latin.yaml", "bad.yaml", "--format", "json"],
        b"",
    );
    assert_eq!(run.code, 1);
    let rules = ["config-value-not-string", "syntax-error", "syntax-error", "config-value-not-string", "syntax-error"];
    assert_eq!(run.rules(), rules);
}

#[test]
fn hostile_documents_are_findings_and_the_others_are_linted() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        bomb.push_str(&format!("a{level}: &a{level} [{aliases}]\n"));
    }
    let stream = format!("{}\n---\n{bomb}---\n{BAD}", "[".repeat(10_000));
    let run = shipworthy(Path::new("."), &["check", "-", "--isolated", "--format", "json"], stream.as_bytes());
    assert_eq!(run.code, 1);
    assert_eq!(run.rules(), ["syntax-error", "syntax-error", "config-value-not-string"]);
}

#[test]
fn hostile_dockerfiles_come_to_an_end() {
    let arms: String = (0..31).map(|arm| format!("{arm}) exec /run.sh {arm};;\n")).collect();
    let itself = format!("#!/bin/sh\ncase \"$X\" in\n{arms}esac\n");
    let start = "FROM python:3\nCOPY run.sh /\n";
    let deep = format!("{start}CMD {}x{}\n", "$(".repeat(5_000), ")".repeat(5_000));
    let cycle = "FROM a AS b\nCOPY --from=1 /x /x\nFROM b AS a\nCOPY --from=0 /x /x\nENTRYPOINT [\"/x\"]\n";
    let directory = tree(&[
        ("a/Dockerfile", &format!("{start}CMD [\"/run.sh\"]\n")),
        ("a/run.sh", &itself),
        ("b/Dockerfile", &deep),
        ("c/Dockerfile", cycle),
        ("d/Dockerfile", &format!("FROM python:3\nRUN x{}\nCMD gunicorn shop\n", "y".repeat(5_000_000))),
    ]);
    let run = shipworthy(directory.path(), &["check", ".", "--format", "json", "--select", "shell-form-pid1"], b"");
    assert_eq!(run.rules(), ["shell-form-pid1"]);
}

#[test]
fn a_hundred_thousand_documents_are_linted() {
    let stream = format!("---\n{GOOD}").repeat(99_999) + "---\n" + BAD;
    let run = shipworthy(Path::new("."), &["check", "-", "--isolated", "--format", "json"], stream.as_bytes());
    assert_eq!(run.json()["summary"]["documents"], 100_000);
    assert_eq!(run.rules(), ["config-value-not-string"]);
}

#[test]
fn a_broken_document_leaves_the_rest_of_the_stream_whole() {
    let stream = format!("{GOOD}---\nkind: [\n---\n{BAD}");
    let run = shipworthy(Path::new("."), &["check", "-", "--isolated", "--format", "json"], stream.as_bytes());
    assert_eq!(run.rules(), ["syntax-error", "config-value-not-string"]);
    assert_eq!(run.json()["summary"]["documents"], 3);
}

#[test]
fn the_same_input_gives_the_same_bytes_on_any_number_of_threads() {
    let run = |threads: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_shipworthy"));
        command.args(["check", "testdata", "--format", "json", "--isolated"]).env("RAYON_NUM_THREADS", threads);
        command.output().unwrap().stdout
    };
    let one = run("1");
    assert!(one.len() > 1000);
    assert!((0..3).all(|_| run("8") == one));
}

#[test]
fn a_named_file_is_judged_in_the_context_of_the_whole_tree() {
    let service = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, ports: [{port: 80, targetPort: htp}]}\n";
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: web, labels: {app: web}}\nspec: {containers: [{name: web, image: x, ports: [{name: http, containerPort: 80}]}]}\n";
    let directory = tree(&[
        ("shipworthy.yaml", "rules: {}\n"),
        ("a/service.yaml", service),
        ("b/pod.yaml", pod),
        ("c/bad.yaml", BAD),
    ]);
    let select = ["--select", "service-port-unresolved,config", "--format", "json"];
    let run = |path: &str| shipworthy(directory.path(), &[&["check", path][..], &select].concat(), b"").rules();
    assert_eq!(run("a/service.yaml"), ["service-port-unresolved"]);
    assert_eq!(run("b/pod.yaml"), ["service-port-unresolved"], "the finding's related place lies in the target");
    assert_eq!(run("c"), ["config-value-not-string"]);
}

#[test]
fn configuration_excludes_switches_off_and_overrides() {
    let config = "exclude: [\"vendor/**\"]\nrules: {config-value-not-string: warning}\noverrides:\n  - match: {path: \"old/**\", kind: ConfigMap}\n    rules: {config-value-not-string: off}\n";
    let directory = tree(&[("shipworthy.yaml", config), ("a.yaml", BAD), ("vendor/b.yaml", BAD), ("old/c.yaml", BAD)]);
    let run = shipworthy(directory.path(), &["check", "--format", "json"], b"");
    assert_eq!(run.code, 0);
    assert_eq!(run.rules(), ["config-value-not-string"]);
    assert_eq!(run.json()["findings"][0]["severity"], "warning");
    assert_eq!(run.json()["summary"]["skipped"][0]["path"], "vendor/b.yaml");
    let run = shipworthy(directory.path(), &["check", "a.yaml", "--select", "config-value-not-string"], b"");
    assert_eq!(run.code, 1, "a selection runs at the rule's own level");
    let run = shipworthy(directory.path(), &["check", "vendor/b.yaml", "a.yaml", "--format", "json"], b"");
    assert_eq!(run.rules().len(), 1, "naming a file does not bypass the exclusion");
}

#[test]
fn releases_without_files_and_globs_that_are_none_are_faults_of_the_configuration() {
    let run = |config: &str| {
        let directory = tree(&[("shipworthy.yaml", config), ("a.yaml", GOOD)]);
        let run = shipworthy(directory.path(), &["check"], b"");
        (run.code, run.stderr)
    };
    let (code, message) = run("releases: [{name: shop, manifests: [deploy/*.yaml]}]\n");
    assert_eq!((code, message.trim()), (2, "shipworthy: releases: shop: no file matches manifests deploy/*.yaml"));
    let (code, message) = run("exclude: [\"[\"]\n");
    assert_eq!(code, 2);
    assert!(message.starts_with("shipworthy: shipworthy.yaml: "), "{message}");
}

#[test]
fn a_wrong_option_or_configuration_names_what_was_meant() {
    let directory = tree(&[("bad.yaml", BAD), ("wrong.yaml", "ruls: {}\n")]);
    let run = |args: &[&str]| {
        let run = shipworthy(directory.path(), args, b"");
        assert_eq!(run.code, 2, "{args:?}");
        run.stderr
    };
    assert!(run(&["check", "--select", "config-value-not-strin"]).contains("did you mean `config-value-not-string`"));
    assert!(run(&["check", "--format", "jsn"]).contains("did you mean `json`"));
    assert!(
        run(&["check", "--config", "wrong.yaml"]).contains("wrong.yaml:1:1: unknown key `ruls`; did you mean `rules`?")
    );
    assert!(run(&["check", "--kube-version", "1.5"]).contains("1.25 to 1.37"));
    assert!(run(&["explain", "rollout-zero-availabl"]).contains("did you mean `rollout-zero-available`"));
}

#[test]
fn the_json_report_has_the_form_of_the_contract() {
    let directory = tree(&[("deploy/bad.yaml", BAD)]);
    let json = shipworthy(directory.path(), &["check", "--format", "json"], b"").json();
    assert_eq!(json["version"], 1);
    assert_eq!(json["tool"]["name"], "shipworthy");
    let finding = &json["findings"][0];
    assert_eq!(finding["path"], "deploy/bad.yaml");
    assert_eq!(finding["start"], serde_json::json!({"line": 4, "column": 11, "offset": 63}));
    assert_eq!(finding["end"], serde_json::json!({"line": 4, "column": 12, "offset": 64}));
    assert_eq!(finding["resource"], serde_json::json!({"apiVersion": "v1", "kind": "ConfigMap", "name": "bad"}));
    let quote = |at: u32| serde_json::json!({"path": "deploy/bad.yaml", "start": at, "end": at, "text": "\""});
    assert_eq!(finding["fix"]["edits"], serde_json::json!([quote(63), quote(64)]));
    assert_eq!(finding["fingerprint"].as_str().unwrap().len(), 16);
    assert!(finding.get("related").is_none());
}

#[test]
fn a_fingerprint_outlives_a_line_above_it() {
    let fingerprint = |text: &str| {
        let directory = tree(&[("a.yaml", text)]);
        let json = shipworthy(directory.path(), &["check", "--format", "json"], b"").json();
        json["findings"][0]["fingerprint"].as_str().unwrap().to_string()
    };
    assert_eq!(fingerprint(BAD), fingerprint(&format!("# a comment\n\n{BAD}")));
    assert_ne!(fingerprint(BAD), fingerprint(&BAD.replace("name: bad", "name: other")));
}

#[test]
fn reports_go_to_files_too() {
    let directory = tree(&[("bad.yaml", BAD)]);
    let run = shipworthy(directory.path(), &["check", "--format", "concise", "-o", "json=report.json"], b"");
    assert!(run.stdout.starts_with("bad.yaml:4:11: error[config-value-not-string]"), "{}", run.stdout);
    let json: Value = serde_json::from_str(&fs::read_to_string(directory.path().join("report.json")).unwrap()).unwrap();
    assert_eq!(json["summary"]["errors"], 1);
    let run = shipworthy(directory.path(), &["check", "-o", "report.txt"], b"");
    assert_eq!(run.stdout, "");
    assert!(directory.path().join("report.txt").exists());
}

#[test]
fn standard_input_has_the_name_that_it_is_given() {
    let run = shipworthy(
        Path::new("."),
        &["check", "-", "--isolated", "--stdin-filename", "shop.yaml", "--format", "concise"],
        BAD.as_bytes(),
    );
    assert!(run.stdout.starts_with("shop.yaml:4:11"), "{}", run.stdout);
    let run = shipworthy(Path::new("."), &["check", "-", "--isolated", "--format", "concise"], BAD.as_bytes());
    assert!(run.stdout.starts_with("<stdin>:4:11"), "{}", run.stdout);
}

#[test]
fn secrets_stay_secret() {
    let text = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {PIN: 987654}\ndata: {CODE: 987654}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {DB_PASSWORD: 987654}\n";
    for format in ["json", "concise", "full"] {
        let run = shipworthy(
            Path::new("."),
            &["check", "-", "--isolated", "--format", format, "--min-severity", "info"],
            text.as_bytes(),
        );
        assert_eq!(run.code, 1);
        assert!(run.stdout.contains("DB_PASSWORD"), "{}", run.stdout);
        assert!(!run.stdout.contains("987654"), "{}", run.stdout);
    }
}

#[test]
fn facts_name_the_origin_of_values() {
    let deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  replicas: 10\n  template: {spec: {containers: [{name: web, image: x}]}}\n";
    let run = shipworthy(Path::new("."), &["facts", "deploy/web", "-", "--isolated"], deployment.as_bytes());
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.contains("maxUnavailable 25% (default)"), "{}", run.stdout);
    assert!(run.stdout.contains("replicas 10: 8 keep running, at most 13 at a time"), "{}", run.stdout);
    assert_eq!(shipworthy(Path::new("."), &["facts", "deploy/none", "-", "--isolated"], deployment.as_bytes()).code, 2);
}

#[test]
fn facts_list_the_hooks_in_order() {
    let hook = |kind: &str, name: &str, weight: &str, rest: &str| {
        let annotations = format!("{{helm.sh/hook: \"pre-install,pre-upgrade\", helm.sh/hook-weight: \"{weight}\"}}");
        format!("---\nkind: {kind}\nmetadata:\n  name: {name}\n  annotations: {annotations}\n{rest}")
    };
    let needs = "envFrom: [{configMapRef: {name: web-config}}, {secretRef: {name: db}}]";
    let spec = format!("spec: {{template: {{spec: {{containers: [{{name: c, image: x, {needs}}}]}}}}}}\n");
    let stream = hook("Job", "migrate", "-5", &format!("apiVersion: batch/v1\n{spec}"))
        + &hook("Secret", "db", "-10", "apiVersion: v1\n")
        + "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: web-config}\n";
    let run = shipworthy(Path::new("."), &["facts", "-", "--isolated"], stream.as_bytes());
    assert_eq!(run.code, 0, "{}", run.stderr);
    for line in [
        "1 pre-install weight -10 Secret db: goes on once it is created",
        "2 pre-install weight -5 Job migrate: waits for its end; needs ConfigMap web-config: not there yet on first \
         install; needs Secret db: there",
        "4 pre-upgrade weight -5 Job migrate: waits for its end; needs ConfigMap web-config: that of the previous release",
    ] {
        assert!(run.stdout.contains(line), "{line}\n{}", run.stdout);
    }
}
const DOCKERFILE: &str = "FROM alpine:3.22 AS web\nARG GIT_HASH\nRUN test -n $GIT_HASH\n";

#[test]
fn dockerfiles_are_found_by_name_and_by_what_they_begin_with() {
    let directory = tree(&[
        ("Dockerfile", DOCKERFILE),
        ("docker/web.Dockerfile", DOCKERFILE),
        ("docker/Dockerfile.worker", DOCKERFILE),
        ("docker/Containerfile", DOCKERFILE),
        ("docker/image", DOCKERFILE),
        ("Dockerfile.dockerignore", "*\n"),
        ("Dockerfile.md", "# How we build\n"),
        ("Dockerfile.j2", "FROM a\n{% if b %}\nRUN true\n{% endif %}\n"),
    ]);
    let select = ["--select", "build-arg-check-ineffective,syntax-error", "--format", "json"];
    let run = |path: &str| shipworthy(directory.path(), &[&["check", path][..], &select].concat(), b"");
    let all = run(".");
    assert_eq!(all.rules(), ["build-arg-check-ineffective"; 4]);
    assert_eq!(all.json()["summary"]["documents"], 4);
    let skipped = all.json()["summary"]["skipped"].to_string();
    assert!(skipped.contains("Dockerfile.md") && skipped.contains("a template, not a Dockerfile"), "{skipped}");
    assert_eq!(run("docker/image").rules(), ["build-arg-check-ineffective"], "named, and it begins with FROM");
    let finding = &all.json()["findings"][0];
    assert_eq!(finding["resource"], serde_json::json!({"kind": "Dockerfile", "name": "web"}));
    assert_eq!(finding["start"], serde_json::json!({"line": 3, "column": 5, "offset": 41}));
}

#[test]
fn comments_of_a_dockerfile_suppress() {
    let ignore = "# shipworthy: ignore[build-arg-check-ineffective] we know";
    let rules = |text: String| {
        let directory = tree(&[("Dockerfile", text.as_str())]);
        let select = "build-arg-check-ineffective,unused-suppression";
        shipworthy(directory.path(), &["check", "--select", select, "--format", "json"], b"").rules()
    };
    assert!(rules(format!("{ignore}\n{DOCKERFILE}")).is_empty(), "at the top");
    assert!(rules(DOCKERFILE.replace("RUN", &format!("{ignore}\nRUN"))).is_empty(), "above the line");
    assert!(
        rules(DOCKERFILE.replace("RUN", &format!("RUN true && \\\n  {ignore}\n "))).is_empty(),
        "between its lines"
    );
    assert!(rules(DOCKERFILE.replace("$GIT_HASH\n", &format!("$GIT_HASH {ignore}\n"))).is_empty(), "on the line");
    let elsewhere = rules(DOCKERFILE.replace("ARG", &format!("{ignore}\nARG")));
    assert_eq!(elsewhere, ["unused-suppression", "build-arg-check-ineffective"]);
}

#[test]
fn secrets_of_a_dockerfile_stay_secret() {
    let text = "FROM alpine:3.22\nENV DB_PASSWORD=987654 PORT=8000\nENV SECRET_KEY 987654\nARG NPM_TOKEN=987654\n";
    let directory = tree(&[("Dockerfile", text)]);
    for format in ["json", "concise", "full"] {
        let run = shipworthy(directory.path(), &["check", "--format", format, "--min-severity", "info"], b"");
        assert!(run.stdout.contains("NPM_TOKEN"), "{}", run.stdout);
        assert!(!run.stdout.contains("987654"), "{}", run.stdout);
    }
}

#[test]
fn overrides_and_fingerprints_hold_for_dockerfiles() {
    let config = "overrides:\n  - match: {path: \"old/**\"}\n    rules: {build-arg-check-ineffective: off}\n";
    let directory = tree(&[("shipworthy.yaml", config), ("old/Dockerfile", DOCKERFILE), ("Dockerfile", DOCKERFILE)]);
    let run = shipworthy(directory.path(), &["check", "--format", "json", "--ignore", "revision-not-recorded"], b"");
    assert_eq!(run.rules(), ["build-arg-check-ineffective"]);
    let fingerprint = |text: &str| {
        let directory = tree(&[("Dockerfile", text)]);
        let json = shipworthy(directory.path(), &["check", "--format", "json"], b"").json();
        json["findings"][0]["fingerprint"].as_str().unwrap().to_string()
    };
    assert_eq!(fingerprint(DOCKERFILE), fingerprint(&format!("# why\n\n{DOCKERFILE}")));
}

#[test]
fn one_template_line_is_one_finding_for_people_and_many_for_programs() {
    let object = |name: &str, template: &str, value: &str| {
        format!(
            "---\n# Source: shop/templates/{template}.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\ndata: {{A: {value}}}\n"
        )
    };
    let mut stream: String = (1..=14).map(|number| object(&format!("web-{number}"), "web", "1")).collect();
    stream += &object("worker", "worker", "1");
    stream += &object("web-0", "web", "true");
    let run = |args: &[&str]| {
        shipworthy(Path::new("."), &[&["check", "-", "--isolated"][..], args].concat(), stream.as_bytes()).stdout
    };
    let full = run(&["--format", "full"]);
    assert_eq!(full.matches("error[config-value-not-string]").count(), 3, "{full}");
    assert!(full.contains("and 13 more: web-2, web-3, web-4"), "{full}");
    assert!(full.contains("others (-v lists them)"), "{full}");
    assert!(full.contains("16 errors"), "{full}");
    assert!(run(&["--format", "full", "-v"]).contains("web-14"));
    assert_eq!(run(&["--format", "concise"]).matches("error[").count(), 16);
    let json: Value = serde_json::from_str(&run(&["--format", "json"])).unwrap();
    assert_eq!(json["findings"].as_array().unwrap().len(), 16);
    // Without templates every document is a place of its own.
    let plain = stream.replace("# Source", "# From");
    let plain = shipworthy(Path::new("."), &["check", "-", "--isolated", "--format", "full"], plain.as_bytes()).stdout;
    assert_eq!(plain.matches("error[config-value-not-string]").count(), 16);
}
