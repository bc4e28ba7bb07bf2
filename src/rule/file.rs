//! The form of a rule file.
//!
//! The build script reads the built-in rules through this very module and writes them out
//! as static data, so it depends on nothing else of the program.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_saphyr::{Location, Spanned};

use crate::params::ParamValue;

/// Text that is built in, or read at run time.
pub type Text = Cow<'static, str>;
/// A list that is built in, or read at run time.
pub type List<T> = Cow<'static, [T]>;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Advice.
    Info,
    /// A deploy will go wrong under some condition, or departs from practice.
    Warning,
    /// As configured, a deploy will drop requests, lose work, or not go through.
    Error,
}

impl Severity {
    /// The word of reports and configuration.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The case of a rule that has only one.
pub const ONLY_CASE: &str = "default";

/// A rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// The id: also the stem of its file.
    pub id: Text,
    /// The group: also the folder of its file.
    pub group: Text,
    /// The severity of each case that the check can find.
    pub levels: List<(Text, Severity)>,
    /// One line: what is wrong.
    pub summary: Text,
    /// Why: what happens, and on which platform fact that rests.
    pub rationale: Text,
    /// What to do.
    pub remedy: Text,
    /// Lessons of the practice (K1, R9 …) and platform sources.
    pub references: List<Text>,
    /// What the rule looks at: `workload`, `container` …
    pub on: Text,
    /// The function that looks.
    pub check: Text,
    /// The function's parameters, with their default values.
    pub params: List<(Text, ParamValue)>,
    /// Whether the rule is off until somebody selects it.
    pub preview: bool,
    /// Releases with the fault.
    pub bad: List<Example>,
    /// Releases without it.
    pub good: List<Example>,
}

impl Rule {
    /// The severity of a case.
    #[must_use]
    pub fn level(&self, case: &str) -> Option<Severity> {
        self.levels.iter().find(|(name, _)| name == case).map(|(_, level)| *level)
    }
}

/// A small release that shows a rule at work: its test, and a part of its page.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// What it shows.
    pub name: Text,
    /// Paths and texts. A `shipworthy.yaml` among them is the configuration.
    pub files: List<(Text, Text)>,
    /// Every finding of the rule, in the order of the report.
    pub flags: List<Flag>,
    /// Other rules that fire here, at warning or above.
    pub also: List<Text>,
}

/// A finding that an example expects.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flag {
    /// The file it points into.
    pub file: Text,
    /// The text it marks.
    pub text: Text,
    /// The case.
    #[serde(default = "only_case")]
    pub case: Text,
}

fn only_case() -> Text {
    Cow::Borrowed(ONLY_CASE)
}

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleFile {
    id: Spanned<String>,
    group: Spanned<String>,
    #[serde(default)]
    level: Option<Spanned<Severity>>,
    #[serde(default)]
    levels: Pairs<Severity>,
    summary: String,
    #[serde(default)]
    rationale: String,
    remedy: String,
    #[serde(default)]
    references: Vec<String>,
    on: Spanned<String>,
    check: Spanned<String>,
    #[serde(default)]
    params: Pairs<ParamValue>,
    #[serde(default)]
    preview: bool,
    #[serde(default)]
    examples: Examples,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Examples {
    bad: Vec<ExampleFile>,
    good: Vec<ExampleFile>,
}

/// Names with values, each with its place, in the order in which they are written.
struct Pairs<T>(Vec<(Spanned<String>, Spanned<T>)>);

impl<T> Default for Pairs<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Pairs<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneByOne<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for OneByOne<T> {
            type Value = Pairs<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a mapping")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs<T>, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                pairs.sort_by(|(one, _): &(Spanned<String>, _), (other, _)| one.value.cmp(&other.value));
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(OneByOne(PhantomData))
    }
}

/// Where the parts of a rule stand in its file.
#[derive(Clone, Debug)]
pub struct Places {
    /// The id.
    pub id: Location,
    /// The group.
    pub group: Location,
    /// `on`
    pub on: Location,
    /// `check`
    pub check: Location,
    /// `level`, or each name of `levels`.
    pub levels: Vec<Location>,
    /// The names and the values of the parameters, in the order of the rule's.
    pub params: Vec<(Location, Location)>,
}

