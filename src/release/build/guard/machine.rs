//! A shell that runs a script without running anything: what it may end with, when a variable
//! is unset, empty or set.
//!
//! Programs are taken to succeed, unless a condition asks for their status: the question is
//! what the tests of a script do, not what else may fail.

use std::collections::HashMap;

use super::outcome::Outcomes;
use super::value::{Answer, Value, binary, test, unary};
use crate::release::build::shell::{Options, ShellKind};
use crate::syntax::expansion::Operator;
use crate::syntax::shell::{AndOr, Command, Condition, Connector, Part, Pipeline, Redirect, Script, Statement, Word};

/// Commands that are run before the result counts as unknown.
const MAX_STEPS: usize = 200_000;
/// Functions and shells within each other.
const MAX_DEPTH: usize = 16;
/// Rounds of a loop.
const MAX_ROUNDS: usize = 64;

/// A shell between two commands.
pub(super) struct Machine<'s> {
    kind: ShellKind,
    options: Options,
    /// Variables that are known of; nothing is an unset one. Every other may hold anything.
    variables: HashMap<String, Option<Value>>,
    functions: HashMap<&'s str, &'s Script>,
    /// The status that a bare `exit` ends with.
    last: Outcomes,
    asked: bool,
    steps: usize,
    depth: usize,
    /// Something was met that nobody can follow.
    pub(super) lost: bool,
}

/// An expansion that ends the shell.
struct Abort;

impl<'s> Machine<'s> {
    pub(super) fn new(kind: ShellKind, options: Options, variables: HashMap<String, Option<Value>>) -> Self {
        let functions = HashMap::new();
        Self { kind, options, variables, functions, last: Outcomes::OK, asked: false, steps: 0, depth: 0, lost: false }
    }

    /// Runs a script to its end.
    pub(super) fn run(&mut self, script: &'s Script) -> Outcomes {
        self.script(script, false).of_shell()
    }

    fn script(&mut self, script: &'s Script, exempt: bool) -> Outcomes {
        let mut outcomes = Outcomes::OK;
        for statement in script {
            if !outcomes.may(Outcomes::EITHER) {
                break;
            }
            outcomes = outcomes.ending().or(self.statement(statement, exempt));
        }
        outcomes
    }

    fn statement(&mut self, statement: &'s Statement, exempt: bool) -> Outcomes {
        if statement.background {
            self.apart(|machine| machine.and_or(&statement.list, true));
            return Outcomes::OK;
        }
        let outcomes = self.and_or(&statement.list, exempt);
        self.last = outcomes.going_on();
        outcomes
    }

    pub(super) fn and_or(&mut self, list: &'s AndOr, exempt: bool) -> Outcomes {
        let mut outcomes = self.pipeline(&list.first, exempt || !list.rest.is_empty());
        for (index, (connector, pipeline)) in list.rest.iter().enumerate() {
            let taken = if *connector == Connector::And { Outcomes::OK } else { Outcomes::FAILED };
            if !outcomes.may(taken) {
                continue;
            }
            let is_last = index + 1 == list.rest.len();
            let passed = outcomes.without(taken);
            self.last = taken;
            let run =
                self.perhaps(passed.may(Outcomes::EITHER), |machine| machine.pipeline(pipeline, exempt || !is_last));
            outcomes = passed.or(run);
        }
        outcomes
    }

    /// Runs something that may not be run at all: what it sets is not certain then.
    fn perhaps(&mut self, uncertain: bool, run: impl FnOnce(&mut Self) -> Outcomes) -> Outcomes {
        if !uncertain {
            return run(self);
        }
        self.steps += self.variables.len();
        let before = self.variables.clone();
        let outcomes = run(self);
        for (name, value) in &mut self.variables {
            if before.get(name) != Some(value) && outcomes.may(Outcomes::EITHER) {
                *value = Some(Value::Any);
            }
        }
        if !outcomes.may(Outcomes::EITHER) {
            self.variables = before;
        }
        outcomes
    }

    /// Runs something in a shell of its own: nothing that it sets stays.
    fn apart(&mut self, run: impl FnOnce(&mut Self) -> Outcomes) -> Outcomes {
        self.steps += self.variables.len();
        let (variables, options) = (self.variables.clone(), self.options);
        let outcomes = run(self);
        (self.variables, self.options) = (variables, options);
        outcomes.of_shell()
    }

