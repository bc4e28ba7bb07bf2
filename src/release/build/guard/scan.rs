//! Looks for tests of a variable in a script, and for those that were meant as a check.

use std::collections::HashMap;

use super::Form;
use super::machine::Machine;
use super::outcome::Outcomes;
use super::value::Value;
use crate::release::build::shell::Shell;
use crate::source::Span;
use crate::syntax::expansion::Operator;
use crate::syntax::shell::{AndOr, Command, Condition, Connector, Part, Pipeline, Redirect, Script, Statement, Word};

/// What was found, the first of each.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Found {
    /// A command that asks for the variable.
    pub(super) tests: Option<Span>,
    /// The script asks for the variable and may go on without it.
    pub(super) asks: bool,
    /// `${X:?}` or `${X?}`, and whether it minds empty values.
    pub(super) requires: Option<(Span, bool)>,
    /// A plain use.
    pub(super) uses: Option<Span>,
    /// What was meant as a check, and does nothing.
    pub(super) ineffective: Option<(Span, Form)>,
    /// The script gives the variable a value.
    pub(super) assigns: bool,
    /// `[ -z "$X" ] && exit 1`
    pub(super) last: Option<Span>,
}

/// What a command says of a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Polarity {
    /// It succeeds where the variable is set.
    Present,
    /// It succeeds where it is missing.
    Missing,
    /// It says the same whatever the variable is.
    Deaf(Form),
    /// It asks something else of it.
    Other,
}

/// Scans a script for a variable.
pub(super) fn scan(script: &Script, shell: Shell, name: &str) -> Found {
    let mut scanner = Scanner { shell, name, found: Found::default() };
    scanner.script(script);
    scanner.found
}

struct Scanner<'n> {
    shell: Shell,
    name: &'n str,
    found: Found,
}

