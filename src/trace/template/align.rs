//! A program compared with what came of it: which step printed which bytes.
//!
//! Every way through the program that prints the document is possible; the one is taken in
//! which the least is printed by actions, whose output can be anything. That is a shortest
//! path, searched byte by byte.

use std::ops::Range;

use super::program::{Program, Step};
use crate::source::{Sources, Span};

/// What a byte costs that an action prints.
const BYTE: u32 = 2;
/// What a line break costs that an action prints which prints single lines as a rule. Such a
/// way is only tried where there is no other.
const LINE_BREAK: u32 = 40;
/// Ways that cost this much more than the best one so far are not followed.
const BEAM: u32 = 800;
/// What it costs to begin a document with an action.
const LATE_START: u32 = 20;
/// What it costs to go through a loop once more, or to take any branch.
const STEP: u32 = 0;
/// States beyond this are not looked at: the comparison is given up on.
const MAX_STATES: usize = 3_000_000;

/// What printed some bytes of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::trace) struct Piece {
    /// The bytes, counted from the beginning of the document.
    pub(in crate::trace) printed: Range<usize>,
    /// What printed them.
    pub(in crate::trace) by: By,
}

/// What printed bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::trace) enum By {
    /// Literal text that begins here.
    Text {
        /// The text.
        span: Span,
        /// Whether it stands in the template itself, and not in what it includes.
        is_own: bool,
    },
    /// An action, by its index.
    Action(usize),
    /// An action that includes a definition.
    Include(Span),
}

type State = (u32, u32);

/// How a state was reached at the least cost.
#[derive(Clone, Copy)]
struct Reached {
    step: u32,
    cost: u32,
    from: State,
}

/// No state: a document begins here.
const NOWHERE: State = (u32::MAX, u32::MAX);

/// Which steps printed a document, in order. Nothing where no way was found.
pub(in crate::trace) fn align(program: &Program, sources: &Sources, document: &str) -> Option<Vec<Piece>> {
    [true, false].into_iter().find_map(|is_strict| {
        let mut search = Search {
            program,
            sources,
            text: document,
            layers: vec![Vec::new(); document.len() + 1],
            index: vec![0; program.steps.len()],
            states: 0,
            is_strict,
        };
        let end = search.run()?;
        Some(search.pieces(end))
    })
}

struct Search<'p> {
    program: &'p Program,
    sources: &'p Sources,
    text: &'p str,
    /// What was reached, by the bytes that were printed before.
    layers: Vec<Vec<Reached>>,
    /// For the layer in hand, where a step stands in it, counted from 1.
    index: Vec<u32>,
    states: usize,
    /// Whether actions print single lines, and indent as they say.
    is_strict: bool,
}