    fn pipeline(&mut self, pipeline: &'s Pipeline, exempt: bool) -> Outcomes {
        let exempt = exempt || pipeline.negated;
        let outcomes = match pipeline.commands.as_slice() {
            [command] => self.command(command, exempt),
            commands => {
                let each = commands.iter().map(|command| self.apart(|machine| machine.command(command, false)));
                let each: Vec<_> = each.collect();
                let mut status = each.last().copied().unwrap_or(Outcomes::OK);
                if self.options.pipefail {
                    let certain = each.iter().any(|one| !one.may(Outcomes::OK));
                    let possible = each.iter().any(|one| one.may(Outcomes::FAILED));
                    status = if possible { status.or(Outcomes::FAILED) } else { status };
                    status = if certain { Outcomes::FAILED } else { status };
                }
                self.minded(status, exempt)
            }
        };
        if pipeline.negated { outcomes.negated() } else { outcomes }
    }

    /// `set -e`: a failure that nobody asks for ends the shell.
    fn minded(&self, outcomes: Outcomes, exempt: bool) -> Outcomes {
        let minds = self.options.errexit && !exempt;
        if minds { outcomes.turn(Outcomes::FAILED, Outcomes::ENDS_FAILED) } else { outcomes }
    }

    fn command(&mut self, command: &'s Command, exempt: bool) -> Outcomes {
        self.steps += 1;
        if self.steps > MAX_STEPS {
            self.lost = true;
            return Outcomes::OK;
        }
        match command {
            Command::Simple { .. } => {
                let outcomes = self.simple(command).unwrap_or(Outcomes::ENDS_FAILED);
                self.minded(outcomes, exempt)
            }
            Command::Group(body) => self.script(body, exempt),
            Command::Subshell(body) => {
                let outcomes = self.apart(|machine| machine.script(body, exempt));
                self.minded(outcomes, exempt)
            }
            Command::If { branches, otherwise } => self.branches(branches, otherwise.as_ref(), exempt),
            Command::Case { word, arms } => self.case(word, arms, exempt).unwrap_or(Outcomes::ENDS_FAILED),
            Command::For { name, words, body } => {
                self.rounds(name, words, body, exempt).unwrap_or(Outcomes::ENDS_FAILED)
            }
            Command::While { condition, body } => {
                let asked = self.asking(condition);
                let run = self.perhaps(true, |machine| machine.script(body, exempt));
                asked.ending().or(run.ending()).or(Outcomes::OK)
            }
            Command::Condition(condition) => {
                let outcomes = self.double_brackets(condition).unwrap_or(Outcomes::ENDS_FAILED);
                self.minded(outcomes, exempt)
            }
            Command::Function { name, body } => {
                self.functions.insert(name, body);
                Outcomes::OK
            }
            Command::Other => Outcomes::EITHER,
        }
    }

    /// The condition of an `if` or a loop: here a program may fail.
    fn asking(&mut self, condition: &'s Script) -> Outcomes {
        let before = std::mem::replace(&mut self.asked, true);
        let outcomes = self.script(condition, true);
        self.asked = before;
        outcomes
    }

    fn branches(&mut self, branches: &'s [(Script, Script)], otherwise: Option<&'s Script>, exempt: bool) -> Outcomes {
        let (mut outcomes, mut certain) = (Outcomes::default(), true);
        for (condition, body) in branches {
            let asked = self.asking(condition);
            outcomes = outcomes.or(asked.ending());
            let may_fail = asked.may(Outcomes::FAILED);
            if asked.may(Outcomes::OK) {
                let uncertain = may_fail || !certain;
                outcomes = outcomes.or(self.perhaps(uncertain, |machine| machine.script(body, exempt)));
                certain = false;
            }
            if !may_fail {
                return outcomes;
            }
        }
        match otherwise {
            Some(body) => outcomes.or(self.perhaps(!certain, |machine| machine.script(body, exempt))),
            None => outcomes.or(Outcomes::OK),
        }
    }

