//! A rule's page: what it finds, why, what to do, with the real report of each bad example.
//!
//! The same content is written as Markdown (`docs/rules/`) and for a terminal (`explain`).

use std::fmt::Write as _;
use std::io::{self, Write};

use super::{Style, full};
use crate::input::is_dockerfile_name;
use crate::knowledge::{lesson, lessons};
use crate::lint::lint_example;
use crate::rule::file::ONLY_CASE;
use crate::rule::{Example, Rule, Severity};

/// Columns of a report on a page.
const WIDTH: usize = 100;

/// How a page is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// For `docs/rules/`, with links.
    Markdown,
    /// For a terminal.
    Terminal,
}

/// Writes the page of a rule. `rules` are all that its examples may speak of.
///
/// # Errors
///
/// Those of the writer, and those of an example's configuration.
pub fn write(rule: &Rule, rules: &[Rule], form: Form, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page { form, out };
    page.head(rule)?;
    page.section("Why", &rule.rationale)?;
    page.section("What to do", &rule.remedy)?;
    page.parameters(rule)?;
    for example in rule.bad.iter() {
        page.heading(&format!("Bad: {}", example.name))?;
        page.files(example)?;
        page.findings(rule, example, rules)?;
    }
    for example in rule.good.iter() {
        page.heading(&format!("Good: {}", example.name))?;
        page.files(example)?;
    }
    page.silence(rule)?;
    page.references(rule)
}

/// Writes the index of `docs/rules/`: every rule by group, and by the lesson it rests on.
///
/// # Errors
///
/// Those of the writer.
pub fn write_index(rules: &[Rule], out: &mut dyn Write) -> io::Result<()> {
    let mut groups: Vec<_> = rules.iter().map(|rule| rule.group.as_ref()).collect();
    groups.sort_unstable();
    groups.dedup();
    writeln!(out, "# Rules\n\n{} rules in {} groups.", rules.len(), groups.len())?;
    for group in groups {
        writeln!(out, "\n## {group}\n\n| rule | level | finds |\n| --- | --- | --- |")?;
        for rule in rules.iter().filter(|rule| rule.group == group) {
            writeln!(out, "| [{0}]({0}.md) | {1} | {2} |", rule.id, levels(rule), rule.summary.trim())?;
        }
    }
    writeln!(out, "\n## By lesson\n\nThe lessons are those of [practice.md](../practice.md).\n")?;
    writeln!(out, "| lesson | rules |\n| --- | --- |")?;
    for (id, _) in lessons() {
        let resting = rules.iter().filter(|rule| rule.references.iter().any(|reference| reference == id));
        let resting: Vec<_> = resting.map(|rule| format!("[{0}]({0}.md)", rule.id)).collect();
        if !resting.is_empty() {
            writeln!(out, "| {} | {} |", lesson_link(id), resting.join(", "))?;
        }
    }
    Ok(())
}

/// The levels that its cases have, the worst first: `error, info`.
fn levels(rule: &Rule) -> String {
    let all = [Severity::Error, Severity::Warning, Severity::Info];
    let had = all.into_iter().filter(|level| rule.levels.iter().any(|(_, known)| known == level));
    let had: Vec<_> = had.map(Severity::as_str).collect();
    let preview = if rule.preview { " (off until it is selected)" } else { "" };
    format!("{}{preview}", had.join(", "))
}

fn lesson_link(id: &str) -> String {
    format!("[{id}](../practice.md#{})", id.to_lowercase())
}

struct Page<'w> {
    form: Form,
    out: &'w mut dyn Write,
}

