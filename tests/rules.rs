//! Every rule's examples run as tests: what a bad example flags, to the byte, and that a good
//! one is quiet. What other rules say of an example is part of the example.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeSet;

use shipworthy::check::{self, Check, Fix};
use shipworthy::lint::{Report, Trial, flagged, lint_example, try_example};
use shipworthy::params::Params;
use shipworthy::rule::{Example, builtin};

fn run(example: &Example) -> Report<'static> {
    lint_example(example, builtin()).unwrap()
}

#[test]
fn every_example_flags_what_it_says_and_nothing_else() {
    let mut faults = Vec::new();
    for rule in builtin() {
        for example in rule.bad.iter().chain(rule.good.iter()) {
            let trial = try_example(rule, example, builtin()).unwrap();
            if !trial.is_right() {
                let Trial { expected, found, expected_also, found_also, .. } = trial;
                faults.push(format!(
                    "{}: {}: expected {expected:#?}, found {found:#?}; also expected {expected_also:?}, found {found_also:?}",
                    rule.id, example.name
                ));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_fix_mends_what_it_belongs_to() {
    for rule in builtin() {
        for example in rule.bad.iter() {
            let report = run(example);
            let before = flagged(&report, rule).len();
            for finding in report.findings.iter().filter(|finding| finding.rule.id == rule.id) {
                if let Some(fix) = &finding.hit.fix {
                    let mended = apply(example, &report, fix);
                    let after = flagged(&run(&mended), rule).len();
                    assert_eq!(after, before - 1, "{}: {}: {}", rule.id, example.name, fix.description);
                }
            }
        }
    }
}

/// The example with one fix applied.
fn apply(example: &Example, report: &Report<'_>, fix: &Fix) -> Example {
    let mut files = example.files.to_vec();
    let mut edits = fix.edits.clone();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.span));
    for edit in edits {
        let path = report.sources.get(edit.span.source).path();
        let (_, text) = files.iter_mut().find(|(known, _)| known == path).expect("the edit is in the example");
        text.to_mut().replace_range(edit.span.range(), &edit.text);
    }
    Example { files: files.into(), ..example.clone() }
}

#[test]
fn every_case_that_an_example_flags_has_a_level_and_every_level_an_example() {
    for rule in builtin() {
        let flagged: BTreeSet<_> =
            rule.bad.iter().flat_map(|example| example.flags.iter()).map(|flag| flag.case.as_ref()).collect();
        let levels: BTreeSet<_> = rule.levels.iter().map(|(case, _)| case.as_ref()).collect();
        assert_eq!(flagged, levels, "{}", rule.id);
    }
}

#[test]
fn every_rule_names_a_check_of_its_subject() {
    for rule in builtin() {
        let check = check::compile(&rule.check, &rule.on, &Params::new(rule.params.to_vec())).unwrap();
        assert_eq!(Check::subject(&check.expect(&rule.check)), rule.on, "{}", rule.id);
    }
}

#[test]
fn what_is_built_in_is_what_the_folder_says() {
    let mut files = Vec::new();
    for group in std::fs::read_dir("rules").unwrap() {
        let group = group.unwrap().path();
        if !group.ends_with("knowledge") {
            files.extend(std::fs::read_dir(group).unwrap().map(|file| file.unwrap().path()));
        }
    }
    assert_eq!(files.len(), builtin().len());
    for path in files {
        let rule = shipworthy::rule::file::read(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let known = builtin().iter().find(|known| known.id == rule.id);
        assert_eq!(known, Some(&rule), "{}", path.display());
    }
}
