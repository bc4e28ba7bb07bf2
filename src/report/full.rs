//! For people: every finding with its lines, drawn by miette.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::io::{self, Write};

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode,
    SourceSpan, SpanContents,
};

use super::{Style, group, page_url, tally};
use crate::lint::{Finding, Report};
use crate::rule::Severity;
use crate::source::{Source, SourceId, Sources, Span};

/// Lines longer than this are not drawn: nobody reads a minified file.
const MAX_DRAWN_BYTES: usize = 2000;

pub(super) fn write(report: &Report<'_>, style: Style<'_>, out: &mut dyn Write) -> io::Result<()> {
    findings(report, style, out)?;
    tally::write(report, style, out)
}

/// The findings alone.
pub(super) fn findings(report: &Report<'_>, style: Style<'_>, out: &mut dyn Write) -> io::Result<()> {
    let theme = if style.color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler = GraphicalReportHandler::new_themed(theme).with_width(style.width).with_links(false);
    let mut shown: HashMap<SourceId, Cow<'_, str>> = HashMap::new();
    let wanted = style.shown(report);
    for group in group::group(wanted) {
        let finding = group.first;
        let id = finding.hit.span.source;
        let text = shown.entry(id).or_insert_with(|| report.masked(id));
        let window = Window { source: report.sources.get(id), text };
        let mut drawn = String::new();
        let page = style.links.then(|| page_url(finding.rule)).flatten();
        let view = View { finding, rest: group.rest(style.verbose), sources: &report.sources, window, page };
        handler.render_report(&mut drawn, &view).map_err(io::Error::other)?;
        writeln!(out, "{}", drawn.trim_end())?;
        writeln!(out)?;
    }
    Ok(())
}

/// A finding as miette sees it.
struct View<'a> {
    finding: &'a Finding<'a>,
    /// The other objects that it is about.
    rest: Option<String>,
    sources: &'a Sources,
    window: Window<'a>,
    /// Where the rule's page is, if it is to be a link.
    page: Option<String>,
}

impl View<'_> {
    fn in_this_source(&self, span: Span) -> bool {
        span.source == self.finding.hit.span.source
    }

    fn subject(&self) -> Option<String> {
        let resource = self.finding.resource.as_ref()?;
        let name = resource.name.as_deref().unwrap_or("without a name");
        let container = resource.container.as_ref().map(|container| format!(", container {container}"));
        Some(format!("{} {name}{}", resource.kind, container.unwrap_or_default()))
    }
}

impl fmt::Display for View<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.finding.hit.message)
    }
}

impl fmt::Debug for View<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for View<'_> {}

impl Diagnostic for View<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let (severity, rule) = (self.finding.severity, &self.finding.rule.id);
        let code = format!("{severity}[{rule}]");
        Some(Box::new(match self.page.as_deref() {
            // What terminals know as OSC 8.
            Some(url) => format!("\u{1b}]8;;{url}\u{1b}\\{code}\u{1b}]8;;\u{1b}\\"),
            None => code,
        }))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.finding.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Info => miette::Severity::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let mut help = self.finding.help().to_string();
        for related in self.finding.hit.related.iter().filter(|related| !self.in_this_source(related.span)) {
            let source = self.sources.get(related.span.source);
            let start = source.position(related.span.start);
            help.push_str(&format!("\n{}:{}:{}: {}", source.path(), start.line, start.column, related.message));
        }
        if let Some(rendered) = &self.finding.rendered {
            let near = if rendered.approximate { ", the place in the template is near by" } else { "" };
            help.push_str(&format!("\nrendered for release {}, line {}{near}", rendered.release, rendered.line));
        }
        if let Some(rest) = &self.rest {
            help.push_str(&format!("\n{rest}"));
        }
        Some(Box::new(help))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.window)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let label = |span: Span, text| LabeledSpan::new_with_span(text, SourceSpan::from(span.range()));
        let related = self.finding.hit.related.iter().filter(|related| self.in_this_source(related.span));
        let related = related.map(move |related| label(related.span, Some(related.message.clone())));
        let primary =
            LabeledSpan::new_primary_with_span(self.subject(), SourceSpan::from(self.finding.hit.span.range()));
        Some(Box::new(std::iter::once(primary).chain(related)))
    }
}

/// A source that answers from its table of lines. miette's own would scan the whole text for
/// each finding.
struct Window<'a> {
    source: &'a Source,
    text: &'a str,
}

impl SourceCode for Window<'_> {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let source = self.source;
        let line_of = |offset: usize| source.line_index(u32::try_from(offset).unwrap_or(u32::MAX));
        let first = line_of(span.offset()).saturating_sub(before);
        let last = line_of(span.offset() + span.len()) + after;
        let line_start = source.line_range(first).ok_or(MietteError::OutOfBounds)?.start;
        // Without lines before it, miette asks for the place to print, not for lines to draw.
        let start = if before == 0 { span.offset() } else { line_start };
        let end = (first..=last).filter_map(|line| source.line_range(line)).last().map_or(start, |range| range.end);
        let text = self.text.get(start..end.max(start)).ok_or(MietteError::OutOfBounds)?;
        if text.len() > MAX_DRAWN_BYTES {
            return Err(MietteError::OutOfBounds);
        }
        let shown = SourceSpan::from(start..end.max(start));
        let column = self.text.get(line_start..start).map_or(0, |skipped| skipped.chars().count());
        let lines = last - first + 1;
        Ok(Box::new(MietteSpanContents::new_named(
            source.path().to_string(),
            text.as_bytes(),
            shown,
            first,
            column,
            lines,
        )))
    }
}
