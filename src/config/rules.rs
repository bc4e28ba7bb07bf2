//! `rules:` of the configuration: a level, or a level and parameters, for each rule.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde_json::{Map, Value, json};
use serde_saphyr::Spanned;

use super::{Fault, unknown};
use crate::check::{self, generic};
use crate::params::{ParamValue, Params};
use crate::rule::{Rule, Severity, builtin};

/// The level of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// The rule does not run.
    Off,
    /// Every case of it has this severity.
    Level(Severity),
}

impl Setting {
    const WORDS: [&'static str; 4] = ["off", "info", "warning", "error"];

    fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "off" => Self::Off,
            "info" => Self::Level(Severity::Info),
            "warning" => Self::Level(Severity::Warning),
            "error" => Self::Level(Severity::Error),
            _ => return None,
        })
    }
}

/// What the configuration says of one rule.
#[derive(Debug, Default)]
pub struct RuleSetting {
    /// Its level; the rule's own where it is not said.
    pub level: Option<Setting>,
    params: Vec<(Spanned<String>, ParamValue)>,
}

impl RuleSetting {
    /// Parameters with those that are set here in the place of their own.
    #[must_use]
    pub fn applied_to(&self, params: &Params) -> Params {
        let mut params = params.clone();
        self.params.iter().for_each(|(name, value)| params.set(&name.value, value.clone()));
        params
    }
}

/// What the configuration says of rules, by id.
#[derive(Debug, Default)]
pub struct RuleSettings(Vec<(Spanned<String>, RuleSetting)>);

/// A level, or a level and parameters; of the rules that are built in with the names of theirs.
impl JsonSchema for RuleSettings {
    fn schema_name() -> Cow<'static, str> {
        Cow::Borrowed("RuleSettings")
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let level = json!({"enum": Setting::WORDS});
        let of_rule = |rule: &Rule| {
            let params = rule.params.iter().map(|(name, value)| (name.to_string(), json!({"type": value.json_type()})));
            let mut properties: Map<String, Value> = params.collect();
            properties.insert("level".to_string(), level.clone());
            let whole = json!({"type": "object", "properties": properties, "additionalProperties": false});
            json!({"description": rule.summary, "anyOf": [level, whole]})
        };
        let known: Map<String, Value> = builtin().iter().map(|rule| (rule.id.to_string(), of_rule(rule))).collect();
        let own = json!({"type": "object", "properties": {"level": level}});
        json_schema!({"type": "object", "properties": known, "additionalProperties": {"anyOf": [level, own]}})
    }
}

impl RuleSettings {
    /// What is said of a rule; the last word counts.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&RuleSetting> {
        self.0.iter().rev().find(|(name, _)| name.value == id).map(|(_, setting)| setting)
    }

    pub(super) fn check(&self, rules: &[Rule]) -> Result<(), Fault> {
        for (name, setting) in &self.0 {
            let Some(rule) = rules.iter().find(|rule| rule.id == name.value) else {
                let known = rules.iter().map(|rule| rule.id.as_ref());
                return Err(Fault::new(name.referenced, unknown("rule", &name.value, known)));
            };
            for (param, value) in &setting.params {
                check_param(rule, param, value)?;
            }
            check_together(rule, setting)?;
        }
        Ok(())
    }
}

fn check_param(rule: &Rule, name: &Spanned<String>, value: &ParamValue) -> Result<(), Fault> {
    let Some((_, default)) = rule.params.iter().find(|(known, _)| *known == name.value) else {
        let known = rule.params.iter().map(|(known, _)| known.as_ref()).chain(["level"]);
        return Err(Fault::new(name.referenced, unknown(&format!("parameter of {}", rule.id), &name.value, known)));
    };
    // A generic check says itself what it takes: a bound may be a number or a quantity.
    if !generic::is_kind(&rule.check) && !default.same_type(value) {
        let message = format!("`{}` of {} is {}, not {}", name.value, rule.id, default.type_name(), value.type_name());
        return Err(Fault::new(name.referenced, message));
    }
    Ok(())
}

/// Whether a check takes the parameters that are set, with the rule's own for the rest.
fn check_together(rule: &Rule, setting: &RuleSetting) -> Result<(), Fault> {
    let Some((first, _)) = setting.params.first() else { return Ok(()) };
    let params = setting.applied_to(&Params::new(rule.params.to_vec()));
    let Err(fault) = check::compile(&rule.check, &rule.on, &params) else { return Ok(()) };
    let mut named = setting.params.iter().map(|(name, _)| name);
    let name = named.rfind(|name| Some(&name.value) == fault.param.as_ref()).unwrap_or(first);
    Err(Fault::new(name.referenced, fault.message))
}

impl<'de> Deserialize<'de> for RuleSettings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Settings;
        impl<'de> Visitor<'de> for Settings {
            type Value = RuleSettings;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("rules with their levels")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RuleSettings, A::Error> {
                let mut settings = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    settings.push(entry);
                }
                Ok(RuleSettings(settings))
            }
        }
        deserializer.deserialize_map(Settings)
    }
}

impl<'de> Deserialize<'de> for RuleSetting {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct One;
        impl<'de> Visitor<'de> for One {
            type Value = RuleSetting;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a level (off, info, warning or error), or a mapping of `level` and parameters")
            }

            fn visit_str<E: Error>(self, word: &str) -> Result<RuleSetting, E> {
                Ok(RuleSetting { level: Some(level(word)?), params: Vec::new() })
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RuleSetting, A::Error> {
                let mut setting = RuleSetting::default();
                while let Some(name) = map.next_key::<Spanned<String>>()? {
                    if name.value == "level" {
                        setting.level = Some(level(&map.next_value::<String>()?)?);
                    } else {
                        setting.params.push((name, map.next_value()?));
                    }
                }
                Ok(setting)
            }
        }
        deserializer.deserialize_any(One)
    }
}

fn level<E: Error>(word: &str) -> Result<Setting, E> {
    Setting::parse(word).ok_or_else(|| E::custom(unknown("level", word, Setting::WORDS.into_iter())))
}