    fn case(&mut self, word: &'s Word, arms: &'s [(Vec<Word>, Script)], exempt: bool) -> Result<Outcomes, Abort> {
        let value = self.joined(&word.parts)?;
        let mut outcomes = Outcomes::default();
        for (patterns, body) in arms {
            let mut fits = Answer::No;
            for pattern in patterns {
                let literal = pattern.parts.iter().all(|part| !matches!(part, Part::Literal { quoted: false, .. }));
                let pattern = self.joined(&pattern.parts)?;
                fits = fits.or(value.fits(&pattern, literal));
            }
            if fits != Answer::No {
                outcomes = outcomes.or(self.perhaps(fits != Answer::Yes, |machine| machine.script(body, exempt)));
            }
            if fits == Answer::Yes {
                return Ok(outcomes);
            }
        }
        Ok(outcomes.or(Outcomes::OK))
    }

    fn rounds(&mut self, name: &str, words: &'s [Word], body: &'s Script, exempt: bool) -> Result<Outcomes, Abort> {
        let mut values = Vec::new();
        for word in words {
            values.extend(self.fields(word)?);
        }
        let mut outcomes = Outcomes::OK;
        for value in values.into_iter().take(MAX_ROUNDS) {
            // What may be no word or many makes a round that may not take place.
            let uncertain = value == Value::Any;
            self.variables.insert(name.to_string(), Some(value));
            let round = self.perhaps(uncertain, |machine| machine.script(body, exempt));
            outcomes = if uncertain { outcomes.or(round) } else { outcomes.ending().or(round) };
            if !outcomes.may(Outcomes::EITHER) {
                break;
            }
        }
        Ok(outcomes)
    }

    fn simple(&mut self, command: &'s Command) -> Result<Outcomes, Abort> {
        let Command::Simple { assignments, words, redirects, inner } = command else { return Ok(Outcomes::OK) };
        let mut fields = Vec::new();
        for word in words {
            fields.extend(self.fields(word)?);
        }
        for redirect in redirects {
            match redirect {
                Redirect::File(word) => drop(self.joined(&word.parts)?),
                Redirect::Heredoc(heredoc) => drop(self.joined(&heredoc.parts)?),
            }
        }
        let name = match fields.first() {
            Some(Value::Known(name)) => name.rsplit('/').next().unwrap_or_default().to_string(),
            Some(_) => return Ok(self.program()),
            None => String::new(),
        };
        let stays = matches!(name.as_str(), "" | "export" | "readonly" | "declare" | "local" | "typeset");
        let mut status = Outcomes::OK;
        for assignment in assignments {
            let value = match &assignment.value {
                Some(word) => {
                    status = self.substituted(word, status);
                    self.joined(&word.parts)?
                }
                None => Value::Any,
            };
            if stays {
                self.variables.insert(assignment.name.clone(), Some(value));
            }
        }
        if name.is_empty() {
            return Ok(status);
        }
        Ok(self.named(&name, &fields[1..], inner.as_ref()))
    }

    /// The status of an assignment is that of its last substitution.
    fn substituted(&mut self, word: &'s Word, status: Outcomes) -> Outcomes {
        let script = word.parts.iter().rev().find_map(|part| match part {
            Part::Substitution { script, .. } => Some(script),
            _ => None,
        });
        script.map_or(status, |script| self.apart(|machine| machine.script(script, false)))
    }

    /// What a program ends with.
    fn program(&self) -> Outcomes {
        if self.asked { Outcomes::EITHER } else { Outcomes::OK }
    }

