//! Stages: what each is built from, and what it says of the process that will run.

use std::ops::Range;

use super::Build;
use super::shell::{Shell, ShellKind};
use crate::source::Span;
use crate::syntax::dockerfile::{Arguments, Instruction, Keyword, Pair, Word};
use crate::syntax::expansion::Operator;

/// Stages that are followed one after the other, at most.
const MAX_CHAIN: usize = 100;
/// Variables that name each other are followed this far.
const MAX_ALIASES: usize = 4;

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
    /// Which of the instructions are `SHELL`.
    pub(super) shells: Vec<usize>,
}

/// A stage of a Dockerfile: a light handle.
#[derive(Clone, Copy)]
pub struct Stage<'b> {
    pub(super) build: &'b Build<'b>,
    /// Its index, from 0.
    pub index: usize,
}

/// How a process is started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start<'b> {
    /// JSON form: the program itself is process 1.
    Exec(&'b [Word]),
    /// Text for a shell; nothing for one that reads no POSIX script.
    Shell(&'b Word, Option<Shell>),
}

/// `CMD` or `ENTRYPOINT`.
#[derive(Clone, Copy, Debug)]
pub struct Started<'b> {
    /// How the process is started.
    pub start: Start<'b>,
    /// The instruction.
    pub instruction: &'b Instruction,
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
        let body = from + 1..end;
        let shells = instructions[body.clone()].iter().enumerate().filter(|(_, it)| it.keyword == Keyword::Shell);
        let shells = shells.map(|(index, _)| index).collect();
        stages.push(StageData { from: *from, body, name, base, shells });
    }
    stages
}

/// An image with the defaults of global arguments in it; nothing where one has none.
fn filled_in(image: &Word, globals: &[Instruction]) -> Option<String> {
    fill(image, &|name| default_of(globals, name), 0)
}

/// The last value that instructions give to a variable.
fn default_of<'i>(instructions: &'i [Instruction], name: &str) -> Option<&'i Word> {
    let pairs = instructions.iter().rev().flat_map(Instruction::pairs);
    pairs.filter(|pair| pair.key.text == name).find_map(|pair| pair.value.as_ref())
}

