//! Lines into instructions.

use std::ops::Range;

use super::heredoc::{announced, read_body};
use super::instruction::{Arguments, Dockerfile, Flag, Instruction, Keyword, Pair, Word};
use super::lines::{Logical, comment_at, line_end, logical};
use super::words::{skip_space, word_at, words};
use super::{Heredoc, json};
use crate::near;
use crate::source::{SourceId, Span};
use crate::syntax::{Comment, FaultKind, SyntaxError};

/// Instructions within `ONBUILD` within `ONBUILD`: BuildKit refuses the second.
const MAX_TRIGGERS: usize = 2;

/// Parses a Dockerfile. What cannot be read is noted and left out.
#[must_use]
pub fn parse(source: SourceId, text: &str) -> Dockerfile<'_> {
    let mut dockerfile =
        Dockerfile { source, text, escape: b'\\', instructions: Vec::new(), comments: Vec::new(), faults: Vec::new() };
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut at = directives(&mut dockerfile, start);
    while at < text.len() {
        let (end, next) = line_end(text, at);
        if let Some(hash) = comment_at(text, at, end) {
            dockerfile.comments.push(Comment { span: Span::new(source, hash as u32, end as u32), alone: true });
            at = next;
        } else if text[at..end].trim().is_empty() {
            at = next;
        } else {
            at = instruction_at(&mut dockerfile, at);
        }
    }
    before_from(&mut dockerfile);
    dockerfile
}

/// Whether the first instruction of a text is one that a Dockerfile may begin with.
#[must_use]
pub fn starts_like_dockerfile(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}');
    let first = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
    let mut words = first.unwrap_or_default().split_whitespace();
    let keyword = words.next().and_then(Keyword::parse);
    matches!(keyword, Some(Keyword::From | Keyword::Arg)) && words.next().is_some()
}

/// Reads the parser directives (`# escape=…`) at the top; gives the offset behind them.
fn directives(dockerfile: &mut Dockerfile<'_>, start: usize) -> usize {
    let text = dockerfile.text;
    let mut at = start;
    while at < text.len() {
        let (end, next) = line_end(text, at);
        let line = text[at..end].trim().strip_prefix('#');
        let directive = line.and_then(|line| line.split_once('='));
        let Some((name, value)) = directive.map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim()))
        else {
            break;
        };
        if !matches!(name.as_str(), "syntax" | "escape" | "check") {
            break;
        }
        let span = Span::new(dockerfile.source, at as u32, end as u32);
        match (name.as_str(), value) {
            ("escape", "`") => dockerfile.escape = b'`',
            ("escape", value) if value != "\\" => {
                dockerfile.faults.push(SyntaxError::refused(span, "the escape character must be \\ or `"));
            }
            _ => {}
        }
        dockerfile.comments.push(Comment { span, alone: true });
        at = next;
    }
    at
}

/// Reads the instruction at `at`; gives the offset behind it and its heredocs.
fn instruction_at(dockerfile: &mut Dockerfile<'_>, at: usize) -> usize {
    let (source, escape) = (dockerfile.source, dockerfile.escape);
    let line = logical(dockerfile.text, at, escape, source, &mut dockerfile.comments);
    let mut reader = Reader { line: &line, source, escape, faults: &mut dockerfile.faults };
    let Some(mut instruction) = reader.instruction(0, 0) else { return line.next };
    let mut next = line.next;
    for heredoc in heredocs_of(&mut instruction) {
        match read_body(heredoc, dockerfile.text, next) {
            Some(end) => next = end,
            None => {
                let delimiter = &heredoc.delimiter;
                let message = format!("no line `{delimiter}` ends this heredoc: the build fails");
                dockerfile.faults.push(SyntaxError::refused(heredoc.word, message));
                // Nobody can tell where it was meant to end: what follows is read as ever.
                return line.next;
            }
        }
    }
    let comments = inline_comment(&instruction);
    dockerfile.comments.extend(comments);
    dockerfile.instructions.push(instruction);
    next
}

fn heredocs_of(instruction: &mut Instruction) -> &mut [Heredoc] {
    match &mut instruction.trigger {
        Some(trigger) => &mut trigger.heredocs,
        None => &mut instruction.heredocs,
    }
}

