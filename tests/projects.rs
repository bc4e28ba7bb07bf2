//! Whole projects under testdata, each with the report that is expected beside its files.
//! `SHIPWORTHY_BLESS=1 cargo test --test projects` writes the reports anew: review the diff.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const EXPECTED: &str = "expected.txt";

fn projects(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<_> = entries.filter(|path| path.is_dir()).flat_map(|path| projects(&path)).collect();
    if directory.join(EXPECTED).exists() {
        found.push(directory.to_path_buf());
    }
    found.sort();
    found
}

fn report(project: &Path) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shipworthy"));
    command
        .args(["check", "--format", "concise", "--min-severity", "info", "-v", "."])
        .current_dir(project)
        .env("PATH", "/nowhere");
    let output = command.output().unwrap();
    let code = output.status.code().unwrap();
    format!("{}exit {code}\n", String::from_utf8(output.stdout).unwrap())
}

#[test]
fn every_project_is_reported_as_expected() {
    let projects = projects(Path::new("testdata"));
    assert!(projects.len() >= 3, "projects were not found");
    for project in projects {
        let (path, report) = (project.join(EXPECTED), report(&project));
        if std::env::var_os("SHIPWORTHY_BLESS").is_some() {
            fs::write(&path, &report).unwrap();
        }
        let expected = fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
        assert_eq!(report, expected, "{}", path.display());
    }
}