    fn named(&mut self, name: &str, arguments: &[Value], inner: Option<&'s Script>) -> Outcomes {
        if let Some(body) = self.functions.get(name).copied() {
            return self.call(body);
        }
        match name {
            ":" | "true" | "echo" | "printf" | "cd" | "export" | "readonly" | "local" | "umask" | "shift" => {
                Outcomes::OK
            }
            "false" => Outcomes::FAILED,
            "exit" => self
                .status_of(arguments)
                .turn(Outcomes::OK, Outcomes::ENDS_OK)
                .turn(Outcomes::FAILED, Outcomes::ENDS_FAILED),
            "return" => self
                .status_of(arguments)
                .turn(Outcomes::OK, Outcomes::RETURNS_OK)
                .turn(Outcomes::FAILED, Outcomes::RETURNS_FAILED),
            "test" => answered(test(arguments)),
            "[" => match arguments.split_last() {
                Some((last, arguments)) if last.is("]") => answered(test(arguments)),
                _ => Outcomes::FAILED,
            },
            "[[" => Outcomes::EITHER,
            "set" => self.set(arguments),
            "unset" => self.assign_all(arguments, None),
            "read" => self.assign_all(arguments, Some(Value::Any)),
            "command" | "builtin" => self.prefixed(arguments, inner),
            "exec" if !arguments.is_empty() => Outcomes::ENDS_OK,
            "eval" | "." | "source" | "kill" | "break" | "continue" => {
                self.lost |= !matches!(name, "break" | "continue");
                Outcomes::OK
            }
            "sh" | "bash" | "ash" | "dash" => self.inner(name, arguments, inner),
            _ => self.program(),
        }
    }

    fn prefixed(&mut self, arguments: &[Value], inner: Option<&'s Script>) -> Outcomes {
        match arguments.split_first() {
            Some((Value::Known(name), rest)) if !name.starts_with('-') => self.named(name, rest, inner),
            _ => self.program(),
        }
    }

    fn call(&mut self, body: &'s Script) -> Outcomes {
        if self.depth >= MAX_DEPTH {
            self.lost = true;
            return Outcomes::EITHER;
        }
        self.depth += 1;
        let outcomes = self.script(body, false).of_function();
        self.depth -= 1;
        outcomes
    }

    /// A shell within the shell. A file that it runs is a program like any other.
    fn inner(&mut self, name: &str, arguments: &[Value], inner: Option<&'s Script>) -> Outcomes {
        let Some(script) = inner else {
            self.lost |= arguments
                .iter()
                .any(|value| matches!(value, Value::Known(flag) if flag.starts_with('-') && flag.ends_with('c')));
            return self.program();
        };
        let kind = ShellKind::of_program(name).unwrap_or(self.kind);
        let flags = arguments.iter().map_while(|value| match value {
            Value::Known(flag) if flag.starts_with('-') || flag == "pipefail" => Some(flag.as_str()),
            _ => None,
        });
        let options = Options::read(flags);
        self.apart(|machine| {
            let outer = std::mem::replace(&mut machine.kind, kind);
            machine.options = options;
            let outcomes = machine.script(script, false);
            machine.kind = outer;
            outcomes
        })
    }

    fn status_of(&self, arguments: &[Value]) -> Outcomes {
        match arguments.first() {
            None => self.last,
            Some(Value::Known(code)) if code == "0" => Outcomes::OK,
            Some(Value::Known(_)) => Outcomes::FAILED,
            Some(_) => Outcomes::EITHER,
        }
    }

    fn set(&mut self, arguments: &[Value]) -> Outcomes {
        let words = arguments.iter().filter_map(|value| match value {
            Value::Known(word) => Some(word.as_str()),
            _ => None,
        });
        self.options = self.options.with(words);
        Outcomes::OK
    }

    fn assign_all(&mut self, names: &[Value], value: Option<Value>) -> Outcomes {
        for name in names {
            if let Value::Known(name) = name {
                self.variables.insert(name.clone(), value.clone());
            }
        }
        Outcomes::OK
    }

    /// `[[ … ]]`: a word of bash; in busybox another name for `[`; no command at all in dash.
    fn double_brackets(&mut self, condition: &'s Condition) -> Result<Outcomes, Abort> {
        match self.kind {
            ShellKind::Bash => self.asked_of(condition, false).map(answered),
            ShellKind::Busybox => self.asked_of(condition, true).map(answered),
            ShellKind::Dash => Ok(Outcomes::FAILED),
            ShellKind::Unknown => {
                self.lost = true;
                Ok(Outcomes::EITHER)
            }
        }
    }

