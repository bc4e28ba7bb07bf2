//! The pages of the rules are what the rules say.
//! `SHIPWORTHY_BLESS=1 cargo test --test pages` writes them anew: review the diff.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use shipworthy::knowledge::{lesson, lessons};
use shipworthy::report::page::{self, Form};
use shipworthy::rule::builtin;

const FOLDER: &str = "docs/rules";

/// Every file of the folder, by name.
fn pages() -> BTreeMap<String, String> {
    let text = |write: &dyn Fn(&mut Vec<u8>) -> std::io::Result<()>| {
        let mut out = Vec::new();
        write(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    };
    let of_rules = builtin()
        .iter()
        .map(|rule| (format!("{}.md", rule.id), text(&|out| page::write(rule, builtin(), Form::Markdown, out))));
    let index = text(&|out| page::write_index(builtin(), out));
    of_rules.chain([("README.md".to_string(), index)]).collect()
}

fn written() -> BTreeMap<String, String> {
    let Ok(entries) = fs::read_dir(FOLDER) else { return BTreeMap::new() };
    let paths = entries.map(|entry| entry.unwrap().path());
    let named = paths.map(|path| {
        let name = path.file_name().unwrap().to_str().unwrap().to_string();
        (name, fs::read_to_string(&path).unwrap().replace("\r\n", "\n"))
    });
    named.collect()
}

fn bless(pages: &BTreeMap<String, String>) {
    fs::create_dir_all(FOLDER).unwrap();
    for stale in written().keys().filter(|name| !pages.contains_key(*name)) {
        fs::remove_file(Path::new(FOLDER).join(stale)).unwrap();
    }
    for (name, text) in pages {
        fs::write(Path::new(FOLDER).join(name), text).unwrap();
    }
}

#[test]
fn the_pages_are_what_the_rules_say() {
    let pages = pages();
    if std::env::var_os("SHIPWORTHY_BLESS").is_some() {
        bless(&pages);
    }
    let written = written();
    let names = |pages: &BTreeMap<String, String>| pages.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&written), names(&pages), "SHIPWORTHY_BLESS=1 cargo test --test pages");
    for (name, text) in &pages {
        assert!(written[name] == *text, "{FOLDER}/{name} is out of date: SHIPWORTHY_BLESS=1 cargo test --test pages");
    }
}

#[test]
fn every_lesson_that_a_rule_refers_to_is_told() {
    let is_lesson = |reference: &str| {
        let (letter, number) = reference.split_at(reference.ceil_char_boundary(1));
        "KELHR".contains(letter) && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    };
    for rule in builtin() {
        for reference in rule.references.iter().filter(|reference| is_lesson(reference)) {
            assert!(lesson(reference).is_some(), "{}: {reference} is not in docs/practice.md", rule.id);
        }
    }
    assert_eq!(lessons().count(), 34);
}
