//! The real binary: fixes, baselines, revisions, parts of a run, reports in several formats. The
//! tests of revisions need git.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
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
    fn findings(&self) -> Vec<(String, String)> {
        let json: Value = serde_json::from_str(&self.stdout).expect(&self.stderr);
        let text = |finding: &Value, key: &str| finding[key].as_str().unwrap().to_string();
        let findings = json["findings"].as_array().unwrap().iter();
        findings.map(|finding| (text(finding, "path"), text(finding, "rule"))).collect()
    }
}

fn shipworthy(directory: &Path, args: &[&str]) -> Run {
    with_environment(directory, args, &[])
}

fn with_environment(directory: &Path, args: &[&str], variables: &[(&str, &str)]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shipworthy"));
    command.args(args).current_dir(directory).envs(variables.iter().copied()).stdin(Stdio::null());
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Run { code: output.status.code().unwrap(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

fn git(directory: &Path, args: &[&str]) {
    let mut command = Command::new("git");
    command.args([
        "-c",
        "user.name=somebody",
        "-c",
        "user.email=somebody@example.com",
        "-c",
        "init.defaultBranch=main",
    ]);
    command.args(args).current_dir(directory).env("GIT_CONFIG_GLOBAL", "/nowhere").env("GIT_CONFIG_SYSTEM", "/nowhere");
    let output = command.output().expect("git is there");
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn write(directory: &Path, path: &str, text: &str) {
    let path = directory.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn tree(files: &[(&str, &str)]) -> TempDir {
    let directory = TempDir::new().unwrap();
    files.iter().for_each(|(path, text)| write(directory.path(), path, text));
    directory
}

fn repository(files: &[(&str, &str)]) -> TempDir {
    let directory = tree(files);
    git(directory.path(), &["init", "--quiet"]);
    commit(directory.path());
    directory
}

fn commit(directory: &Path) {
    git(directory, &["add", "--all"]);
    git(directory, &["commit", "--quiet", "--message", "all"]);
}

fn config_map(name: &str, data: &str) -> String {
    format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\ndata: {data}\n")
}

const TASK: &str = "apiVersion: batch/v1
kind: Job
metadata: {name: task}
spec:
  backoffLimit: 1
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: task
          image: registry.example.com/task:1.0.0
          env: [{name: A, valueFrom: {configMapKeyRef: {name: settings, key: A}}}]
";

#[test]
fn safe_fixes_are_made_and_what_is_left_is_judged() {
    let directory = tree(&[("a.yaml", &config_map("a", "{A: 1, B: }")), ("b.yaml", &config_map("b", "{A: \"1\"}"))]);
    let run = shipworthy(directory.path(), &["check", "--fix", "--format", "json"]);
    assert_eq!(run.code, 0, "{}", run.stdout);
    assert!(run.stderr.contains("1 finding fixed in 1 file, "), "{}", run.stderr);
    assert_eq!(fs::read_to_string(directory.path().join("a.yaml")).unwrap(), config_map("a", "{A: \"1\", B: }"));
    let again = shipworthy(directory.path(), &["check", "--fix"]);
    assert!(again.stderr.contains("0 findings fixed in 0 files"), "{}", again.stderr);
}

#[cfg(unix)]
#[test]
fn a_mended_file_keeps_its_permissions_and_a_link_stays_one() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tree(&[("real/a.yaml", &config_map("a", "{A: 1}"))]);
    let (real, link) = (directory.path().join("real/a.yaml"), directory.path().join("link.yaml"));
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
    std::os::unix::fs::symlink("real/a.yaml", &link).unwrap();
    let run = shipworthy(directory.path(), &["check", "--fix", "link.yaml"]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
    assert_eq!(fs::read_to_string(&real).unwrap(), config_map("a", "{A: \"1\"}"));
}

#[test]
fn a_diff_changes_nothing_and_shows_no_secret() {
    let text = config_map("a", "\n  A: 1\n  DB_PASSWORD: 987654");
    let directory = tree(&[("a.yaml", &text)]);
    let run = shipworthy(directory.path(), &["check", "--diff"]);
    assert_eq!(run.code, 1);
    assert!(run.stdout.starts_with("--- a/a.yaml\n+++ b/a.yaml\n@@ "), "{}", run.stdout);
    assert!(run.stdout.contains("-  A: 1\n"), "{}", run.stdout);
    assert!(run.stdout.contains("+  A: \"1\"\n"), "{}", run.stdout);
    assert!(!run.stdout.contains("987654"), "{}", run.stdout);
    assert_eq!(fs::read_to_string(directory.path().join("a.yaml")).unwrap(), text);
}

#[test]
fn unsafe_fixes_are_made_when_asked_for_only() {
    let text = "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: a}\nspec: {maxUnavailable: 0, selector: {matchLabels: {a: b}}}\n";
    let workload = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec:\n  replicas: 3\n  selector: {matchLabels: {a: b}}\n  template:\n    metadata: {labels: {a: b}}\n    spec: {containers: [{name: a, image: a:1}]}\n";
    let directory = tree(&[("a.yaml", text), ("b.yaml", workload)]);
    let select = ["check", "--select", "pdb-blocks-drain", "--format", "json"];
    let run = |more: &[&str]| shipworthy(directory.path(), &[&select[..], more].concat());
    let safe = run(&["--fix"]);
    assert!(safe.stderr.contains("(1 of them can be fixed by --unsafe-fixes)"), "{}", safe.stderr);
    assert_eq!(fs::read_to_string(directory.path().join("a.yaml")).unwrap(), text);
    assert!(run(&["--unsafe-fixes"]).findings().is_empty());
}

#[test]
fn a_baseline_hides_what_it_holds_and_shrinks() {
    let directory = tree(&[("a.yaml", &config_map("a", "{A: 1}")), ("b.yaml", &config_map("b", "{B: 2}"))]);
    let check = |more: &[&str]| shipworthy(directory.path(), &[&["check", "--format", "json"][..], more].concat());
    let written = check(&["--write-baseline", "base.json"]);
    assert_eq!(written.code, 0, "{}", written.stderr);
    assert!(written.stderr.contains("2 findings written to base.json"), "{}", written.stderr);
    let hidden = check(&["--baseline", "base.json"]);
    assert_eq!((hidden.code, hidden.findings().len()), (0, 0));
    assert!(hidden.stdout.contains("\"known\": 2"), "{}", hidden.stdout);
    // Lines above change nothing; another key does.
    write(directory.path(), "a.yaml", &format!("# why\n\n{}", config_map("a", "{A: 1, C: 3}")));
    fs::remove_file(directory.path().join("b.yaml")).unwrap();
    let changed = check(&["--baseline", "base.json"]);
    assert_eq!((changed.code, changed.findings().len()), (1, 1));
    assert!(changed.stderr.contains("base.json: 1 entry is fixed: write it anew"), "{}", changed.stderr);
    // Of files that are not looked at nothing can be said.
    let one = check(&["--baseline", "base.json", "a.yaml", "--select", "probes"]);
    assert!(!one.stderr.contains("a.yaml is fixed"), "{}", one.stderr);
    write(directory.path(), "base.json", "{\"version\": 1, \"findings\": [\n]");
    let broken = check(&["--baseline", "base.json"]);
    assert_eq!(broken.code, 2);
    assert!(broken.stderr.contains("base.json:2:1: no baseline: "), "{}", broken.stderr);
}

#[test]
fn only_what_a_change_brings_is_told() {
    let directory = repository(&[("a.yaml", &config_map("a", "{A: 1}")), ("b.yaml", &config_map("b", "{B: 2}"))]);
    let since = ["check", "--changed-since", "HEAD", "--format", "json"];
    let unchanged = shipworthy(directory.path(), &since);
    assert_eq!((unchanged.code, unchanged.findings().len()), (0, 0), "{}", unchanged.stderr);
    write(directory.path(), "a.yaml", &format!("# why\n{}", config_map("a", "{A: 1, C: 3}")));
    write(directory.path(), "new.yaml", &config_map("new", "{NEW: 4}"));
    write(directory.path(), "readme.md", "words\n");
    let changed = shipworthy(directory.path(), &since);
    assert_eq!(changed.code, 1);
    let paths: Vec<_> = changed.findings().into_iter().map(|(path, _)| path).collect();
    assert_eq!(paths, ["a.yaml", "new.yaml"]);
    assert!(changed.stdout.contains("\"known\": 1"), "{}", changed.stdout);
    // Neither the index nor the tree of the repository is touched.
    let status = Command::new("git").args(["status", "--porcelain"]).current_dir(directory.path()).output().unwrap();
    assert_eq!(String::from_utf8(status.stdout).unwrap(), " M a.yaml\n?? new.yaml\n?? readme.md\n");
}

#[test]
fn a_change_elsewhere_is_told_where_it_breaks() {
    let settings = config_map("settings", "{A: \"1\"}");
    let directory = repository(&[("deploy/job.yaml", TASK), ("deploy/settings.yaml", &settings), ("x/y.txt", "")]);
    let since = ["check", "--changed-since", "HEAD", "--format", "json", "--select", "config"];
    write(directory.path(), "deploy/settings.yaml", &config_map("settings", "{B: \"1\"}"));
    let told = [("deploy/job.yaml".to_string(), "config-key-missing".to_string())];
    assert_eq!(shipworthy(directory.path(), &since).findings(), told);
    // From another directory, paths are others and findings the same.
    let below = shipworthy(&directory.path().join("deploy"), &since);
    assert_eq!(below.findings(), [("job.yaml".to_string(), "config-key-missing".to_string())]);
    // What a missing file breaks is told, too.
    fs::remove_file(directory.path().join("deploy/settings.yaml")).unwrap();
    let gone = shipworthy(directory.path(), &since);
    assert_eq!(gone.findings(), [("deploy/job.yaml".to_string(), "config-ref-missing".to_string())], "{}", gone.stdout);
}

#[test]
fn a_revision_that_is_not_there_is_an_error() {
    let directory = repository(&[("a.yaml", &config_map("a", "{A: 1}"))]);
    let run = |rev: &str| shipworthy(directory.path(), &["check", "--changed-since", rev]);
    for rev in ["no-such", "-x", "--output=x"] {
        let run = run(&format!("--changed-since={rev}")[16..]);
        assert_eq!(run.code, 2);
    }
    assert!(run("no-such").stderr.contains("--changed-since no-such: git knows no such revision"));
    let elsewhere = tree(&[("a.yaml", &config_map("a", "{A: 1}"))]);
    let run = with_environment(
        elsewhere.path(),
        &["check", "--changed-since", "HEAD"],
        &[("GIT_CEILING_DIRECTORIES", elsewhere.path().parent().unwrap().to_str().unwrap())],
    );
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("not a git repository"), "{}", run.stderr);
    let run = with_environment(directory.path(), &["check", "--changed-since", "HEAD"], &[("PATH", "/nowhere")]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("there is no git on the PATH"), "{}", run.stderr);
}

#[test]
fn parts_add_up_to_the_whole() {
    let files: Vec<_> = (0..5).map(|number| (format!("{number}.yaml"), config_map("a", "{A: 1}"))).collect();
    let files: Vec<_> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let directory = tree(&files);
    let check = |more: &[&str]| shipworthy(directory.path(), &[&["check", "--format", "json"][..], more].concat());
    let whole = check(&[]);
    for part in ["1/2", "2/2"] {
        let name = format!("{}.json", &part[..1]);
        check(&["--shard", part, "-o", &name]);
    }
    let merged = shipworthy(directory.path(), &["report", "merge", "2.json", "1.json"]);
    let value = |run: &Run| serde_json::from_str::<Value>(&run.stdout).unwrap();
    // The reports lie in the tree now, and are passed over.
    let mut merged_value = value(&merged);
    merged_value["summary"]["skipped"] = Value::Array(Vec::new());
    assert_eq!(merged_value, value(&whole));
    assert_eq!(check(&["--shard", "6/6"]).code, 0);
    assert_eq!(check(&["--shard", "0/6"]).code, 2);
    assert_eq!(shipworthy(directory.path(), &["report", "merge", "none.json"]).code, 2);
}

#[test]
fn several_reports_come_of_one_run() {
    let directory = tree(&[("a.yaml", &config_map("a", "{A: 1}"))]);
    let args = ["check", "-o", "a.txt", "-o", "sarif=a.sarif", "-o", "junit=a.xml", "-o", "markdown=./a.md"];
    let run = shipworthy(directory.path(), &args);
    assert_eq!((run.code, run.stdout.as_str()), (1, ""));
    let read = |path: &str| fs::read_to_string(directory.path().join(path)).unwrap();
    assert!(read("a.txt").contains("a.yaml:4:11: error[config-value-not-string]"), "{}", read("a.txt"));
    assert!(serde_json::from_str::<Value>(&read("a.sarif")).unwrap()["runs"][0]["results"][0].is_object());
    assert!(read("a.xml").starts_with("<?xml"));
    assert!(read("a.md").starts_with("### shipworthy: 1 error"));
    let misspelt = shipworthy(directory.path(), &["check", "-o", "sarfi=a.sarif"]);
    assert_eq!(misspelt.code, 2);
    assert!(misspelt.stderr.contains("did you mean `sarif`?"), "{}", misspelt.stderr);
    assert_eq!(shipworthy(directory.path(), &["check", "-o", "a", "-o", "b"]).code, 2);
}

#[test]
fn options_are_taken_from_the_environment() {
    let directory = tree(&[("a.yaml", &config_map("a", "{A: 1}"))]);
    let run = |name: &str, value: &str| with_environment(directory.path(), &["check"], &[(name, value)]);
    assert!(run("SHIPWORTHY_OUTPUT_FORMAT", "checkstyle").stdout.starts_with("<?xml"));
    assert_eq!(run("SHIPWORTHY_FAIL_ON", "never").code, 0);
    assert!(run("SHIPWORTHY_DIFF", "1").stdout.starts_with("--- a/a.yaml"));
    assert!(run("SHIPWORTHY_DIFF", "0").stdout.starts_with("a.yaml:4:11"));
    assert_eq!(run("SHIPWORTHY_SHARD", "3/2").code, 2);
    let plain = run("SHIPWORTHY_OUTPUT_FORMAT", "full").stdout;
    assert!(!plain.contains('\u{1b}'));
    let full = |variables: &[(&str, &str)]| {
        with_environment(directory.path(), &["check", "--format", "full"], variables).stdout
    };
    assert!(full(&[("FORCE_COLOR", "1")]).contains("\u{1b}["));
    assert!(full(&[("CLICOLOR_FORCE", "1")]).contains("\u{1b}["));
    assert!(!full(&[("FORCE_COLOR", "1"), ("NO_COLOR", "1")]).contains('\u{1b}'));
}

#[test]
fn a_shell_and_a_manual_know_every_command() {
    let directory = tree(&[]);
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let run = shipworthy(directory.path(), &["completions", shell]);
        assert!(run.code == 0 && run.stdout.contains("changed-since"), "{shell}");
    }
    let man = shipworthy(directory.path(), &["man"]);
    assert!(man.stdout.contains(".TH shipworthy 1") && man.stdout.contains("changed\\-since"), "{}", man.stdout);
    let schema = shipworthy(directory.path(), &["schema", "config"]);
    assert!(serde_json::from_str::<Value>(&schema.stdout).unwrap()["properties"]["kubeVersion"].is_object());
}

#[cfg(unix)]
#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let many: String = (0..2000).map(|number| format!("  A{number}: 1\n")).collect();
    let directory = tree(&[("a.yaml", &config_map("a", &format!("\n{many}")))]);
    let script = format!("'{}' check --format \"$0\" | head -c 10 >/dev/null", env!("CARGO_BIN_EXE_shipworthy"));
    for format in ["full", "concise", "json", "sarif", "github", "gitlab", "junit", "checkstyle", "markdown"] {
        let output = Command::new("sh").args(["-c", &script, format]).current_dir(directory.path()).output().unwrap();
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "", "{format}");
    }
}