impl Scanner<'_> {
    fn script(&mut self, script: &Script) {
        for statement in script {
            self.statement(statement);
        }
    }

    fn statement(&mut self, statement: &Statement) {
        let list = &statement.list;
        let rest = list.rest.iter().map(|(_, pipeline)| pipeline);
        for (index, pipeline) in std::iter::once(&list.first).chain(rest).enumerate() {
            if let Some(polarity) = self.polarity(pipeline) {
                self.test(pipeline.span, polarity, &list.rest[index..], statement.span);
            }
            for command in &pipeline.commands {
                self.command(command, pipeline.span);
            }
            // A pipeline takes the status of its last command.
            if pipeline.commands.len() > 1 && self.polarity_of(&pipeline.commands[0], pipeline.span).is_some() {
                self.ineffective(pipeline.span, Form::Swallowed);
            }
        }
    }

    fn test(&mut self, span: Span, polarity: Polarity, rest: &[(Connector, Pipeline)], whole: Span) {
        self.found.tests.get_or_insert(span);
        let inert = |(_, pipeline): &(Connector, Pipeline)| is_inert(pipeline) || self.polarity(pipeline).is_some();
        let all_inert = rest.iter().all(inert);
        let says_so = rest.iter().any(|(connector, pipeline)| *connector == Connector::Or && is_inert(pipeline));
        let all_tests = rest.iter().all(|(_, pipeline)| self.polarity(pipeline).is_some());
        match polarity {
            Polarity::Deaf(form) => self.ineffective(span, form),
            Polarity::Present if all_inert && (says_so || all_tests) => self.ineffective(span, Form::Swallowed),
            Polarity::Missing if all_inert => self.ineffective(span, Form::Swallowed),
            Polarity::Missing if rest.len() == 1 && exits(&rest[0].1) => {
                self.found.last.get_or_insert(whole);
                self.found.asks = true;
            }
            _ => self.found.asks = true,
        }
    }

    fn ineffective(&mut self, span: Span, form: Form) {
        self.found.ineffective.get_or_insert((span, form));
    }

    fn command(&mut self, command: &Command, span: Span) {
        match command {
            Command::Simple { assignments, words, redirects, inner } => {
                let read = words.iter().any(|word| word.literal().as_deref() == Some("read"));
                let named = read && words.iter().any(|word| word.literal().as_deref() == Some(self.name));
                self.found.assigns |= named || assignments.iter().any(|assignment| assignment.name == self.name);
                let values = assignments.iter().filter_map(|assignment| assignment.value.as_ref());
                values.chain(words).for_each(|word| self.parts(&word.parts));
                redirects.iter().for_each(|redirect| match redirect {
                    Redirect::File(word) => self.parts(&word.parts),
                    Redirect::Heredoc(heredoc) => self.parts(&heredoc.parts),
                });
                inner.iter().for_each(|script| self.script(script));
            }
            Command::Group(body) | Command::Subshell(body) | Command::Function { body, .. } => self.script(body),
            Command::If { branches, otherwise } => self.branches(branches, otherwise.as_ref()),
            Command::Case { word, arms } => self.case(word, arms, span),
            Command::For { name, words, body } => {
                self.found.assigns |= name == self.name;
                words.iter().for_each(|word| self.parts(&word.parts));
                self.script(body);
            }
            Command::While { condition, body } => {
                self.script(condition);
                self.script(body);
            }
            Command::Condition(condition) => self.condition(condition),
            Command::Other => {}
        }
    }

    /// `if` without `else`, whose only answer to a missing variable is some text.
    fn branches(&mut self, branches: &[(Script, Script)], otherwise: Option<&Script>) {
        let condition = branches.first().and_then(|(condition, _)| single(condition));
        let polarity = condition.and_then(|pipeline| Some((pipeline.span, self.polarity(pipeline)?)));
        if let Some((span, polarity)) = polarity {
            self.found.tests.get_or_insert(span);
            let then = &branches[0].1;
            match (polarity, otherwise) {
                (Polarity::Deaf(form), _) => self.ineffective(span, form),
                (Polarity::Missing, None) if branches.len() == 1 && is_idle(then) => {
                    self.ineffective(span, Form::Swallowed);
                }
                (Polarity::Present, Some(otherwise)) if branches.len() == 1 && is_idle(then) && is_idle(otherwise) => {
                    self.ineffective(span, Form::Swallowed);
                }
                _ => self.found.asks = true,
            }
        }
        for (index, (condition, body)) in branches.iter().enumerate() {
            match (index, single(condition)) {
                (0, Some(pipeline)) => {
                    pipeline.commands.iter().for_each(|command| self.command(command, pipeline.span))
                }
                _ => self.script(condition),
            }
            self.script(body);
        }
        otherwise.into_iter().for_each(|body| self.script(body));
    }

    fn case(&mut self, word: &Word, arms: &[(Vec<Word>, Script)], span: Span) {
        if mentions(&word.parts, self.name) {
            self.found.tests.get_or_insert(span);
            let empty = arms.iter().any(|(patterns, _)| {
                patterns.iter().any(|pattern| pattern.literal().is_some_and(|text| text.is_empty()))
            });
            if empty && arms.iter().all(|(_, body)| is_idle(body)) {
                self.ineffective(word.span, Form::Swallowed);
            } else {
                self.found.asks = true;
            }
        }
        arms.iter().for_each(|(_, body)| self.script(body));
    }

    fn condition(&mut self, condition: &Condition) {
        match condition {
            Condition::And(left, right) | Condition::Or(left, right) => {
                self.condition(left);
                self.condition(right);
            }
            Condition::Not(inner) => self.condition(inner),
            Condition::Words(words) => words.iter().for_each(|word| self.parts(&word.parts)),
        }
    }

    fn parts(&mut self, parts: &[Part]) {
        for part in parts {
            match part {
                Part::Variable { name, operator, operand, span, .. } => {
                    if name == self.name {
                        match operator {
                            Operator::Require { colon } => {
                                let known = self.found.requires.get_or_insert((*span, *colon));
                                if *colon && !known.1 {
                                    *known = (*span, true);
                                }
                            }
                            operator if operator.is_optional() => self.found.asks = true,
                            _ => {
                                self.found.uses.get_or_insert(*span);
                            }
                        }
                    }
                    self.parts(operand);
                }
                Part::Substitution { script, .. } => self.script(script),
                _ => {}
            }
        }
    }

    fn polarity(&self, pipeline: &Pipeline) -> Option<Polarity> {
        let [command] = pipeline.commands.as_slice() else { return None };
        let polarity = self.polarity_of(command, pipeline.span)?;
        Some(match polarity {
            Polarity::Present if pipeline.negated => Polarity::Missing,
            Polarity::Missing if pipeline.negated => Polarity::Present,
            polarity => polarity,
        })
    }

    /// What a `test` of the variable says.
    fn polarity_of(&self, command: &Command, span: Span) -> Option<Polarity> {
        let words = tested(command)?;
        let spelled = words.iter().any(|word| word.parts.iter().any(|part| spells(part, self.name)));
        if !spelled && !words.iter().any(|word| mentions(&word.parts, self.name)) {
            return None;
        }
        let script = vec![Statement {
            list: AndOr { first: Pipeline { negated: false, commands: vec![command.clone()], span }, rest: Vec::new() },
            background: false,
            span,
        }];
        let run = |value| {
            let variables = HashMap::from([(self.name.to_string(), Some(value))]);
            Machine::new(self.shell.kind, super::super::shell::Options::default(), variables).run(&script)
        };
        let (empty, set) = (run(Value::empty()), run(Value::Filled(String::new())));
        Some(match (empty, set) {
            (Outcomes::FAILED, Outcomes::OK) => Polarity::Present,
            (Outcomes::OK, Outcomes::FAILED) => Polarity::Missing,
            (empty, set) if empty == set && empty != Outcomes::EITHER => deaf(&words, self.name),
            _ => Polarity::Other,
        })
    }
}