    fn asked_of(&mut self, condition: &'s Condition, splits: bool) -> Result<Answer, Abort> {
        Ok(match condition {
            Condition::And(left, right) => self.asked_of(left, splits)?.and(self.asked_of(right, splits)?),
            Condition::Or(left, right) => self.asked_of(left, splits)?.or(self.asked_of(right, splits)?),
            Condition::Not(inner) => self.asked_of(inner, splits)?.not(),
            Condition::Words(words) if splits => {
                let mut fields = Vec::new();
                for word in words {
                    fields.extend(self.fields(word)?);
                }
                test(&fields)
            }
            Condition::Words(words) => {
                let values: Result<Vec<_>, _> = words.iter().map(|word| self.joined(&word.parts)).collect();
                match values?.as_slice() {
                    [value] => value.is_filled(),
                    [operator, value] => unary(operator, value),
                    [left, operator, right] if operator.is("==") || operator.is("=") => left.fits(right, false),
                    [left, operator, right] if operator.is("!=") => left.fits(right, false).not(),
                    [left, operator, right] => binary(left, operator, right),
                    _ => Answer::Maybe,
                }
            }
        })
    }

    /// The words that a word becomes.
    fn fields(&mut self, word: &'s Word) -> Result<Vec<Value>, Abort> {
        let mut field: Option<Value> = None;
        for part in &word.parts {
            let (value, quoted) = self.value(part)?;
            // Nothing without quotes is no word.
            if quoted || !value.is("") {
                field = Some(field.unwrap_or_else(Value::empty).then(value));
            }
        }
        Ok(field.into_iter().collect())
    }

    /// The text that parts stand for, as in quotes.
    fn joined(&mut self, parts: &'s [Part]) -> Result<Value, Abort> {
        parts.iter().try_fold(Value::empty(), |text, part| Ok(text.then(self.value(part)?.0)))
    }

    /// The value of a part, and whether it stands in quotes.
    fn value(&mut self, part: &'s Part) -> Result<(Value, bool), Abort> {
        Ok(match part {
            Part::Literal { text, quoted } => (Value::Known(text.clone()), *quoted),
            Part::Variable { name, operator, operand, quoted, .. } => {
                (self.expanded(name, *operator, operand)?, *quoted)
            }
            Part::Substitution { quoted, .. } | Part::Other { quoted, .. } => (Value::Any, *quoted),
        })
    }

    fn expanded(&mut self, name: &str, operator: Operator, operand: &'s [Part]) -> Result<Value, Abort> {
        let held = self.variables.get(name).cloned().unwrap_or(Some(Value::Any));
        let lacks = |colon: bool| match &held {
            None => Answer::Yes,
            Some(value) if colon => value.is_filled().not(),
            Some(Value::Any) => Answer::Maybe,
            Some(_) => Answer::No,
        };
        let value = held.clone().unwrap_or_else(Value::empty);
        match operator {
            Operator::Plain | Operator::Changed | Operator::Length if held.is_none() && self.options.nounset => {
                Err(Abort)
            }
            Operator::Plain => Ok(value),
            Operator::Length => Ok(match value {
                Value::Known(text) => Value::Known(text.chars().count().to_string()),
                Value::Filled(prefix) => Value::Known((prefix.chars().count() + 1).to_string()),
                Value::Any => Value::Any,
            }),
            Operator::Changed => Ok(if value.is("") { value } else { Value::Any }),
            Operator::Require { colon } if lacks(colon) == Answer::Yes => Err(Abort),
            Operator::Require { .. } => Ok(value),
            Operator::Default { colon } | Operator::Assign { colon } => match lacks(colon) {
                Answer::No => Ok(value),
                Answer::Yes => {
                    let given = self.joined(operand)?;
                    if matches!(operator, Operator::Assign { .. }) {
                        self.variables.insert(name.to_string(), Some(given.clone()));
                    }
                    Ok(given)
                }
                _ => Ok(Value::Any),
            },
            Operator::Alternative { colon } => match lacks(colon) {
                Answer::Yes => Ok(Value::empty()),
                Answer::No => self.joined(operand),
                _ => Ok(Value::Any),
            },
        }
    }
}

fn answered(answer: Answer) -> Outcomes {
    match answer {
        Answer::Yes => Outcomes::OK,
        Answer::No | Answer::Fault => Outcomes::FAILED,
        Answer::Maybe => Outcomes::EITHER,
    }
}
