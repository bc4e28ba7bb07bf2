//! Build arguments: where they are declared, used and checked.

use std::collections::{HashMap, HashSet};

use super::Build;
use super::guard::{Form, Guard, Judgement, Verdict, judge};
use super::scope::{Holder, Scopes};
use super::script::{self, Does, Run};
use super::stage::{Base, Stage};
use crate::knowledge::{base_name, is_optional_argument_word, is_predefined_argument, words_of};
use crate::source::Span;
use crate::syntax::dockerfile::{Instruction, Keyword, Pair, Reference, Word};
use crate::syntax::expansion::Operator;

/// Bytes of script times variables that are looked at in one Dockerfile; what is beyond is
/// unknown. Real ones stay a thousand times below.
const MAX_WORK: usize = 64 << 20;
/// Checks of one argument that are looked at, once none of them counts.
const MAX_MISPLACED: usize = 64;

/// An `ARG`.
#[derive(Clone, Debug)]
pub struct Declaration {
    /// The stage; nothing before the first `FROM`.
    pub stage: Option<usize>,
    /// The name.
    pub span: Span,
    /// All of the instruction.
    pub instruction: Span,
    /// The value that is written behind it.
    pub default: Option<Word>,
    /// Whether an `ENV` of that name gives it a value.
    pub shadowed: bool,
}

/// Where a value goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UseKind {
    /// Where the build fails by itself without it: into the name of an image that is none then,
    /// or the path of a file to copy.
    Needed,
    /// Into the name of an image that is one without it, too.
    From,
    /// Into the environment or a label of the image.
    Kept,
    /// To a shell.
    Run,
    /// Into any other instruction.
    Other,
}

/// A use of an argument.
#[derive(Clone, Copy, Debug)]
pub struct Use {
    /// The place.
    pub span: Span,
    /// Where the value goes.
    pub kind: UseKind,
    /// A missing value is provided for.
    pub optional: bool,
    /// Why there is no value at this place.
    pub misplaced: Option<Misplacement>,
    /// The stage; nothing before the first `FROM`.
    pub stage: Option<usize>,
}

/// Why a check counts for nothing, or a use finds nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misplacement {
    /// It stands before the `ARG`.
    BeforeArgument,
    /// The target does not need its stage.
    Unreached,
    /// The stage never declares the argument.
    NotDeclared,
    /// As far as the stage is concerned, the argument is declared before the first `FROM` alone.
    OnlyGlobal,
}

/// How an argument stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It has a value, or a working check, or may be absent.
    Fine,
    /// Nothing fails when it is missing.
    Unchecked,
    /// The best check that there is does not work.
    Guarded(Guard),
    /// The only checks stand where they count for nothing.
    Misplaced(Guard, Misplacement),
}

#[derive(Debug, Default)]
pub(super) struct ArgumentData {
    name: String,
    declarations: Vec<Declaration>,
    /// The stages that declare it.
    stages: HashSet<Option<usize>>,
    guards: Vec<(Guard, Option<Misplacement>, usize)>,
    uses: Vec<Use>,
}

/// A build argument of a Dockerfile: every declaration of one name.
#[derive(Clone, Copy)]
pub struct BuildArgument<'b> {
    build: &'b Build<'b>,
    data: &'b ArgumentData,
}

/// Finds the arguments of a Dockerfile, with everything that has to do with them.
pub(super) fn arguments<'b>(build: &'b Build<'b>) -> Vec<ArgumentData> {
    let mut finder = Finder { build, scopes: Scopes::of(build), found: Vec::new(), index: HashMap::new(), work: 0 };
    finder.declare(None, build.globals());
    build.stages().for_each(|stage| finder.declare(Some(stage), stage.instructions()));
    finder.globals();
    build.stages().for_each(|stage| finder.stage(stage));
    finder.found
}