/// Why a test says the same of any value.
fn deaf(words: &[&Word], name: &str) -> Polarity {
    let asks_presence = words.iter().any(|word| matches!(word.literal().as_deref(), Some("-n" | "-z")));
    let single = words.iter().find(|word| word.parts.iter().any(|part| spells(part, name)));
    if let Some(word) = single {
        return Polarity::Deaf(Form::SingleQuoted(word.span));
    }
    let unquoted = words.iter().flat_map(|word| &word.parts).find_map(|part| match part {
        Part::Variable { name: known, quoted: false, span, .. } if known == name => Some(*span),
        _ => None,
    });
    match unquoted {
        Some(span) if asks_presence => Polarity::Deaf(Form::Unquoted(span)),
        _ => Polarity::Other,
    }
}

/// The words of a command that only asks something.
fn tested(command: &Command) -> Option<Vec<&Word>> {
    match command {
        Command::Simple { words, .. } => {
            let name = words.first()?.literal()?;
            matches!(name.rsplit('/').next()?, "test" | "[").then(|| words.iter().collect())
        }
        Command::Condition(condition) => {
            let mut words = Vec::new();
            collect(condition, &mut words);
            Some(words)
        }
        _ => None,
    }
}

fn collect<'c>(condition: &'c Condition, words: &mut Vec<&'c Word>) {
    match condition {
        Condition::And(left, right) | Condition::Or(left, right) => {
            collect(left, words);
            collect(right, words);
        }
        Condition::Not(inner) => collect(inner, words),
        Condition::Words(found) => words.extend(found),
    }
}

/// Whether a part names the variable in quotes that keep it from being filled in.
pub(super) fn spells(part: &Part, name: &str) -> bool {
    let Part::Literal { text, quoted: true } = part else { return false };
    *text == format!("${name}") || *text == format!("${{{name}}}")
}

/// Whether the variable is filled in anywhere in these parts.
fn mentions(parts: &[Part], name: &str) -> bool {
    parts.iter().any(|part| match part {
        Part::Variable { name: known, operand, .. } => known == name || mentions(operand, name),
        _ => false,
    })
}

/// The only pipeline of a script.
fn single(script: &Script) -> Option<&Pipeline> {
    match script.as_slice() {
        [statement] if statement.list.rest.is_empty() => Some(&statement.list.first),
        _ => None,
    }
}

/// Whether a script does nothing but say something.
fn is_idle(script: &Script) -> bool {
    script.iter().all(|statement| {
        is_inert(&statement.list.first) && statement.list.rest.iter().all(|(_, pipeline)| is_inert(pipeline))
    })
}

/// Whether a pipeline does nothing but say something. An `exit` in a subshell ends nothing else.
fn is_inert(pipeline: &Pipeline) -> bool {
    pipeline.commands.iter().all(|command| match command {
        Command::Simple { words, assignments, .. } => {
            let name = words.first().and_then(Word::literal);
            let says = matches!(name.as_deref(), Some("echo" | "printf" | "true" | ":"));
            says && assignments.is_empty()
        }
        Command::Group(body) => is_idle(body),
        Command::Subshell(body) => {
            body.iter().all(|statement| is_idle(&vec![statement.clone()]) || single_exit(statement))
        }
        _ => false,
    })
}

fn single_exit(statement: &Statement) -> bool {
    statement.list.rest.is_empty() && exits(&statement.list.first)
}

/// Whether a pipeline is `exit`.
fn exits(pipeline: &Pipeline) -> bool {
    let [Command::Simple { words, .. }] = pipeline.commands.as_slice() else { return false };
    words.first().and_then(Word::literal).as_deref() == Some("exit")
}
