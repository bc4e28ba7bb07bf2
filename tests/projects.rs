//! Whole projects under testdata, each with the report that is expected beside its files, and
//! some with what `facts` prints of them.
//! `SHIPWORTHY_BLESS=1 cargo test --test projects` writes the reports anew: review the diff.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const EXPECTED: &str = "expected.txt";
const FACTS: &str = "facts.txt";

fn projects(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<_> = entries.filter(|path| path.is_dir()).flat_map(|path| projects(&path)).collect();
    if directory.join(EXPECTED).exists() {
        found.push(directory.to_path_buf());
    }
    found.sort();
    found
}

fn shipworthy(project: &Path, args: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shipworthy"));
    // Nothing is rendered: the tools differ from machine to machine.
    command.args(args).current_dir(project).env("PATH", "/nowhere");
    let output = command.output().unwrap();
    let code = output.status.code().unwrap();
    format!("{}exit {code}\n", String::from_utf8(output.stdout).unwrap())
}

/// Compares what was printed with a file of the project, or writes the file.
fn compare(path: &Path, printed: &str) {
    if std::env::var_os("SHIPWORTHY_BLESS").is_some() {
        fs::write(path, printed).unwrap();
    }
    let expected = fs::read_to_string(path).unwrap().replace("\r\n", "\n");
    assert_eq!(printed, expected, "{}", path.display());
}

#[test]
fn every_project_is_reported_as_expected() {
    let projects = projects(Path::new("testdata"));
    assert!(projects.len() >= 3, "projects were not found");
    for project in projects {
        let report = ["check", "--format", "concise", "--min-severity", "info", "-v", "."];
        compare(&project.join(EXPECTED), &shipworthy(&project, &report));
        let facts = project.join(FACTS);
        if facts.exists() {
            compare(&facts, &shipworthy(&project, &["facts", "."]));
        }
    }
}