impl Search<'_> {
    fn run(&mut self) -> Option<State> {
        self.begin();
        for at in 0..=self.text.len() {
            self.states += self.layers[at].len();
            if self.states > MAX_STATES {
                return None;
            }
            self.layer(at);
        }
        let last = self.layers.last()?;
        let ends = last
            .iter()
            .filter(|reached| matches!(self.program.steps[reached.step as usize], Step::End | Step::Separator));
        ends.min_by_key(|reached| reached.cost).map(|reached| (reached.step, self.text.len() as u32))
    }

    /// A document begins where the template does, after a separator, or within what an action
    /// prints.
    fn begin(&mut self) {
        let mut starts = vec![Reached { step: 0, cost: 0, from: NOWHERE }];
        for (at, step) in self.program.steps.iter().enumerate() {
            let start = match step {
                Step::Separator => Some((at + 1, 0)),
                Step::Any(action) if self.program.actions[*action].is_long => Some((at, LATE_START)),
                _ => None,
            };
            starts.extend(start.map(|(at, cost)| Reached { step: at as u32, cost, from: NOWHERE }));
        }
        self.layers[0] = starts;
    }

    /// Goes on from all that was reached with `at` bytes printed.
    fn layer(&mut self, at: usize) {
        let mut arrived = std::mem::take(&mut self.layers[at]);
        let best = arrived.iter().map(|reached| reached.cost).min().unwrap_or(0);
        arrived.retain(|reached| reached.cost <= best + BEAM);
        let mut layer: Vec<Reached> = Vec::with_capacity(arrived.len());
        while let Some(reached) = arrived.pop() {
            let known = self.index[reached.step as usize] as usize;
            match known.checked_sub(1) {
                Some(known) if layer[known].cost <= reached.cost => continue,
                Some(known) => layer[known] = reached,
                None => {
                    layer.push(reached);
                    self.index[reached.step as usize] = layer.len() as u32;
                }
            }
            self.follow(at, reached, &mut arrived);
        }
        for reached in &layer {
            self.index[reached.step as usize] = 0;
        }
        self.states += layer.len();
        self.layers[at] = layer;
    }

    fn follow(&mut self, at: usize, reached: Reached, arrived: &mut Vec<Reached>) {
        let from = (reached.step, at as u32);
        let next = reached.step + 1;
        let go = |step: u32, cost: u32| Reached { step, cost: reached.cost + cost, from };
        match &self.program.steps[reached.step as usize] {
            Step::Text(span) => {
                let text = &self.sources.get(span.source).text()[span.range()];
                if let Some(printed) = printed(&self.text[at..], text, at == 0) {
                    if printed == 0 {
                        arrived.push(go(next, 0));
                    } else {
                        self.layers[at + printed].push(go(next, 0));
                    }
                }
            }
            Step::Indent { line_break, width } => match self.indented(at, *line_break, *width) {
                Some(0) => arrived.push(go(next, 0)),
                Some(printed) => self.layers[at + printed].push(go(next, 0)),
                None => {}
            },
            Step::Any(action) => {
                arrived.push(go(next, 0));
                if let Some((bytes, cost)) = self.any(at, *action) {
                    self.layers[at + bytes].push(go(reached.step, cost));
                }
            }
            Step::Fork(to) => arrived.extend(to.iter().rev().map(|step| go(*step as u32, STEP))),
            Step::Enter(_) | Step::Leave => arrived.push(go(next, 0)),
            Step::Separator | Step::End => {}
        }
    }

    /// The next bytes, if an action may have printed them, and what they cost.
    fn any(&self, at: usize, action: usize) -> Option<(usize, u32)> {
        let action = &self.program.actions[action];
        let letter = self.text[at..].chars().next()?;
        if letter != '\n' {
            return Some((letter.len_utf8(), BYTE));
        }
        let rest = &self.text[at + 1..];
        let is_indented = rest.len() - rest.trim_start_matches(' ').len() >= action.indent;
        match (self.is_strict, action.is_long) {
            (true, true) if !is_indented => None,
            (true, false) => None,
            (_, is_long) => Some((1, if is_long { BYTE } else { LINE_BREAK })),
        }
    }

    /// How many bytes an indentation takes. helm trims the blanks around a document.
    fn indented(&self, at: usize, line_break: bool, width: usize) -> Option<usize> {
        let mut rest = &self.text[at..];
        if rest.is_empty() || (at == 0 && line_break) {
            return Some(0);
        }
        if line_break {
            rest = rest.strip_prefix('\n')?;
        }
        let blanks = rest.len() - rest.trim_start_matches(' ').len();
        (blanks >= width).then_some(usize::from(line_break) + width)
    }

    fn pieces(&self, end: State) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let mut state = end;
        let mut path = Vec::new();
        while state != NOWHERE {
            let reached = self.layers[state.1 as usize].iter().find(|reached| reached.step == state.0);
            let Some(reached) = reached else { break };
            path.push(state);
            state = reached.from;
        }
        path.reverse();
        let mut open: Vec<(Span, usize, usize)> = Vec::new();
        for pair in path.windows(2) {
            let [(step, from), (_, to)] = [pair[0], pair[1]].map(|(step, at)| (step as usize, at as usize));
            match &self.program.steps[step] {
                Step::Text(span) if to > from => {
                    // What was trimmed is at the beginning of a document's first text.
                    let length = (to - from) as u32;
                    let skipped = if from == 0 { self.skipped(*span, length) } else { 0 };
                    let span = Span::new(span.source, span.start + skipped, span.start + skipped + length);
                    pieces.push(Piece { printed: from..to, by: By::Text { span, is_own: open.is_empty() } });
                }
                Step::Any(action) if to > from => match pieces.last_mut() {
                    Some(Piece { printed, by: By::Action(known) }) if known == action && printed.end == from => {
                        printed.end = to;
                    }
                    _ => pieces.push(Piece { printed: from..to, by: By::Action(*action) }),
                },
                Step::Enter(include) => open.push((self.program.includes[*include], from, pieces.len())),
                Step::Leave => self.close(&mut open, from, &mut pieces),
                _ => {}
            }
        }
        pieces
    }

    fn skipped(&self, span: Span, length: u32) -> u32 {
        let text = &self.sources.get(span.source).text()[span.range()];
        let trimmed = (text.len() - text.trim_start().len()) as u32;
        if self.text.starts_with(&text[..text.len().min(length as usize)]) { 0 } else { trimmed }
    }

    /// What an included definition printed on one line, such as a name, is told of the action
    /// that includes it: there the reader sees what it is for.
    fn close(&self, open: &mut Vec<(Span, usize, usize)>, to: usize, pieces: &mut Vec<Piece>) {
        let Some((include, from, first)) = open.pop() else { return };
        if to > from && !self.text[from..to].trim_matches('\n').contains('\n') {
            pieces.truncate(first);
            pieces.push(Piece { printed: from..to, by: By::Include(include) });
        }
    }
}

