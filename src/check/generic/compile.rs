//! Parameters into a check, with every fault that they may have.

use std::borrow::Cow;

use jsonschema::Validator;
use regex::{Regex, RegexBuilder};
use serde_json::Value as Json;

use super::path::Path;
use super::quantity::{Amount, Unit};
use super::subject::{Subject, WORDS};
use super::test::{Bound, Test};
use super::{Condition, Generic};
use crate::fault::unknown;
use crate::params::{Entries, ParamValue, Params};
use crate::release::config::requirement::compile_schema;

/// The generic kinds of check, and what each takes beside what all take.
pub const KINDS: [(&str, &[&str]); 5] = [
    ("required", &[]),
    ("forbidden", &["values"]),
    ("pattern", &["regex", "mustMatch"]),
    ("range", &["min", "max", "default"]),
    ("schema", &["schema"]),
];

/// What every generic check takes.
const COMMON: [&str; 5] = ["path", "paths", "kinds", "when", "unless"];

/// Bytes that a compiled pattern may take.
const MAX_REGEX: usize = 1 << 20;

/// What is wrong with the parameters of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParamFault {
    /// The parameter; nothing where one is missing.
    pub param: Option<String>,
    /// Whether it is the name of the parameter that is wrong, not its value.
    pub in_name: bool,
    /// What is wrong.
    pub message: String,
}

impl ParamFault {
    fn of(param: &str, message: impl Into<String>) -> Self {
        Self { param: Some(param.to_string()), in_name: false, message: message.into() }
    }

    fn missing(message: impl Into<String>) -> Self {
        Self { param: None, in_name: false, message: message.into() }
    }
}

impl Generic {
    /// Puts a check together; nothing where `check` is no generic kind.
    ///
    /// # Errors
    ///
    /// The first fault of the parameters.
    pub fn compile(check: &str, on: &str, params: &Params) -> Option<Result<Self, ParamFault>> {
        let (kind, own) = KINDS.iter().find(|(name, _)| *name == check)?;
        Some(Reader { params }.read(kind, own, on))
    }
}

struct Reader<'p> {
    params: &'p Params,
}

