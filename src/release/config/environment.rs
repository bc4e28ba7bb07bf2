//! The environment that a container's process ends up with.
//!
//! Source: Kubernetes `pkg/kubelet/kubelet_pods.go`, `makeEnvironmentVariables`: `envFrom` in
//! order, a later source wins; then `env` in order, which wins over `envFrom`, and of two
//! entries of one name the last.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use super::ConfigKind;
use super::datum::{Datum, Value};
use super::provider::{KeyLookup, Resolution};
use super::reference::{Reference, Resolver, of_source, of_variable};
use crate::knowledge::{holds_secret, looks_secret};
use crate::release::field::Field;
use crate::release::{Container, Stage};
use crate::source::Span;

/// Where a variable is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source<'a> {
    /// By `ENV` of the Dockerfile that the image is built from.
    Image,
    /// By an entry of `env` itself.
    Env,
    /// From a field of the Pod or a resource of the container, by an entry of `env`.
    Pod,
    /// From a key of a ConfigMap or a Secret, by an entry of `env`.
    Key(ConfigKind, &'a str),
    /// From a ConfigMap or a Secret, by `envFrom`.
    All(ConfigKind, &'a str),
}

impl fmt::Display for Source<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Image => f.write_str("the image's ENV"),
            Self::Env => f.write_str("env"),
            Self::Pod => f.write_str("a field of the Pod"),
            Self::Key(kind, name) | Self::All(kind, name) => write!(f, "{kind} {name}"),
        }
    }
}

/// One of the places that set a variable.
#[derive(Clone, Copy, Debug)]
pub struct Setting<'a> {
    /// The value.
    pub value: Value<'a>,
    /// Where the value comes from.
    pub source: Source<'a>,
    /// The place in the pod template that brings it in.
    pub at: Span,
    /// The place where the value is written.
    pub written: Span,
}

impl Setting<'_> {
    /// The value as it may be shown: in quotes, `***` for what may be secret.
    #[must_use]
    pub fn shown(&self, name: &str) -> String {
        const LONGEST: usize = 60;
        let from_secret =
            matches!(self.source, Source::Key(ConfigKind::Secret, _) | Source::All(ConfigKind::Secret, _));
        let is_secret = from_secret || looks_secret(name) || self.value.known().is_some_and(holds_secret);
        match self.value {
            _ if is_secret => "***".to_string(),
            Value::Known(text) if text.chars().count() > LONGEST || text.contains('\n') => {
                let line = text.lines().next().unwrap_or_default();
                format!("{:?} …", line.chars().take(LONGEST).collect::<String>())
            }
            Value::Known(text) => format!("{text:?}"),
            Value::Unknown(reason) => format!("({reason})"),
        }
    }
}

/// A variable.
#[derive(Clone, Debug)]
pub struct Variable<'a> {
    /// Its name.
    pub name: Cow<'a, str>,
    /// Every place that sets it; the last one wins.
    settings: Vec<Setting<'a>>,
}

impl<'a> Variable<'a> {
    /// Every place that sets it; the last one wins.
    #[must_use]
    pub fn settings(&self) -> &[Setting<'a>] {
        &self.settings
    }

    /// The setting that counts.
    #[must_use]
    pub fn winner(&self) -> &Setting<'a> {
        // A variable is made with its first setting.
        &self.settings[self.settings.len() - 1]
    }

    /// The settings that have no effect. An image's own are defaults, which are there to be
    /// overridden.
    pub fn shadowed(&self) -> impl DoubleEndedIterator<Item = &Setting<'a>> {
        self.settings[..self.settings.len() - 1].iter().filter(|setting| setting.source != Source::Image)
    }
}

/// A reference that may set variables which cannot be seen, and why.
#[derive(Clone, Copy)]
pub struct Unseen<'a> {
    /// The reference.
    pub reference: Reference<'a>,
    /// The variable that it may set; any, for `envFrom`.
    pub variable: Option<&'a str>,
    /// Why it cannot be seen: the end of a sentence.
    pub reason: &'static str,
}

/// An environment.
#[derive(Default)]
pub struct Environment<'a> {
    variables: Vec<Variable<'a>>,
    index: HashMap<Cow<'a, str>, usize>,
    unseen: Vec<Unseen<'a>>,
}

impl<'a> Container<'a> {
    /// The environment of its process, with what its Dockerfile brings, where that is known.
    #[must_use]
    pub fn environment(self) -> Environment<'a> {
        let mut environment = self.stage().map(Environment::of_image).unwrap_or_default();
        let mut resolver = Resolver::new(self.workload());
        for item in self.field().get("envFrom").items() {
            if let Some(reference) = of_source(item) {
                environment.add_all(item, reference, &mut resolver);
            }
        }
        for item in self.field().get("env").items() {
            environment.add_one(item, &mut resolver);
        }
        environment
    }
}

