//! The tree of a script.

use crate::source::Span;
use crate::syntax::expansion::Operator;

/// Statements in order: a script, the body of a group, a branch.
pub type Script = Vec<Statement>;

/// Pipelines between `&&` and `||`.
#[derive(Clone, Debug)]
pub struct Statement {
    /// The pipelines.
    pub list: AndOr,
    /// `&` ends it: nobody waits for its status.
    pub background: bool,
    /// All of it.
    pub span: Span,
}

/// `a && b || c`: evaluated from the left, both operators alike.
#[derive(Clone, Debug)]
pub struct AndOr {
    /// The first pipeline.
    pub first: Pipeline,
    /// The others, each with what stands before it.
    pub rest: Vec<(Connector, Pipeline)>,
}

/// What stands between two pipelines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connector {
    /// `&&`
    And,
    /// `||`
    Or,
}

/// Commands between `|`.
#[derive(Clone, Debug)]
pub struct Pipeline {
    /// `!` stands before it.
    pub negated: bool,
    /// The commands, at least one.
    pub commands: Vec<Command>,
    /// All of it.
    pub span: Span,
}

/// A command.
#[derive(Clone, Debug)]
pub enum Command {
    /// Assignments, words and redirections; not all of them need be there.
    Simple {
        /// `X=y` before the words.
        assignments: Vec<Assignment>,
        /// The program and its arguments.
        words: Vec<Word>,
        /// Where its input and output go.
        redirects: Vec<Redirect>,
        /// The script that a shell is given: `sh -c '…'`, `bash <<EOF`.
        inner: Option<Script>,
    },
    /// `{ …; }`
    Group(Script),
    /// `( … )`
    Subshell(Script),
    /// `if`, with `elif` and `else`.
    If {
        /// Conditions with what they lead to.
        branches: Vec<(Script, Script)>,
        /// `else`.
        otherwise: Option<Script>,
    },
    /// `case`: patterns with what they lead to.
    Case {
        /// What is compared.
        word: Word,
        /// The arms.
        arms: Vec<(Vec<Word>, Script)>,
    },
    /// `for name in words`.
    For {
        /// The variable.
        name: String,
        /// What it runs through.
        words: Vec<Word>,
        /// What is done each time.
        body: Script,
    },
    /// `while` and `until`.
    While {
        /// What is asked.
        condition: Script,
        /// What is done.
        body: Script,
    },
    /// `[[ … ]]`
    Condition(Condition),
    /// `name() …`
    Function {
        /// The name.
        name: String,
        /// What it does.
        body: Script,
    },
    /// Arithmetic and the like, which decide nothing here.
    Other,
}

/// `X=y`
#[derive(Clone, Debug)]
pub struct Assignment {
    /// The variable.
    pub name: String,
    /// Its value; nothing for an array.
    pub value: Option<Word>,
}

/// What stands in `[[ … ]]`.
#[derive(Clone, Debug)]
pub enum Condition {
    /// `a && b`
    And(Box<Condition>, Box<Condition>),
    /// `a || b`
    Or(Box<Condition>, Box<Condition>),
    /// `! a`
    Not(Box<Condition>),
    /// Operators and words as they are written: `-n $x`, `$x == y`, `$x`.
    Words(Vec<Word>),
}

/// A word.
#[derive(Clone, Debug)]
pub struct Word {
    /// What it is put together of.
    pub parts: Vec<Part>,
    /// The place.
    pub span: Span,
}

/// A part of a word.
#[derive(Clone, Debug)]
pub enum Part {
    /// Text as it stands.
    Literal {
        /// The text, without quotes.
        text: String,
        /// Whether it stands in quotes.
        quoted: bool,
    },
    /// `$X`, `${X:-d}`.
    Variable {
        /// The name.
        name: String,
        /// What stands behind the name.
        operator: Operator,
        /// What stands behind the operator.
        operand: Vec<Part>,
        /// Whether it stands in double quotes.
        quoted: bool,
        /// The place.
        span: Span,
    },
    /// `$(…)`
    Substitution {
        /// What runs.
        script: Script,
        /// Whether it stands in double quotes.
        quoted: bool,
    },
    /// Arithmetic and the like: some text.
    Other {
        /// As it is written.
        text: String,
        /// Whether it stands in double quotes.
        quoted: bool,
        /// The place.
        span: Span,
    },
}

/// A redirection.
#[derive(Clone, Debug)]
pub enum Redirect {
    /// From or to a file.
    File(Word),
    /// A heredoc.
    Heredoc(Heredoc),
}

/// Text that a command reads.
#[derive(Clone, Debug)]
pub struct Heredoc {
    /// The text with its variables; one literal where the delimiter is quoted.
    pub parts: Vec<Part>,
    /// The text as it is written.
    pub text: String,
    /// The place of the text.
    pub span: Span,
}

impl Redirect {
    /// The heredoc, if it is one.
    #[must_use]
    pub fn heredoc(&self) -> Option<&Heredoc> {
        if let Redirect::Heredoc(heredoc) = self { Some(heredoc) } else { None }
    }
}

impl Word {
    /// The text, where nothing in it is expanded.
    #[must_use]
    pub fn literal(&self) -> Option<String> {
        let mut text = String::new();
        for part in &self.parts {
            let Part::Literal { text: literal, .. } = part else { return None };
            text.push_str(literal);
        }
        Some(text)
    }
}
