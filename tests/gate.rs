//! `shipworthy gate`: what passes, what does not, renderers that fail, signals, Argo CD.

#![allow(clippy::unwrap_used, clippy::expect_used)]
#![cfg(unix)]

use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

const GOOD: &str = "# Source: shop/templates/good.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: good}\n";
const BAD: &str =
    "# Source: shop/templates/bad.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: bad}\ndata: {A: 1}\n";
const WARNED: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: warned}\ndata: {A: }\n";

struct Run {
    code: Option<i32>,
    stdout: Vec<u8>,
    stderr: String,
}

fn start(directory: &Path, args: &[&str], variables: &[(&str, &str)]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shipworthy"));
    command.arg("gate").args(args).current_dir(directory).env("PATH", "/usr/bin:/bin");
    command.envs(variables.iter().copied());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn end(mut child: Child, stdin: &[u8]) -> Run {
    // A program that fails early does not read its input.
    let _ = child.stdin.take().unwrap().write_all(stdin);
    let output = child.wait_with_output().unwrap();
    Run { code: output.status.code(), stdout: output.stdout, stderr: String::from_utf8(output.stderr).unwrap() }
}

fn gate(args: &[&str], stdin: &str) -> Run {
    let directory = TempDir::new().unwrap();
    end(start(directory.path(), args, &[]), stdin.as_bytes())
}

fn renderer(script: &str) -> Run {
    gate(&["--", "sh", "-c", script], "")
}

#[test]
fn what_passes_is_passed_on_byte_for_byte() {
    let odd = format!("\u{feff}{GOOD}\r\n---\n\n# no end of line");
    for stream in [GOOD, WARNED, &format!("{GOOD}---\n{WARNED}"), &odd] {
        let run = gate(&[], stream);
        assert_eq!((run.code, run.stdout.as_slice()), (Some(0), stream.as_bytes()), "{}", run.stderr);
    }
    // A byte that a terminal would be coloured by is the stream's own.
    let escaped = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {A: b} # \u{85}\n";
    assert_eq!(gate(&[], escaped).stdout, escaped.as_bytes());
    assert_eq!(gate(&["-q"], GOOD).stderr, "");
    assert!(gate(&[], WARNED).stderr.contains("passed: 0 errors, 1 warning in 1 document"));
}

#[test]
fn what_does_not_pass_is_kept_and_named() {
    let run = gate(&[], &format!("{GOOD}---\n{BAD}"));
    assert_eq!((run.code, run.stdout.len()), (Some(1), 0));
    let line = "<stdin>:10:11: error[config-value-not-string] ConfigMap bad: ";
    assert!(run.stderr.contains(line) && run.stderr.contains("(shop/templates/bad.yaml)"), "{}", run.stderr);
    assert_eq!(gate(&["--fail-on", "warning"], WARNED).code, Some(1));
    assert_eq!(gate(&["--fail-on", "never"], BAD).code, Some(0));
    assert_eq!(gate(&["--ignore", "config"], BAD).code, Some(0));
    assert_eq!(gate(&[], "apiVersion: v1\nkind: [\n").code, Some(1));
}

#[test]
fn findings_are_few_and_short() {
    let many: Vec<_> = (0..50).map(|number| BAD.replace("name: bad", &format!("name: bad-{number}"))).collect();
    let run = gate(&[], &many.join("---\n"));
    assert_eq!(run.stderr.lines().count(), 22, "{}", run.stderr);
    assert!(run.stderr.contains("and 30 more"), "{}", run.stderr);
    assert!(run.stderr.len() < 10_000);
}

#[test]
fn an_empty_release_does_not_pass() {
    let empty = ["", "\n\n", "# comments\n---\n# only\n", "just: data\n", "apiVersion: v1\nkind: List\nitems: []\n"];
    for stream in empty {
        let run = gate(&["--fail-on", "never"], stream);
        assert_eq!((run.code, run.stdout.len()), (Some(2), 0), "{stream:?}");
        assert!(run.stderr.contains("no Kubernetes object"), "{}", run.stderr);
    }
    assert_eq!(renderer("true").code, Some(2));
}

#[test]
fn a_renderer_is_run_without_a_shell_and_its_failure_is_named() {
    let run = gate(&["--", "printf", "%s", &GOOD.replace("good}", "\"$HOME\"}")], "");
    assert_eq!((run.code, String::from_utf8(run.stdout).unwrap().contains("$HOME")), (Some(0), true));
    for (script, said) in [
        ("echo oh no >&2; exit 3", "sh exited with status 3"),
        ("cat /dev/null; kill -9 $$", "sh was killed by signal 9"),
    ] {
        let run = renderer(&format!("printf '{GOOD}'; {script}"));
        assert_eq!((run.code, run.stdout.len()), (Some(2), 0));
        assert!(run.stderr.contains(said), "{}", run.stderr);
    }
    assert!(renderer("echo oh no >&2; exit 3").stderr.contains("oh no"));
    assert!(gate(&["--", "no-such-program"], "").stderr.contains("no-such-program: "));
}

#[test]
fn a_renderer_may_leave_processes_behind() {
    let started = Instant::now();
    assert_eq!(renderer(&format!("sleep 60 & printf '{GOOD}'")).code, Some(0));
    assert!(started.elapsed() < Duration::from_secs(30));
}

#[test]
fn a_renderer_without_end_is_ended() {
    let run = gate(&["--", "yes"], "");
    assert_eq!((run.code, run.stdout.len()), (Some(2), 0));
    assert!(run.stderr.contains("yes: the stream is larger than 256 MiB"), "{}", run.stderr);
}

#[test]
fn signals_are_passed_on() {
    let directory = TempDir::new().unwrap();
    for (script, signal) in [("trap 'touch told; exit 0' TERM", "TERM"), ("trap 'touch told; exit 0' INT", "INT")] {
        let script = format!("{script}; printf '{GOOD}'; touch ready; while :; do sleep 0.05; done");
        let child = start(directory.path(), &["--", "sh", "-c", &script], &[]);
        wait_for(&directory.path().join("ready"));
        let id = child.id().to_string();
        assert!(Command::new("kill").args(["-s", signal, &id]).status().unwrap().success());
        let run = end(child, b"");
        assert_eq!((run.code, run.stdout.len()), (Some(2), 0), "{}", run.stderr);
        assert!(run.stderr.contains("stopped by signal"), "{}", run.stderr);
        wait_for(&directory.path().join("told"));
        fs::remove_file(directory.path().join("ready")).unwrap();
        fs::remove_file(directory.path().join("told")).unwrap();
    }
}

#[test]
fn what_minds_no_signal_is_killed() {
    let directory = TempDir::new().unwrap();
    let script = "trap '' TERM; echo $$ >ready.part; mv ready.part ready; while :; do sleep 0.05; done";
    let child = start(directory.path(), &["--", "sh", "-c", script], &[]);
    let ready = directory.path().join("ready");
    wait_for(&ready);
    let started = Instant::now();
    assert!(Command::new("kill").arg(child.id().to_string()).status().unwrap().success());
    assert_eq!(end(child, b"").code, Some(2));
    assert!(started.elapsed() < Duration::from_secs(5), "Argo CD kills after five seconds");
    let renderer = fs::read_to_string(&ready).unwrap();
    let alive = Command::new("kill").args(["-0", renderer.trim()]).stderr(Stdio::null()).status().unwrap();
    assert!(!alive.success(), "the renderer is still there");
}

fn wait_for(path: &Path) {
    let started = Instant::now();
    while !path.exists() {
        assert!(started.elapsed() < Duration::from_secs(30), "{} never came", path.display());
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let directory = TempDir::new().unwrap();
    let mut child = start(directory.path(), &[], &[]);
    let stream = GOOD.to_string() + &"# filling\n".repeat(100_000);
    let mut stdout = child.stdout.take().unwrap();
    let reader = std::thread::spawn(move || stdout.read_exact(&mut [0; 10]).unwrap());
    let run = end(child, stream.as_bytes());
    reader.join().unwrap();
    assert_eq!(run.code, Some(0));
    assert!(!run.stderr.contains("panic"), "{}", run.stderr);
}

#[test]
fn an_application_of_argo_may_ask_for_options() {
    let directory = TempDir::new().unwrap();
    let code = |args: &[&str], variables: &[(&str, &str)]| {
        let app = [("ARGOCD_APP_NAME", "shop"), ("ARGOCD_APP_NAMESPACE", "prod"), ("KUBE_VERSION", "1.33.1")];
        let variables: Vec<_> = app.iter().chain(variables).copied().collect();
        end(start(directory.path(), args, &variables), BAD.as_bytes()).code
    };
    let never = ("ARGOCD_ENV_SHIPWORTHY_FAIL_ON", "never");
    let parameter = ("ARGOCD_APP_PARAMETERS", r#"[{"name": "shipworthy", "map": {"ignore": "config"}}]"#);
    assert_eq!(code(&[], &[]), Some(1));
    assert_eq!(code(&[], &[never]), Some(0));
    assert_eq!(code(&[], &[parameter]), Some(0));
    assert_eq!(code(&[], &[never, ("SHIPWORTHY_FAIL_ON", "error")]), Some(0));
    // The command line is the platform team's, and so is --locked.
    assert_eq!(code(&["--fail-on", "error"], &[never]), Some(1));
    assert_eq!(code(&["--locked"], &[never, parameter]), Some(1));
    assert_eq!(code(&[], &[("ARGOCD_ENV_SHIPWORTHY_FAIL", "never")]), Some(2));
    assert_eq!(code(&[], &[("ARGOCD_ENV_SHIPWORTHY_FAIL_ON", "nevr")]), Some(2));
}

#[test]
fn the_cluster_s_version_counts_unless_another_is_asked_for() {
    let directory = TempDir::new().unwrap();
    let removed = "apiVersion: autoscaling/v2beta2\nkind: HorizontalPodAutoscaler\nmetadata: {name: web}\nspec:\n  \
                   maxReplicas: 3\n  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}\n";
    let code = |args: &[&str], cluster: &str| {
        let variables = [("ARGOCD_APP_NAME", "shop"), ("KUBE_VERSION", cluster)];
        let args = [&["--select", "api-removed"], args].concat();
        end(start(directory.path(), &args, &variables), removed.as_bytes()).code
    };
    assert_eq!((code(&[], "1.25.3"), code(&[], "1.26.0"), code(&[], "1.99")), (Some(0), Some(1), Some(1)));
    assert_eq!(code(&["--kube-version", "1.25"], "1.30"), Some(0));
}

#[test]
fn the_stream_is_read_in_the_context_of_the_configuration() {
    let directory = TempDir::new().unwrap();
    fs::write(directory.path().join("shipworthy.yaml"), "rules: {config-value-not-string: off}\n").unwrap();
    // What else lies there is not judged.
    fs::write(directory.path().join("other.yaml"), BAD).unwrap();
    assert_eq!(end(start(directory.path(), &[], &[]), BAD.as_bytes()).code, Some(0));
    assert_eq!(end(start(directory.path(), &["--isolated"], &[]), BAD.as_bytes()).code, Some(1));
    fs::write(directory.path().join("shipworthy.yaml"), "rulez: {}\n").unwrap();
    assert_eq!(end(start(directory.path(), &[], &[]), GOOD.as_bytes()).code, Some(2));
}
