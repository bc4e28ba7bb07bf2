//! SARIF 2.1.0, in the form that GitHub's code scanning reads.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::{Value, json};

use super::place::{Place, uri};
use super::{Style, page_url};
use crate::check::Fix;
use crate::lint::{Finding, Report, Resource};
use crate::rule::{Rule, Severity};
use crate::source::{Sources, Span};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

pub(super) fn write(report: &Report<'_>, style: Style<'_>, out: &mut dyn Write) -> io::Result<()> {
    let rules: BTreeMap<&str, &Rule> =
        style.shown(report).map(|finding| (finding.rule.id.as_ref(), finding.rule)).collect();
    let indexes: BTreeMap<&str, usize> = rules.keys().enumerate().map(|(index, id)| (*id, index)).collect();
    let results = style.shown(report).map(|finding| result(report, finding, indexes[finding.rule.id.as_ref()], style));
    let results: Vec<_> = results.collect();
    let sarif = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": driver(&rules)},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    serde_json::to_writer_pretty(&mut *out, &sarif)?;
    writeln!(out)
}

fn driver(rules: &BTreeMap<&str, &Rule>) -> Value {
    let rules: Vec<_> = rules.values().map(|rule| descriptor(rule)).collect();
    let mut driver = json!({
        "name": env!("CARGO_PKG_NAME"),
        "version": env!("CARGO_PKG_VERSION"),
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "rules": rules,
    });
    if !env!("CARGO_PKG_REPOSITORY").is_empty() {
        driver["informationUri"] = env!("CARGO_PKG_REPOSITORY").into();
    }
    driver
}

fn descriptor(rule: &Rule) -> Value {
    let worst = rule.levels.iter().map(|(_, level)| *level).max().unwrap_or(Severity::Warning);
    // No text may be empty, and a user's rule may give no reasons.
    let or_summary =
        |text: &str| if text.trim().is_empty() { rule.summary.to_string() } else { text.trim().to_string() };
    let (why, remedy) = (or_summary(&rule.rationale), or_summary(&rule.remedy));
    let mut descriptor = json!({
        "id": rule.id,
        "shortDescription": {"text": or_summary("")},
        "fullDescription": {"text": why},
        "help": {"text": format!("{remedy}\n\n{why}"), "markdown": format!("**{remedy}**\n\n{why}")},
        "defaultConfiguration": {"level": level(worst)},
        "properties": {"problem.severity": problem(worst), "precision": "high", "tags": [rule.group]},
    });
    if let Some(url) = page_url(rule) {
        descriptor["helpUri"] = url.into();
    }
    descriptor
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn problem(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "recommendation",
    }
}

fn result(report: &Report<'_>, finding: &Finding<'_>, rule: usize, style: Style<'_>) -> Value {
    let sources = &report.sources;
    let mut location = json!({"physicalLocation": physical(sources, finding.hit.span, style)});
    if let Some(resource) = &finding.resource {
        location["logicalLocations"] = json!([logical(resource)]);
    }
    let mut result = json!({
        "ruleId": finding.rule.id,
        "ruleIndex": rule,
        "level": level(finding.severity),
        "message": {"text": format!("{}\n{}", finding.hit.message, finding.help()).trim()},
        "locations": [location],
        "partialFingerprints": {"primaryLocationLineHash": format!("{}:1", finding.fingerprint)},
    });
    let related: Vec<_> = finding
        .hit
        .related
        .iter()
        .enumerate()
        .map(|(id, related)| {
            let place = physical(sources, related.span, style);
            json!({"id": id + 1, "physicalLocation": place, "message": {"text": related.message}})
        })
        .collect();
    if !related.is_empty() {
        result["relatedLocations"] = related.into();
    }
    if let Some(fix) = finding.hit.fix.as_ref().filter(|fix| !fix.edits.is_empty()) {
        result["fixes"] = json!([fix_of(sources, fix, style)]);
    }
    result
}

fn physical(sources: &Sources, span: Span, style: Style<'_>) -> Value {
    let place = Place::of(sources, span, style);
    json!({"artifactLocation": {"uri": uri(&place.path)}, "region": region(&place)})
}

fn region(place: &Place<'_>) -> Value {
    json!({
        "startLine": place.start.line,
        "startColumn": place.start.column,
        "endLine": place.end.line,
        "endColumn": place.end.column,
    })
}

fn logical(resource: &Resource) -> Value {
    let name = resource.name.as_deref().unwrap_or("without a name");
    let parts = [resource.namespace.as_deref(), Some(&resource.kind), Some(name), resource.container.as_deref()];
    let whole = parts.into_iter().flatten().collect::<Vec<_>>().join("/");
    json!({"name": name, "fullyQualifiedName": whole, "kind": "object"})
}

/// The edits of a fix, by file.
fn fix_of(sources: &Sources, fix: &Fix, style: Style<'_>) -> Value {
    let mut files: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for edit in &fix.edits {
        let place = Place::of(sources, edit.span, style);
        let replacement = json!({"deletedRegion": region(&place), "insertedContent": {"text": edit.text}});
        files.entry(uri(&place.path)).or_default().push(replacement);
    }
    let changes = files.into_iter();
    let changes = changes.map(|(uri, edits)| json!({"artifactLocation": {"uri": uri}, "replacements": edits}));
    json!({"description": {"text": fix.description}, "artifactChanges": changes.collect::<Vec<_>>()})
}

#[cfg(test)]
mod tests {
    use super::super::{Format, trial};
    use super::*;

    #[test]
    fn every_result_has_what_code_scanning_asks_for() {
        let sarif: Value = serde_json::from_str(&trial::written(Format::Sarif, Severity::Info)).unwrap();
        let run = &sarif["runs"][0];
        let results = run["results"].as_array().unwrap();
        assert_eq!(results.len(), 2);
        for result in results {
            let rule = &run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().unwrap() as usize];
            assert_eq!(rule["id"], result["ruleId"]);
            for text in
                ["/shortDescription/text", "/fullDescription/text", "/help/text", "/properties/problem.severity"]
            {
                assert!(!rule.pointer(text).unwrap().as_str().unwrap().is_empty(), "{text}");
            }
            let place = &result["locations"][0]["physicalLocation"];
            assert_eq!(place["artifactLocation"]["uri"], "deploy/a%2Cb.yaml");
            assert_eq!(place["region"].as_object().unwrap().len(), 4);
            assert!(result["partialFingerprints"]["primaryLocationLineHash"].is_string());
        }
        assert_eq!(results[0]["fixes"][0]["artifactChanges"][0]["replacements"].as_array().unwrap().len(), 2);
    }
}
