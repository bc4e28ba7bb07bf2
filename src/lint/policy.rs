//! Which rules run, how severe they are, and for which objects that differs.

use std::borrow::Cow;
use std::sync::Arc;

use globset::{Glob, GlobMatcher};

use crate::check::{self, Check};
use crate::config::{Config, KUBE_MINORS, Match, RuleSetting, Setting, unknown};
use crate::params::Params;
use crate::release::config::requirement::Requirement;
use crate::release::runtime::makers::Maker;
use crate::release::{Object, Provided};
use crate::rule::{Rule, Severity};

/// Which rules the command line asks for, by id or group.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Exactly these, at their own levels.
    pub select: Vec<String>,
    /// Not these.
    pub ignore: Vec<String>,
}

impl Selection {
    /// Refuses names that are neither a rule nor a group.
    ///
    /// # Errors
    ///
    /// The first unknown name, with the nearest known one.
    pub fn check(&self, rules: &[Rule]) -> Result<(), String> {
        let known = || rules.iter().flat_map(|rule| [rule.id.as_ref(), rule.group.as_ref()]);
        match self.select.iter().chain(&self.ignore).find(|name| !known().any(|known| known == *name)) {
            Some(name) => Err(unknown("rule or group", name, known())),
            None => Ok(()),
        }
    }
}

/// How a run judges.
pub struct Policy<'r> {
    /// The minor version of Kubernetes.
    pub kube_minor: u8,
    /// Objects that exist in the cluster already.
    pub provided: Vec<Provided>,
    /// A Secret that is nowhere in reach is certainly missing.
    pub strict_references: bool,
    /// Variables that workloads must have.
    pub required: Arc<[Requirement]>,
    /// Which Dockerfile builds which image.
    pub makers: Arc<[Maker]>,
    /// A suppression without a reason suppresses nothing.
    pub require_reason: bool,
    known: &'r [Rule],
    rules: Vec<ActiveRule<'r>>,
}

/// A rule that may run.
pub struct ActiveRule<'r> {
    /// The rule.
    pub rule: &'r Rule,
    base: Effect,
    overrides: Vec<(Matcher, Effect)>,
}

/// How a rule runs on some object.
pub struct Effect {
    setting: Option<Setting>,
    /// Its check.
    pub check: Check,
    /// The parameters of its check.
    pub params: Params,
}

impl Effect {
    /// Whether the rule runs at all.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.setting != Some(Setting::Off)
    }

    /// The severity of a case: the user's level replaces that of the rule.
    #[must_use]
    pub fn severity(&self, rule: &Rule, case: &str) -> Severity {
        match self.setting {
            Some(Setting::Level(level)) => level,
            _ => rule.level(case).unwrap_or(Severity::Warning),
        }
    }

    /// The rule as it is, with parameters that were found to be right when they were read.
    fn new(rule: &Rule, setting: Option<Setting>, params: Params) -> Option<Self> {
        let check = check::compile(&rule.check, &rule.on, &params).ok()??;
        Some(Self { setting, check, params })
    }

    fn with(&self, rule: &Rule, setting: &RuleSetting) -> Option<Self> {
        Self::new(rule, setting.level.or(self.setting), setting.applied_to(&self.params))
    }
}

impl ActiveRule<'_> {
    /// How the rule runs on something of a file.
    #[must_use]
    pub fn effect(&self, location: &str, identity: &Identity<'_>) -> &Effect {
        let fitting = self.overrides.iter().rev().find(|(matcher, _)| matcher.fits(location, identity));
        fitting.map_or(&self.base, |(_, effect)| effect)
    }

    /// The one way in which the rule runs, where no override is about it.
    #[must_use]
    pub fn only_effect(&self) -> Option<&Effect> {
        self.overrides.is_empty().then_some(&self.base)
    }

    /// Every way in which the rule runs on some things of a file, once each.
    #[must_use]
    pub fn effects(&self, location: &str, identities: &[Identity<'_>]) -> Vec<&Effect> {
        let mut effects: Vec<&Effect> = Vec::new();
        for effect in identities.iter().map(|identity| self.effect(location, identity)) {
            if !effects.iter().any(|known| std::ptr::eq(*known, effect)) {
                effects.push(effect);
            }
        }
        effects
    }
}

