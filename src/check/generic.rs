//! Checks that a rule file describes in full: required, forbidden, pattern, range, schema.
//!
//! Each takes a subject (`on:`) and a path below it, and judges what stands there. They are
//! put together once, when the rules are read: a pattern is compiled there, not per object.

mod compile;
mod dockerfile;
mod image;
mod path;
mod quantity;
mod root;
mod secrecy;
mod subject;
mod test;
mod value;

use regex::Regex;

use super::hit::Hit;
use crate::release::build::Build;
use crate::release::{Object, Releases};
pub use compile::{KINDS, ParamFault};
use path::Path;
use root::Root;
use secrecy::Secrecy;
use subject::Subject;
use test::Test;

/// A check of a generic kind, ready to run.
#[derive(Debug)]
pub struct Generic {
    subject: Subject,
    kinds: Vec<String>,
    when: Vec<Condition>,
    unless: Vec<Condition>,
    paths: Vec<Path>,
    test: Test,
}

/// A pattern that some value at a path has to fit.
#[derive(Debug)]
struct Condition {
    path: Path,
    regex: Regex,
}

impl Condition {
    fn holds(&self, root: Root<'_>) -> bool {
        root.values(&self.path).iter().any(|value| value.scalar().is_some_and(|text| self.regex.is_match(text)))
    }
}

/// The words for the subjects of generic checks.
pub fn subjects() -> impl Iterator<Item = &'static str> {
    subject::WORDS.iter().map(|(word, _)| *word)
}

/// Whether a check is of a generic kind.
#[must_use]
pub fn is_kind(check: &str) -> bool {
    KINDS.iter().any(|(name, _)| *name == check)
}

impl Generic {
    /// The word for its subject in a rule file (`on:`).
    #[must_use]
    pub fn subject(&self) -> &'static str {
        self.subject.word()
    }

    /// What it finds in an object, and in which container.
    #[must_use]
    pub fn of_object<'a>(&self, releases: &'a Releases<'a>, object: &'a Object<'a>) -> Vec<(Hit, Option<String>)> {
        // Kustomize's patches and other fragments are never judged for what they leave out.
        let is_fragment = || {
            let is_whole = releases.workload(object).is_none_or(|workload| workload.is_complete());
            object.is_patch || !is_whole
        };
        if self.test.is_about_absence() && is_fragment() {
            return Vec::new();
        }
        self.judge(self.subject.of_object(releases, object), &Secrecy::of_object(object))
    }

    /// What it finds in a Dockerfile.
    #[must_use]
    pub fn of_build<'a>(&self, build: &'a Build<'a>) -> Vec<(Hit, Option<String>)> {
        self.judge(self.subject.of_build(build), &Secrecy::of_build(build))
    }

    fn judge(&self, roots: Vec<Root<'_>>, secrecy: &Secrecy<'_>) -> Vec<(Hit, Option<String>)> {
        let roots = roots.into_iter().filter(|root| self.is_about(*root));
        let hits = roots.flat_map(|root| {
            let hits = self.paths.iter().flat_map(move |path| self.test.hits(root, path, secrecy));
            hits.map(move |hit| (hit, root.container().map(str::to_string)))
        });
        hits.collect()
    }

    fn is_about(&self, root: Root<'_>) -> bool {
        let fits = |kind: &str| self.kinds.iter().any(|known| known == kind);
        (self.kinds.is_empty() || root.kind().is_some_and(fits))
            && self.when.iter().all(|condition| condition.holds(root))
            && !self.unless.iter().any(|condition| condition.holds(root))
    }
}
