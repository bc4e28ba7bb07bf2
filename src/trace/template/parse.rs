//! Tokens into a tree of blocks.
//!
//! Source: Go `text/template/parse/parse.go`.

use std::ops::Range;

use super::lex::{Token, lex};

/// Blocks within each other beyond this are given up on.
const MAX_DEPTH: usize = 100;

/// A part of a template.
#[derive(Clone, Debug)]
pub(in crate::trace) enum Part {
    /// Literal text.
    Text(Range<usize>),
    /// An action that prints.
    Print(Range<usize>, String),
    /// `if`: its arms, the empty one included where there is no `else`.
    Either(Vec<Vec<Part>>),
    /// `with`: what the dot is, and what is printed; then what is printed otherwise.
    With(String, Vec<Part>, Vec<Part>),
    /// `range`: what is gone through, what is printed for each, what is printed for none.
    Each(String, Vec<Part>, Vec<Part>),
    /// `$x := …`: a name, and what it stands for.
    Set(String, String),
}

/// A template file: what it prints, and what it defines for others.
#[derive(Clone, Debug, Default)]
pub(in crate::trace) struct Template {
    /// What it prints.
    pub(in crate::trace) parts: Vec<Part>,
    /// Its definitions, by name.
    pub(in crate::trace) defines: Vec<(String, Vec<Part>)>,
}

/// Reads a template. Nothing where its blocks do not close.
pub(in crate::trace) fn parse(text: &str) -> Option<Template> {
    let mut parser = Parser { text, tokens: lex(text).into_iter(), template: Template::default() };
    let (parts, end) = parser.parts(0)?;
    parser.template.parts = parts;
    matches!(end, End::OfText).then_some(parser.template)
}

struct Parser<'t> {
    text: &'t str,
    tokens: std::vec::IntoIter<Token>,
    template: Template,
}

/// What ended a list of parts.
enum End {
    OfText,
    Block,
    /// `else`, with what follows it.
    Else(String),
}

impl Parser<'_> {
    fn parts(&mut self, depth: usize) -> Option<(Vec<Part>, End)> {
        let mut parts = Vec::new();
        while let Some(token) = self.tokens.next() {
            let (whole, inner) = match token {
                Token::Text(range) => {
                    parts.push(Part::Text(range));
                    continue;
                }
                Token::Action(whole, inner) => (whole, self.text[inner].trim().to_string()),
            };
            // A word ends at whatever is no letter: `with.Values.x`, `if(eq …)`.
            let end = inner.find(|letter: char| !letter.is_ascii_alphabetic()).unwrap_or(inner.len());
            let (word, rest) = (&inner[..end], inner[end..].trim());
            match word {
                "end" => return Some((parts, End::Block)),
                "else" => return Some((parts, End::Else(rest.to_string()))),
                "if" | "with" | "range" => parts.push(self.block(word, rest, depth + 1)?),
                "define" | "block" => {
                    let name = quoted(rest)?;
                    let (body, _) = self.parts(within(depth + 1)?)?;
                    self.template.defines.push((name, body));
                    if word == "block" {
                        parts.push(Part::Print(whole, format!("template {rest}")));
                    }
                }
                "break" | "continue" => {}
                _ if inner.starts_with("/*") => {}
                _ => parts.push(assignment(&inner).unwrap_or(Part::Print(whole, inner))),
            }
        }
        Some((parts, End::OfText))
    }

    fn block(&mut self, word: &str, subject: &str, depth: usize) -> Option<Part> {
        let (body, end) = self.parts(within(depth)?)?;
        let otherwise = match end {
            End::OfText => return None,
            End::Block => Vec::new(),
            // `else if` and `else with` are blocks of their own, which end together with this one.
            End::Else(rest) => match ["if", "with"].iter().find_map(|word| Some((*word, rest.strip_prefix(word)?))) {
                Some((word, subject)) => vec![self.block(word, subject.trim(), depth + 1)?],
                None => self.parts(within(depth)?)?.0,
            },
        };
        let subject = subject.to_string();
        Some(match word {
            "if" => Part::Either(vec![body, otherwise]),
            "with" => Part::With(subject, body, otherwise),
            _ => Part::Each(subject, body, otherwise),
        })
    }
}

fn within(depth: usize) -> Option<usize> {
    (depth < MAX_DEPTH).then_some(depth)
}

/// `$x := …` and `$x = …`.
fn assignment(action: &str) -> Option<Part> {
    let name: String = action.strip_prefix('$')?.chars().take_while(|it| it.is_alphanumeric() || *it == '_').collect();
    let rest = action[1 + name.len()..].trim_start();
    let value = rest.strip_prefix(":=").or_else(|| rest.strip_prefix('='))?;
    Some(Part::Set(format!("${name}"), value.trim().to_string()))
}

/// The text that stands in quotes at the beginning.
pub(super) fn quoted(text: &str) -> Option<String> {
    let quote = text.chars().next().filter(|quote| matches!(quote, '"' | '`'))?;
    let (name, _) = text[1..].split_once(quote)?;
    Some(name.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_read_with_their_branches() {
        let template =
            parse("a{{ if x }}b{{ else if y }}c{{ else }}d{{ end }}e{{ range $i, $x := .Values.l }}f{{ end }}")
                .unwrap();
        let [Part::Text(_), Part::Either(arms), Part::Text(_), Part::Each(over, body, none)] = &template.parts[..]
        else {
            panic!("{template:?}")
        };
        assert!(matches!(&arms[1][..], [Part::Either(inner)] if inner[1].len() == 1));
        assert_eq!((over.as_str(), body.len(), none.len()), ("$i, $x := .Values.l", 1, 0));
    }

    #[test]
    fn definitions_are_kept_apart() {
        let template = parse("{{ define \"x\" }}a{{ if y }}b{{ end }}{{ end }}{{ $z := .Values.z }}c").unwrap();
        assert_eq!(template.defines[0].0, "x");
        assert_eq!(template.defines[0].1.len(), 2);
        assert!(matches!(&template.parts[..], [Part::Set(name, _), Part::Text(_)] if name == "$z"));
    }

    #[test]
    fn what_does_not_close_is_given_up_on() {
        assert!(parse("{{ if x }}a").is_none());
        assert!(parse("a{{ end }}").is_none());
        assert!(parse("{{ with.Values.x }}a{{ else if(eq 1 2) }}b{{ end }}").is_some());
        assert!(parse(&"{{ if x }}".repeat(5000)).is_none());
    }
}
