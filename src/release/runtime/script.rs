//! What a shell script runs before its end, and at it.

use std::collections::HashMap;

use super::program::{Program, Word};
use crate::source::Span;
use crate::syntax::expansion::Operator;
use crate::syntax::shell::{self, Command, Connector, Part, Pipeline, Script, Statement};

/// Functions that call each other are followed this far.
const MAX_CALLS: usize = 8;
/// Ends of a script that are looked at.
const MAX_ENDINGS: usize = 32;

/// A way in which a script ends.
#[derive(Clone, Debug)]
pub(super) struct Ending {
    /// The program; empty where the script itself goes on, or what it runs cannot be told.
    pub(super) words: Vec<Word>,
    /// `exec` stands before it.
    pub(super) exec: bool,
    /// It is one command of the script's own, in no condition, loop or subshell.
    pub(super) is_simple: bool,
    pub(super) in_pipe: bool,
    pub(super) redirects: bool,
    pub(super) place: Span,
}

/// What gives the value of a variable, where it is known.
pub(super) type Lookup<'s> = &'s dyn Fn(&str) -> Option<String>;

/// What a script does.
#[derive(Default)]
pub(super) struct Reader<'s> {
    /// What certainly runs before the end.
    pub(super) before: Vec<Program>,
    pub(super) endings: Vec<Ending>,
    /// It has a `trap`, or waits for programs in the background.
    pub(super) handles_signals: bool,
    functions: HashMap<&'s str, &'s Script>,
    background: Vec<Ending>,
    /// `$0`, `$1` …
    given: Vec<Word>,
    /// Variables that the script sets; nothing for those whose value is not known.
    variables: HashMap<&'s str, Option<String>>,
    /// The environment that it is started with.
    environment: Option<Lookup<'s>>,
    calls: usize,
}

/// Where in a script a command stands.
#[derive(Clone, Copy)]
struct At {
    /// It is the last one.
    last: bool,
    /// In no condition, loop or subshell.
    plain: bool,
    /// Nothing that is not known decides whether it runs.
    sure: bool,
    in_pipe: bool,
}

/// Whether the commands behind one are reached.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    On,
    Ended,
}

/// Commands that end by themselves, or do nothing that a signal could interrupt.
const NO_PROGRAMS: [&str; 42] = [
    ":", "true", "false", "echo", "printf", "sleep", "tail", "cat", "read", "cd", "export", "set", "unset", "umask",
    "ulimit", "test", "[", "local", "readonly", "alias", "return", "source", ".", "eval", "cp", "mv", "rm", "mkdir",
    "ln", "ls", "touch", "chown", "chmod", "tar", "unzip", "curl", "wget", "grep", "sed", "awk", "date", "kubectl",
];

impl<'s> Reader<'s> {
    /// Reads a script that is given its name and arguments, and an environment.
    pub(super) fn read(script: &'s Script, given: Vec<Word>, environment: &'s dyn Fn(&str) -> Option<String>) -> Self {
        let mut reader = Self { given, environment: Some(environment), ..Self::default() };
        reader.statements(script, At { last: true, plain: true, sure: true, in_pipe: false });
        reader
    }

    fn statements(&mut self, script: &'s Script, at: At) -> Flow {
        for (index, statement) in script.iter().enumerate() {
            let last = at.last && index + 1 == script.len();
            if self.statement(statement, At { last, ..at }) == Flow::Ended {
                return Flow::Ended;
            }
        }
        Flow::On
    }

    fn statement(&mut self, statement: &'s Statement, at: At) -> Flow {
        if statement.background {
            let known = (self.before.len(), self.endings.len());
            self.pipeline(&statement.list.first, At { last: true, plain: false, sure: false, in_pipe: true });
            self.background.extend(self.endings.drain(known.1..));
            return Flow::On;
        }
        let list = &statement.list;
        let all = std::iter::once((Connector::And, &list.first)).chain(list.rest.iter().map(|(how, it)| (*how, it)));
        let all: Vec<_> = all.collect();
        // Of `a && b || c` the program is b: c runs where it failed.
        let sure = all.iter().take_while(|(how, _)| *how == Connector::And).count();
        for (index, (_, pipeline)) in all.iter().enumerate() {
            let last = at.last && index + 1 == sure;
            let is_sure = index < sure;
            // What stands behind a condition may not be reached.
            let at_it = At { last, plain: at.plain && is_sure, sure: at.sure && is_sure, ..at };
            let flow = self.pipeline(pipeline, at_it);
            if flow == Flow::Ended && index == 0 {
                return Flow::Ended;
            }
            if flow == Flow::Ended && is_sure && index + 1 == all.len() && at.last {
                return Flow::Ended;
            }
        }
        Flow::On
    }

