//! What a path finds in a stage of a Dockerfile, and in an instruction.

use super::image::image_part;
use super::path::Step;
use super::value::{Content, Value};
use crate::release::Stage;
use crate::release::build::{Base, Build};
use crate::source::Span;
use crate::syntax::dockerfile::{Instruction, Keyword, Pair, Word};
use crate::syntax::yaml::{Segment, path};

/// What may stand at the beginning of a path into a stage, and what follows it.
pub(super) const STAGE: &[(&str, Follows)] = &[
    ("name", Follows::Nothing),
    ("index", Follows::Nothing),
    ("final", Follows::Nothing),
    ("image", Follows::ImagePart),
    ("platform", Follows::Nothing),
    ("labels", Follows::Key),
    ("env", Follows::Key),
    ("args", Follows::Key),
    ("user", Follows::Nothing),
    ("workdir", Follows::Nothing),
    ("stopsignal", Follows::Nothing),
    ("entrypoint", Follows::Nothing),
    ("cmd", Follows::Nothing),
    ("healthcheck", Follows::Nothing),
    ("expose", Follows::Items),
];

/// What may stand at the beginning of a path into an instruction.
pub(super) const INSTRUCTION: &[(&str, Follows)] = &[
    ("keyword", Follows::Nothing),
    ("text", Follows::Nothing),
    ("flags", Follows::Key),
    ("keys", Follows::Key),
    ("words", Follows::Items),
    ("heredocs", Follows::Items),
    ("stage", Follows::Stage),
];

/// What follows the first name of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Follows {
    Nothing,
    /// One name.
    Key,
    /// `[]`
    Items,
    /// Nothing, or a part of an image's name.
    ImagePart,
    /// A path into the stage.
    Stage,
}

pub(super) fn of_stage<'b>(stage: Stage<'b>, steps: &[Step], label: &str) -> Vec<Value<'b>> {
    let Some((Step::Key(head), rest)) = steps.split_first() else { return Vec::new() };
    let from = stage.from().words().first().map_or(stage.from().span, |word| word.span);
    let label = join(label, head);
    let text = |text: String| vec![Value::text(label.clone(), text, from)];
    match head.as_str() {
        "name" => text(stage.title()),
        "index" => text(stage.index.to_string()),
        "final" => text((stage.build().target().map(|target| target.index) == Some(stage.index)).to_string()),
        "image" => image(stage, rest, &label, from),
        "platform" => vec![flag(stage.from(), "platform", &label)],
        "labels" => pairs(stage.pairs(Keyword::Label), rest, &label, from),
        "env" => pairs(stage.pairs(Keyword::Env), rest, &label, from),
        "args" => pairs(stage.pairs(Keyword::Arg), rest, &label, from),
        "expose" => {
            let exposes = stage.chain().flat_map(|stage| stage.instructions().iter());
            let exposes = exposes.filter(|it| it.keyword == Keyword::Expose);
            exposes.flat_map(|it| it.words()).map(|word| of_word(word, label.clone())).collect()
        }
        _ => vec![last(stage, head, &label, from)],
    }
}

fn image<'b>(stage: Stage<'b>, rest: &[Step], label: &str, from: Span) -> Vec<Value<'b>> {
    match (stage.base(), rest) {
        // An earlier stage is judged by itself.
        (Base::Stage(_), _) | (Base::Scratch, [_, ..]) => Vec::new(),
        (Base::Scratch, []) => vec![Value::text(label, "scratch", from)],
        (Base::Unknown, _) => vec![Value::new(label, Content::Unknown, from)],
        (Base::Image(image), []) => vec![Value::text(label, image, from)],
        (Base::Image(image), [Step::Key(part), ..]) => vec![image_part(image, part, label, from)],
        (Base::Image(_), _) => Vec::new(),
    }
}

