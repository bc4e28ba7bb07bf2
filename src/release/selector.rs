//! Label selectors.

use super::field::Field;
use crate::knowledge::is_runtime_label;
use crate::syntax::yaml::Node;

/// Labels of a pod template.
pub type Labels<'a> = Vec<(&'a str, &'a str)>;

/// A `LabelSelector`, or the plain map of a Service.
#[derive(Clone, Debug, Default)]
pub struct Selector<'a> {
    requirements: Vec<Requirement<'a>>,
    /// Part of it is no string or of an unknown form: what it selects cannot be told.
    unreadable: bool,
}

#[derive(Clone, Debug)]
struct Requirement<'a> {
    key: &'a str,
    operator: Operator,
    values: Vec<&'a str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    In,
    NotIn,
    Exists,
    DoesNotExist,
}

impl<'a> Selector<'a> {
    /// The plain map of a Service or a ReplicationController.
    #[must_use]
    pub fn of_map(map: Field<'a>) -> Self {
        let mut selector = Self::default();
        selector.require_equal(map.node());
        selector
    }

    /// A `LabelSelector` with `matchLabels` and `matchExpressions`.
    #[must_use]
    pub fn of_label_selector(field: Field<'a>) -> Self {
        let mut selector = Self::default();
        selector.require_equal(field.get("matchLabels").node());
        for expression in field.get("matchExpressions").items() {
            match requirement(expression) {
                Some(requirement) => selector.requirements.push(requirement),
                None => selector.unreadable = true,
            }
        }
        selector
    }

    fn require_equal(&mut self, map: Option<Node<'a>>) {
        for entry in map.into_iter().flat_map(Node::entries) {
            match (entry.key.text(), entry.value.as_str()) {
                (Some(key), Some(value)) => {
                    self.requirements.push(Requirement { key, operator: Operator::In, values: vec![value] });
                }
                _ => self.unreadable = true,
            }
        }
    }

    /// Whether it asks for nothing: it selects everything, or, on a Service, nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.requirements.is_empty() && !self.unreadable
    }

    /// Whether every part of it could be read.
    #[must_use]
    pub fn is_readable(&self) -> bool {
        !self.unreadable
    }

    /// Whether it selects a pod with these labels, as far as a template can tell: labels that
    /// a pod gets when it runs are left aside.
    #[must_use]
    pub fn matches(&self, labels: &[(&str, &str)]) -> bool {
        !self.unreadable && self.in_templates().all(|requirement| requirement.matches(labels))
    }

    fn in_templates(&self) -> impl Iterator<Item = &Requirement<'a>> {
        self.requirements.iter().filter(|requirement| !is_runtime_label(requirement.key))
    }

    /// A label that every selected pod has, for looking pods up.
    #[must_use]
    pub fn required_label(&self) -> Option<(&'a str, &'a str)> {
        let exact =
            |requirement: &&Requirement<'a>| requirement.operator == Operator::In && requirement.values.len() == 1;
        self.in_templates().find(exact).map(|requirement| (requirement.key, requirement.values[0]))
    }
}

impl std::fmt::Display for Selector<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, Requirement { key, operator, values }) in self.requirements.iter().enumerate() {
            f.write_str(if index > 0 { "," } else { "" })?;
            match (operator, values.as_slice()) {
                (Operator::In, [value]) => write!(f, "{key}={value}")?,
                (Operator::In, _) => write!(f, "{key} in ({})", values.join(","))?,
                (Operator::NotIn, _) => write!(f, "{key} notin ({})", values.join(","))?,
                (Operator::Exists, _) => write!(f, "{key}")?,
                (Operator::DoesNotExist, _) => write!(f, "!{key}")?,
            }
        }
        Ok(())
    }
}

impl Requirement<'_> {
    fn matches(&self, labels: &[(&str, &str)]) -> bool {
        let value = labels.iter().find(|(key, _)| *key == self.key).map(|(_, value)| *value);
        match self.operator {
            Operator::In => value.is_some_and(|value| self.values.contains(&value)),
            Operator::NotIn => value.is_none_or(|value| !self.values.contains(&value)),
            Operator::Exists => value.is_some(),
            Operator::DoesNotExist => value.is_none(),
        }
    }
}

fn requirement(expression: Field<'_>) -> Option<Requirement<'_>> {
    let operator = match expression.get("operator").string()? {
        "In" => Operator::In,
        "NotIn" => Operator::NotIn,
        "Exists" => Operator::Exists,
        "DoesNotExist" => Operator::DoesNotExist,
        _ => return None,
    };
    let values: Option<Vec<_>> = expression.get("values").items().map(Field::string).collect();
    Some(Requirement { key: expression.get("key").string()?, operator, values: values? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Sources, Span};
    use crate::syntax::yaml;

    fn selects(text: &str, labels: &[(&str, &str)]) -> bool {
        let id = Sources::default().add("x", text);
        let documents = yaml::parse(id, text, &yaml::split(text)[0]).unwrap();
        let root = Field::root(documents[0].root(), Span::new(id, 0, 0));
        Selector::of_label_selector(root).matches(labels)
    }

    #[test]
    fn expressions_select_as_kubernetes_does() {
        let labels = [("app", "web"), ("tier", "front")];
        assert!(selects("matchLabels: {app: web}", &labels));
        assert!(!selects("matchLabels: {app: web, env: prod}", &labels));
        assert!(selects("matchExpressions: [{key: app, operator: In, values: [api, web]}]", &labels));
        assert!(selects("matchExpressions: [{key: env, operator: NotIn, values: [dev]}]", &labels));
        assert!(selects("matchExpressions: [{key: tier, operator: Exists}]", &labels));
        assert!(!selects("matchExpressions: [{key: tier, operator: DoesNotExist}]", &labels));
        assert!(selects("{}", &labels));
        assert!(selects("matchLabels: {app: web, statefulset.kubernetes.io/pod-name: web-0}", &labels));
    }

    #[test]
    fn what_cannot_be_read_selects_nothing() {
        assert!(!selects("matchLabels: {app: 1}", &[("app", "1")]));
        assert!(!selects("matchExpressions: [{key: app, operator: Near}]", &[("app", "web")]));
    }
}
