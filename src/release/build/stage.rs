//! Stages: what each is built from, and what it says of the process that will run.

use std::ops::Range;

use super::Build;
use super::shell::{Shell, ShellKind};
use crate::source::Span;
use crate::syntax::dockerfile::{Arguments, Instruction, Keyword, Word};
use crate::syntax::expansion::Operator;

/// Stages that are followed one after the other, at most.
const MAX_CHAIN: usize = 100;

/// What a stage is built from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Base {
    /// An earlier stage, by its index.
    Stage(usize),
    /// `scratch`: nothing at all.
    Scratch,
    /// An image.
    Image(String),
    /// A variable decides, and nothing says its value.
    Unknown,
}

/// A stage as it is kept.
#[derive(Debug)]
pub(super) struct StageData {
    /// Index of its `FROM`.
    pub(super) from: usize,
    /// Indexes of its other instructions.
    pub(super) body: Range<usize>,
    pub(super) name: Option<String>,
    pub(super) base: Base,
}

/// A stage of a Dockerfile: a light handle.
#[derive(Clone, Copy)]
pub struct Stage<'b> {
    pub(super) build: &'b Build<'b>,
    /// Its index, from 0.
    pub index: usize,
}

/// How a process is started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start {
    /// JSON form: the program itself is process 1.
    Exec(Vec<String>),
    /// Text for the stage's shell.
    Shell(String),
}

/// Reads the stages of a Dockerfile.
pub(super) fn stages(instructions: &[Instruction]) -> Vec<StageData> {
    let starts = instructions.iter().enumerate().filter(|(_, it)| it.keyword == Keyword::From);
    let starts: Vec<usize> = starts.map(|(index, _)| index).collect();
    let mut names: std::collections::HashMap<String, usize> = std::collections::HashMap::new();
    let mut stages: Vec<StageData> = Vec::new();
    for (index, from) in starts.iter().enumerate() {
        let end = starts.get(index + 1).copied().unwrap_or(instructions.len());
        let words = instructions[*from].words();
        let image = words.first().map(|image| filled_in(image, &instructions[..starts[0]]));
        let base = match image {
            Some(Some(image)) => match names.get(&image.to_ascii_lowercase()) {
                Some(stage) => Base::Stage(*stage),
                None if image == "scratch" => Base::Scratch,
                None => Base::Image(image),
            },
            _ => Base::Unknown,
        };
        let name = words.get(2).map(|name| name.text.clone());
        if let Some(name) = &name {
            names.insert(name.to_ascii_lowercase(), index);
        }
        stages.push(StageData { from: *from, body: from + 1..end, name, base });
    }
    stages
}

/// An image with the defaults of global arguments in it; nothing where one has none.
fn filled_in(image: &Word, globals: &[Instruction]) -> Option<String> {
    fill(image, globals, 0)
}

fn fill(word: &Word, globals: &[Instruction], depth: usize) -> Option<String> {
    let references = word.references();
    if references.is_empty() {
        return Some(word.unquoted());
    }
    let (mut text, mut at) = (String::new(), 0);
    for reference in references {
        let start = (reference.span.start - word.span.start) as usize;
        let end = (reference.span.end - word.span.start) as usize;
        let braced = word.text[start..].starts_with("${");
        if reference.operator != Operator::Plain || depth > 4 || start < at {
            return None;
        }
        let pairs = globals.iter().rev().flat_map(Instruction::pairs);
        let default = pairs.filter(|pair| pair.key.text == reference.name).find_map(|pair| pair.value.as_ref())?;
        text.push_str(&word.text[at..start]);
        text.push_str(&fill(default, globals, depth + 1)?);
        at = if braced { end + 1 } else { end };
    }
    text.push_str(word.text.get(at..)?);
    Some(text.trim_matches('"').to_string()).filter(|text| !text.is_empty())
}

