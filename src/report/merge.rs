//! Several JSON reports, those of `--shard` runs, as one.

use std::cmp::Ordering;

use serde_json::{Map, Value};

/// What is added up in the summary.
const COUNTS: [&str; 7] = ["files", "documents", "errors", "warnings", "infos", "suppressed", "known"];

/// Joins reports. A finding that two of them have is there once.
///
/// # Errors
///
/// The name of the text that is no report of this version, and why.
pub fn merge(reports: &[(String, String)]) -> Result<Value, String> {
    let mut findings = Vec::new();
    let mut skipped = Vec::new();
    let mut counts: Map<String, Value> = COUNTS[..6].iter().map(|name| ((*name).to_string(), 0.into())).collect();
    let mut tool = Value::Null;
    for (name, text) in reports {
        let mut report = read(text).map_err(|why| format!("{name}: {why}"))?;
        tool = report["tool"].take();
        let summary = report["summary"].take();
        for count in COUNTS {
            if let Some(number) = summary[count].as_u64() {
                let sum = counts.get(count).and_then(Value::as_u64).unwrap_or(0) + number;
                counts.insert(count.to_string(), sum.into());
            }
        }
        skipped.extend(list(&summary["skipped"]));
        findings.extend(list(&report["findings"]));
    }
    skipped.sort_by(|one, other| by(one, other, &["path", "reason"]));
    skipped.dedup();
    findings.sort_by(order);
    findings.dedup_by(|one, other| {
        let is_same = one == other;
        let count = format!("{}s", one["severity"].as_str().unwrap_or_default());
        if let Some(sum) = counts.get(&count).and_then(Value::as_u64).filter(|_| is_same) {
            counts.insert(count, sum.saturating_sub(1).into());
        }
        is_same
    });
    counts.insert("skipped".to_string(), skipped.into());
    Ok(serde_json::json!({"version": 1, "tool": tool, "summary": counts, "findings": findings}))
}

fn read(text: &str) -> Result<Value, String> {
    let report: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    match report["version"].as_u64() {
        Some(1) if report["findings"].is_array() && report["summary"].is_object() => Ok(report),
        Some(version) if version != 1 => Err(format!("a report of version {version}, and only 1 is known here")),
        _ => Err("no report of shipworthy: write it with --format json".to_string()),
    }
}

fn list(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_default()
}

/// By path, offset, rule and message, as in any report.
fn order(one: &Value, other: &Value) -> Ordering {
    let offset = |value: &Value| value["start"]["offset"].as_u64();
    let place = by(one, other, &["path"]).then_with(|| offset(one).cmp(&offset(other)));
    place.then_with(|| by(one, other, &["rule", "message", "fingerprint"]))
}

fn by(one: &Value, other: &Value, keys: &[&str]) -> Ordering {
    let text = |value: &Value| keys.iter().map(|key| value[*key].as_str().unwrap_or_default().to_string()).collect();
    let (one, other): (Vec<String>, Vec<String>) = (text(one), text(other));
    one.cmp(&other)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn report(path: &str) -> (String, String) {
        let finding = json!({"rule": "x", "path": path, "start": {"offset": 1}, "message": "m"});
        let summary = json!({"files": 1, "errors": 1, "skipped": [{"path": "s", "reason": "r"}]});
        let report = json!({"version": 1, "tool": {"name": "shipworthy"}, "summary": summary, "findings": [finding]});
        (format!("{path}.json"), report.to_string())
    }

    #[test]
    fn findings_are_sorted_and_counts_added_up() {
        let merged = merge(&[report("b"), report("a")]).unwrap();
        assert_eq!(merged["summary"]["files"], 2);
        assert_eq!(merged["summary"]["errors"], 2);
        assert_eq!(merged["summary"]["skipped"].as_array().unwrap().len(), 1);
        let paths: Vec<_> = list(&merged["findings"]).iter().map(|finding| finding["path"].clone()).collect();
        assert_eq!(paths, ["a", "b"]);
    }

    #[test]
    fn what_is_no_report_is_refused_by_name() {
        let refused = |text: &str| merge(&[("x.json".to_string(), text.to_string())]).unwrap_err();
        assert!(refused("{").starts_with("x.json: EOF"));
        assert_eq!(refused("{\"version\": 2}"), "x.json: a report of version 2, and only 1 is known here");
        assert_eq!(refused("[]"), "x.json: no report of shipworthy: write it with --format json");
    }
}
