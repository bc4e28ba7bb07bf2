//! What a Dockerfile consists of.

use super::expansion::{Reference, references};
use super::heredoc::Heredoc;
use super::words::unquote;
use crate::source::{SourceId, Span};
use crate::syntax::{Comment, SyntaxError};

/// A parsed Dockerfile.
#[derive(Debug)]
pub struct Dockerfile<'s> {
    /// The source.
    pub source: SourceId,
    /// The whole text.
    pub text: &'s str,
    /// The character that continues a line and escapes another: `\`, or a backtick by the
    /// `escape` directive.
    pub escape: u8,
    /// The instructions, in order.
    pub instructions: Vec<Instruction>,
    /// The comments, parser directives among them.
    pub comments: Vec<Comment>,
    /// What could not be read.
    pub faults: Vec<SyntaxError>,
}

/// The first word of an instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Keyword {
    Add,
    Arg,
    Cmd,
    Copy,
    Entrypoint,
    Env,
    Expose,
    From,
    Healthcheck,
    Label,
    Maintainer,
    Onbuild,
    Run,
    Shell,
    Stopsignal,
    User,
    Volume,
    Workdir,
}

impl Keyword {
    /// Every keyword with its word.
    pub const ALL: [(&'static str, Keyword); 18] = [
        ("ADD", Keyword::Add),
        ("ARG", Keyword::Arg),
        ("CMD", Keyword::Cmd),
        ("COPY", Keyword::Copy),
        ("ENTRYPOINT", Keyword::Entrypoint),
        ("ENV", Keyword::Env),
        ("EXPOSE", Keyword::Expose),
        ("FROM", Keyword::From),
        ("HEALTHCHECK", Keyword::Healthcheck),
        ("LABEL", Keyword::Label),
        ("MAINTAINER", Keyword::Maintainer),
        ("ONBUILD", Keyword::Onbuild),
        ("RUN", Keyword::Run),
        ("SHELL", Keyword::Shell),
        ("STOPSIGNAL", Keyword::Stopsignal),
        ("USER", Keyword::User),
        ("VOLUME", Keyword::Volume),
        ("WORKDIR", Keyword::Workdir),
    ];

    /// The keyword of a word, in any case.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map(|(_, keyword)| *keyword)
    }
}

/// An instruction.
#[derive(Debug)]
pub struct Instruction {
    /// What it does.
    pub keyword: Keyword,
    /// The place of the keyword.
    pub keyword_span: Span,
    /// From the keyword to the end of its last line; heredocs are not part of it.
    pub span: Span,
    /// `--name=value` before the arguments.
    pub flags: Vec<Flag>,
    /// The text behind the flags. What continues a line is `\` and a line break whatever the
    /// escape character is, comments and empty lines in between are spaces, and no byte is
    /// moved.
    pub body: Word,
    /// The arguments.
    pub arguments: Arguments,
    /// The heredocs, in order.
    pub heredocs: Vec<Heredoc>,
    /// What `ONBUILD` puts off.
    pub trigger: Option<Box<Instruction>>,
}

/// The arguments of an instruction.
#[derive(Debug)]
pub enum Arguments {
    /// Text for a shell: `RUN`, `CMD`, `ENTRYPOINT`.
    Shell,
    /// JSON form: each text with its place.
    Exec(Vec<Word>),
    /// `ARG`, `ENV`, `LABEL`.
    Pairs(Vec<Pair>),
    /// Words between white space.
    Words(Vec<Word>),
}

/// Some text of an instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The text: of a JSON string decoded, else as it is written.
    pub text: String,
    /// The place, quotes included.
    pub span: Span,
}

/// A key, and its value where one is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The key.
    pub key: Word,
    /// The value, as it is written.
    pub value: Option<Word>,
}

/// `--name=value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag {
    /// The name, without dashes.
    pub name: String,
    /// The value.
    pub value: Option<Word>,
    /// All of it.
    pub span: Span,
}

impl Word {
    /// The text without quotes and escapes.
    #[must_use]
    pub fn unquoted(&self) -> String {
        unquote(&self.text)
    }

    /// The variables in it that the builder fills in.
    #[must_use]
    pub fn references(&self) -> Vec<Reference> {
        references(&self.text, self.span)
    }
}

impl Instruction {
    /// The values of a flag.
    pub fn flags_named(&self, name: &str) -> impl Iterator<Item = &Word> {
        self.flags.iter().filter(move |flag| flag.name == name).filter_map(|flag| flag.value.as_ref())
    }

    /// The keys and values of `ARG`, `ENV`, `LABEL`.
    #[must_use]
    pub fn pairs(&self) -> &[Pair] {
        if let Arguments::Pairs(pairs) = &self.arguments { pairs } else { &[] }
    }

    /// The words, or the texts of the JSON form.
    #[must_use]
    pub fn words(&self) -> &[Word] {
        match &self.arguments {
            Arguments::Words(words) | Arguments::Exec(words) => words,
            _ => &[],
        }
    }

    /// The texts of the JSON form.
    #[must_use]
    pub fn exec(&self) -> Option<&[Word]> {
        if let Arguments::Exec(words) = &self.arguments { Some(words) } else { None }
    }
}