impl Page<'_> {
    fn is_markdown(&self) -> bool {
        self.form == Form::Markdown
    }

    fn head(&mut self, rule: &Rule) -> io::Result<()> {
        let (id, group, summary) = (&rule.id, &rule.group, rule.summary.trim().trim_end_matches('.'));
        match self.form {
            Form::Markdown => {
                writeln!(self.out, "<!-- Written by `SHIPWORTHY_BLESS=1 cargo test --test pages`. -->\n")?;
                writeln!(self.out, "# {id}\n\n{summary}.\n\nGroup [{group}](README.md#{group}), {}.", looks_at(rule))?;
            }
            Form::Terminal => {
                writeln!(self.out, "{id}\n\n{summary}.\n\nGroup {group}, {}.", looks_at(rule))?;
            }
        }
        match rule.levels.as_ref() {
            [(case, level)] if case == ONLY_CASE => writeln!(self.out, "\nLevel: {level}."),
            cases => {
                let rows = cases.iter().map(|(case, level)| [case.to_string(), level.to_string()]);
                self.table(["case", "level"], rows)
            }
        }
    }

    fn heading(&mut self, text: &str) -> io::Result<()> {
        match self.form {
            Form::Markdown => writeln!(self.out, "\n## {text}"),
            Form::Terminal => writeln!(self.out, "\n{text}"),
        }
    }

    /// A heading with text below it, if there is any.
    fn section(&mut self, heading: &str, text: &str) -> io::Result<()> {
        if text.trim().is_empty() {
            return Ok(());
        }
        self.heading(heading)?;
        if self.is_markdown() {
            writeln!(self.out)?;
        }
        text.trim().lines().try_for_each(|line| self.line(line))
    }

    /// A line of text, which a terminal shows below its heading.
    fn line(&mut self, line: &str) -> io::Result<()> {
        let indent = if self.is_markdown() || line.is_empty() { "" } else { "  " };
        writeln!(self.out, "{indent}{line}")
    }

    fn table(&mut self, head: [&str; 2], rows: impl Iterator<Item = [String; 2]>) -> io::Result<()> {
        writeln!(self.out)?;
        if self.is_markdown() {
            writeln!(self.out, "| {} | {} |\n| --- | --- |", head[0], head[1])?;
        }
        for [first, second] in rows {
            match self.form {
                Form::Markdown => writeln!(self.out, "| {first} | {second} |")?,
                Form::Terminal => writeln!(self.out, "  {first:<16} {second}")?,
            }
        }
        Ok(())
    }

    fn code(&mut self, language: &str, text: &str) -> io::Result<()> {
        if self.is_markdown() {
            writeln!(self.out, "\n```{language}")?;
        } else {
            writeln!(self.out)?;
        }
        let indent = if self.is_markdown() { "" } else { "    " };
        for line in text.trim_end().lines() {
            writeln!(self.out, "{}", format!("{indent}{line}").trim_end())?;
        }
        if self.is_markdown() { writeln!(self.out, "```") } else { Ok(()) }
    }

    fn parameters(&mut self, rule: &Rule) -> io::Result<()> {
        if rule.params.is_empty() {
            return Ok(());
        }
        self.heading("Parameters")?;
        let is_markdown = self.is_markdown();
        let code = |text: String| if is_markdown { format!("`{}`", text.replace('|', "\\|")) } else { text };
        let rows = rule.params.iter().map(|(name, value)| [code(name.to_string()), code(value.to_string())]);
        self.table(["parameter", "default"], rows)
    }

    fn files(&mut self, example: &Example) -> io::Result<()> {
        for (path, text) in example.files.iter() {
            let title = if self.is_markdown() { format!("`{path}`") } else { format!("  {path}") };
            writeln!(self.out, "\n{title}")?;
            self.code(language(path), text)?;
        }
        Ok(())
    }

    /// What the rule says of an example, as `check` prints it.
    fn findings(&mut self, rule: &Rule, example: &Example, rules: &[Rule]) -> io::Result<()> {
        let mut report = lint_example(example, rules).map_err(io::Error::other)?;
        report.findings.retain(|finding| finding.rule.id == rule.id);
        let style = Style { width: WIDTH, ..Style::default() };
        let mut drawn = Vec::new();
        full::findings(&report, style, &mut drawn)?;
        let mut drawn = String::from_utf8_lossy(&drawn).into_owned();
        for fix in report.findings.iter().filter_map(|finding| finding.hit.fix.as_ref()) {
            let _ = writeln!(drawn, "fix ({}): {}", fix.safety, fix.description);
        }
        self.heading_of_report()?;
        self.code("text", &drawn)
    }

    fn heading_of_report(&mut self) -> io::Result<()> {
        match self.form {
            Form::Markdown => writeln!(self.out, "\nThe report:"),
            Form::Terminal => writeln!(self.out, "\n  The report"),
        }
    }

    fn silence(&mut self, rule: &Rule) -> io::Result<()> {
        self.heading("Silence it")?;
        let comment = format!("# shipworthy: ignore[{}] why it is fine here", rule.id);
        let setting = format!("rules:\n  {}: off # or info, warning, error", rule.id);
        match self.form {
            Form::Markdown => writeln!(self.out, "\nAt one place, on the line or above it:")?,
            Form::Terminal => self.line("At one place, on the line or above it:")?,
        }
        self.code("yaml", &comment)?;
        writeln!(self.out)?;
        self.line("Everywhere, in `shipworthy.yaml`:")?;
        self.code("yaml", &setting)
    }

    fn references(&mut self, rule: &Rule) -> io::Result<()> {
        if rule.references.is_empty() {
            return Ok(());
        }
        self.heading("References")?;
        if self.is_markdown() {
            writeln!(self.out)?;
        }
        for reference in rule.references.iter() {
            let text = match (lesson(reference), self.form) {
                (Some(text), Form::Markdown) => format!("- {}: {text}", lesson_link(reference)),
                (Some(text), Form::Terminal) => format!("{reference}: {text}"),
                (None, Form::Markdown) if reference.starts_with("https://") => format!("- <{reference}>"),
                (None, Form::Markdown) => format!("- {reference}"),
                (None, Form::Terminal) => reference.to_string(),
            };
            self.line(&text)?;
        }
        Ok(())
    }
}

/// The language of a file, as Markdown names it.
fn language(path: &str) -> &'static str {
    let name = path.rsplit('/').next().unwrap_or(path);
    match name.rsplit_once('.').map_or(name, |(_, end)| end) {
        _ if is_dockerfile_name(path) => "dockerfile",
        "yaml" | "yml" => "yaml",
        "json" => "json",
        "sh" => "sh",
        "ini" | "conf" => "ini",
        "py" => "python",
        _ => "text",
    }
}

/// "looks at every container".
fn looks_at(rule: &Rule) -> String {
    match rule.on.as_ref() {
        "syntax" => "looks at every document".to_string(),
        "suppression" => "looks at every suppression".to_string(),
        subject => format!("looks at every {}", subject.replace('-', " ")),
    }
}