/// What the last instruction of a keyword says, here or in the chain.
fn last<'b>(stage: Stage<'b>, name: &str, label: &str, from: Span) -> Value<'b> {
    let absent = |place| Value::new(label, Content::Absent, place);
    let said = Keyword::parse(name).and_then(|keyword| stage.last(keyword));
    match said {
        None => absent(from),
        Some(it) if it.keyword == Keyword::Healthcheck && it.body.text.trim().eq_ignore_ascii_case("none") => {
            absent(it.span)
        }
        Some(it) => of_word(it.words().first().filter(|_| it.exec().is_none()).unwrap_or(&it.body), label.to_string()),
    }
}

fn pairs<'b>(pairs: impl Iterator<Item = &'b Pair>, rest: &[Step], label: &str, otherwise: Span) -> Vec<Value<'b>> {
    let value = |pair: &'b Pair| {
        let (key, mut label) = (pair.key.unquoted(), label.to_string());
        path::push(&mut label, &Segment::Key(&key));
        match &pair.value {
            Some(value) => of_word(value, label),
            None => Value::new(label, Content::Unknown, pair.key.span),
        }
    };
    match rest.first() {
        Some(Step::Key(wanted)) => {
            let mut pairs = pairs;
            let absent = || {
                let mut label = label.to_string();
                path::push(&mut label, &Segment::Key(wanted));
                Value::new(label, Content::Absent, otherwise)
            };
            vec![pairs.find(|pair| pair.key.unquoted() == *wanted).map_or_else(absent, value)]
        }
        _ => pairs.map(value).collect(),
    }
}

pub(super) fn of_instruction<'b>(build: &'b Build<'b>, instruction: &'b Instruction, steps: &[Step]) -> Vec<Value<'b>> {
    let Some((Step::Key(head), rest)) = steps.split_first() else { return Vec::new() };
    let label = head.clone();
    match head.as_str() {
        "keyword" => vec![Value::text(label, keyword(instruction), instruction.keyword_span)],
        "text" => vec![text(label, &instruction.body.text, instruction.body.span)],
        "words" => instruction.words().iter().map(|word| of_word(word, label.clone())).collect(),
        "keys" => pairs(instruction.pairs().iter(), rest, &label, instruction.keyword_span),
        "heredocs" => {
            let body = |span: Span| text(label.clone(), &build.dockerfile.text[span.range()], span);
            instruction.heredocs.iter().map(|heredoc| body(heredoc.body)).collect()
        }
        "stage" => {
            let stage = build.stage_at(instruction.span);
            stage.map(|stage| of_stage(stage, rest, &label)).unwrap_or_default()
        }
        _ => match rest.first() {
            Some(Step::Key(name)) => vec![flag(instruction, name, &join(&label, name))],
            _ => instruction.flags.iter().map(|it| flag(instruction, &it.name, &join(&label, &it.name))).collect(),
        },
    }
}

/// The word of an instruction's keyword.
pub(super) fn keyword(instruction: &Instruction) -> &'static str {
    Keyword::ALL.iter().find(|(_, keyword)| *keyword == instruction.keyword).map_or("", |(word, _)| word)
}

/// Text as it is written, but for what continues a line, which becomes spaces.
fn text<'b>(label: String, text: &str, place: Span) -> Value<'b> {
    let joined = text.replace("\\\r\n", "   ").replace("\\\n", "  ");
    Value { is_literal: true, ..Value::text(label, joined, place) }
}

fn flag<'b>(instruction: &'b Instruction, name: &str, label: &str) -> Value<'b> {
    match instruction.flags.iter().find(|flag| flag.name == name) {
        Some(flag) => match &flag.value {
            Some(value) => of_word(value, label.to_string()),
            None => Value::text(label, "true", flag.span),
        },
        None => Value::new(label, Content::Absent, instruction.keyword_span),
    }
}

/// A word without its quotes; one with variables in it is unknown.
fn of_word<'b>(word: &Word, label: String) -> Value<'b> {
    match word.references().is_empty() {
        true => Value::text(label, word.unquoted(), word.span),
        false => Value::new(label, Content::Unknown, word.span),
    }
}

fn join(label: &str, name: &str) -> String {
    if label.is_empty() { name.to_string() } else { format!("{label}.{name}") }
}
