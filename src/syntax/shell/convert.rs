//! shuck's tree into our own.

use shuck_ast as ast;
use shuck_parser::parser::Parser;

use super::tree::{
    AndOr, Assignment, Command, Condition, Connector, Heredoc, Part, Pipeline, Redirect, Script, Statement, Word,
};
use crate::source::Span;
use crate::syntax::expansion::Operator;

/// Text longer than this is not read as shell.
const MAX_BYTES: usize = 1 << 20;
/// Shells within shells whose scripts are read.
const MAX_INNER: usize = 3;
/// Programs that run a script of the same language.
const SHELLS: [&str; 4] = ["sh", "bash", "ash", "dash"];

/// Reads shell text that stands at the start of `place`. Where the text is not what is written
/// there, byte for byte, everything is at `place` as a whole. Nothing where it cannot be read.
#[must_use]
pub fn parse(text: &str, place: Span) -> Option<Script> {
    read(text, place, 0)
}

fn read(text: &str, place: Span, depth: usize) -> Option<Script> {
    if text.len() > MAX_BYTES {
        return None;
    }
    let result = Parser::new(text).parse();
    let exact = text.len() == (place.end - place.start) as usize;
    result.is_ok().then(|| Converter { text, place, exact, depth }.script(&result.file.body))
}

fn is_flag(text: &str) -> bool {
    text.starts_with('-') && !text.starts_with("--")
}

struct Converter<'t> {
    /// Shells around this one.
    depth: usize,
    text: &'t str,
    place: Span,
    exact: bool,
}