impl<'b> Stage<'b> {
    fn data(self) -> &'b StageData {
        &self.build.stages[self.index]
    }

    /// The Dockerfile.
    #[must_use]
    pub fn build(self) -> &'b Build<'b> {
        self.build
    }

    /// Its name, or its index.
    #[must_use]
    pub fn title(self) -> String {
        self.data().name.clone().unwrap_or_else(|| self.index.to_string())
    }

    /// Its `FROM`.
    #[must_use]
    pub fn from(self) -> &'b Instruction {
        &self.build.dockerfile.instructions[self.data().from]
    }

    /// What it is built from.
    #[must_use]
    pub fn base(self) -> &'b Base {
        &self.data().base
    }

    /// Its instructions, without `FROM`.
    #[must_use]
    pub fn instructions(self) -> &'b [Instruction] {
        &self.build.dockerfile.instructions[self.data().body.clone()]
    }

    /// Whether the default target needs it.
    #[must_use]
    pub fn is_reached(self) -> bool {
        self.build.reached[self.index]
    }

    /// It, the stage that it is built from, and so on.
    pub fn chain(self) -> impl Iterator<Item = Stage<'b>> + Clone {
        std::iter::successors(Some(self), |stage| match stage.base() {
            Base::Stage(index) => Some(Stage { build: stage.build, index: *index }),
            _ => None,
        })
        .take(MAX_CHAIN)
    }

    /// What the last stage of its chain is built from: an image, nothing, or unknown.
    #[must_use]
    pub fn base_image(self) -> &'b Base {
        self.chain().last().map_or(&Base::Unknown, Stage::base)
    }

    /// The last instruction of a kind that counts, here or in the chain.
    fn last(self, keyword: Keyword) -> Option<&'b Instruction> {
        self.chain().find_map(|stage| stage.instructions().iter().rev().find(|it| it.keyword == keyword))
    }

    /// `CMD`, written here or in the chain. An `ENTRYPOINT` of a later stage drops an earlier
    /// stage's `CMD`, as BuildKit does.
    #[must_use]
    pub fn command(self) -> Option<(Start, Span)> {
        for stage in self.chain() {
            let here = |keyword| stage.instructions().iter().rev().find(|it| it.keyword == keyword);
            if let Some(command) = here(Keyword::Cmd) {
                return Some((start(command), command.span));
            }
            if here(Keyword::Entrypoint).is_some() {
                return None;
            }
        }
        None
    }

    /// `ENTRYPOINT`, written here or in the chain.
    #[must_use]
    pub fn entrypoint(self) -> Option<(Start, Span)> {
        self.last(Keyword::Entrypoint).map(|entrypoint| (start(entrypoint), entrypoint.span))
    }

    /// `STOPSIGNAL`, written here or in the chain. `COPY --from` carries none.
    #[must_use]
    pub fn stop_signal(self) -> Option<(String, Span)> {
        let signal = self.last(Keyword::Stopsignal)?.words().first()?;
        Some((signal.unquoted(), signal.span))
    }

    /// What `/bin/sh` is in its base image.
    #[must_use]
    pub fn sh(self) -> ShellKind {
        match self.base_image() {
            Base::Image(image) => ShellKind::of_image(image),
            _ => ShellKind::Unknown,
        }
    }

    /// The shell before one of its instructions; nothing where it reads no POSIX script.
    #[must_use]
    pub fn shell_at(self, instruction: usize) -> Option<Shell> {
        let own = self.instructions()[..instruction.min(self.instructions().len())].iter().rev();
        let inherited = self.chain().skip(1).flat_map(|stage| stage.instructions().iter().rev());
        let default = Shell { kind: self.sh(), options: super::shell::Options::default() };
        match own.chain(inherited).find(|it| it.keyword == Keyword::Shell).and_then(Instruction::exec) {
            Some(words) => {
                let words: Vec<_> = words.iter().map(|word| word.text.as_str()).collect();
                Shell::of_words(&words, self.sh())
            }
            None => Some(default),
        }
    }
}

fn start(instruction: &Instruction) -> Start {
    match &instruction.arguments {
        Arguments::Exec(words) => Start::Exec(words.iter().map(|word| word.text.clone()).collect()),
        _ => Start::Shell(instruction.body.text.clone()),
    }
}
