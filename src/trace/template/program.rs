//! A template as steps that print, with the definitions that it includes put in their place.

use std::collections::HashMap;
use std::ops::Range;

use super::parse::{Part, quoted};
use super::scope::{Meaning, Scope};
use crate::source::{SourceId, Span};

/// Definitions within each other beyond this are not followed.
const MAX_INCLUDES: usize = 12;
/// A program does not grow beyond this.
const MAX_STEPS: usize = 40_000;

/// A definition, and the template that it stands in.
pub(in crate::trace) struct Define<'t> {
    pub(in crate::trace) source: SourceId,
    pub(in crate::trace) text: &'t str,
    pub(in crate::trace) parts: Vec<Part>,
}

/// All definitions of a chart, by name.
pub(in crate::trace) type Defines<'t> = HashMap<String, Define<'t>>;

/// A step of a program. Indexes are those of steps, where nothing else is said.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// Prints a text of a template.
    Text(Span),
    /// Prints a line break, perhaps, and blanks.
    Indent { line_break: bool, width: usize },
    /// Prints anything: index of an action.
    Any(usize),
    /// Goes on at one of these.
    Fork(Vec<usize>),
    /// Begins to print an included definition: index of an include.
    Enter(usize),
    /// Ends it.
    Leave,
    /// Between two documents.
    Separator,
    /// The end of the template.
    End,
}

/// An action that prints what is not written in the template.
#[derive(Clone, Debug)]
pub(in crate::trace) struct Action {
    /// The action, braces included.
    pub(in crate::trace) span: Span,
    /// Whether it prints many lines as a rule.
    pub(super) is_long: bool,
    /// Blanks that every line but its first begins with.
    pub(super) indent: usize,
    /// The values that it names.
    pub(in crate::trace) values: Vec<Vec<String>>,
}

/// A template, ready to be compared with what came of it.
#[derive(Clone, Debug, Default)]
pub(in crate::trace) struct Program {
    pub(super) steps: Vec<Step>,
    pub(in crate::trace) actions: Vec<Action>,
    /// The actions that include.
    pub(super) includes: Vec<Span>,
}

impl Program {
    /// Puts a template's parts in order.
    pub(in crate::trace) fn new(source: SourceId, text: &str, parts: &[Part], defines: &Defines<'_>) -> Self {
        let mut writer = Writer { program: Self::default(), defines, including: Vec::new() };
        writer.parts(parts, &mut Place { source, text, pad: 0, scope: Scope::top() });
        writer.program.steps.push(Step::End);
        writer.program
    }
}

struct Writer<'d, 't> {
    program: Program,
    defines: &'d Defines<'t>,
    including: Vec<String>,
}

/// Where parts stand.
struct Place<'t> {
    source: SourceId,
    text: &'t str,
    /// Blanks that every line gets from the actions that include it.
    pad: usize,
    scope: Scope,
}

impl<'t> Place<'t> {
    fn inner(&self, dot: Meaning) -> Self {
        Self { source: self.source, text: self.text, pad: self.pad, scope: self.scope.with(dot) }
    }

    fn span(&self, range: &Range<usize>) -> Span {
        Span::new(self.source, range.start as u32, range.end as u32)
    }
}

impl Writer<'_, '_> {
    fn push(&mut self, step: Step) -> usize {
        self.program.steps.push(step);
        self.program.steps.len() - 1
    }

    fn next(&self) -> usize {
        self.program.steps.len()
    }

