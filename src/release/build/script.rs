//! What a `RUN` gives to a shell.

use std::collections::BTreeSet;

use super::shell::{Shell, ShellKind};
use super::stage::Stage;
use crate::source::Span;
use crate::syntax::dockerfile::{Arguments, Heredoc, Instruction, Word};
use crate::syntax::shell::{self, Script};

/// A `RUN`, read.
#[derive(Debug)]
pub(super) struct Run<'b> {
    /// The variables that its text names, whether a shell fills them in or not.
    pub(super) names: BTreeSet<String>,
    pub(super) place: Span,
    pub(super) does: Does<'b>,
}

/// What it does.
#[derive(Debug)]
pub(super) enum Does<'b> {
    /// It runs a script.
    Script(Script, Shell),
    /// It starts a program, without any shell.
    Program(&'b [Word]),
    /// It runs what is no POSIX script, or cannot be read.
    Unknown,
}

/// Reads a `RUN` of a stage.
pub(super) fn read<'b>(stage: Stage<'b>, index: usize, instruction: &'b Instruction) -> Run<'b> {
    let place = instruction.body.span;
    if let Arguments::Exec(words) = &instruction.arguments {
        let text: Vec<_> = words.iter().map(|word| word.text.as_str()).collect();
        return Run { names: names(&text.join(" ")), place, does: exec(stage, words, &text) };
    }
    let (text, place) = text(stage, instruction);
    let names = names(&text);
    let shell = match bare(instruction).and_then(|_| shebang(&text)) {
        Some(words) => Shell::of_words(&words, stage.sh()),
        None => stage.shell_at(index),
    };
    // What names no variable is not asked about: it need not be read.
    let wanted = shell.filter(|_| !names.is_empty());
    let script = wanted.and_then(|shell| Some((shell::parse(&text, place)?, shell)));
    Run { names, place, does: script.map_or(Does::Unknown, |(script, shell)| Does::Script(script, shell)) }
}

fn exec<'b>(stage: Stage<'b>, words: &'b [Word], text: &[&str]) -> Does<'b> {
    let is_shell = text
        .first()
        .is_some_and(|program| ShellKind::of_program(program).is_some() || program.rsplit('/').next() == Some("sh"));
    let command = text.iter().position(|word| word.starts_with('-') && word.ends_with('c')).filter(|_| is_shell);
    let Some(script) = command.and_then(|at| words.get(at + 1)) else { return Does::Program(words) };
    let shell = Shell::of_words(text, stage.sh());
    match shell.and_then(|shell| Some((shell::parse(&script.text, script.span)?, shell))) {
        Some((script, shell)) => Does::Script(script, shell),
        None => Does::Unknown,
    }
}

/// The heredoc that is all there is.
fn bare(instruction: &Instruction) -> Option<&Heredoc> {
    instruction.heredocs.first().filter(|heredoc| heredoc.word == instruction.body.span)
}

/// The text for the shell, heredocs included, and its place.
fn text(stage: Stage<'_>, instruction: &Instruction) -> (String, Span) {
    let source = stage.build.dockerfile.text;
    if let Some(heredoc) = bare(instruction) {
        return (source[heredoc.body.range()].to_string(), heredoc.body);
    }
    let body = &instruction.body;
    match instruction.heredocs.last() {
        None => (body.text.clone(), body.span),
        Some(last) => {
            let start = last.body.end as usize;
            let end = source[start..].find('\n').map_or(source.len(), |at| start + at + 1);
            let text = format!("{}{}", body.text, &source[body.span.end as usize..end]);
            (text, Span { end: end as u32, ..body.span })
        }
    }
}

/// The words of `#!` at the start of a script.
fn shebang(text: &str) -> Option<Vec<&str>> {
    let line = text.trim_start().strip_prefix("#!")?.lines().next()?;
    Some(line.split_whitespace().collect())
}

/// The names behind every `$` of a text.
fn names(text: &str) -> BTreeSet<String> {
    let after = text.split('$').skip(1).map(|rest| rest.trim_start_matches(['{', '#', '!']));
    let name = |rest: &str| -> String {
        rest.chars().take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '_').collect()
    };
    after.map(name).filter(|name| !name.is_empty()).collect()
}