struct Finder<'b> {
    build: &'b Build<'b>,
    scopes: Scopes<'b>,
    found: Vec<ArgumentData>,
    index: HashMap<String, usize>,
    work: usize,
}

impl<'b> Finder<'b> {
    fn declare(&mut self, stage: Option<Stage<'b>>, instructions: &[Instruction]) {
        for (at, it) in instructions.iter().enumerate().filter(|(_, it)| it.keyword == Keyword::Arg) {
            for pair in it.pairs() {
                let Pair { key, value } = pair;
                let index = *self.index.entry(key.text.clone()).or_insert_with(|| {
                    self.found.push(ArgumentData { name: key.text.clone(), ..ArgumentData::default() });
                    self.found.len() - 1
                });
                let declaration = Declaration {
                    stage: stage.map(|stage| stage.index),
                    span: key.span,
                    instruction: it.span,
                    default: value.clone(),
                    shadowed: stage.is_some_and(|stage| self.scopes.holder(stage, at + 1, &key.text) == Holder::Fixed),
                };
                self.found[index].stages.insert(declaration.stage);
                self.found[index].declarations.push(declaration);
            }
        }
    }

    fn get(&mut self, name: &str) -> Option<&mut ArgumentData> {
        self.index.get(name).map(|index| &mut self.found[*index])
    }

    /// Uses in `FROM`, and in the defaults of global arguments.
    fn globals(&mut self) {
        let defaults = self.build.globals().iter().flat_map(|it| it.pairs()).filter_map(|pair| pair.value.as_ref());
        let images = self.build.stages().filter_map(|stage| stage.from().words().first());
        let references = |word: &Word| word.references().into_iter().map(|it| (it, UseKind::From)).collect::<Vec<_>>();
        let needed = |word: &'b Word| {
            let kind = move |it: &Reference| if is_image_without(word, it) { UseKind::From } else { UseKind::Needed };
            word.references().into_iter().map(move |it| (kind(&it), it)).map(|(kind, it)| (it, kind))
        };
        let references: Vec<_> = defaults.flat_map(references).chain(images.flat_map(needed)).collect();
        for (Reference { name, operator, span }, kind) in references {
            if let Some(argument) = self.get(&name) {
                let optional = operator.is_optional();
                argument.uses.push(Use { span, kind, optional, misplaced: None, stage: None });
                if let Some(guard) = builder_guard(operator, span) {
                    argument.guards.push((guard, None, 0));
                }
            }
        }
    }

    fn stage(&mut self, stage: Stage<'b>) {
        for (index, instruction) in stage.instructions().iter().enumerate() {
            match instruction.keyword {
                Keyword::Run => self.run(stage, index, script::read(stage, index, instruction)),
                Keyword::Cmd | Keyword::Entrypoint | Keyword::Healthcheck | Keyword::Onbuild | Keyword::Shell => {}
                keyword => {
                    let kind = match keyword {
                        Keyword::Env | Keyword::Label => UseKind::Kept,
                        Keyword::Copy | Keyword::Add => UseKind::Needed,
                        _ => UseKind::Other,
                    };
                    for reference in expanded(instruction) {
                        self.reference(stage, index, &reference, kind);
                    }
                }
            }
        }
    }

    fn reference(&mut self, stage: Stage<'b>, index: usize, reference: &Reference, kind: UseKind) {
        let Reference { name, operator, span } = reference;
        let Some((name, misplaced, _)) = self.place(stage, index, name) else { return };
        let Some(argument) = self.get(&name) else { return };
        let optional = operator.is_optional();
        argument.uses.push(Use { span: *span, kind, optional, misplaced, stage: Some(stage.index) });
        if let Some(guard) = builder_guard(*operator, *span) {
            let reached = if stage.is_reached() { None } else { Some(Misplacement::Unreached) };
            argument.guards.push((guard, misplaced.or(reached), stage.index));
        }
    }

    /// The argument that a name stands for, why it finds nothing there, and whether it is
    /// empty where nobody passes a value; nothing for what is no argument.
    fn place(&self, stage: Stage<'b>, index: usize, name: &str) -> Option<(String, Option<Misplacement>, bool)> {
        match self.scopes.holder(stage, index, name) {
            Holder::Argument { name, baked } => Some((name.to_string(), None, baked)),
            Holder::Fixed => None,
            Holder::Absent => {
                let stages = &self.found[*self.index.get(name)?].stages;
                let why = match stages.contains(&None) {
                    _ if stages.contains(&Some(stage.index)) => Misplacement::BeforeArgument,
                    true => Misplacement::OnlyGlobal,
                    false => Misplacement::NotDeclared,
                };
                (!is_of_image(stage, name)).then(|| (name.to_string(), Some(why), false))
            }
        }
    }

    fn run(&mut self, stage: Stage<'b>, index: usize, run: Run<'b>) {
        let size = (run.place.end - run.place.start) as usize;
        for name in &run.names {
            let Some((argument, misplaced, baked)) = self.place(stage, index, name) else { continue };
            self.work += size;
            let judgement = match &run.does {
                _ if self.work > MAX_WORK => unknown(run.place),
                Does::Script(script, shell) => judge(script, run.place, *shell, name, baked),
                Does::Program(words) => program(words, run.place, name),
                Does::Unknown => unknown(run.place),
            };
            self.judged(stage, &argument, misplaced, judgement);
        }
    }

    fn judged(&mut self, stage: Stage<'b>, name: &str, misplaced: Option<Misplacement>, judgement: Judgement) {
        let Some(argument) = self.get(name) else { return };
        let Judgement { guard, branches, uses, assigns } = judgement;
        // What nobody can follow may set the variable itself.
        if misplaced.is_some() && guard.is_some_and(|guard| guard.verdict == Verdict::Unknown) {
            return;
        }
        if let Some(span) = uses.filter(|_| misplaced.is_none() || !assigns) {
            let optional = branches;
            let kind = UseKind::Run;
            argument.uses.push(Use { span, kind, optional, misplaced, stage: Some(stage.index) });
        } else if branches {
            let span = stage.from().span;
            argument.uses.push(Use { span, kind: UseKind::Run, optional: true, misplaced, stage: Some(stage.index) });
        }
        let reached = if stage.is_reached() { None } else { Some(Misplacement::Unreached) };
        let is_check = |guard: &Guard| misplaced.is_none() || (!assigns && guard.form != Form::Nounset);
        if let Some(guard) = guard.filter(is_check) {
            argument.guards.push((guard, misplaced.or(reached), stage.index));
        }
    }
}