impl Reader<'_> {
    fn read(&self, kind: &str, own: &[&str], on: &str) -> Result<Generic, ParamFault> {
        let words = WORDS.iter().map(|(word, _)| *word);
        let subject = Subject::parse(on).ok_or_else(|| ParamFault::missing(unknown("subject", on, words)))?;
        let known = || COMMON.iter().chain(own).copied();
        if let Some((name, _)) = self.params.iter().find(|(name, _)| !known().any(|known| known == *name)) {
            let message = unknown(&format!("parameter of {kind}"), name, known());
            return Err(ParamFault { in_name: true, ..ParamFault::of(name, message) });
        }
        let kinds = self.texts("kinds")?;
        for kind in &kinds {
            subject.check_kind(kind).map_err(|message| ParamFault::of("kinds", message))?;
        }
        let path = |param: &str, text: &str| {
            let path = Path::parse(text).map_err(|message| ParamFault::of(param, message))?;
            subject.check_path(&path, &kinds).map_err(|message| ParamFault::of(param, message))?;
            Ok(path)
        };
        let of = |param: &str| self.texts(param)?.iter().map(|text| path(param, text)).collect::<Result<Vec<_>, _>>();
        let paths = [of("path")?, of("paths")?].concat();
        if paths.is_empty() {
            return Err(ParamFault::missing(format!("{kind} needs a `path`")));
        }
        let (when, unless) = (self.conditions("when", &path)?, self.conditions("unless", &path)?);
        let test = self.test(kind)?;
        Ok(Generic { subject, kinds, when, unless, paths, test })
    }

    fn test(&self, kind: &str) -> Result<Test, ParamFault> {
        match kind {
            "forbidden" => Ok(Test::Forbidden(self.list("values"))),
            "pattern" => {
                let must_match = match self.params.get("mustMatch") {
                    None => true,
                    Some(ParamValue::Boolean(value)) => *value,
                    Some(other) => return Err(wrong_type("mustMatch", "true or false", other)),
                };
                let regex = self.text("regex")?.ok_or_else(|| ParamFault::missing("pattern needs a `regex`"))?;
                Ok(Test::Pattern { regex: pattern("regex", &regex)?, must_match })
            }
            "range" => self.range(),
            "schema" => match self.params.get("schema") {
                Some(schema) => Ok(Test::Schema(Box::new(validator(schema)?))),
                None => Err(ParamFault::missing("schema needs a `schema`")),
            },
            _ => Ok(Test::Required),
        }
    }

    /// The texts of a parameter: one, or a list of them.
    fn texts(&self, param: &str) -> Result<Vec<String>, ParamFault> {
        let text = |value: &ParamValue| match value {
            ParamValue::String(text) => Ok(text.to_string()),
            other => Err(wrong_type(param, "a text, or a list of texts", other)),
        };
        match self.params.get(param) {
            None => Ok(Vec::new()),
            Some(ParamValue::List(values)) => values.iter().map(text).collect(),
            Some(value) => Ok(vec![text(value)?]),
        }
    }

    /// The text of a parameter that is a text or another scalar.
    fn text(&self, param: &str) -> Result<Option<String>, ParamFault> {
        match self.params.get(param) {
            None => Ok(None),
            Some(ParamValue::List(_) | ParamValue::Map(_) | ParamValue::Null) => {
                Err(ParamFault::of(param, format!("`{param}` is one value")))
            }
            Some(value) => Ok(Some(value.to_string())),
        }
    }

    fn list(&self, param: &str) -> Vec<ParamValue> {
        match self.params.get(param) {
            None => Vec::new(),
            Some(ParamValue::List(values)) => values.to_vec(),
            Some(value) => vec![value.clone()],
        }
    }

    /// `when: {PATH: REGEX}`
    fn conditions(
        &self,
        param: &str,
        path: &dyn Fn(&str, &str) -> Result<Path, ParamFault>,
    ) -> Result<Vec<Condition>, ParamFault> {
        let entries = match self.params.get(param) {
            None => return Ok(Vec::new()),
            Some(ParamValue::Map(Entries(entries))) => entries,
            Some(other) => return Err(wrong_type(param, "a mapping of paths and patterns", other)),
        };
        let condition = |(name, value): &(Cow<'static, str>, ParamValue)| {
            let text = match value {
                ParamValue::String(text) => text.to_string(),
                ParamValue::Boolean(_) | ParamValue::Integer(_) => format!("^{value}$"),
                other => return Err(wrong_type(param, "a mapping of paths and patterns", other)),
            };
            Ok(Condition { path: path(param, name)?, regex: pattern(param, &text)? })
        };
        entries.iter().map(condition).collect()
    }

    fn range(&self) -> Result<Test, ParamFault> {
        let [min, max, default] = ["min", "max", "default"].map(|param| self.bound(param));
        let (min, max, default) = (min?, max?, default?);
        let Some(unit) = min.as_ref().or(max.as_ref()).map(|bound| bound.amount.unit) else {
            return Err(ParamFault::missing("range needs a `min` or a `max`"));
        };
        // `5m` is a quantity, unless another bound says that durations are meant.
        let unit = if max.as_ref().is_some_and(|max| max.amount.unit == Unit::Seconds) { Unit::Seconds } else { unit };
        let same = |param: &str, bound: Option<Bound>| match bound {
            Some(bound) => match Amount::parse_as(&bound.text, unit) {
                Some(amount) => Ok(Some(Bound { amount, ..bound })),
                None => Err(ParamFault::of(param, format!("`{param}` is of another unit than the other bound"))),
            },
            None => Ok(None),
        };
        let (min, max, default) = (same("min", min)?, same("max", max)?, same("default", default)?);
        if let (Some(min), Some(max)) = (&min, &max)
            && min.amount.value > max.amount.value
        {
            return Err(ParamFault::of("max", format!("`max` {} is below `min` {}", max.text, min.text)));
        }
        Ok(Test::Range { min, max, unit, default })
    }

    fn bound(&self, param: &str) -> Result<Option<Bound>, ParamFault> {
        let Some(text) = self.text(param)? else { return Ok(None) };
        match Amount::parse(&text) {
            Some(amount) => Ok(Some(Bound { text, amount })),
            None => {
                let message = format!("`{text}` is no number, quantity, percentage or duration");
                Err(ParamFault::of(param, message))
            }
        }
    }
}

fn wrong_type(param: &str, wanted: &str, found: &ParamValue) -> ParamFault {
    ParamFault::of(param, format!("`{param}` is {wanted}, not {}", found.type_name()))
}

/// Compiles a pattern; its fault has the character where it stands.
fn pattern(param: &str, text: &str) -> Result<Regex, ParamFault> {
    if let Err(error) = regex_syntax::parse(text) {
        let (start, what) = match &error {
            regex_syntax::Error::Parse(error) => (error.span().start.offset, error.kind().to_string()),
            regex_syntax::Error::Translate(error) => (error.span().start.offset, error.kind().to_string()),
            other => (0, other.to_string()),
        };
        let character = text.get(..start).unwrap_or_default().chars().count() + 1;
        return Err(ParamFault::of(param, format!("`{text}` is no pattern: {what} (character {character})")));
    }
    let compiled = RegexBuilder::new(text).size_limit(MAX_REGEX).build();
    compiled.map_err(|_| ParamFault::of(param, format!("`{text}` is no pattern: it is too large when compiled")))
}

fn validator(schema: &ParamValue) -> Result<Validator, ParamFault> {
    if !matches!(schema, ParamValue::Map(_) | ParamValue::Boolean(_)) {
        return Err(ParamFault::of("schema", "a schema is a mapping, or the path of a file that holds one"));
    }
    compile_schema(&json(schema)).map_err(|message| ParamFault::of("schema", message))
}

fn json(value: &ParamValue) -> Json {
    match value {
        ParamValue::Null => Json::Null,
        ParamValue::Boolean(value) => Json::Bool(*value),
        ParamValue::Integer(value) => Json::from(*value),
        ParamValue::Float(value) => Json::from(*value),
        ParamValue::String(text) => Json::String(text.to_string()),
        ParamValue::List(values) => Json::Array(values.iter().map(json).collect()),
        ParamValue::Map(Entries(entries)) => {
            Json::Object(entries.iter().map(|(name, value)| (name.to_string(), json(value))).collect())
        }
    }
}
