//! `rules/knowledge/stop-signals.yaml` into static data.

use std::fmt::Write;

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    images: Vec<String>,
    #[serde(default)]
    tag: Option<String>,
    #[serde(default)]
    signal: Option<String>,
    #[serde(default)]
    since: Option<String>,
    #[serde(default)]
    unsure: Vec<String>,
}

/// Reads the list and writes Rust source.
pub(crate) fn generate(text: &str) -> Result<String, String> {
    let rows: Vec<Row> = serde_saphyr::from_str(text).map_err(|error| error.to_string())?;
    let mut source = format!("static IMAGE_SIGNALS: [ImageSignal; {}] = [\n", rows.len());
    for Row { images, tag, signal, since, unsure } in rows {
        let _ = writeln!(
            source,
            "ImageSignal {{ images: &{images:?}, tag: {tag:?}, signal: {signal:?}, since: {since:?}, unsure: &{unsure:?} }},"
        );
    }
    source.push_str("];\n");
    Ok(source)
}
