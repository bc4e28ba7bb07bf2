//! What the dot and the variables of a template stand for, as far as that is a value.

use std::collections::HashMap;

/// What an expression stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// What helm gives to a template: `.Values` and all the rest.
    Top,
    /// A value, by its path; `*` is some item of a list.
    Value(Vec<String>),
    /// Something else.
    Unknown,
}

/// The dot and the variables at some place.
#[derive(Clone, Debug)]
pub(super) struct Scope {
    pub(super) dot: Meaning,
    variables: HashMap<String, Meaning>,
}

impl Scope {
    /// At the top of a template.
    pub(super) fn top() -> Self {
        Self { dot: Meaning::Top, variables: HashMap::new() }
    }

    /// The same variables, and another dot.
    pub(super) fn with(&self, dot: Meaning) -> Self {
        Self { dot, variables: self.variables.clone() }
    }

    /// Another template, which sees nothing but its dot.
    pub(super) fn called(dot: Meaning) -> Self {
        Self { dot, variables: HashMap::new() }
    }

    /// `$name := …`
    pub(super) fn set(&mut self, name: &str, meaning: Meaning) {
        self.variables.insert(name.to_string(), meaning);
    }

    /// Sets the variables in front of the subject of a block; of two the second is the item.
    pub(super) fn bind(&mut self, subject: &str, meaning: &Meaning) {
        let names = subject.split_once(":=").map(|(names, _)| names);
        if let Some(last) = names.and_then(|names| names.split(',').next_back()) {
            self.set(last.trim(), meaning.clone());
        }
    }

    /// What the first word of an expression that stands for a value means.
    pub(super) fn first(&self, expression: &str) -> Meaning {
        let expression = expression.split_once(":=").map_or(expression, |(_, subject)| subject);
        match words(expression).first() {
            Some(word) if matches!(word.as_str(), "." | "$") => self.meaning(word),
            _ => self.values(expression).into_iter().next().map_or(Meaning::Unknown, Meaning::Value),
        }
    }

    /// An item of what is gone through.
    pub(super) fn item(&self, expression: &str) -> Meaning {
        match self.first(expression) {
            Meaning::Value(path) => Meaning::Value(path.into_iter().chain(["*".to_string()]).collect()),
            other => other,
        }
    }

    /// Every value that an expression names.
    pub(super) fn values(&self, expression: &str) -> Vec<Vec<String>> {
        let meant = words(expression).into_iter().map(|word| self.meaning(&word));
        let paths = meant.filter_map(|meaning| match meaning {
            Meaning::Value(path) if !path.is_empty() => Some(path),
            _ => None,
        });
        paths.collect()
    }

    fn meaning(&self, word: &str) -> Meaning {
        let below =
            |rest: &str| rest.split('.').filter(|part| !part.is_empty()).map(str::to_string).collect::<Vec<_>>();
        // However it came there: `.Values.a`, `$.Values.a`, `.context.Values.a`.
        if let Some((_, rest)) = word.split_once(".Values.") {
            return Meaning::Value(below(rest));
        }
        let (start, rest) = match word.strip_prefix('$') {
            Some(named) => {
                let end = named.find('.').unwrap_or(named.len());
                let variable = self.variables.get(&word[..=end]).cloned();
                (if end == 0 { Meaning::Top } else { variable.unwrap_or(Meaning::Unknown) }, &named[end..])
            }
            None if word.starts_with('.') => (self.dot.clone(), word),
            None => return Meaning::Unknown,
        };
        match start {
            Meaning::Value(mut path) => {
                path.extend(below(rest));
                Meaning::Value(path)
            }
            other if below(rest).is_empty() => other,
            _ => Meaning::Unknown,
        }
    }
}

/// The words of an expression, without what stands in quotes.
fn words(expression: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut quote = None;
    for letter in expression.chars() {
        match (quote, letter) {
            (Some(open), _) if letter == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '`' | '\'') => quote = Some(letter),
            (None, '(' | ')' | '|' | ',') => words.push(std::mem::take(&mut word)),
            (None, _) if letter.is_whitespace() => words.push(std::mem::take(&mut word)),
            (None, _) => word.push(letter),
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_followed_to_values() {
        let mut scope = Scope::top();
        let values =
            |scope: &Scope, text: &str| scope.values(text).iter().map(|path| path.join(".")).collect::<Vec<_>>();
        assert_eq!(values(&scope, "default \".x\" .Values.a.b | quote"), ["a.b"]);
        assert_eq!(values(&scope, "printf \"%s\" $.Values.a (index .ctx.Values.c 0)"), ["a", "c"]);
        let port = scope.first(".Values.service.port");
        scope.set("$port", port);
        assert_eq!(values(&scope, "$port.number"), ["service.port.number"]);
        let inner = scope.with(scope.item("$i, $x := .Values.list"));
        assert_eq!(values(&inner, "toYaml ."), ["list.*"]);
        assert_eq!(values(&inner, ".name"), ["list.*.name"]);
        assert!(values(&scope, ".Release.Name").is_empty());
    }
}