/// The variables that the builder fills in.
fn expanded(instruction: &Instruction) -> Vec<Reference> {
    let pairs = instruction.pairs().iter().flat_map(|pair| [Some(&pair.key), pair.value.as_ref()]).flatten();
    let flags = instruction.flags.iter().filter_map(|flag| flag.value.as_ref());
    pairs.chain(instruction.words()).chain(flags).flat_map(Word::references).collect()
}

/// Whether the name of an image is still one with nothing in place of a variable.
fn is_image_without(image: &Word, reference: &Reference) -> bool {
    let start = (reference.span.start - image.span.start) as usize;
    let end = (reference.span.end - image.span.start) as usize;
    let (before, rest) = (&image.text[..start], &image.text[end..]);
    let after = rest.strip_prefix('}').unwrap_or(rest);
    let ends_well = !before.ends_with([':', '@', '/', '.', '-'])
        || !(after.is_empty() || after.starts_with(['-', '.', '/', ':', '@']));
    let begins_well = !before.is_empty() || !(after.is_empty() || after.starts_with(['-', '.', '/', ':', '@']));
    ends_well && begins_well
}

/// `${X:?}` and `${X?}` in an instruction: the builder fails.
fn builder_guard(operator: Operator, span: Span) -> Option<Guard> {
    match operator {
        Operator::Require { colon: true } => Some(Guard { verdict: Verdict::Works, span, form: Form::Other }),
        Operator::Require { colon: false } => Some(Guard { verdict: Verdict::Weak, span, form: Form::Question(span) }),
        _ => None,
    }
}

