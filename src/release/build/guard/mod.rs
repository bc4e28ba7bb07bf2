//! Does a script fail when a build argument is missing?
//!
//! The script is run by a [`machine`] that runs nothing, three times: with the variable
//! unset, empty and set. How it may end each time is the verdict; where nothing differs,
//! [`scan`] looks for what was meant as a check.

mod machine;
mod outcome;
mod scan;
mod value;

use std::collections::HashMap;

use super::shell::Shell;
use crate::source::Span;
use crate::syntax::shell::Script;
use machine::Machine;
use outcome::Outcomes;
use value::Value;

/// What a check of a variable does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It fails when the variable is unset or empty, and not when it is set.
    Works,
    /// It fails when the variable is unset, and not when it is empty.
    Weak,
    /// It never fails.
    NeverFails,
    /// It fails even when the variable is set.
    FailsEvenWhenSet,
    /// It cannot be told.
    Unknown,
}

/// How a check came to do nothing, or too little: what a fix depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `test -n $X`: the words that lack quotes are at this place.
    Unquoted(Span),
    /// `test -n '$X'`: at this place.
    SingleQuoted(Span),
    /// `test -n "$X" || true`, or more commands behind it.
    Swallowed,
    /// `${X?}` at this place.
    Question(Span),
    /// `set -u`.
    Nounset,
    /// `RUN ["test", "-n", "$X"]`.
    Exec,
    /// `[ -z "$X" ] && exit 1` as the last command, at this place.
    Last(Span),
    /// Anything else.
    Other,
}

/// A check of a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guard {
    /// What it does.
    pub verdict: Verdict,
    /// The command.
    pub span: Span,
    /// How it is written.
    pub form: Form,
}

/// What a script does with a variable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Judgement {
    /// The check that it makes, if any.
    pub guard: Option<Guard>,
    /// It asks for the variable and goes on without it: by design.
    pub branches: bool,
    /// Where it uses the value.
    pub uses: Option<Span>,
    /// It gives the variable a value of its own.
    pub assigns: bool,
}

/// Judges what a script does with a variable. `baked` says that it is empty where nobody
/// passes a value: `ENV X=$X` made it so.
#[must_use]
pub fn judge(script: &Script, place: Span, shell: Shell, name: &str, baked: bool) -> Judgement {
    let run = |value: Option<Value>| {
        let mut machine = Machine::new(shell.kind, shell.options, HashMap::from([(name.to_string(), value)]));
        let outcomes = machine.run(script);
        (!machine.lost).then_some(outcomes)
    };
    let absent = if baked { Some(Value::empty()) } else { None };
    let runs = (run(absent), run(Some(Value::empty())), run(Some(Value::Filled(String::new()))));
    let found = scan::scan(script, shell, name);
    let (Some(unset), Some(empty), Some(set)) = runs else {
        let span = found.tests.unwrap_or(place);
        let guard = Guard { verdict: Verdict::Unknown, span, form: Form::Other };
        return Judgement { guard: Some(guard), branches: false, uses: found.uses, assigns: found.assigns };
    };
    let fails = |outcomes: Outcomes| !outcomes.may(Outcomes::OK);
    let guard = |verdict, span: Option<Span>, form| Some(Guard { verdict, span: span.unwrap_or(place), form });
    let place_of_test = found.requires.map(|(span, _)| span).or(found.tests);
    let guard = if fails(set) {
        // A script that always fails for another reason is no check.
        let form = found.last.map_or(Form::Other, Form::Last);
        found.tests.and_then(|tests| guard(Verdict::FailsEvenWhenSet, Some(found.last.unwrap_or(tests)), form))
    } else if fails(unset) && fails(empty) {
        guard(Verdict::Works, place_of_test, Form::Other)
    } else if fails(unset) {
        match found.requires {
            Some((span, false)) => guard(Verdict::Weak, Some(span), Form::Question(span)),
            _ => guard(Verdict::Weak, found.tests.or(found.uses), Form::Nounset),
        }
    } else if unset == set || found.ineffective.is_some_and(|(_, form)| form != Form::Swallowed) {
        found.ineffective.and_then(|(span, form)| guard(Verdict::NeverFails, Some(span), form))
    } else {
        None
    };
    // Some way through the script fails for want of the variable: a check with conditions.
    let partly = guard.is_none() && unset != set;
    let is_check = guard.is_some_and(|guard: Guard| guard.form != Form::Nounset);
    let branches = partly || (!is_check && found.asks);
    Judgement { guard, branches, uses: found.uses, assigns: found.assigns }
}