impl<'a> Environment<'a> {
    /// What an image brings by itself.
    #[must_use]
    pub fn of_image(stage: Stage<'a>) -> Self {
        let mut environment = Self::default();
        for pair in stage.variables() {
            let written = pair.value.as_ref();
            let literal = written.filter(|value| value.references().is_empty() && !value.text.contains('\\'));
            let value = literal.map(|value| value.text.trim_matches(['"', '\'']));
            let value = value.map_or(Value::Unknown("is worked out when the image is built"), Value::Known);
            let written = written.map_or(pair.key.span, |value| value.span);
            let setting = Setting { value, source: Source::Image, at: pair.key.span, written };
            environment.set(Cow::Borrowed(&pair.key.text), setting);
        }
        environment
    }

    /// The variables, in the order in which they are first set.
    #[must_use]
    pub fn variables(&self) -> &[Variable<'a>] {
        &self.variables
    }

    /// The variable of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Variable<'a>> {
        self.index.get(name).map(|at| &self.variables[*at])
    }

    /// What may set more variables.
    #[must_use]
    pub fn unseen(&self) -> &[Unseen<'a>] {
        &self.unseen
    }

    /// What may set a variable that is not seen.
    pub fn may_set(&self, name: &str) -> impl Iterator<Item = &Unseen<'a>> {
        self.unseen.iter().filter(move |unseen| unseen.variable.is_none_or(|variable| variable == name))
    }

    fn set(&mut self, name: Cow<'a, str>, setting: Setting<'a>) {
        match self.index.get(&name) {
            Some(at) => self.variables[*at].settings.push(setting),
            None => {
                self.index.insert(name.clone(), self.variables.len());
                self.variables.push(Variable { name, settings: vec![setting] });
            }
        }
    }

    fn add_all(&mut self, item: Field<'a>, reference: Reference<'a>, resolver: &mut Resolver<'a>) {
        let resolution = resolver.resolve(reference);
        let Some((resolution, data)) = resolution.as_ref().and_then(|known| Some((known, known.data()?))) else {
            let reason = resolution.map_or("is filled in later", |resolution| reason(&resolution));
            self.unseen.push(Unseen { reference, variable: None, reason });
            return;
        };
        debug_assert!(!resolution.is_absent());
        let source = Source::All(reference.kind, reference.target().unwrap_or_default());
        let prefix = item.get("prefix").string().unwrap_or_default();
        for Datum { key, value, place } in data {
            let name = if prefix.is_empty() { Cow::Borrowed(*key) } else { Cow::Owned(format!("{prefix}{key}")) };
            self.set(name, Setting { value: *value, source, at: reference.name.place(), written: *place });
        }
    }

    fn add_one(&mut self, item: Field<'a>, resolver: &mut Resolver<'a>) {
        let Some(name) = item.get("name").string() else { return };
        let at = item.place();
        let setting = |value, source, written| Setting { value, source, at, written };
        if let Some(reference) = of_variable(item) {
            return self.add_key(name, reference, at, resolver);
        }
        if item.get("valueFrom").exists() {
            return self.set(name.into(), setting(Value::Unknown("is set when the Pod starts"), Source::Pod, at));
        }
        let field = item.get("value");
        let value = match field.node() {
            None => Value::Known(""),
            Some(node) => node.text().map_or(Value::Unknown("is no text"), Value::of),
        };
        self.set(name.into(), setting(value, Source::Env, field.place()));
    }

    fn add_key(&mut self, name: &'a str, reference: Reference<'a>, at: Span, resolver: &mut Resolver<'a>) {
        let source = Source::Key(reference.kind, reference.name.string().unwrap_or_default());
        let resolution = resolver.resolve(reference);
        let key = reference.field.get("key").string().unwrap_or_default();
        let found = resolution.as_ref().map_or(KeyLookup::Unknown, |resolution| resolution.key(key));
        let (value, written) = match found {
            KeyLookup::There(datum) => (datum.value, datum.place),
            KeyLookup::Missing if reference.is_optional => return,
            // Without an optional one, the variable is not set at all.
            KeyLookup::Unknown if reference.is_optional => {
                let reason = resolution.map_or("is filled in later", |resolution| reason(&resolution));
                return self.unseen.push(Unseen { reference, variable: Some(name), reason });
            }
            // Without any other, the container does not start at all.
            KeyLookup::Missing | KeyLookup::Unknown => (Value::Unknown("cannot be seen"), at),
        };
        self.set(name.into(), Setting { value, source, at, written });
    }
}