impl Converter<'_> {
    /// Where a node of shuck's stands; the whole text where that is not certain.
    fn span(&self, span: ast::Span) -> Span {
        let (start, end) = (span.start.offset(), span.end.offset());
        if self.exact && start < end && self.text.get(start..end).is_some() {
            let trimmed = self.text[start..end].trim_end().len();
            Span::new(self.place.source, self.place.start + start as u32, self.place.start + (start + trimmed) as u32)
        } else {
            self.place
        }
    }

    /// Where a statement stands, without the operator that shuck counts to it.
    fn statement_span(&self, span: ast::Span) -> Span {
        let (start, end) = (span.start.offset(), span.end.offset());
        let place = self.span(span);
        match self.text.get(start..end).filter(|_| self.exact) {
            Some(text) => {
                let text = text.trim_end_matches(|letter: char| {
                    letter.is_whitespace() || matches!(letter, ';' | '&' | '|' | '\\')
                });
                Span { end: place.start + text.len() as u32, ..place }
            }
            None => place,
        }
    }

    fn script(&self, body: &ast::StmtSeq) -> Script {
        body.iter().map(|statement| self.statement(statement)).collect()
    }

    fn statement(&self, statement: &ast::Stmt) -> Statement {
        let background = matches!(statement.terminator, Some(ast::StmtTerminator::Background(_)));
        Statement { list: self.and_or(statement), background, span: self.statement_span(statement.span) }
    }

    /// A chain is read from its end, without recursion: it may be long.
    fn and_or(&self, statement: &ast::Stmt) -> AndOr {
        let (mut rest, mut left) = (Vec::new(), statement);
        while let ast::Command::Binary(binary) = &left.command {
            let connector = match binary.op {
                ast::BinaryOp::And => Connector::And,
                ast::BinaryOp::Or => Connector::Or,
                _ => break,
            };
            rest.push((connector, self.pipeline(&binary.right)));
            left = &binary.left;
        }
        rest.reverse();
        AndOr { first: self.pipeline(left), rest }
    }

    fn pipeline(&self, statement: &ast::Stmt) -> Pipeline {
        let (mut commands, mut left) = (Vec::new(), statement);
        while let ast::Command::Binary(binary) = &left.command {
            if !matches!(binary.op, ast::BinaryOp::Pipe | ast::BinaryOp::PipeAll) {
                break;
            }
            commands.push(self.command(&binary.right));
            left = &binary.left;
        }
        commands.push(self.command(left));
        commands.reverse();
        // `! a | b` negates the pipeline; shuck says so of one of its ends.
        let negated = statement.negated || left.negated;
        Pipeline { negated, commands, span: self.statement_span(statement.span) }
    }

    fn command(&self, statement: &ast::Stmt) -> Command {
        match &statement.command {
            ast::Command::Simple(simple) => {
                let words = std::iter::once(&simple.name).chain(&simple.args).map(|word| self.word(word));
                let words = words.filter(|word| !word.parts.is_empty());
                self.simple(&simple.assignments, words.collect(), statement)
            }
            ast::Command::Builtin(builtin) => self.builtin(builtin, statement),
            ast::Command::Decl(declaration) => self.declaration(declaration, statement),
            ast::Command::Binary(_) => {
                let inner = Statement {
                    list: self.and_or(statement),
                    background: false,
                    span: self.statement_span(statement.span),
                };
                Command::Group(vec![inner])
            }
            ast::Command::Compound(compound) => self.compound(compound),
            ast::Command::Function(function) => Command::Function {
                name: function.static_names().next().map(|name| name.as_str().to_string()).unwrap_or_default(),
                body: vec![self.statement(&function.body)],
            },
            ast::Command::AnonymousFunction(_) => Command::Other,
        }
    }

    fn simple(&self, assignments: &[ast::Assignment], words: Vec<Word>, statement: &ast::Stmt) -> Command {
        let redirects: Vec<_> = statement.redirects.iter().map(|redirect| self.redirect(redirect)).collect();
        let inner = self.inner(&words, &redirects);
        let assignments = assignments.iter().map(|assignment| self.assignment(assignment)).collect();
        Command::Simple { assignments, words, redirects, inner }
    }

    /// The script that a shell within the script is given, by `-c` or by a heredoc.
    fn inner(&self, words: &[Word], redirects: &[Redirect]) -> Option<Script> {
        let program = words.first()?.literal()?;
        if self.depth >= MAX_INNER || !SHELLS.contains(&program.rsplit('/').next()?) {
            return None;
        }
        let (text, place) = match redirects.iter().find_map(Redirect::heredoc) {
            Some(heredoc) => (heredoc.text.clone(), heredoc.span),
            None => {
                let is_command = |word: &Word| word.literal().is_some_and(|text| is_flag(&text) && text.ends_with('c'));
                let script = words.get(words.iter().position(is_command)? + 1)?;
                (script.literal()?, script.span)
            }
        };
        read(&text, place, self.depth + 1)
    }

    fn named(&self, name: &str, span: ast::Span) -> Word {
        let parts = vec![Part::Literal { text: name.to_string(), quoted: false }];
        Word { parts, span: self.span(span) }
    }

    fn builtin(&self, builtin: &ast::BuiltinCommand, statement: &ast::Stmt) -> Command {
        let (name, argument, extra, assignments, span) = match builtin {
            ast::BuiltinCommand::Break(it) => ("break", &it.depth, &it.extra_args, &it.assignments, it.span),
            ast::BuiltinCommand::Continue(it) => ("continue", &it.depth, &it.extra_args, &it.assignments, it.span),
            ast::BuiltinCommand::Return(it) => ("return", &it.code, &it.extra_args, &it.assignments, it.span),
            ast::BuiltinCommand::Exit(it) => ("exit", &it.code, &it.extra_args, &it.assignments, it.span),
        };
        let mut words = vec![self.named(name, span)];
        words.extend(argument.iter().chain(extra).map(|word| self.word(word)));
        self.simple(assignments, words, statement)
    }

    fn declaration(&self, declaration: &ast::DeclClause, statement: &ast::Stmt) -> Command {
        let mut words = vec![self.named(declaration.variant.as_str(), declaration.variant_span)];
        let mut assignments: Vec<_> = declaration.assignments.to_vec();
        for operand in &declaration.operands {
            match operand {
                ast::DeclOperand::Flag(word) | ast::DeclOperand::Dynamic(word) => words.push(self.word(word)),
                ast::DeclOperand::Name(name) => words.push(self.named(name.name.as_str(), name.span)),
                ast::DeclOperand::Assignment(assignment) => assignments.push(assignment.clone()),
            }
        }
        self.simple(&assignments, words, statement)
    }

    fn assignment(&self, assignment: &ast::Assignment) -> Assignment {
        let value = match &assignment.value {
            ast::AssignmentValue::Scalar(word) if assignment.target.subscript.is_none() && !assignment.append => {
                Some(self.word(word))
            }
            _ => None,
        };
        Assignment { name: assignment.target.name.as_str().to_string(), value }
    }

    fn redirect(&self, redirect: &ast::Redirect) -> Redirect {
        match &redirect.target {
            ast::RedirectTarget::Word(word) => Redirect::File(self.word(word)),
            ast::RedirectTarget::Heredoc(heredoc) => {
                let body = &heredoc.body;
                let parts = body.parts.iter().map(|part| self.heredoc_part(part)).collect();
                let text = self.text.get(body.span.start.offset()..body.span.end.offset()).unwrap_or_default();
                Redirect::Heredoc(Heredoc { parts, text: text.to_string(), span: self.span(body.span) })
            }
        }
    }

    fn heredoc_part(&self, part: &ast::HeredocBodyPartNode) -> Part {
        let span = self.span(part.span);
        match &part.kind {
            ast::HeredocBodyPart::Literal(text) => {
                Part::Literal { text: text.as_str(self.text, part.span).to_string(), quoted: true }
            }
            ast::HeredocBodyPart::Variable(name) => plain(name.as_str(), true, span),
            ast::HeredocBodyPart::CommandSubstitution { body, .. } => {
                Part::Substitution { script: self.script(body), quoted: true }
            }
            ast::HeredocBodyPart::ArithmeticExpansion { .. } => self.other(part.span, true),
            ast::HeredocBodyPart::Parameter(parameter) => self.parameter(parameter, true, part.span),
        }
    }

    fn compound(&self, compound: &ast::CompoundCommand) -> Command {
        use ast::CompoundCommand as C;
        match compound {
            C::If(it) => Command::If {
                branches: std::iter::once((&it.condition, &it.then_branch))
                    .chain(it.elif_branches.iter().map(|(condition, body)| (condition, body)))
                    .map(|(condition, body)| (self.script(condition), self.script(body)))
                    .collect(),
                otherwise: it.else_branch.as_ref().map(|body| self.script(body)),
            },
            C::For(it) => Command::For {
                name: it
                    .targets
                    .first()
                    .and_then(|target| target.name.as_ref())
                    .map(ToString::to_string)
                    .unwrap_or_default(),
                words: it.words.iter().flatten().map(|word| self.word(word)).collect(),
                body: self.script(&it.body),
            },
            C::While(it) => Command::While { condition: self.script(&it.condition), body: self.script(&it.body) },
            C::Until(it) => Command::While { condition: self.script(&it.condition), body: self.script(&it.body) },
            C::Case(it) => {
                let patterns =
                    |item: &ast::CaseItem| item.patterns.iter().map(|pattern| self.pattern(pattern)).collect();
                let arms = it.cases.iter().map(|item| (patterns(item), self.script(&item.body)));
                Command::Case { word: self.word(&it.word), arms: arms.collect() }
            }
            C::Subshell(body) => Command::Subshell(self.script(body)),
            C::BraceGroup(body) => Command::Group(self.script(body)),
            C::Time(it) => match &it.command {
                Some(command) => Command::Group(vec![self.statement(command)]),
                None => Command::Other,
            },
            C::Conditional(it) => Command::Condition(self.condition(&it.expression)),
            _ => Command::Other,
        }
    }

    fn condition(&self, expression: &ast::ConditionalExpr) -> Condition {
        use ast::ConditionalExpr as E;
        let boxed = |inner: &E| Box::new(self.condition(inner));
        match expression {
            E::Binary(it) => match it.op {
                ast::ConditionalBinaryOp::And => Condition::And(boxed(&it.left), boxed(&it.right)),
                ast::ConditionalBinaryOp::Or => Condition::Or(boxed(&it.left), boxed(&it.right)),
                op => {
                    let operator = self.named(op.as_str(), it.op_span);
                    Condition::Words(vec![self.operand(&it.left), operator, self.operand(&it.right)])
                }
            },
            E::Unary(it) if it.op.as_str() == "!" => Condition::Not(boxed(&it.expr)),
            E::Unary(it) => Condition::Words(vec![self.named(it.op.as_str(), it.op_span), self.operand(&it.expr)]),
            E::Parenthesized(it) => self.condition(&it.expr),
            other => Condition::Words(vec![self.operand(other)]),
        }
    }

    fn operand(&self, expression: &ast::ConditionalExpr) -> Word {
        match expression {
            ast::ConditionalExpr::Word(word) | ast::ConditionalExpr::Regex(word) => self.word(word),
            ast::ConditionalExpr::Pattern(pattern) => self.pattern(pattern),
            other => Word { parts: vec![self.other(other.span(), false)], span: self.span(other.span()) },
        }
    }

    fn pattern(&self, pattern: &ast::Pattern) -> Word {
        let mut parts = Vec::new();
        for part in &pattern.parts {
            match &part.kind {
                ast::PatternPart::Literal(text) => parts.push(literal(text.as_str(self.text, part.span), false)),
                ast::PatternPart::AnyString => parts.push(literal("*", false)),
                ast::PatternPart::AnyChar => parts.push(literal("?", false)),
                ast::PatternPart::Word(word) => parts.extend(self.word(word).parts),
                _ => parts.push(self.other(part.span, false)),
            }
        }
        Word { parts, span: self.span(pattern.span) }
    }

    fn word(&self, word: &ast::Word) -> Word {
        Word { parts: self.parts(&word.parts, false), span: self.span(word.span) }
    }

    fn parts(&self, parts: &[ast::WordPartNode], quoted: bool) -> Vec<Part> {
        let mut found = Vec::new();
        for part in parts {
            self.part(part, quoted, &mut found);
        }
        found
    }

    fn part(&self, part: &ast::WordPartNode, quoted: bool, found: &mut Vec<Part>) {
        use ast::WordPart as P;
        let span = self.span(part.span);
        match &part.kind {
            P::Literal(text) => found.push(literal(text.as_str(self.text, part.span), quoted)),
            P::SingleQuoted { value, .. } => found.push(literal(value.slice(self.text), true)),
            P::DoubleQuoted { parts, .. } => {
                // Empty quotes are a word, too.
                found.push(literal("", true));
                found.extend(self.parts(parts, true));
            }
            P::Variable(name) => found.push(plain(name.as_str(), quoted, span)),
            P::CommandSubstitution { body, .. } => {
                found.push(Part::Substitution { script: self.script(body), quoted });
            }
            P::Parameter(parameter) => found.push(self.parameter(parameter, quoted, part.span)),
            P::ParameterExpansion { reference, operator, operand_word_ast, colon_variant, .. } => {
                let name = reference.name.as_str();
                found.push(self.operation(name, operator, *colon_variant, operand_word_ast.as_deref(), quoted, span));
            }
            P::Length(reference) => found.push(expansion(reference.name.as_str(), Operator::Length, quoted, span)),
            _ => found.push(self.other(part.span, quoted)),
        }
    }

    fn parameter(&self, parameter: &ast::ParameterExpansion, quoted: bool, span: ast::Span) -> Part {
        let place = self.span(span);
        match parameter.bourne() {
            Some(ast::BourneParameterExpansion::Access { reference }) if reference.subscript.is_none() => {
                plain(reference.name.as_str(), quoted, place)
            }
            Some(ast::BourneParameterExpansion::Operation {
                reference,
                operator,
                operand_word_ast,
                colon_variant,
                ..
            }) => {
                let name = reference.name.as_str();
                self.operation(name, operator, *colon_variant, operand_word_ast.as_deref(), quoted, place)
            }
            Some(ast::BourneParameterExpansion::Length { reference }) => {
                expansion(reference.name.as_str(), Operator::Length, quoted, place)
            }
            Some(ast::BourneParameterExpansion::Slice { reference, .. }) => {
                expansion(reference.name.as_str(), Operator::Changed, quoted, place)
            }
            _ => self.other(span, quoted),
        }
    }

    fn operation(
        &self,
        name: &str,
        operator: &ast::ParameterOp,
        colon: bool,
        operand: Option<&ast::Word>,
        quoted: bool,
        span: Span,
    ) -> Part {
        let operator = match operator {
            ast::ParameterOp::UseDefault => Operator::Default { colon },
            ast::ParameterOp::AssignDefault => Operator::Assign { colon },
            ast::ParameterOp::UseReplacement => Operator::Alternative { colon },
            ast::ParameterOp::Error => Operator::Require { colon },
            _ => Operator::Changed,
        };
        let operand = operand.map(|word| self.parts(&word.parts, quoted)).unwrap_or_default();
        Part::Variable { name: name.to_string(), operator, operand, quoted, span }
    }

    fn other(&self, span: ast::Span, quoted: bool) -> Part {
        let text = self.text.get(span.start.offset()..span.end.offset()).unwrap_or_default();
        Part::Other { text: text.to_string(), quoted, span: self.span(span) }
    }
}

fn literal(text: &str, quoted: bool) -> Part {
    Part::Literal { text: text.to_string(), quoted }
}

fn plain(name: &str, quoted: bool, span: Span) -> Part {
    expansion(name, Operator::Plain, quoted, span)
}

fn expansion(name: &str, operator: Operator, quoted: bool, span: Span) -> Part {
    Part::Variable { name: name.to_string(), operator, operand: Vec::new(), quoted, span }
}