    fn parts(&mut self, parts: &[Part], place: &mut Place<'_>) {
        for part in parts {
            if self.next() > MAX_STEPS {
                return;
            }
            match part {
                Part::Text(range) => self.text(range, place),
                Part::Print(range, action) => self.print(range, action, place),
                Part::Set(name, value) => {
                    let meaning = place.scope.first(value);
                    place.scope.set(name, meaning);
                }
                Part::Either(arms) => {
                    let dot = place.scope.dot.clone();
                    let arms: Vec<_> = arms.iter().map(|arm| (arm.as_slice(), dot.clone())).collect();
                    self.either("", &arms, place);
                }
                Part::With(subject, body, otherwise) => {
                    let dot = place.scope.dot.clone();
                    self.either(subject, &[(body, place.scope.first(subject)), (otherwise, dot)], place);
                }
                Part::Each(subject, body, otherwise) => self.each(subject, body, otherwise, place),
            }
        }
    }

    fn either(&mut self, subject: &str, arms: &[(&[Part], Meaning)], place: &Place<'_>) {
        let fork = self.push(Step::Fork(Vec::new()));
        let mut starts = Vec::new();
        let mut ends = Vec::new();
        for (arm, dot) in arms {
            starts.push(self.next());
            let mut inner = place.inner(dot.clone());
            inner.scope.bind(subject, dot);
            self.parts(arm, &mut inner);
            ends.push(self.push(Step::Fork(Vec::new())));
        }
        let after = self.next();
        self.program.steps[fork] = Step::Fork(starts);
        for end in ends {
            self.program.steps[end] = Step::Fork(vec![after]);
        }
    }

    fn each(&mut self, subject: &str, body: &[Part], otherwise: &[Part], place: &Place<'_>) {
        let fork = self.push(Step::Fork(Vec::new()));
        let start = self.next();
        let item = place.scope.item(subject);
        let mut inner = place.inner(item.clone());
        inner.scope.bind(subject, &item);
        self.parts(body, &mut inner);
        let again = self.push(Step::Fork(Vec::new()));
        let other = self.next();
        self.parts(otherwise, &mut place.inner(place.scope.dot.clone()));
        let after = self.next();
        self.program.steps[fork] = Step::Fork(vec![start, other]);
        self.program.steps[again] = Step::Fork(vec![start, after]);
    }

    fn text(&mut self, range: &Range<usize>, place: &Place<'_>) {
        let mut start = range.start;
        for (separator, end) in separators(&place.text[range.clone()]) {
            self.lines(&(start..range.start + separator), place);
            self.push(Step::Separator);
            start = range.start + end;
        }
        self.lines(&(start..range.end), place);
    }

    /// Text of one document; line by line, where each line gets blanks.
    fn lines(&mut self, range: &Range<usize>, place: &Place<'_>) {
        if place.pad == 0 {
            if !range.is_empty() {
                self.push(Step::Text(place.span(range)));
            }
            return;
        }
        let mut start = range.start;
        for line in place.text[range.clone()].split_inclusive('\n') {
            self.push(Step::Text(place.span(&(start..start + line.len()))));
            if line.ends_with('\n') {
                self.push(Step::Indent { line_break: false, width: place.pad });
            }
            start += line.len();
        }
    }

    fn print(&mut self, range: &Range<usize>, action: &str, place: &Place<'_>) {
        let words = ["toYaml", "toPrettyJson", "include", "tpl", "template", "Files", "indent", "render"];
        let is_long = words.iter().any(|word| action.contains(word));
        let values = place.scope.values(action);
        let (line_break, width) = indentation(action);
        let indent = place.pad + width;
        self.program.actions.push(Action { span: place.span(range), is_long, indent, values });
        let any = Step::Any(self.program.actions.len() - 1);
        let begin = (width > 0).then_some(Step::Indent { line_break, width: if line_break { indent } else { width } });
        let call = Call::read(action).filter(|call| {
            self.defines.contains_key(&call.name)
                && self.including.len() < MAX_INCLUDES
                && !self.including.contains(&call.name)
        });
        let Some(call) = call else {
            begin.into_iter().for_each(|begin| _ = self.push(begin));
            self.push(any);
            return;
        };
        // Whatever was not understood of the definition: the action prints anything, too.
        let fork = self.push(Step::Fork(Vec::new()));
        let inlined = self.next();
        self.include(range, &call, place);
        let jump = self.push(Step::Fork(Vec::new()));
        let other = self.next();
        begin.into_iter().for_each(|begin| _ = self.push(begin));
        let after = self.push(any) + 1;
        self.program.steps[fork] = Step::Fork(vec![inlined, other]);
        self.program.steps[jump] = Step::Fork(vec![after]);
    }