fn unknown(span: Span) -> Judgement {
    let guard = Guard { verdict: Verdict::Unknown, span, form: Form::Other };
    Judgement { guard: Some(guard), ..Judgement::default() }
}

/// A program without a shell sees `$X` as it is written.
fn program(words: &[Word], place: Span, name: &str) -> Judgement {
    let spelled = words.iter().any(|word| word.text == format!("${name}") || word.text == format!("${{{name}}}"));
    let is_test = words.first().is_some_and(|word| matches!(word.text.rsplit('/').next(), Some("test" | "[")));
    let guard = Guard { verdict: Verdict::NeverFails, span: place, form: Form::Exec };
    Judgement { guard: (spelled && is_test).then_some(guard), ..Judgement::default() }
}

/// Whether the base image is likely to set a variable itself: `python` sets `PYTHON_VERSION`.
fn is_of_image(stage: Stage<'_>, name: &str) -> bool {
    let Base::Image(image) = stage.base_image() else { return false };
    let own = base_name(image).to_ascii_uppercase().replace(['-', '.'], "_");
    name.strip_prefix(&own).is_some_and(|rest| rest.starts_with('_'))
}

impl<'b> BuildArgument<'b> {
    pub(super) fn new(build: &'b Build<'b>, data: &'b ArgumentData) -> Self {
        Self { build, data }
    }

    /// The Dockerfile.
    #[must_use]
    pub fn build(self) -> &'b Build<'b> {
        self.build
    }

