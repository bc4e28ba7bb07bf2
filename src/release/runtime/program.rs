//! A program with its arguments, and the server that it is.

use crate::knowledge::servers::{Server, server_of_command};
use crate::release::pod::command::base_name;
use crate::source::Span;

/// A word of a command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The text; a variable stands as it is written.
    pub text: String,
    /// The place.
    pub place: Span,
}

/// A program with its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// The words, at least one.
    pub words: Vec<Word>,
}

impl Program {
    /// The program's name without its directory.
    #[must_use]
    pub fn name(&self) -> &str {
        base_name(&self.words[0].text)
    }

    /// The words as texts.
    pub fn texts(&self) -> impl Iterator<Item = &str> + Clone {
        self.words.iter().map(|word| word.text.as_str())
    }

    /// Where it is said.
    #[must_use]
    pub fn place(&self) -> Span {
        self.words[0].place
    }

    /// The value of an option: `--time-limit 300` or `--time-limit=300`.
    #[must_use]
    pub fn option(&self, names: &[&str]) -> Option<&Word> {
        self.words
            .iter()
            .zip(self.words.iter().skip(1))
            .find(|(word, _)| names.contains(&word.text.as_str()))
            .map(|it| it.1)
    }

    /// The text behind an option, however it is written.
    #[must_use]
    pub fn value_of(&self, names: &[&str]) -> Option<&str> {
        let joined = |word: &str| {
            let (name, value) = word.split_once('=')?;
            names.contains(&name).then_some(value.len())
        };
        let written = self.words.iter().find_map(|word| {
            let length = joined(&word.text)?;
            Some(&word.text[word.text.len() - length..])
        });
        written.or_else(|| self.option(names).map(|word| word.text.as_str()))
    }
}

/// The known server or worker that a program is.
pub(super) fn server_of(program: &Program) -> Option<&'static Server> {
    server_of_command(without_interpreter(program))
}

/// `gunicorn shop.wsgi` of `python -m gunicorn shop.wsgi`.
fn without_interpreter(program: &Program) -> impl Iterator<Item = &str> + Clone {
    let options = program.texts().skip(1).take_while(|word| word.starts_with('-') && *word != "-m").count();
    let is_module = program.name().starts_with("python") && program.texts().nth(1 + options) == Some("-m");
    let module = is_module && program.words.len() > options + 2;
    program.texts().skip(if module { options + 2 } else { 0 })
}
