//! `rules/<group>/<rule-id>.yaml` into a static array.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use crate::file::{self, Example, Flag, Rule, Text};
use crate::params::{Entries, ParamValue};

/// The folder beside the groups that holds no rules.
const KNOWLEDGE: &str = "knowledge";

/// Reads every rule and writes Rust source.
pub(crate) fn generate(folder: &Path) -> Result<String, String> {
    let mut rules = Vec::new();
    for path in rule_files(folder)? {
        let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let rule = file::read(&text).map_err(|error| format!("{}: {error}", path.display()))?;
        let (group, id) = (folder_name(&path), path.file_stem().and_then(|stem| stem.to_str()));
        if id != Some(&rule.id) || group != Some(&rule.group) {
            return Err(format!("{}: the path must be rules/<group>/<id>.yaml", path.display()));
        }
        file::is_shippable(&rule).map_err(|error| format!("{}: {error}", path.display()))?;
        rules.push(rule);
    }
    rules.sort_by(|one, other| one.id.cmp(&other.id));
    let mut source = format!("static RULES: [Rule; {}] = [\n", rules.len());
    for rule in &rules {
        write_rule(&mut source, rule);
    }
    source.push_str("];\n");
    Ok(source)
}

fn rule_files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let list = |folder: &Path| -> Result<Vec<PathBuf>, String> {
        let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        Ok(entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect())
    };
    let mut files = Vec::new();
    for group in list(folder)? {
        if group.is_dir() && !group.ends_with(KNOWLEDGE) {
            files.extend(list(&group)?.into_iter().filter(|path| path.extension().is_some_and(|end| end == "yaml")));
        }
    }
    Ok(files)
}

fn folder_name(path: &Path) -> Option<&str> {
    path.parent()?.file_name()?.to_str()
}

fn write_rule(source: &mut String, rule: &Rule) {
    source.push_str("Rule {\n");
    let texts = [
        ("id", &rule.id),
        ("group", &rule.group),
        ("summary", &rule.summary),
        ("rationale", &rule.rationale),
        ("remedy", &rule.remedy),
        ("on", &rule.on),
        ("check", &rule.check),
    ];
    for (name, text) in texts {
        let _ = writeln!(source, "{name}: {},", literal(text));
    }
    let levels = rule.levels.iter().map(|(case, level)| format!("({}, Severity::{level:?})", literal(case)));
    let params = rule.params.iter().map(|(name, value)| format!("({}, {})", literal(name), param(value)));
    let _ = writeln!(source, "levels: {},", list(levels));
    let _ = writeln!(source, "references: {},", list(rule.references.iter().map(literal)));
    let _ = writeln!(source, "params: {},", list(params));
    let _ = writeln!(source, "preview: {},", rule.preview);
    let _ = writeln!(source, "bad: {},", list(rule.bad.iter().map(example)));
    let _ = writeln!(source, "good: {},", list(rule.good.iter().map(example)));
    source.push_str("},\n");
}

fn example(example: &Example) -> String {
    let files = example.files.iter().map(|(path, text)| format!("({}, {})", literal(path), literal(text)));
    format!(
        "Example {{ name: {}, files: {}, flags: {}, also: {} }}",
        literal(&example.name),
        list(files),
        list(example.flags.iter().map(flag)),
        list(example.also.iter().map(literal)),
    )
}

fn flag(flag: &Flag) -> String {
    format!("Flag {{ file: {}, text: {}, case: {} }}", literal(&flag.file), literal(&flag.text), literal(&flag.case))
}

fn param(value: &ParamValue) -> String {
    match value {
        ParamValue::Boolean(value) => format!("ParamValue::Boolean({value})"),
        ParamValue::Integer(value) => format!("ParamValue::Integer({value})"),
        ParamValue::String(value) => format!("ParamValue::String({})", literal(value)),
        ParamValue::List(values) => format!("ParamValue::List({})", list(values.iter().map(param))),
        ParamValue::Float(value) => format!("ParamValue::Float({value:?})"),
        ParamValue::Map(Entries(entries)) => {
            let entries = entries.iter().map(|(name, value)| format!("({}, {})", literal(name), param(value)));
            format!("ParamValue::Map(Entries({}))", list(entries))
        }
        ParamValue::Null => "ParamValue::Null".to_string(),
    }
}

fn literal(text: &Text) -> String {
    format!("Cow::Borrowed({text:?})")
}

fn list(items: impl Iterator<Item = String>) -> String {
    format!("Cow::Borrowed(&[{}])", items.collect::<Vec<_>>().join(", "))
}
