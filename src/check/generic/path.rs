//! Paths of rules: `spec.containers[].image`, `metadata.labels["app.kubernetes.io/name"]`.
//!
//! Steps stand between dots. `[]` (or `[*]`) means every item of a list, `*` every value of a
//! mapping; a name with a dot or another special character stands in quotes and brackets.

use crate::syntax::yaml::path::is_plain;

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// The value behind a name.
    Key(String),
    /// Every value of a mapping.
    AnyKey,
    /// Every item of a list.
    Items,
}

/// A path, as it is written and taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Path {
    pub(super) text: String,
    pub(super) steps: Vec<Step>,
}

impl Path {
    /// Takes a path apart.
    ///
    /// # Errors
    ///
    /// What is wrong, with the character where.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut reader = Reader { text, at: 0 };
        let mut steps = Vec::new();
        while reader.at < text.len() || steps.is_empty() {
            steps.push(reader.step(steps.is_empty())?);
        }
        Ok(Self { text: text.to_string(), steps })
    }

    /// Its first name, if it begins with one.
    pub(super) fn head(&self) -> Option<&str> {
        match self.steps.first() {
            Some(Step::Key(name)) => Some(name),
            _ => None,
        }
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn step(&mut self, is_first: bool) -> Result<Step, String> {
        if self.rest().starts_with('[') {
            return self.bracket();
        }
        if !is_first && self.rest().starts_with('.') {
            self.at += 1;
        } else if !is_first {
            return Err(self.fault("a `.` or a `[` is missing"));
        }
        self.name()
    }

    fn name(&mut self) -> Result<Step, String> {
        let end = self.rest().find(['.', '[']).unwrap_or(self.rest().len());
        let name = &self.rest()[..end];
        if name.is_empty() {
            return Err(self.fault("a name is missing"));
        }
        if name != "*" && !is_plain(name) {
            return Err(self.fault(&format!("write `[\"{name}\"]`: the name holds more than letters, digits, - and _")));
        }
        self.at += end;
        Ok(if name == "*" { Step::AnyKey } else { Step::Key(name.to_string()) })
    }

    fn bracket(&mut self) -> Result<Step, String> {
        for items in ["[]", "[*]"] {
            if self.rest().starts_with(items) {
                self.at += items.len();
                return Ok(Step::Items);
            }
        }
        let quote = self.rest()[1..].chars().next().filter(|quote| matches!(quote, '"' | '\''));
        let Some(quote) = quote else {
            return Err(self.fault("in brackets stands nothing, `*`, or a name in quotes"));
        };
        let quoted = &self.rest()[2..];
        let Some(end) = quoted.find(&format!("{quote}]")) else {
            return Err(self.fault(&format!("the end `{quote}]` is missing")));
        };
        self.at += end + 4;
        Ok(Step::Key(quoted[..end].to_string()))
    }

    fn fault(&self, message: &str) -> String {
        let character = self.text[..self.at].chars().count() + 1;
        format!("`{}` is no path: {message} (character {character})", self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(text: &str) -> Vec<Step> {
        Path::parse(text).unwrap().steps
    }

    #[test]
    fn paths_are_taken_apart() {
        let key = |name: &str| Step::Key(name.to_string());
        assert_eq!(steps("spec"), [key("spec")]);
        assert_eq!(steps("spec.ports[].name"), [key("spec"), key("ports"), Step::Items, key("name")]);
        assert_eq!(steps("a[*][]"), [key("a"), Step::Items, Step::Items]);
        assert_eq!(steps("data.*"), [key("data"), Step::AnyKey]);
        assert_eq!(steps("labels[\"a.b/c\"].x"), [key("labels"), key("a.b/c"), key("x")]);
        assert_eq!(steps("['a]b']"), [key("a]b")]);
    }

    #[test]
    fn faults_have_a_place() {
        let fault = |text: &str| Path::parse(text).unwrap_err();
        assert!(fault("").contains("a name is missing (character 1)"));
        assert!(fault("a..b").contains("a name is missing (character 3)"));
        assert!(fault("a[0]").contains("in brackets stands nothing, `*`, or a name in quotes (character 2)"));
        assert!(fault("a[\"b").contains("the end `\"]` is missing"));
        assert!(fault("a[]b").contains("a `.` or a `[` is missing (character 4)"));
        assert!(fault("labels.app/name").contains("write `[\"app/name\"]`"));
        assert!(fault("é.").contains("(character 3)"));
    }
}