/// A shell's comment at the end of an instruction, where it speaks to us.
fn inline_comment(instruction: &Instruction) -> Option<Comment> {
    let body = &instruction.body;
    let at = body.text.rfind("# shipworthy:").filter(|_| matches!(instruction.arguments, Arguments::Shell))?;
    let span = Span::new(body.span.source, body.span.start + at as u32, body.span.end);
    (!body.text[at..].contains('\n')).then_some(Comment { span, alone: false })
}

/// What stands before the first `FROM` and is no `ARG`; a file without any `FROM`.
fn before_from(dockerfile: &mut Dockerfile<'_>) {
    let early = dockerfile.instructions.iter().take_while(|instruction| instruction.keyword != Keyword::From);
    let wrong = early.clone().filter(|instruction| instruction.keyword != Keyword::Arg);
    let message = "only ARG may stand before the first FROM: the build fails";
    let mut faults: Vec<_> = wrong.map(|instruction| SyntaxError::refused(instruction.keyword_span, message)).collect();
    if early.count() == dockerfile.instructions.len() && dockerfile.faults.is_empty() && faults.is_empty() {
        let end = Span::new(dockerfile.source, 0, 0);
        faults.push(SyntaxError::refused(end, "no FROM: there is no stage to build"));
    }
    dockerfile.faults.extend(faults);
    dockerfile.faults.sort_by_key(|fault| fault.span);
}

/// Reads one logical line.
struct Reader<'l> {
    line: &'l Logical,
    source: SourceId,
    escape: u8,
    faults: &'l mut Vec<SyntaxError>,
}

