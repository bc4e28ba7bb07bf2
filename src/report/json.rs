//! The JSON report, version 1. Its form is a contract: docs/report.md.

use std::io::{self, Write};

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;

use super::Style;
use crate::check::Fix;
use crate::lint::{Finding, Report, Resource};
use crate::rule::Severity;
use crate::source::{Position, Sources, Span};

#[derive(Serialize, JsonSchema)]
struct JsonReport<'a> {
    version: u32,
    tool: Tool,
    summary: JsonSummary<'a>,
    findings: Vec<JsonFinding<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize, JsonSchema)]
struct JsonSummary<'a> {
    files: usize,
    documents: usize,
    errors: usize,
    warnings: usize,
    infos: usize,
    suppressed: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    known: Option<usize>,
    skipped: Vec<JsonSkipped<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct JsonSkipped<'a> {
    path: &'a str,
    reason: &'a str,
}

#[derive(Serialize, JsonSchema)]
struct JsonFinding<'a> {
    rule: &'a str,
    group: &'a str,
    severity: &'a str,
    case: &'a str,
    message: &'a str,
    path: &'a str,
    start: JsonPosition,
    end: JsonPosition,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    approximate: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    rendered: Option<JsonRendered<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    template: Option<JsonTemplate<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource: Option<JsonResource<'a>>,
    help: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related: Vec<JsonRelated<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<JsonFix<'a>>,
    fingerprint: &'a str,
}

#[derive(Serialize, JsonSchema)]
struct JsonRendered<'a> {
    release: &'a str,
    line: u32,
}

#[derive(Serialize, JsonSchema)]
struct JsonTemplate<'a> {
    path: &'a str,
}

#[derive(Serialize, JsonSchema)]
struct JsonPosition {
    line: u32,
    column: u32,
    offset: u32,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct JsonResource<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    api_version: Option<&'a str>,
    kind: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    container: Option<&'a str>,
}

#[derive(Serialize, JsonSchema)]
struct JsonRelated<'a> {
    path: &'a str,
    start: JsonPosition,
    end: JsonPosition,
    message: &'a str,
}

#[derive(Serialize, JsonSchema)]
struct JsonFix<'a> {
    safety: String,
    description: &'a str,
    edits: Vec<JsonEdit<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct JsonEdit<'a> {
    path: &'a str,
    start: u32,
    end: u32,
    text: &'a str,
}

/// The schema of the report.
#[must_use]
pub fn schema() -> schemars::Schema {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<JsonReport<'static>>()
}

pub(super) fn write(report: &Report<'_>, style: Style<'_>, out: &mut dyn Write) -> io::Result<()> {
    let shown = style.shown(report);
    let json = JsonReport {
        version: 1,
        tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
        summary: summary(report),
        findings: shown.map(|finding| json_finding(&report.sources, finding)).collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &json)?;
    writeln!(out)
}

fn summary<'a>(report: &'a Report<'_>) -> JsonSummary<'a> {
    let skipped = report.summary.skipped.iter();
    JsonSummary {
        files: report.summary.files,
        documents: report.summary.documents,
        errors: report.count(Severity::Error),
        warnings: report.count(Severity::Warning),
        infos: report.count(Severity::Info),
        suppressed: report.summary.suppressed,
        known: Some(report.known.len()).filter(|known| *known > 0),
        skipped: skipped.map(|skipped| JsonSkipped { path: &skipped.path, reason: &skipped.reason }).collect(),
    }
}

fn json_finding<'a>(sources: &'a Sources, finding: &'a Finding<'_>) -> JsonFinding<'a> {
    let (path, start, end) = place(sources, finding.hit.span);
    let related = finding.hit.related.iter().map(|related| {
        let (path, start, end) = place(sources, related.span);
        JsonRelated { path, start, end, message: &related.message }
    });
    JsonFinding {
        rule: &finding.rule.id,
        group: &finding.rule.group,
        severity: finding.severity.as_str(),
        case: finding.hit.case,
        message: &finding.hit.message,
        path,
        start,
        end,
        approximate: finding.rendered.as_ref().is_some_and(|rendered| rendered.approximate),
        rendered: finding.rendered.as_ref().map(|it| JsonRendered { release: &it.release, line: it.line }),
        template: finding.template.as_deref().map(|path| JsonTemplate { path }),
        resource: finding.resource.as_ref().map(resource),
        help: finding.help(),
        related: related.collect(),
        fix: finding.hit.fix.as_ref().map(|fix| json_fix(sources, fix)),
        fingerprint: &finding.fingerprint,
    }
}

fn place(sources: &Sources, span: Span) -> (&str, JsonPosition, JsonPosition) {
    let source = sources.get(span.source);
    (source.path(), position(source.position(span.start)), position(source.position(span.end)))
}

fn position(Position { line, column, offset }: Position) -> JsonPosition {
    JsonPosition { line, column, offset }
}

fn resource(resource: &Resource) -> JsonResource<'_> {
    JsonResource {
        api_version: resource.api_version.as_deref(),
        kind: &resource.kind,
        namespace: resource.namespace.as_deref(),
        name: resource.name.as_deref(),
        container: resource.container.as_deref(),
    }
}

fn json_fix<'a>(sources: &'a Sources, fix: &'a Fix) -> JsonFix<'a> {
    let edits = fix.edits.iter().map(|edit| JsonEdit {
        path: sources.get(edit.span.source).path(),
        start: edit.span.start,
        end: edit.span.end,
        text: &edit.text,
    });
    JsonFix { safety: fix.safety.to_string(), description: &fix.description, edits: edits.collect() }
}
