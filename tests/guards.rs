//! What shipworthy says of shells, tried with the shells that are on this machine: every row of
//! the verdict table with the variable unset, empty and set, and which shell stays in front of a
//! program.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use shipworthy::release::build::guard::{Verdict, judge};
use shipworthy::release::build::{Options, Shell, ShellKind};
use shipworthy::source::{Sources, Span};
use shipworthy::syntax::shell;

struct Row {
    verdict: Verdict,
    shells: Vec<ShellKind>,
    options: Vec<String>,
    script: String,
}

fn rows() -> Vec<Row> {
    let text = std::fs::read_to_string("testdata/guards/table.txt").unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    let rows = lines.map(|line| {
        let (verdict, rest) = line.split_once(' ').unwrap();
        let (shells, rest) = rest.trim_start().split_once("  ").unwrap();
        let (options, script) = match rest.split_once("] ") {
            Some((options, script)) if options.starts_with("[-") => {
                (options[1..].split(' ').map(str::to_string).collect(), script)
            }
            _ => (Vec::new(), rest),
        };
        let verdict = match verdict {
            "works" => Verdict::Works,
            "weak" => Verdict::Weak,
            "never" => Verdict::NeverFails,
            "always" => Verdict::FailsEvenWhenSet,
            _ => Verdict::Unknown,
        };
        let shells = match shells {
            "all" => vec![ShellKind::Dash, ShellKind::Bash, ShellKind::Busybox],
            named => named.split(',').map(kind).collect(),
        };
        Row { verdict, shells, options, script: script.replace('⏎', "\n") }
    });
    rows.collect()
}

fn kind(name: &str) -> ShellKind {
    match name {
        "dash" => ShellKind::Dash,
        "busybox" => ShellKind::Busybox,
        _ => ShellKind::Bash,
    }
}

#[test]
fn every_row_of_the_table_has_its_verdict() {
    let rows = rows();
    assert!(rows.len() > 60);
    let mut faults = Vec::new();
    for Row { verdict, shells, options, script } in rows {
        let id = Sources::default().add("x", script.as_str());
        let place = Span::new(id, 0, script.len() as u32);
        let tree = shell::parse(&script, place).expect(&script);
        for kind in shells {
            let shell = Shell { kind, options: Options::read(options.iter().map(String::as_str)) };
            let judgement = judge(&tree, place, shell, "X", false);
            let found = judgement.guard.map(|guard| guard.verdict);
            if found != Some(verdict) {
                faults.push(format!("{kind:?}: {script}: expected {verdict:?}, found {judgement:?}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The programs of a shell that are on this machine, with the arguments before `-c`.
fn programs() -> Vec<(ShellKind, PathBuf, Vec<&'static str>)> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let find = |name: &str| std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file());
    let mut found = Vec::new();
    found.extend(find("dash").map(|program| (ShellKind::Dash, program, vec![])));
    found.extend(find("bash").map(|program| (ShellKind::Bash, program, vec![])));
    found.extend(find("busybox").map(|program| (ShellKind::Busybox, program, vec!["sh"])));
    let sh = find("sh").expect("a POSIX shell is on the PATH");
    found.extend(kind_of_sh(&sh).map(|kind| (kind, sh, vec![])));
    found
}

/// What `sh` is here, by the program that it leads to; an unknown one is not compared.
fn kind_of_sh(sh: &Path) -> Option<ShellKind> {
    let real = sh.canonicalize().ok()?;
    ["dash", "bash", "busybox"].into_iter().find(|name| real.ends_with(name)).map(kind)
}

fn succeeds(program: &Path, before: &[&str], row: &Row, value: Option<&str>) -> bool {
    let mut command = Command::new(program);
    command.args(before).args(&row.options).arg("-c").arg(&row.script).env_remove("X");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    if let Some(value) = value {
        command.env("X", value);
    }
    command.status().unwrap().success()
}

#[test]
fn real_shells_agree_with_the_table() {
    let mut faults = Vec::new();
    for (kind, program, before) in programs() {
        for row in rows().iter().filter(|row| row.shells.contains(&kind)) {
            let run = |value| succeeds(&program, &before, row, value);
            let found = match (run(None), run(Some("")), run(Some("1f2e3d"))) {
                (false, false, true) => Verdict::Works,
                (false, true, true) => Verdict::Weak,
                (true, true, true) => Verdict::NeverFails,
                (_, _, false) => Verdict::FailsEvenWhenSet,
                _ => Verdict::Unknown,
            };
            if found != row.verdict {
                let (verdict, script) = (row.verdict, &row.script);
                faults.push(format!("{}: {script}: the table says {verdict:?}, it is {found:?}", program.display()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Whether a shell stays in front of the program of a script: the program has another process
/// then than the one that was started.
fn stays(program: &Path, before: &[&str], script: &str) -> bool {
    let directory = tempfile::TempDir::new().unwrap();
    let (file, out) = (directory.path().join("program"), directory.path().join("process"));
    std::fs::write(&file, format!("echo $$ > {}\n", out.display())).unwrap();
    let script = script.replace("PROGRAM", &format!("/bin/sh {}", file.display()));
    let mut command = Command::new(program);
    command.args(before).args(["-c", &script]).stdin(Stdio::null()).stdout(Stdio::null());
    let mut child = command.spawn().unwrap();
    child.wait().unwrap();
    std::fs::read_to_string(out).unwrap().trim() != child.id().to_string()
}

#[test]
fn real_shells_make_way_as_the_table_says() {
    let text = std::fs::read_to_string("testdata/guards/front.txt").unwrap();
    let rows = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let rows: Vec<_> = rows.map(|line| line.split_once("  ").expect(line)).collect();
    for (kind_here, program, before) in programs() {
        for (staying, script) in &rows {
            let expected = staying.split(',').any(|name| name != "none" && kind(name) == kind_here);
            assert_eq!(stays(&program, &before, script), expected, "{}: {script}", program.display());
        }
    }
}