/// Why a rule file cannot be read.
pub enum Unreadable {
    /// It is no YAML, or not of this form.
    Yaml(Box<serde_saphyr::Error>),
    /// Something in it, and where.
    Part(Location, &'static str),
}

/// Reads a rule file.
///
/// # Errors
///
/// What is wrong, with its place.
pub fn read_with_places(text: &str) -> Result<(Rule, Places), Unreadable> {
    let file: RuleFile = serde_saphyr::from_str(text).map_err(|error| Unreadable::Yaml(Box::new(error)))?;
    let (places, id) = (places(&file), file.id.referenced);
    let levels: Vec<(Text, Severity)> = match (file.level, file.levels.0) {
        (Some(level), levels) if levels.is_empty() => vec![(only_case(), level.value)],
        (None, levels) if !levels.is_empty() => {
            levels.into_iter().map(|(case, level)| (Cow::Owned(case.value), level.value)).collect()
        }
        _ => return Err(Unreadable::Part(id, "a rule has either `level` or `levels`")),
    };
    let params = file.params.0.into_iter().map(|(name, value)| (name.value.into(), value.value));
    let examples = |examples: Vec<ExampleFile>| examples.into_iter().map(Example::from).collect::<Vec<_>>().into();
    let (bad, good): (List<Example>, List<Example>) = (examples(file.examples.bad), examples(file.examples.good));
    if bad.iter().any(|example| example.flags.is_empty()) {
        return Err(Unreadable::Part(id, "a bad example says in `flags` what it expects"));
    }
    let rule = Rule {
        id: file.id.value.into(),
        group: file.group.value.into(),
        levels: levels.into(),
        summary: file.summary.into(),
        rationale: file.rationale.into(),
        remedy: file.remedy.into(),
        references: texts(file.references),
        on: file.on.value.into(),
        check: file.check.value.into(),
        params: params.collect::<Vec<_>>().into(),
        preview: file.preview,
        bad,
        good,
    };
    Ok((rule, places))
}

fn places(file: &RuleFile) -> Places {
    let level = file.level.iter().map(|level| level.referenced);
    let levels = file.levels.0.iter().map(|(case, _)| case.referenced);
    let params = file.params.0.iter().map(|(name, value)| (name.referenced, value.referenced));
    Places {
        id: file.id.referenced,
        group: file.group.referenced,
        on: file.on.referenced,
        check: file.check.referenced,
        levels: level.chain(levels).collect(),
        params: params.collect(),
    }
}

/// What the rules that are built in have and a user's need not.
///
/// # Errors
///
/// What is missing.
pub fn is_shippable(rule: &Rule) -> Result<(), &'static str> {
    if rule.bad.is_empty() || rule.good.is_empty() {
        return Err("a rule needs at least one bad and one good example");
    }
    if rule.rationale.is_empty() { Err("a rule needs a rationale") } else { Ok(()) }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExampleFile {
    name: String,
    files: BTreeMap<String, String>,
    #[serde(default)]
    flags: Vec<Flag>,
    #[serde(default)]
    also: Vec<String>,
}

impl From<ExampleFile> for Example {
    fn from(file: ExampleFile) -> Self {
        let files = file.files.into_iter().map(|(path, text)| (path.into(), text.into())).collect::<Vec<_>>();
        Self { name: file.name.into(), files: files.into(), flags: file.flags.into(), also: texts(file.also) }
    }
}

fn texts(texts: Vec<String>) -> List<Text> {
    texts.into_iter().map(Cow::Owned).collect::<Vec<_>>().into()
}

/// Reads a rule file.
///
/// # Errors
///
/// What is wrong, with line and column.
pub fn read(text: &str) -> Result<Rule, String> {
    read_with_places(text).map(|(rule, _)| rule).map_err(|error| match error {
        Unreadable::Yaml(error) => error.without_snippet().to_string(),
        Unreadable::Part(place, message) => format!("{message} at line {}, column {}", place.line(), place.column()),
    })
}