    fn include(&mut self, range: &Range<usize>, call: &Call, place: &Place<'_>) {
        let Some(define) = self.defines.get(&call.name) else { return };
        self.program.includes.push(place.span(range));
        self.push(Step::Enter(self.program.includes.len() - 1));
        let pad = place.pad + call.width;
        match call.line_break {
            true => _ = self.push(Step::Indent { line_break: true, width: pad }),
            false if call.width > 0 => _ = self.push(Step::Indent { line_break: false, width: call.width }),
            false => {}
        }
        let dot = place.scope.first(&call.argument);
        self.including.push(call.name.clone());
        let mut inner = Place { source: define.source, text: define.text, pad, scope: Scope::called(dot) };
        self.parts(&define.parts, &mut inner);
        self.including.pop();
        self.push(Step::Leave);
    }
}

/// An action that includes a definition, and does no more to it than to indent it.
struct Call {
    name: String,
    argument: String,
    line_break: bool,
    width: usize,
}

impl Call {
    fn read(action: &str) -> Option<Self> {
        let mut pipes = pipes(action).into_iter();
        let (word, rest) = pipes.next()?.split_once(|letter: char| letter.is_whitespace())?;
        let name = quoted(rest.trim()).filter(|_| matches!(word, "include" | "template"))?;
        let argument = rest.trim().get(name.len() + 2..)?.trim().to_string();
        let mut call = Self { name, argument, line_break: false, width: 0 };
        for pipe in pipes {
            let (word, width) = pipe.split_once(' ').unwrap_or((pipe, ""));
            match (word, width.trim().parse()) {
                ("nindent", Ok(width)) => (call.line_break, call.width) = (true, width),
                ("indent", Ok(width)) => call.width = width,
                ("trim", _) => {}
                _ => return None,
            }
        }
        (call.width <= 200).then_some(call)
    }
}

/// How an action indents what it prints: whether it breaks the line first, and by how much.
fn indentation(action: &str) -> (bool, usize) {
    let width = |pipe: &str, word: &str| pipe.strip_prefix(word)?.trim().parse::<usize>().ok();
    let last = pipes(action).last().copied().unwrap_or_default();
    let found = width(last, "nindent ").map(|width| (true, width)).or(width(last, "indent ").map(|it| (false, it)));
    found.filter(|(_, width)| *width <= 200).unwrap_or_default()
}

/// The parts of an action between `|`, leaving parentheses and quotes whole.
fn pipes(action: &str) -> Vec<&str> {
    let (mut found, mut start, mut depth, mut quote) = (Vec::new(), 0, 0_i32, None);
    for (at, letter) in action.char_indices() {
        match (quote, letter) {
            (Some(open), _) => quote = Some(open).filter(|_| letter != open),
            (None, '"' | '`') => quote = Some(letter),
            (None, '(') => depth += 1,
            (None, ')') => depth -= 1,
            (None, '|') if depth == 0 => {
                found.push(action[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    found.push(action[start..].trim());
    found
}

/// Where documents end and begin in a text: helm takes the blanks around a separator for
/// part of it.
fn separators(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut line = 0;
    while line < text.len() {
        let next = text[line..].find('\n').map_or(text.len(), |length| line + length + 1);
        let rest = text[line..].strip_prefix("---");
        if rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n'])) {
            let before = text[..line].trim_end().len();
            let after = text.len() - text[line + 3..].trim_start().len();
            found.push((before.max(found.last().map_or(0, |(_, end)| *end)), after));
        }
        line = next;
    }
    found
}
