//! What BuildKit makes of a Dockerfile: stages, which of them are built, build arguments with
//! their scope, and whether anything fails when one is missing.

mod argument;
pub mod guard;
mod reach;
mod scope;
mod script;
mod shell;
mod stage;

use std::sync::OnceLock;

use crate::source::Span;
use crate::syntax::dockerfile::{Dockerfile, Instruction, Keyword};

pub use argument::{BuildArgument, Declaration, Misplacement, Standing, Use, UseKind};
pub use shell::{Options, Shell, ShellKind};
pub use stage::{Base, Stage, Start, Started};

use argument::ArgumentData;
use stage::StageData;

/// A Dockerfile, resolved.
#[derive(Debug)]
pub struct Build<'a> {
    /// Its index, set when it joins the releases.
    pub(super) id: usize,
    /// As it is written.
    pub dockerfile: &'a Dockerfile<'a>,
    /// The path from the root of the context, with `/`.
    pub path: &'a str,
    stages: Vec<StageData>,
    reached: Vec<bool>,
    arguments: OnceLock<Vec<ArgumentData>>,
}

impl<'a> Build<'a> {
    /// Resolves the stages. Arguments are looked at when they are first asked for.
    #[must_use]
    pub fn new(dockerfile: &'a Dockerfile<'a>, path: &'a str) -> Self {
        let stages = stage::stages(&dockerfile.instructions);
        let reached = reach::reached(&dockerfile.instructions, &stages);
        Self { id: 0, dockerfile, path, stages, reached, arguments: OnceLock::new() }
    }
}

impl<'b> Build<'b> {
    /// The whole text.
    #[must_use]
    pub fn span(&self) -> Span {
        Span::new(self.dockerfile.source, 0, self.dockerfile.text.len() as u32)
    }

    /// The instruction that a place lies in: its keyword, and the key behind it, if any.
    #[must_use]
    pub fn path_to(&self, place: Span) -> Vec<&str> {
        let instructions = &self.dockerfile.instructions;
        let after = instructions.partition_point(|it| it.span.start <= place.start);
        let Some(holding) = after.checked_sub(1).map(|index| &instructions[index]) else { return Vec::new() };
        let keyword = Keyword::ALL.iter().find(|(_, keyword)| *keyword == holding.keyword).map(|(word, _)| *word);
        let pairs = holding.pairs();
        let pair = pairs[..pairs.partition_point(|pair| pair.key.span.start <= place.start)].last();
        keyword.into_iter().chain(pair.map(|pair| pair.key.text.as_str())).collect()
    }

    /// The stages, in order.
    pub fn stages(&'b self) -> impl DoubleEndedIterator<Item = Stage<'b>> + ExactSizeIterator {
        (0..self.stages.len()).map(move |index| Stage { build: self, index })
    }

    /// The stage of an index.
    #[must_use]
    pub fn stage(&'b self, index: usize) -> Option<Stage<'b>> {
        (index < self.stages.len()).then_some(Stage { build: self, index })
    }

    /// What is built unless somebody names another target: the last stage.
    #[must_use]
    pub fn target(&'b self) -> Option<Stage<'b>> {
        self.stages().next_back()
    }

    /// The stage that a place lies in.
    #[must_use]
    pub fn stage_at(&'b self, place: Span) -> Option<Stage<'b>> {
        let start = |stage: &StageData| self.dockerfile.instructions[stage.from].span.start;
        let after = self.stages.partition_point(|stage| start(stage) <= place.start);
        Some(Stage { build: self, index: after.checked_sub(1)? })
    }

    /// The stage that a place belongs to: the last one, for a place in a file that it copies.
    #[must_use]
    pub fn stage_of(&'b self, place: Span) -> Option<Stage<'b>> {
        if place.source == self.dockerfile.source { self.stage_at(place) } else { self.target() }
    }

    /// The instructions before the first `FROM`.
    fn globals(&self) -> &[Instruction] {
        let end = self.stages.first().map_or(self.dockerfile.instructions.len(), |stage| stage.from);
        &self.dockerfile.instructions[..end]
    }

    /// The build arguments, by their first declaration.
    pub fn arguments(&'b self) -> impl Iterator<Item = BuildArgument<'b>> {
        self.argument_data().iter().map(move |data| BuildArgument::new(self, data))
    }

    fn argument_data(&'b self) -> &'b [ArgumentData] {
        self.arguments.get_or_init(|| argument::arguments(self))
    }

    /// Where the values of secrets stand: those of arguments, variables and labels with names
    /// that look like it.
    pub fn secret_values(&self) -> impl Iterator<Item = Span> {
        let kept = [Keyword::Arg, Keyword::Env, Keyword::Label];
        let instructions = self.dockerfile.instructions.iter().filter(move |it| kept.contains(&it.keyword));
        let pairs = instructions.flat_map(Instruction::pairs);
        let secret = pairs.filter(|pair| crate::knowledge::looks_secret(&pair.key.text));
        secret.filter_map(|pair| pair.value.as_ref()).map(|value| value.span).filter(|span| !span.is_empty())
    }
}