/// How many bytes of `document` a literal text prints. At the beginning of a document its
/// blanks in front may be trimmed, at the end those behind.
fn printed(document: &str, text: &str, is_first: bool) -> Option<usize> {
    if document.starts_with(text) {
        return Some(text.len());
    }
    let trimmed = if is_first { text.trim_start() } else { text };
    if document.starts_with(trimmed) {
        return Some(trimmed.len());
    }
    let is_end = trimmed.starts_with(document) && trimmed[document.len()..].trim().is_empty();
    is_end.then_some(document.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::template::parse::parse;
    use crate::trace::template::program::{Define, Defines};

    /// What each line of a document was printed by: the template's line, and the include or
    /// action in braces.
    fn lines(template: &str, helpers: &str, document: &str) -> Vec<String> {
        let mut sources = Sources::default();
        let (main, helper) = (sources.add("t", template), sources.add("h", helpers));
        let read = parse(helpers).unwrap();
        let defines: Defines<'_> = read
            .defines
            .into_iter()
            .map(|(name, parts)| (name, Define { source: helper, text: helpers, parts }))
            .collect();
        let program = Program::new(main, template, &parse(template).unwrap().parts, &defines);
        let pieces = align(&program, &sources, document).expect("a way");
        let mut found = Vec::new();
        let mut at = 0;
        for line in document.split_inclusive('\n') {
            // The first byte that is no blank tells where a line comes from.
            let first = at + line.len() - line.trim_start().len();
            let piece = pieces.iter().find(|piece| piece.printed.contains(&first)).expect("a piece");
            let place = match piece.by {
                By::Text { span, .. } => {
                    let offset = span.start + (first - piece.printed.start) as u32;
                    format!("{}{}", sources.get(span.source).path(), sources.get(span.source).position(offset).line)
                }
                By::Action(action) => {
                    format!("{{{}}}", sources.get(main).position(program.actions[action].span.start).line)
                }
                By::Include(span) => format!("({})", sources.get(span.source).position(span.start).line),
            };
            found.push(place);
            at += line.len();
        }
        found
    }

    #[test]
    fn conditions_and_values_are_seen_through() {
        let template = "a: {{ .Values.a }}\n{{- if .Values.b }}\nb: 1\n{{- else }}\nb: 2\n{{- end }}\nc: x\n";
        assert_eq!(lines(template, "", "a: 5\nb: 2\nc: x"), ["t1", "t5", "t7"]);
        assert_eq!(lines(template, "", "a: b: 1\nb: 1\nc: x"), ["t1", "t3", "t7"]);
    }

    #[test]
    fn loops_point_back_to_their_lines() {
        let template =
            "l:\n{{- range .Values.l }}\n  - name: {{ .name }}\n    value: {{ .value | quote }}\n{{- end }}\nz: 1\n";
        let document = "l:\n  - name: a\n    value: \"1\"\n  - name: b\n    value: \"2\"\nz: 1";
        assert_eq!(lines(template, "", document), ["t1", "t3", "t4", "t3", "t4", "t6"]);
    }

    #[test]
    fn what_an_action_prints_is_its_line() {
        let template = "r:\n  {{- toYaml .Values.r | nindent 2 }}\nz: {{ tpl .Values.z . }}\n";
        assert_eq!(lines(template, "", "r:\n  limits:\n    cpu: 1\nz: 1"), ["t1", "{2}", "{2}", "t3"]);
    }

    #[test]
    fn definitions_of_many_lines_are_entered_and_names_are_not() {
        let helpers = "{{- define \"name\" -}}\n{{ .Release.Name }}-web\n{{- end }}\n{{- define \"labels\" -}}\napp: {{ include \"name\" . }}\nteam: shop\n{{- end }}\n";
        let template = "metadata:\n  name: {{ include \"name\" . }}\n  labels:\n    {{- include \"labels\" . | nindent 4 }}\nspec: {}\n";
        let document = "metadata:\n  name: x-web\n  labels:\n    app: x-web\n    team: shop\nspec: {}";
        assert_eq!(lines(template, helpers, document), ["t1", "t2", "t3", "h5", "h6", "t5"]);
        let alone = "{{ include \"name\" . }}: 1\n";
        assert_eq!(lines(alone, helpers, "x-web: 1"), ["(1)"]);
    }

    #[test]
    fn documents_of_one_template_are_found_apart() {
        let template =
            "{{- if .Values.a }}\na: 1\n---\n{{- end }}\nb: 1\n{{- range .Values.l }}\n---\nc: {{ . }}\n{{- end }}\n";
        assert_eq!(lines(template, "", "a: 1"), ["t2"]);
        assert_eq!(lines(template, "", "b: 1"), ["t5"]);
        assert_eq!(lines(template, "", "c: 9"), ["t8"]);
    }

    #[test]
    fn a_template_that_prints_something_else_has_no_way() {
        let mut sources = Sources::default();
        let text = "a: 1\n";
        let main = sources.add("t", text);
        let program = Program::new(main, text, &parse(text).unwrap().parts, &Defines::new());
        assert!(align(&program, &sources, "b: 1").is_none());
    }
}