/// A word with the values of its variables in it; nothing where one has none.
fn fill<'i>(word: &Word, value_of: &impl Fn(&str) -> Option<&'i Word>, depth: usize) -> Option<String> {
    let references = word.references();
    if references.is_empty() {
        return Some(word.unquoted());
    }
    let (mut text, mut at) = (String::new(), 0);
    for reference in references {
        let start = (reference.span.start - word.span.start) as usize;
        let end = (reference.span.end - word.span.start) as usize;
        let braced = word.text[start..].starts_with("${");
        if reference.operator != Operator::Plain || depth > MAX_ALIASES || start < at {
            return None;
        }
        text.push_str(&word.text[at..start]);
        text.push_str(&fill(value_of(&reference.name)?, value_of, depth + 1)?);
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
    #[must_use]
    pub fn last(self, keyword: Keyword) -> Option<&'b Instruction> {
        self.chain().find_map(|stage| stage.last_here(keyword)).map(|(_, instruction)| instruction)
    }

    fn last_here(self, keyword: Keyword) -> Option<(usize, &'b Instruction)> {
        self.instructions().iter().enumerate().rev().find(|(_, it)| it.keyword == keyword)
    }

    fn started(self, (index, instruction): (usize, &'b Instruction)) -> Started<'b> {
        let start = match &instruction.arguments {
            Arguments::Exec(words) => Start::Exec(words),
            // What looks like JSON and is none is a syntax error, and no command that anybody meant.
            _ if instruction.body.text.starts_with('[') => Start::Shell(&instruction.body, None),
            _ => Start::Shell(&instruction.body, self.shell_at(index)),
        };
        Started { start, instruction }
    }

    /// The keys and values of `LABEL`, `ENV` or `ARG` that count, here and in the chain, the
    /// nearest first.
    pub fn pairs(self, keyword: Keyword) -> impl Iterator<Item = &'b Pair> {
        let mut seen = std::collections::HashSet::new();
        let instructions = self.chain().flat_map(|stage| stage.instructions().iter().rev());
        let pairs = instructions.filter(move |it| it.keyword == keyword).flat_map(|it| it.pairs().iter().rev());
        pairs.filter(move |pair| seen.insert(pair.key.unquoted()))
    }

    /// `CMD`, written here or in the chain. An `ENTRYPOINT` of a later stage drops an earlier
    /// stage's `CMD`, as BuildKit does.
    #[must_use]
    pub fn command(self) -> Option<Started<'b>> {
        for stage in self.chain() {
            if let Some(command) = stage.last_here(Keyword::Cmd) {
                return Some(stage.started(command));
            }
            if stage.last_here(Keyword::Entrypoint).is_some() {
                return None;
            }
        }
        None
    }

    /// `ENTRYPOINT`, written here or in the chain.
    #[must_use]
    pub fn entrypoint(self) -> Option<Started<'b>> {
        self.chain().find_map(|stage| Some(stage.started(stage.last_here(Keyword::Entrypoint)?)))
    }

    /// `STOPSIGNAL`, written here or in the chain. `COPY --from` carries none.
    #[must_use]
    pub fn stop_signal(self) -> Option<(String, Span)> {
        let signal = self.last(Keyword::Stopsignal)?.words().first()?;
        Some((signal.unquoted(), signal.span))
    }

    /// A word of one of its instructions with the values of `ENV` and `ARG` before it; nothing
    /// where one has no value.
    #[must_use]
    pub fn filled_in(self, word: &Word, instruction: usize) -> Option<String> {
        let value_of = |name: &str| {
            self.chain().enumerate().find_map(|(step, stage)| {
                let here = stage.instructions();
                default_of(if step == 0 { &here[..instruction.min(here.len())] } else { here }, name)
            })
        };
        // A bare `ARG` in a stage takes the global default.
        fill(word, &|name: &str| value_of(name).or_else(|| default_of(self.build.globals(), name)), 0)
    }

    /// What it sets in the environment of its processes, the last setting of each variable.
    #[must_use]
    pub fn variables(self) -> Vec<&'b Pair> {
        let mut found: Vec<&Pair> = Vec::new();
        let instructions = self.chain().flat_map(|stage| stage.instructions().iter().rev());
        for pair in instructions.filter(|it| it.keyword == Keyword::Env).flat_map(|it| it.pairs().iter().rev()) {
            if found.iter().all(|known| known.key.text != pair.key.text) {
                found.push(pair);
            }
        }
        found.reverse();
        found
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
        let default = Shell { kind: self.sh(), options: super::shell::Options::default() };
        let said = self.chain().enumerate().find_map(|(step, stage)| {
            let shells = &stage.data().shells;
            let before = if step == 0 { shells.partition_point(|index| *index < instruction) } else { shells.len() };
            stage.instructions()[*shells[..before].last()?].exec()
        });
        match said {
            Some(words) => {
                let words: Vec<_> = words.iter().map(|word| word.text.as_str()).collect();
                Shell::of_words(&words, self.sh())
            }
            None => Some(default),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;
    use crate::syntax::dockerfile::parse;

    fn with(text: &str, look: impl Fn(&Build<'_>)) {
        let id = Sources::default().add("Dockerfile", text);
        let dockerfile = parse(id, text);
        look(&Build::new(&dockerfile, "Dockerfile"));
    }

    #[test]
    fn what_runs_comes_from_the_chain() {
        let text = "FROM nginx:1.27-alpine AS base\nSTOPSIGNAL SIGQUIT\nCMD [\"nginx\", \"-g\", \"daemon off;\"]\nFROM debian AS other\nSTOPSIGNAL SIGINT\nFROM base\nCOPY --from=other /a /a\nENTRYPOINT exec run $X\n";
        with(text, |build| {
            let stage = build.target().unwrap();
            assert_eq!(stage.title(), "2");
            assert_eq!(stage.base_image(), &Base::Image("nginx:1.27-alpine".into()));
            assert_eq!(stage.stop_signal().unwrap().0, "SIGQUIT");
            assert!(
                matches!(stage.entrypoint().unwrap().start, Start::Shell(text, Some(_)) if text.text == "exec run $X")
            );
            assert!(stage.command().is_none(), "an ENTRYPOINT drops the CMD of the base");
            let base = build.stages().next().unwrap();
            let Start::Exec(words) = base.command().unwrap().start else { panic!("it is JSON") };
            assert!(words.iter().map(|word| word.text.as_str()).eq(["nginx", "-g", "daemon off;"]));
            assert_eq!(stage.sh(), ShellKind::Busybox);
        });
    }

    #[test]
    fn what_the_target_needs_is_followed() {
        let text = "FROM a AS One\nFROM b AS two\nFROM c\nFROM d AS unused\nFROM one\nCOPY --from=TWO /x /x\nRUN --mount=type=bind,from=2,target=/y true\n";
        with(text, |build| {
            let reached: Vec<_> = build.stages().map(Stage::is_reached).collect();
            assert_eq!(reached, [true, true, true, false, true]);
        });
        // Two stages that take files from each other, and one that is not there.
        with("FROM a AS x\nCOPY --from=y /a /a\nFROM a AS y\nCOPY --from=x /a /a\nCOPY --from=z:1 /a /a\n", |build| {
            assert!(build.stages().all(Stage::is_reached));
        });
    }

    #[test]
    fn images_are_filled_in_from_global_arguments() {
        let base =
            |text: &str, expected: Base| with(text, |build| assert_eq!(build.target().unwrap().base(), &expected));
        base("ARG V=3.12\nARG I=python:${V}-slim\nFROM $I\n", Base::Image("python:3.12-slim".into()));
        base("ARG V\nFROM python:$V\n", Base::Unknown);
        base("FROM scratch\n", Base::Scratch);
        base("ARG T=base\nFROM a AS base\nFROM ${T}\n", Base::Stage(0));
        base("FROM a AS a\nFROM a\n", Base::Stage(0));
    }

    #[test]
    fn the_shell_is_that_of_the_nearest_instruction() {
        with(
            "FROM debian\nSHELL [\"/bin/bash\", \"-eo\", \"pipefail\", \"-c\"]\nRUN a\nFROM 0\nRUN b\nSHELL [\"pwsh\"]\nRUN c\n",
            |build| {
                let stage = build.stages().next().unwrap();
                assert_eq!(stage.shell_at(0).unwrap().kind, ShellKind::Dash);
                let shell = stage.shell_at(1).unwrap();
                assert!(shell.kind == ShellKind::Bash && shell.options.errexit && shell.options.pipefail);
                assert_eq!(build.target().unwrap().shell_at(2), None);
            },
        );
    }
}