impl Reader<'_> {
    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.source, (self.line.start + range.start) as u32, (self.line.start + range.end) as u32)
    }

    fn word(&self, range: Range<usize>) -> Word {
        Word { text: self.line.text[range.clone()].to_string(), span: self.span(range) }
    }

    fn words(&self, body: Range<usize>, quotes: bool) -> Vec<Word> {
        let found = words(&self.line.text[body.clone()], quotes, self.escape).into_iter();
        found.map(|range| self.word(body.start + range.start..body.start + range.end)).collect()
    }

    fn refuse(&mut self, range: Range<usize>, message: impl Into<String>) {
        let span = self.span(range);
        self.faults.push(SyntaxError::refused(span, message));
    }

    /// The instruction at `at`, within `depth` triggers.
    fn instruction(&mut self, at: usize, depth: usize) -> Option<Instruction> {
        let text = &self.line.text;
        let start = skip_space(text, at);
        let keyword = word_at(text, start, false, self.escape);
        let keyword = keyword.start..keyword.start + text[keyword.clone()].trim_end_matches("\\\n").len();
        let end = text.trim_end().len().max(keyword.end);
        let written = &text[keyword.clone()];
        let Some(kind) = Keyword::parse(written) else {
            let near = nearest(written);
            let meant = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
            self.refuse(keyword, format!("there is no such instruction{meant}"));
            return None;
        };
        let (flags, body) = self.flags(keyword.end, end);
        if body.is_empty() {
            self.refuse(keyword, "the instruction lacks its arguments: the build fails");
            return None;
        }
        let mut instruction = Instruction {
            keyword: kind,
            keyword_span: self.span(keyword),
            span: self.span(start..end),
            flags,
            body: self.word(body.clone()),
            arguments: Arguments::Shell,
            heredocs: Vec::new(),
            trigger: None,
        };
        if kind == Keyword::Onbuild && depth < MAX_TRIGGERS {
            instruction.trigger = Some(Box::new(self.instruction(body.start, depth + 1)?));
        } else {
            instruction.arguments = self.arguments(kind, body)?;
        }
        instruction.heredocs = heredocs(&instruction);
        Some(instruction)
    }

    /// The flags from `at` on, and the range of what follows them.
    fn flags(&self, at: usize, end: usize) -> (Vec<Flag>, Range<usize>) {
        let text = &self.line.text;
        let mut at = skip_space(text, at).min(end);
        let mut flags = Vec::new();
        while text[at..end].starts_with("--") {
            let range = word_at(text, at, true, self.escape);
            let range = range.start..range.end.min(end);
            let written = text[range.clone()].trim_end_matches("\\\n");
            let Some(flag) = written.strip_prefix("--").filter(|flag| !flag.is_empty()) else { break };
            let name = flag.split('=').next().unwrap_or_default();
            let value = at + "--".len() + name.len() + 1;
            let length = range.start + written.len();
            flags.push(Flag {
                name: name.to_ascii_lowercase(),
                value: (value <= length).then(|| self.word(value..length)),
                span: self.span(range.start..length),
            });
            at = skip_space(text, range.end).min(end);
        }
        (flags, at..end)
    }

    fn arguments(&mut self, keyword: Keyword, body: Range<usize>) -> Option<Arguments> {
        match keyword {
            Keyword::Run | Keyword::Cmd | Keyword::Entrypoint => self.exec_or(keyword, body, |_, _| Arguments::Shell),
            Keyword::Shell => match self.exec_or(keyword, body.clone(), |_, _| Arguments::Shell)? {
                Arguments::Exec(words) => Some(Arguments::Exec(words)),
                _ => {
                    self.refuse(body, "SHELL takes a JSON array of texts: the build fails");
                    None
                }
            },
            Keyword::Copy | Keyword::Add => self.copied(keyword, body),
            Keyword::Volume => self.exec_or(keyword, body, |reader, body| Arguments::Words(reader.words(body, false))),
            Keyword::Env | Keyword::Label | Keyword::Arg => self.pairs(keyword, body).map(Arguments::Pairs),
            Keyword::From => self.from(body),
            Keyword::Maintainer => Some(Arguments::Shell),
            Keyword::Healthcheck => self.health(body),
            _ => Some(Arguments::Words(self.words(body, true))),
        }
    }

    /// Sources and a destination.
    fn copied(&mut self, keyword: Keyword, body: Range<usize>) -> Option<Arguments> {
        let found = self.exec_or(keyword, body.clone(), |reader, body| Arguments::Words(reader.words(body, false)))?;
        if let Arguments::Words(words) | Arguments::Exec(words) = &found
            && words.len() < 2
        {
            self.refuse(body, "a source and a destination are needed, and this is only one of them: the build fails");
            return None;
        }
        Some(found)
    }

    /// JSON form, or what else the instruction takes.
    fn exec_or(
        &mut self,
        keyword: Keyword,
        body: Range<usize>,
        other: impl Fn(&Self, Range<usize>) -> Arguments,
    ) -> Option<Arguments> {
        let text = &self.line.text[body.clone()];
        if let Some(texts) = json::texts(text) {
            let place = |range: Range<usize>| self.span(body.start + range.start..body.start + range.end);
            let words = texts.into_iter().map(|(text, range)| Word { text, span: place(range) });
            return Some(Arguments::Exec(words.collect()));
        }
        if json::holds_other_values(text) {
            self.refuse(body, "every value of the JSON form must be a text: the build fails");
            return None;
        }
        let is_process = matches!(keyword, Keyword::Cmd | Keyword::Entrypoint);
        if keyword != Keyword::Shell && json::is_meant(text, is_process) {
            let message = "this is no JSON (texts in double quotes, commas between, none at the end), so the builder \
                           takes it for shell form, brackets and all";
            let span = self.span(body.clone());
            self.faults.push(SyntaxError { span, message: message.to_string(), kind: FaultKind::ExecForm });
        }
        Some(other(self, body))
    }

    /// `HEALTHCHECK NONE`, or `CMD` with JSON form or text for a shell.
    fn health(&mut self, body: Range<usize>) -> Option<Arguments> {
        let first = word_at(&self.line.text, body.start, false, self.escape);
        if !self.line.text[first.clone()].eq_ignore_ascii_case("cmd") {
            return Some(Arguments::Words(self.words(body, true)));
        }
        let command = skip_space(&self.line.text, first.end).min(body.end)..body.end;
        self.exec_or(Keyword::Cmd, command, |_, _| Arguments::Shell)
    }

    /// `FROM image`, `FROM image AS name`.
    fn from(&mut self, body: Range<usize>) -> Option<Arguments> {
        let words = self.words(body.clone(), false);
        let is_named = words.len() == 3 && words[1].text.eq_ignore_ascii_case("as");
        if words.len() != 1 && !is_named {
            self.refuse(body, "FROM takes an image, or an image AS a name: the build fails");
        }
        (!words.is_empty()).then_some(Arguments::Words(words))
    }

    /// `K=V K=V …`; `K V` for `ENV` and `LABEL`; names alone for `ARG`.
    fn pairs(&mut self, keyword: Keyword, body: Range<usize>) -> Option<Vec<Pair>> {
        let found = words(&self.line.text[body.clone()], true, self.escape);
        let found: Vec<_> = found.into_iter().map(|range| body.start + range.start..body.start + range.end).collect();
        let first = found.first()?;
        if keyword != Keyword::Arg && !self.line.text[first.clone()].contains('=') {
            let Some(second) = found.get(1) else {
                self.refuse(body, "a name without a value: the build fails");
                return None;
            };
            let (key, value) = (self.word(first.clone()), self.word(second.start..body.end));
            return Some(vec![Pair { key, value: Some(value) }]);
        }
        let mut pairs = Vec::new();
        for range in found {
            match self.line.text[range.clone()].find('=') {
                Some(at) => {
                    let key = self.word(range.start..range.start + at);
                    pairs.push(Pair { key, value: Some(self.word(range.start + at + 1..range.end)) });
                }
                None if keyword == Keyword::Arg => pairs.push(Pair { key: self.word(range), value: None }),
                None => self.refuse(range, "a word without `=`: the build fails (quote values with spaces)"),
            }
        }
        Some(pairs)
    }
}