    /// The name.
    #[must_use]
    pub fn name(self) -> &'b str {
        &self.data.name
    }

    /// Every declaration, in order.
    #[must_use]
    pub fn declarations(self) -> &'b [Declaration] {
        &self.data.declarations
    }

    /// Every use that was found.
    #[must_use]
    pub fn uses(self) -> &'b [Use] {
        &self.data.uses
    }

    /// Whether the builder sets it, or tools do without.
    #[must_use]
    pub fn is_predefined(self) -> bool {
        is_predefined_argument(self.name())
    }

    /// The value of a declaration that nobody passes one for: its own default, else that of
    /// the declaration before the first `FROM`.
    #[must_use]
    pub fn default_of(self, declaration: &'b Declaration) -> Option<&'b Word> {
        // Those before the first FROM come first.
        let globals = self.declarations().partition_point(|it| it.stage.is_none());
        let global = || self.declarations()[..globals].last();
        declaration.default.as_ref().or_else(|| global().and_then(|global| global.default.as_ref()))
    }

    fn lacks_default(self, declaration: &'b Declaration) -> bool {
        let default = self.default_of(declaration);
        !declaration.shadowed && default.is_none_or(|default| default.unquoted().is_empty())
    }

    /// The declaration that a finding points at: the first without a default in a stage that
    /// is built; one whose value reaches the image before others.
    #[must_use]
    pub fn unset_declaration(self) -> Option<&'b Declaration> {
        let built = |stage: Option<usize>| stage.is_some_and(|stage| self.build.reached[stage]);
        let mut bare = self.declarations().iter().filter(|it| built(it.stage) && self.lacks_default(it));
        let stages: HashSet<_> = self.kept_uses().map(|used| used.stage).collect();
        let kept = bare.clone().find(|it| stages.contains(&it.stage));
        kept.or_else(|| bare.next())
    }

    /// Uses in `ENV` and `LABEL` that take the value as it is.
    pub fn kept_uses(self) -> impl Iterator<Item = &'b Use> {
        let uses = self.uses().iter().filter(|used| used.kind == UseKind::Kept && !used.optional);
        uses.filter(|used| used.misplaced.is_none())
    }

    /// The first use in a stage, where the argument is declared before the first `FROM` alone.
    pub fn uses_without_declaration(self) -> impl Iterator<Item = &'b Use> {
        let lost = self.uses().iter().filter(|used| used.misplaced == Some(Misplacement::OnlyGlobal) && !used.optional);
        let mut seen = HashSet::new();
        lost.filter(move |used| seen.insert(used.stage))
    }

    /// How it stands.
    #[must_use]
    pub fn standing(self) -> Standing {
        let strength = |guard: &Guard| match guard.verdict {
            Verdict::Works | Verdict::Unknown => 4,
            Verdict::Weak => 3,
            Verdict::NeverFails => 2,
            Verdict::FailsEvenWhenSet => 1,
        };
        // Where the default is an empty text, the argument is never unset.
        let never_unset = self.unset_declaration().is_some_and(|it| self.default_of(it).is_some());
        let minds = |guard: &Guard| guard.form != Form::Nounset || !never_unset;
        let counting =
            self.data.guards.iter().rev().filter(|(guard, misplaced, _)| misplaced.is_none() && minds(guard));
        match counting.map(|(guard, ..)| *guard).max_by_key(strength) {
            Some(guard) if strength(&guard) == 4 => return Standing::Fine,
            Some(guard) if guard.verdict == Verdict::Weak => {
                let matters = self.unset_declaration().is_some() && !self.is_predefined();
                return if matters { Standing::Guarded(guard) } else { Standing::Fine };
            }
            Some(guard) => return Standing::Guarded(guard),
            None => {}
        }
        if let Some((guard, why)) = self.misplaced_check() {
            return Standing::Misplaced(guard, why);
        }
        if self.is_predefined() || self.is_needed() || self.is_optional() || self.unset_declaration().is_none() {
            Standing::Fine
        } else {
            Standing::Unchecked
        }
    }

    /// The first check that stands where it counts for nothing.
    fn misplaced_check(self) -> Option<(Guard, Misplacement)> {
        let known = self.data.guards.iter().take(MAX_MISPLACED).filter(|(guard, ..)| guard.verdict != Verdict::Unknown);
        let misplaced = known.filter_map(|(guard, misplaced, stage)| Some((*guard, (*misplaced)?, *stage)));
        let mut wrong =
            misplaced.filter(|(_, why, stage)| *why != Misplacement::Unreached || self.is_meant_elsewhere(*stage));
        wrong.next().map(|(guard, why, _)| (guard, why))
    }

    /// Whether a check in a stage that is not built is meant for one that is: the argument is
    /// declared there, too, or the stage does nothing but check. Any other such stage may be a
    /// target of its own.
    fn is_meant_elsewhere(self, stage: usize) -> bool {
        let elsewhere = |it: &Declaration| it.stage.is_none_or(|stage| self.build.reached[stage]);
        let only_checks = self.build.stage(stage).is_some_and(|stage| {
            stage.instructions().iter().all(|it| matches!(it.keyword, Keyword::Arg | Keyword::Run))
        });
        self.declarations().iter().any(elsewhere) || only_checks
    }

    /// Whether a build without it fails by itself.
    fn is_needed(self) -> bool {
        let built = |stage: Option<usize>| stage.is_none_or(|stage| self.build.reached[stage]);
        let mut uses = self.uses().iter().filter(|used| used.misplaced.is_none() && !used.optional);
        uses.any(|used| used.kind == UseKind::Needed && built(used.stage))
    }

    /// Whether everything that uses it does without, or its name says that it is an extra.
    fn is_optional(self) -> bool {
        if words_of(self.name()).last().is_some_and(|last| is_optional_argument_word(last)) {
            return true;
        }
        let mut uses = self.uses().iter().filter(|used| used.misplaced.is_none()).peekable();
        uses.peek().is_some() && uses.all(|used| used.optional || used.kind == UseKind::From)
    }
}
