//! The form of a rule file.
//!
//! The build script reads the built-in rules through this very module and writes them out
//! as static data, so it depends on nothing else of the program.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;

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
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "RuleFile")]
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
    id: String,
    group: String,
    #[serde(default)]
    level: Option<Severity>,
    #[serde(default)]
    levels: BTreeMap<String, Severity>,
    summary: String,
    rationale: String,
    remedy: String,
    #[serde(default)]
    references: Vec<String>,
    on: String,
    check: String,
    #[serde(default)]
    params: BTreeMap<String, ParamValue>,
    #[serde(default)]
    preview: bool,
    examples: Examples,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Examples {
    bad: Vec<ExampleFile>,
    good: Vec<ExampleFile>,
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

impl TryFrom<RuleFile> for Rule {
    type Error = String;

    fn try_from(file: RuleFile) -> Result<Self, String> {
        let levels = match (file.level, file.levels.is_empty()) {
            (Some(level), true) => vec![(only_case(), level)],
            (None, false) => file.levels.into_iter().map(|(case, level)| (Cow::Owned(case), level)).collect(),
            _ => return Err("a rule has either `level` or `levels`".to_string()),
        };
        if file.examples.bad.is_empty() || file.examples.good.is_empty() {
            return Err("a rule needs at least one bad and one good example".to_string());
        }
        if file.examples.bad.iter().any(|example| example.flags.is_empty()) {
            return Err("a bad example says in `flags` what it expects".to_string());
        }
        Ok(Rule {
            id: file.id.into(),
            group: file.group.into(),
            levels: levels.into(),
            summary: file.summary.into(),
            rationale: file.rationale.into(),
            remedy: file.remedy.into(),
            references: texts(file.references),
            on: file.on.into(),
            check: file.check.into(),
            params: file.params.into_iter().map(|(name, value)| (name.into(), value)).collect::<Vec<_>>().into(),
            preview: file.preview,
            bad: file.examples.bad.into_iter().map(Example::from).collect::<Vec<_>>().into(),
            good: file.examples.good.into_iter().map(Example::from).collect::<Vec<_>>().into(),
        })
    }
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
    serde_saphyr::from_str(text).map_err(|error| error.without_snippet().to_string())
}