    fn pipeline(&mut self, pipeline: &'s Pipeline, at: At) -> Flow {
        match pipeline.commands.as_slice() {
            [only] => self.command(only, pipeline.span, at),
            [first, rest @ ..] => {
                self.command(first, pipeline.span, At { plain: false, in_pipe: true, ..at });
                for command in rest {
                    self.command(command, pipeline.span, At { last: false, plain: false, in_pipe: true, ..at });
                }
                Flow::On
            }
            [] => Flow::On,
        }
    }

    fn command(&mut self, command: &'s Command, place: Span, at: At) -> Flow {
        let inside = At { plain: false, ..at };
        match command {
            Command::Simple { words, redirects, assignments, .. } => {
                if words.first().and_then(shell::Word::literal).is_none_or(|name| name.is_empty() || name == "export") {
                    self.assign(assignments, at);
                }
                self.simple(words, !redirects.is_empty(), place, at)
            }
            Command::Group(script) => self.statements(script, at),
            Command::Subshell(script) => {
                self.statements(script, inside);
                Flow::On
            }
            Command::If { branches, otherwise } => self.choice(branches, otherwise.as_ref(), inside),
            Command::Case { word, arms } => self.case(word, arms, inside),
            Command::For { body, .. } | Command::While { body, .. } => {
                self.statements(body, At { last: false, sure: false, ..inside });
                if at.last {
                    self.end(Vec::new(), false, false, place, at);
                }
                Flow::On
            }
            Command::Function { name, body } => {
                self.functions.insert(name, body);
                Flow::On
            }
            Command::Condition(_) | Command::Other => Flow::On,
        }
    }

    fn choice(&mut self, branches: &'s [(Script, Script)], otherwise: Option<&'s Script>, at: At) -> Flow {
        let mut all_end = true;
        for (condition, body) in branches {
            match self.holds(condition) {
                Some(true) => return self.statements(body, at),
                Some(false) => {}
                None => {
                    self.statements(condition, At { last: false, ..at });
                    all_end &= self.statements(body, At { sure: false, ..at }) == Flow::Ended;
                }
            }
        }
        match otherwise {
            Some(body) => {
                let decided = branches.iter().all(|(condition, _)| self.holds(condition) == Some(false));
                let ends = self.statements(body, At { sure: at.sure && decided, ..at }) == Flow::Ended;
                if ends && all_end { Flow::Ended } else { Flow::On }
            }
            None => Flow::On,
        }
    }

    fn case(&mut self, word: &shell::Word, arms: &'s [(Vec<shell::Word>, Script)], at: At) -> Flow {
        let value = self.literal(word);
        for (patterns, body) in arms {
            let fits = |pattern: &shell::Word| match (pattern.literal().as_deref(), &value) {
                (Some("*"), _) => true,
                (Some(pattern), Some(value)) => pattern == value,
                _ => false,
            };
            if value.is_some() && patterns.iter().any(fits) {
                return self.statements(body, at);
            }
        }
        if value.is_none() {
            for (_, body) in arms {
                self.statements(body, At { sure: false, ..at });
            }
        }
        Flow::On
    }

    /// Whether a condition about the arguments holds, where that can be told.
    fn holds(&self, condition: &Script) -> Option<bool> {
        let [statement] = condition.as_slice() else { return None };
        let ([command], true) = (statement.list.first.commands.as_slice(), statement.list.rest.is_empty()) else {
            return None;
        };
        let Command::Simple { words, .. } = command else { return None };
        let words: Vec<_> = words.iter().map(|word| self.literal(word)).collect::<Option<_>>()?;
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let holds = match words.as_slice() {
            ["[", test @ .., "]"] | ["test", test @ ..] => match test {
                [one, "=" | "==", other] => one == other,
                [one, "!=", other] => one != other,
                ["-n", text] => !text.is_empty(),
                ["-z", text] => text.is_empty(),
                _ => return None,
            },
            _ => return None,
        };
        Some(holds != statement.list.first.negated)
    }

    fn assign(&mut self, assignments: &'s [shell::Assignment], at: At) {
        for assignment in assignments {
            let value = assignment.value.as_ref().filter(|_| at.sure).and_then(|value| self.literal(value));
            self.variables.insert(&assignment.name, value);
        }
    }

