//! What holds for any input: no panic, spans that slice, reports that can be written.
//! `PROPTEST_CASES=20000 cargo test --release --test properties` looks longer.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use proptest::prelude::*;
use shipworthy::config::Config;
use shipworthy::input::{ClosedScope, InputFile, Inputs};
use shipworthy::lint::{Policy, Report, Selection, lint};
use shipworthy::report::{self, Format, Style};
use shipworthy::rule::builtin;

fn run(bytes: &[u8]) -> Report<'static> {
    run_as("release.yaml", bytes)
}

fn run_as(path: &str, bytes: &[u8]) -> Report<'static> {
    let path = path.to_string();
    let file =
        InputFile { location: path.clone(), path: path.clone(), bytes: bytes.to_vec(), target: true, named: true };
    let closed =
        ClosedScope { name: path, namespace: None, orchestrator: None, files: vec![0], dockerfiles: Vec::new() };
    let inputs = Inputs { files: vec![file], closed: vec![closed], piped: Some(0), ..Inputs::default() };
    lint(&inputs, &Policy::new(builtin(), &Config::default(), &Selection::default()))
}

/// Every span slices its source, at character boundaries, and every format can be written.
fn check(report: &Report<'_>) {
    for finding in &report.findings {
        let spans = finding.hit.related.iter().map(|related| related.span).chain([finding.hit.span]);
        for span in spans {
            assert!(report.sources.get(span.source).text().get(span.range()).is_some(), "{span:?}");
        }
    }
    for (_, format) in Format::ALL {
        let style = Style { width: 80, verbose: true, ..Style::default() };
        let mut out = Vec::new();
        report::write(report, format, style, &mut out).unwrap();
        assert!(String::from_utf8(out).is_ok());
    }
}

/// The texts of all examples: of Dockerfiles, or of all else.
fn texts_of(dockerfiles: bool) -> Vec<&'static str> {
    let examples = builtin().iter().flat_map(|rule| rule.bad.iter().chain(rule.good.iter()));
    let files = examples.flat_map(|example| example.files.iter());
    files.filter(|(path, _)| (path == "Dockerfile") == dockerfiles).map(|(_, text)| text.as_ref()).collect()
}

fn texts() -> Vec<&'static str> {
    texts_of(false)
}

#[test]
fn hostile_dockerfiles_are_survived() {
    let stages: String =
        (0..3000).map(|stage| format!("FROM s{} AS s{stage}\nARG A{stage}\nENV B=$A{stage}\n", stage - 1)).collect();
    let long = |start: &str, part: &str, end: &str| format!("FROM a\nARG X\n{start}{}{end}\n", part.repeat(5000));
    for text in [
        long("RUN echo $X ", "$(", &")".repeat(5000)),
        long("RUN test -n $X ", "&& true ", ""),
        long("RUN test -n $X ", "| cat ", ""),
        long("RUN ", "if [ -n $X ]; then ", ""),
        long("RUN ", "${X:-", &"}".repeat(5000)),
        long("RUN [[ -n $X ", "&& ( ! -n $X ", "]]"),
        long("RUN ", "( ", "$X"),
        long("RUN ", "f() { f; }; ", "f $X"),
        long("RUN ", "for a in 1 2 3 4 5 6 7 8; do ", "test -n $X"),
        long("RUN test ", "! ", "$X"),
        long("RUN cat ", "<<A ", ""),
        long("RUN \\\n", "# comment\n", "true"),
        long("ONBUILD ", "ONBUILD ", "RUN true"),
        long("", "ARG Y=$X\n", ""),
        long("CMD [", "\"a\",", ""),
        stages,
    ] {
        check(&run_as("Dockerfile", text.as_bytes()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        check(&run(&bytes));
    }

    #[test]
    fn broken_manifests_are_survived(
        text in proptest::sample::select(texts()),
        at in any::<proptest::sample::Index>(),
        length in 0_usize..12,
        put in "[ -~\n\té]{0,6}",
    ) {
        let mut bytes = text.as_bytes().to_vec();
        let start = at.index(bytes.len());
        let end = (start + length).min(bytes.len());
        bytes.splice(start..end, put.into_bytes());
        check(&run(&bytes));
    }

    #[test]
    fn broken_dockerfiles_are_survived(
        text in proptest::sample::select(texts_of(true)),
        at in any::<proptest::sample::Index>(),
        length in 0_usize..12,
        put in "[ -~\n\té$\\\\<{}\"']{0,6}",
    ) {
        let mut bytes = text.as_bytes().to_vec();
        let start = at.index(bytes.len());
        let end = (start + length).min(bytes.len());
        bytes.splice(start..end, put.into_bytes());
        check(&run_as("Dockerfile", &bytes));
    }

    #[test]
    fn arbitrary_bytes_are_survived_as_a_dockerfile(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        check(&run_as("Dockerfile", &bytes));
    }

    #[test]
    fn values_of_any_type_are_survived(
        text in proptest::sample::select(texts()),
        at in any::<proptest::sample::Index>(),
        put in proptest::sample::select(vec!["", "~", "[]", "{}", "[x]", "{x: y}", "-1", "1e99", "true", "\"\"", "99999999999999999999", "*a", "&a x", "100%", "-5%"]),
    ) {
        let values: Vec<_> = text.match_indices(": ").map(|(at, _)| at + 2).collect();
        prop_assume!(!values.is_empty());
        let start = values[at.index(values.len())];
        let rest = &text[start..];
        let end = start + rest.find(['\n', ',', '}', ']']).unwrap_or(rest.len());
        check(&run(format!("{}{put}{}", &text[..start], &text[end..]).as_bytes()));
    }
}