fn reason(resolution: &Resolution<'_>) -> &'static str {
    match resolution {
        Resolution { is_provided: true, .. } => "is in the cluster already",
        Resolution { providers, .. } if providers.is_empty() => "is nowhere in reach",
        _ => "is filled by somebody else",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release::manifests::{object as config, pod, read};
    use crate::release::{Provided, Scope};

    /// `NAME=value<source` for each variable of the first container of the first object, what
    /// it shadows in parentheses, and what is unseen after a question mark.
    fn environment(manifests: &str, provided: &[(&str, &str)]) -> String {
        let provided = provided.iter().map(|(kind, name)| {
            let (kind, name) = ((*kind).to_string(), (*name).to_string());
            Provided { kind, name, namespace: None }
        });
        read(Scope::Closed, &[("a/x.yaml", manifests)], |releases| {
            releases.provided = provided.collect();
            let workload = releases.workload(&releases.objects()[0]).unwrap();
            show(&workload.containers()[0].environment())
        })
    }

    fn show(environment: &Environment<'_>) -> String {
        let variables = environment.variables().iter().map(|variable| {
            let shown = |setting: &Setting<'_>| format!("{}<{}", setting.shown(&variable.name), setting.source);
            let shadowed: Vec<_> = variable.shadowed().map(shown).collect();
            let shadowed = if shadowed.is_empty() { String::new() } else { format!("({})", shadowed.join(" ")) };
            format!("{}={}{shadowed}", variable.name, shown(variable.winner()))
        });
        let unseen = environment.unseen().iter();
        let unseen = unseen.map(|unseen| format!("?{} {}", unseen.reference.title(), unseen.reason));
        variables.chain(unseen).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn later_sources_win_and_env_wins_over_all() {
        let pod = pod(
            "envFrom: [{configMapRef: {name: a}}, {configMapRef: {name: b}}, {prefix: P_, configMapRef: {name: b}}], env: [{name: X, value: env}, {name: K, value: one}, {name: K, value: two}]",
        );
        let a = config("ConfigMap", "a", "data: {X: a, Z: a}");
        let b = config("ConfigMap", "b", "data: {Z: b}");
        assert_eq!(
            environment(&format!("{pod}{a}{b}"), &[]),
            "X=\"env\"<env(\"a\"<ConfigMap a); Z=\"b\"<ConfigMap b(\"a\"<ConfigMap a); P_Z=\"b\"<ConfigMap b; \
             K=\"two\"<env(\"one\"<env)"
        );
    }

    #[test]
    fn keys_are_looked_up_and_secrets_are_not_shown() {
        let pod = pod(
            "env: [{name: A, valueFrom: {configMapKeyRef: {name: a, key: x}}}, {name: B, valueFrom: {secretKeyRef: {name: s, key: x}}}, {name: C, valueFrom: {fieldRef: {fieldPath: status.podIP}}}, {name: API_TOKEN, value: abc}, {name: E, value: $(A)/b}, {name: F}]",
        );
        let a = config("ConfigMap", "a", "data: {x: zero, x: one}");
        let secret = config("Secret", "s", "stringData: {x: hidden}");
        assert_eq!(
            environment(&format!("{pod}{a}{secret}"), &[]),
            "A=\"one\"<ConfigMap a; B=***<Secret s; C=(is set when the Pod starts)<a field of the Pod; \
             API_TOKEN=***<env; E=(is filled in later)<env; F=\"\"<env"
        );
    }

    #[test]
    fn what_cannot_be_seen_is_named() {
        let pod = pod(
            "envFrom: [{configMapRef: {name: a}}, {secretRef: {name: s}}, {secretRef: {name: made}}, {secretRef: {name: t}}], env: [{name: A, valueFrom: {configMapKeyRef: {name: a, key: x, optional: true}}}, {name: B, valueFrom: {configMapKeyRef: {name: b, key: y, optional: true}}}]",
        );
        let external =
            "---\napiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: made}\nspec: {}\n";
        let b = config("ConfigMap", "b", "data: {x: one}");
        assert_eq!(
            environment(&format!("{pod}{external}{b}"), &[("Secret", "s")]),
            "?ConfigMap a is nowhere in reach; ?Secret s is in the cluster already; ?Secret made is filled by somebody \
             else; ?Secret t is nowhere in reach; ?ConfigMap a is nowhere in reach"
        );
    }
}
