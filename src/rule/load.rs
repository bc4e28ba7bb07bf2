//! Rules that users write, read and checked: every name in them, every parameter, with the place
//! of what is wrong.

use std::borrow::Cow;

use serde_saphyr::Location;

use super::file::{ONLY_CASE, Places, Rule, Severity, Text, Unreadable, read_with_places};
use crate::check::generic::{self, KINDS};
use crate::check::{self, Check};
use crate::fault::{ConfigError, Fault, unknown};
use crate::params::{ParamValue, Params};

/// A file of a rule folder.
#[derive(Clone, Debug)]
pub struct RuleText {
    /// Its path, as errors print it, with `/`.
    pub path: String,
    /// What it holds.
    pub text: String,
}

/// Reads a file that a rule names, by its path from the rule's folder.
pub type ReadBeside<'r> = &'r dyn Fn(&RuleText, &str) -> Result<String, String>;

/// Reads rules. `builtin` are those that have their ids already, and the defaults of the
/// functions that a user's rule may name.
///
/// # Errors
///
/// The first fault, with its place.
pub fn load(texts: &[RuleText], builtin: &[Rule], beside: ReadBeside<'_>) -> Result<Vec<Rule>, ConfigError> {
    let mut rules: Vec<(Rule, &str)> = Vec::new();
    for text in texts {
        let (mut rule, places) = read_with_places(&text.text).map_err(|error| unreadable(error).at(&text.path))?;
        let reader = Reader { text, places: &places, builtin, beside };
        reader.check(&mut rule).map_err(|fault| fault.at(&text.path))?;
        if let Some((_, path)) = rules.iter().find(|(known, _)| known.id == rule.id) {
            let message = format!("there is a rule `{}` already, in {path}", rule.id);
            return Err(Fault::new(places.id, message).at(&text.path));
        }
        rules.push((rule, &text.path));
    }
    let mut rules: Vec<_> = rules.into_iter().map(|(rule, _)| rule).collect();
    rules.sort_by(|one, other| one.id.cmp(&other.id));
    Ok(rules)
}

fn unreadable(error: Unreadable) -> Fault {
    match error {
        Unreadable::Yaml(error) => Fault::of_yaml(&error),
        Unreadable::Part(place, message) => Fault::new(place, message),
    }
}

/// One rule file, while it is checked.
struct Reader<'r> {
    text: &'r RuleText,
    places: &'r Places,
    builtin: &'r [Rule],
    beside: ReadBeside<'r>,
}