fn heredocs(instruction: &Instruction) -> Vec<Heredoc> {
    let takes_any = matches!(instruction.keyword, Keyword::Run | Keyword::Copy | Keyword::Add);
    let body = &instruction.body;
    match instruction.arguments {
        Arguments::Exec(_) => Vec::new(),
        _ if takes_any => announced(&body.text, body.span.start as usize, body.span.source),
        _ => Vec::new(),
    }
}

/// The keyword that a misspelt one is most like.
fn nearest(written: &str) -> Option<&'static str> {
    // A long word is no misspelt keyword, and comparing it would take long.
    let known = Keyword::ALL.iter().map(|(known, _)| *known).filter(|_| written.len() < 20);
    let (best, distance) = near::nearest(written, known)?;
    (distance <= best.len() / 3).then_some(best)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    fn with<T>(text: &str, look: impl Fn(&Dockerfile<'_>) -> T) -> T {
        let id = Sources::default().add("Dockerfile", text);
        let parsed = parse(id, text);
        for it in &parsed.instructions {
            assert_eq!(it.body.text.len(), it.body.span.range().len(), "{it:?}");
        }
        look(&parsed)
    }

    fn keywords(text: &str) -> Vec<Keyword> {
        with(text, |it| it.instructions.iter().map(|it| it.keyword).collect())
    }

    fn slice(text: &str, span: Span) -> &str {
        &text[span.range()]
    }

    #[test]
    fn comments_and_empty_lines_continue_an_instruction() {
        let text = "\u{feff}FROM a\r\nRUN one && \\\r\n  # why\r\n\r\n  two\r\nCMD x";
        assert_eq!(keywords(text), [Keyword::From, Keyword::Run, Keyword::Cmd]);
        with(text, |it| {
            assert_eq!(slice(text, it.instructions[1].span), "RUN one && \\\r\n  # why\r\n\r\n  two");
            assert!(!it.instructions[1].body.text.contains("why"));
            assert_eq!(slice(text, it.comments[0].span), "# why");
        });
        assert_eq!(keywords("FROM a\nRUN a \\\\\nCMD b"), [Keyword::From, Keyword::Run, Keyword::Cmd]);
        assert_eq!(keywords("FROM a\nRUN a \\  \nCMD b"), [Keyword::From, Keyword::Run]);
    }

    #[test]
    fn a_directive_chooses_the_escape_character() {
        let text = "# syntax=docker/dockerfile:1\n# escape=`\nFROM a\nRUN a `\n b\nRUN c \\\nCMD d";
        assert_eq!(keywords(text), [Keyword::From, Keyword::Run, Keyword::Run, Keyword::Cmd]);
        // Behind any other line it is a comment.
        assert_eq!(keywords("\n# escape=`\nFROM a\nRUN a `\nCMD b"), [Keyword::From, Keyword::Run, Keyword::Cmd]);
    }

    #[test]
    fn heredocs_are_read_by_whole_words() {
        let text = "FROM a\nRUN <<-ONE cat <<\"TWO\" > x\n\tone\n\tONE\ntwo\nTWO\nCMD x\n";
        with(text, |it| {
            let heredocs = &it.instructions[1].heredocs;
            let told =
                |it: &Heredoc| (it.delimiter.clone(), it.quoted, it.strips_tabs, slice(text, it.body).to_string());
            assert_eq!(told(&heredocs[0]), ("ONE".into(), false, true, "\tone\n".into()));
            assert_eq!(told(&heredocs[1]), ("TWO".into(), true, false, "two\n".into()));
            assert_eq!(it.instructions.len(), 3);
        });
        for line in ["RUN echo $((1<<2))", "RUN echo \"<<EOF\"", "RUN cat <<< x", "CMD cat <<EOF"] {
            assert_eq!(keywords(&format!("FROM a\n{line}\nCMD x")).len(), 3, "{line}");
        }
        with("FROM a\nRUN cat <<EOF\nCMD x", |it| {
            assert_eq!(it.faults.len(), 1);
            assert_eq!(it.instructions.last().map(|it| it.keyword), Some(Keyword::Cmd));
        });
    }

    #[test]
    fn arguments_keep_their_places() {
        let text = "FROM --platform=linux/amd64 a AS b\nENV A=1 B=\"x y\" \\\n  C=c\\ d\nENV OLD a b\nARG X Y=1\nCMD [\"a\", \\\n \"b\\u0041\"]\nRUN --mount=type=secret,id=x --network=none true";
        with(text, |it| {
            assert!(it.faults.is_empty(), "{:?}", it.faults);
            let pairs = |index: usize| -> Vec<(String, Option<String>)> {
                let pairs = it.instructions[index].pairs().iter();
                pairs.map(|pair| (slice(text, pair.key.span).into(), pair.value.as_ref().map(Word::unquoted))).collect()
            };
            let some = |key: &str, value: &str| (key.to_string(), Some(value.to_string()));
            assert_eq!(
                it.instructions[0].flags_named("platform").next().map(|it| it.text.as_str()),
                Some("linux/amd64")
            );
            assert_eq!(pairs(1), [some("A", "1"), some("B", "x y"), some("C", "c d")]);
            assert_eq!(pairs(2), [some("OLD", "a b")]);
            assert_eq!(pairs(3), [("X".to_string(), None), some("Y", "1")]);
            let exec = it.instructions[4].exec().unwrap();
            assert_eq!(exec[1].text, "bA");
            assert_eq!(slice(text, exec[1].span), "\"b\\u0041\"");
            assert_eq!(it.instructions[5].flags.len(), 2);
            assert_eq!(slice(text, it.instructions[5].body.span), "true");
        });
    }

    #[test]
    fn variables_are_found_where_the_builder_fills_them_in() {
        let text = "FROM a\nENV A=\"$B ${C:-$D} \\$E '$F'\" G='$H' I=${J:?x} K=${L%.*} M=$1";
        with(text, |it| {
            let values = it.instructions[1].pairs().iter().filter_map(|pair| pair.value.as_ref());
            let found: Vec<_> = values.flat_map(Word::references).map(|it| it.name).collect();
            assert_eq!(found, ["B", "C", "D", "F", "J", "L"]);
        });
    }

    #[test]
    fn a_bad_line_leaves_the_others_whole() {
        let faults = |text: &str| with(text, |it| it.faults.iter().map(|it| it.kind).collect::<Vec<_>>());
        assert_eq!(faults("FROM a\nRNU x\nCMD y"), [FaultKind::Refused]);
        assert_eq!(faults("FROM a\nENV\nLABEL a\nFROM a b"), [FaultKind::Refused; 3]);
        assert_eq!(faults("FROM a\nCMD ['a', 'b']\nCMD [\"a\", 1]"), [FaultKind::ExecForm, FaultKind::Refused]);
        assert_eq!(faults("FROM a\nRUN [ \"$A\" = b ] && [ -n x ]\nRUN [[ -n x ]]\nCOPY [a-z]* /b/"), []);
        assert_eq!(faults("ARG x\n"), [FaultKind::Refused]);
    }

    #[test]
    fn what_a_dockerfile_begins_with_is_told() {
        assert!(starts_like_dockerfile("# c\n\nFROM x"));
        assert!(starts_like_dockerfile("\u{feff}arg X=1"));
        assert!(!starts_like_dockerfile("from: x"));
        assert!(!starts_like_dockerfile("apiVersion: v1"));
    }
}
