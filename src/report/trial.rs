//! A small report for the tests of formats.

use super::{Format, Style, write};
use crate::config::Config;
use crate::input::{InputFile, Inputs};
use crate::lint::{Policy, Selection, lint};
use crate::rule::{Severity, builtin};

/// An error and a warning, in a file whose name needs escaping.
const BAD: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  NUMBER: 1\n  EMPTY:\n";
const GOOD: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {A: \"1\"}\n";

/// The report of a bad file.
pub(super) fn written(format: Format, min_severity: Severity) -> String {
    report(BAD, format, min_severity)
}

/// The report of a good file.
pub(super) fn nothing(format: Format) -> String {
    report(GOOD, format, Severity::Info)
}

fn report(text: &str, format: Format, min_severity: Severity) -> String {
    let path = "a,b.yaml".to_string();
    let file = InputFile { location: path.clone(), path, bytes: text.into(), target: true, named: true };
    let inputs = Inputs { files: vec![file], ..Inputs::default() };
    let report = lint(&inputs, &Policy::new(builtin(), &Config::default(), &Selection::default()));
    let style = Style { min_severity, repository: "deploy", ..Style::default() };
    let mut out = Vec::new();
    write(&report, format, style, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}