impl Reader<'_> {
    fn check(&self, rule: &mut Rule) -> Result<(), Fault> {
        self.check_names(rule)?;
        self.fill_in_schema(rule)?;
        match generic::is_kind(&rule.check) {
            true => self.check_generic(rule),
            false => self.check_function(rule),
        }
    }

    fn check_names(&self, rule: &Rule) -> Result<(), Fault> {
        for (what, name, place) in [("id", &rule.id, self.places.id), ("group", &rule.group, self.places.group)] {
            if !is_kebab(name) {
                let message =
                    format!("`{name}` is no {what}: write lower case letters, digits and single `-` between them");
                return Err(Fault::new(place, message));
            }
        }
        let file = self.text.path.rsplit('/').next().unwrap_or_default();
        if file.rsplit_once('.').map(|(stem, _)| stem) != Some(&rule.id) {
            let message = format!("the rule `{}` stands in {file}: a rule's file has the name of its id", rule.id);
            return Err(Fault::new(self.places.id, message));
        }
        if self.builtin.iter().any(|known| known.id == rule.id) {
            return Err(Fault::new(self.places.id, format!("there is a rule `{}` already, built in", rule.id)));
        }
        Ok(())
    }

    /// Puts a schema in the place of the path of a file that holds one.
    fn fill_in_schema(&self, rule: &mut Rule) -> Result<(), Fault> {
        let names_schema = |(name, value): &(Text, ParamValue)| match value {
            ParamValue::String(path) if name == "schema" => Some(path.to_string()),
            _ => None,
        };
        let Some((index, path)) =
            rule.params.iter().enumerate().find_map(|(index, param)| Some((index, names_schema(param)?)))
        else {
            return Ok(());
        };
        let fault = |message: String| Fault::new(self.places.params[index].1, format!("{path}: {message}"));
        let text = (self.beside)(self.text, &path).map_err(fault)?;
        let schema = serde_saphyr::from_str(&text).map_err(|error| fault(error.without_snippet().to_string()))?;
        rule.params.to_mut()[index].1 = schema;
        Ok(())
    }

    fn check_generic(&self, rule: &Rule) -> Result<(), Fault> {
        if !generic::subjects().any(|subject| subject == rule.on) {
            let known = generic::subjects().collect::<Vec<_>>().join(", ");
            let message = format!("{} (known: {known})", unknown("subject", &rule.on, generic::subjects()));
            return Err(Fault::new(self.places.on, message));
        }
        let only = [Cow::Borrowed(ONLY_CASE)];
        self.check_cases(rule, &only)?;
        let params = Params::new(rule.params.to_vec());
        let Err(fault) = check::compile(&rule.check, &rule.on, &params) else { return Ok(()) };
        let index = rule.params.iter().position(|(name, _)| Some(name.as_ref()) == fault.param.as_deref());
        let place = match index.map(|index| self.places.params[index]) {
            Some((name, _)) if fault.in_name => name,
            Some((_, value)) => value,
            None => self.places.check,
        };
        Err(Fault::new(place, fault.message))
    }

    /// A function is taken with the cases and the parameters of the rule that has it built in.
    fn check_function(&self, rule: &mut Rule) -> Result<(), Fault> {
        let model = self.builtin.iter().find(|known| known.check == rule.check);
        let (Some(model), Some(check)) = (model, check::find(&rule.check)) else {
            let known = KINDS.iter().map(|(name, _)| *name).chain(check::names());
            return Err(Fault::new(self.places.check, unknown("check", &rule.check, known)));
        };
        self.check_subject(rule, &check)?;
        let cases: Vec<_> = model.levels.iter().map(|(case, _)| case.clone()).collect();
        // A single level is meant for whatever the function finds.
        if let [(case, level)] = rule.levels.as_ref()
            && case == ONLY_CASE
        {
            let level = *level;
            rule.levels = cases.iter().map(|case| (case.clone(), level)).collect::<Vec<(Text, Severity)>>().into();
        }
        self.check_cases(rule, &cases)?;
        self.fill_in_params(rule, model)
    }

    fn check_subject(&self, rule: &Rule, check: &Check) -> Result<(), Fault> {
        let subject = check.subject();
        if subject == rule.on {
            return Ok(());
        }
        let message = format!("the check `{}` is about `{subject}`, not `{}`", rule.check, rule.on);
        Err(Fault::new(self.places.on, message))
    }

    /// Refuses cases that the check never finds, and levels that leave one out.
    fn check_cases(&self, rule: &Rule, cases: &[Text]) -> Result<(), Fault> {
        for ((case, _), place) in rule.levels.iter().zip(&self.places.levels) {
            if !cases.contains(case) {
                let what = format!("case of the check `{}`", rule.check);
                return Err(Fault::new(*place, unknown(&what, case, cases.iter().map(AsRef::as_ref))));
            }
        }
        let left_out = cases.iter().find(|case| rule.level(case).is_none());
        let place = self.places.levels.first().copied().unwrap_or(Location::UNKNOWN);
        match left_out {
            Some(case) => {
                Err(Fault::new(place, format!("`levels` leaves out the case `{case}` of the check `{}`", rule.check)))
            }
            None => Ok(()),
        }
    }

    fn fill_in_params(&self, rule: &mut Rule, model: &Rule) -> Result<(), Fault> {
        for ((name, value), (name_place, value_place)) in rule.params.iter().zip(&self.places.params) {
            let Some((_, default)) = model.params.iter().find(|(known, _)| known == name) else {
                let known = model.params.iter().map(|(known, _)| known.as_ref());
                let message = unknown(&format!("parameter of {}", rule.check), name, known);
                return Err(Fault::new(*name_place, message));
            };
            if !default.same_type(value) {
                let message = format!("`{name}` is {}, not {}", default.type_name(), value.type_name());
                return Err(Fault::new(*value_place, message));
            }
        }
        let own = |name: &Text| rule.params.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
        let params = model.params.iter().map(|(name, value)| (name.clone(), own(name).unwrap_or(value.clone())));
        let params: Vec<_> = params.collect();
        rule.params = params.into();
        Ok(())
    }
}

/// `lower-case-words`.
fn is_kebab(name: &str) -> bool {
    let is_word =
        |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    name.split('-').all(is_word)
}