    fn simple(&mut self, words: &'s [shell::Word], redirects: bool, place: Span, at: At) -> Flow {
        let line = self.words(words);
        let Some(name) = line.first().map(|word| word.text.clone()).filter(|name| !name.is_empty()) else {
            return Flow::On;
        };
        match name.as_str() {
            "exec" => {
                let skip = 1 + line[1..].iter().take_while(|word| word.text.starts_with('-')).count();
                match line.get(skip..).filter(|rest| !rest.is_empty()) {
                    Some(program) => {
                        self.end(program.to_vec(), true, redirects, place, at);
                        Flow::Ended
                    }
                    // `exec "$@"` without arguments, or redirections alone.
                    None => Flow::On,
                }
            }
            "exit" => Flow::Ended,
            "trap" => {
                self.handles_signals |= line.get(1).is_some_and(|action| !matches!(action.text.as_str(), "" | "-"));
                Flow::On
            }
            "shift" => {
                if self.given.len() > 1 {
                    self.given.remove(1);
                }
                Flow::On
            }
            "set" if line.get(1).is_some_and(|word| word.text == "--") => {
                self.given.splice(1.min(self.given.len()).., line[2..].to_vec());
                Flow::On
            }
            "wait" => {
                if at.last && self.background.len() == 1 {
                    self.endings.append(&mut self.background);
                } else if at.last {
                    self.end(Vec::new(), false, redirects, place, at);
                }
                Flow::On
            }
            name => {
                match self.functions.get(name).copied() {
                    Some(body) if self.calls < MAX_CALLS => return self.call(body, line, at),
                    _ => {}
                }
                if NO_PROGRAMS.contains(&name) {
                    if at.last {
                        self.end(Vec::new(), false, redirects, place, at);
                    }
                } else if at.last {
                    self.end(line, false, redirects, place, at);
                } else if at.sure {
                    self.before.push(Program { words: line });
                }
                Flow::On
            }
        }
    }

    fn call(&mut self, body: &'s Script, line: Vec<Word>, at: At) -> Flow {
        let outer = std::mem::replace(&mut self.given, line);
        self.calls += 1;
        let flow = self.statements(body, at);
        self.given = outer;
        flow
    }

    fn end(&mut self, words: Vec<Word>, exec: bool, redirects: bool, place: Span, at: At) {
        if self.endings.len() < MAX_ENDINGS {
            let At { plain, in_pipe, .. } = at;
            self.endings.push(Ending { words, exec, is_simple: plain && self.calls == 0, in_pipe, redirects, place });
        }
    }

    /// The words of a command, with the arguments of the script where it names them.
    fn words(&self, words: &[shell::Word]) -> Vec<Word> {
        let mut line = Vec::new();
        for word in words {
            match word.parts.iter().find_map(variable).filter(|name| matches!(*name, "@" | "*")) {
                Some(_) => line.extend(self.given.iter().skip(1).cloned()),
                None => line.push(Word { text: self.text(word), place: word.span }),
            }
        }
        line
    }

    fn text(&self, word: &shell::Word) -> String {
        let mut text = String::new();
        for part in &word.parts {
            match (part, self.value(part)) {
                (_, Some(value)) => text.push_str(&value),
                (Part::Variable { name, .. }, None) => text.extend(["$", name.as_str()]),
                (Part::Other { text: other, .. }, None) => text.push_str(other),
                _ => text.push_str("$()"),
            }
        }
        text
    }

    /// The text of a word in which nothing is unknown.
    fn literal(&self, word: &shell::Word) -> Option<String> {
        word.parts.iter().map(|part| self.value(part)).collect()
    }

    fn value(&self, part: &Part) -> Option<String> {
        match part {
            Part::Literal { text, .. } => Some(text.clone()),
            Part::Variable { name, operator: Operator::Plain, .. } => self.variable(name),
            Part::Variable { name, operator: Operator::Default { .. }, operand, .. } => {
                let value = self.variable(name)?;
                let default = || operand.iter().map(|part| self.value(part)).collect();
                if value.is_empty() { default() } else { Some(value) }
            }
            _ => None,
        }
    }

    /// The value of `$1`, where any argument is given, of a variable that the script sets, or of
    /// the environment.
    fn variable(&self, name: &str) -> Option<String> {
        if let Ok(index) = name.parse::<usize>() {
            let given = self.given.get(index).map(|word| word.text.clone());
            return given.or((!self.given.is_empty()).then(String::new));
        }
        match self.variables.get(name) {
            Some(value) => value.clone(),
            None => self.environment.and_then(|environment| environment(name)),
        }
    }
}

fn variable(part: &Part) -> Option<&str> {
    match part {
        Part::Variable { name, .. } => Some(name),
        Part::Other { text, .. } if text == "$@" || text == "$*" => Some("@"),
        _ => None,
    }
}