/// What an override knows a thing by.
#[derive(Clone, Default)]
pub struct Identity<'o> {
    /// `Dockerfile` for a stage.
    pub kind: Option<&'o str>,
    /// The name: a stage's is its index where it has none.
    pub name: Option<Cow<'o, str>>,
    /// The namespace, that of the release where the object names none.
    pub namespace: Option<&'o str>,
    /// The object, where it is one.
    pub object: Option<&'o Object<'o>>,
}

impl<'r> Policy<'r> {
    /// Puts rules, configuration and command line together. With a selection the
    /// configuration's levels do not count.
    #[must_use]
    pub fn new(rules: &'r [Rule], config: &Config, selection: &Selection) -> Self {
        let named = |names: &[String], rule: &Rule| names.iter().any(|name| *name == rule.id || *name == rule.group);
        let silent = Config::default();
        let config_of_rules = if selection.select.is_empty() { config } else { &silent };
        let chosen = rules.iter().filter(|rule| {
            let selected = selection.select.is_empty() || named(&selection.select, rule);
            selected && !named(&selection.ignore, rule)
        });
        let active = chosen.filter_map(|rule| active(rule, config_of_rules, !selection.select.is_empty()));
        Self {
            kube_minor: config.kube_minor().unwrap_or(*KUBE_MINORS.end()),
            provided: config.provided(),
            strict_references: config.strict_references,
            required: config.requirements(),
            makers: config.makers(),
            require_reason: config.suppressions.require_reason,
            known: rules,
            rules: active.collect(),
        }
    }

    /// Whether there is a rule of this id, whether or not it runs.
    #[must_use]
    pub fn knows(&self, id: &str) -> bool {
        self.known.iter().any(|rule| rule.id == id)
    }

    /// The rules that may run.
    #[must_use]
    pub fn rules(&self) -> &[ActiveRule<'r>] {
        &self.rules
    }
}

fn active<'r>(rule: &'r Rule, config: &Config, selected: bool) -> Option<ActiveRule<'r>> {
    let setting = if rule.preview && !selected { Some(Setting::Off) } else { None };
    let plain = Effect::new(rule, setting, Params::new(rule.params.to_vec()))?;
    let base = match config.rules.get(&rule.id) {
        Some(setting) => plain.with(rule, setting)?,
        None => plain,
    };
    let overrides = config.overrides.iter().filter_map(|entry| {
        let effect = base.with(rule, entry.rules.get(&rule.id)?)?;
        Some((Matcher::new(&entry.matches), effect))
    });
    let overrides: Vec<_> = overrides.collect();
    let runs = base.is_on() || overrides.iter().any(|(_, effect)| effect.is_on());
    runs.then_some(ActiveRule { rule, base, overrides })
}

/// A `match:` ready to be asked.
struct Matcher {
    path: Option<GlobMatcher>,
    kind: Option<String>,
    name: Option<GlobMatcher>,
    namespace: Option<GlobMatcher>,
    labels: Vec<(String, String)>,
}

impl Matcher {
    fn new(matches: &Match) -> Self {
        let glob = |pattern: &Option<String>| {
            let pattern = pattern.as_deref()?;
            // What is no glob is taken to the letter.
            let glob = Glob::new(pattern).or_else(|_| Glob::new(&globset::escape(pattern)));
            glob.ok().map(|glob| glob.compile_matcher())
        };
        Self {
            path: glob(&matches.path),
            kind: matches.kind.clone(),
            name: glob(&matches.name),
            namespace: glob(&matches.namespace),
            labels: matches.labels.clone().into_iter().collect(),
        }
    }

    fn fits(&self, location: &str, identity: &Identity<'_>) -> bool {
        let glob = |glob: &Option<GlobMatcher>, text: Option<&str>| {
            glob.as_ref().is_none_or(|glob| text.is_some_and(|text| glob.is_match(text)))
        };
        let label = |key: &str| identity.object.and_then(|object| object.label(key));
        glob(&self.path, Some(location))
            && self.kind.as_deref().is_none_or(|kind| identity.kind == Some(kind))
            && glob(&self.name, identity.name.as_deref())
            && glob(&self.namespace, identity.namespace)
            && self.labels.iter().all(|(key, value)| label(key) == Some(value))
    }
}
