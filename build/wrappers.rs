//! `rules/knowledge/wrappers.yaml` into static data.

use std::fmt::Write;

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wrapper {
    program: String,
    #[serde(default)]
    verb: Option<String>,
    #[serde(default)]
    arguments: usize,
    #[serde(default)]
    valued: Vec<String>,
    #[serde(default)]
    group: Vec<String>,
    #[serde(default)]
    alone: Vec<String>,
    #[serde(default)]
    init: bool,
}

/// Reads the list and writes Rust source.
pub(crate) fn generate(text: &str) -> Result<String, String> {
    let wrappers: Vec<Wrapper> = serde_saphyr::from_str(text).map_err(|error| error.to_string())?;
    let mut source = format!("static WRAPPERS: [Wrapper; {}] = [\n", wrappers.len());
    for Wrapper { program, verb, arguments, valued, group, alone, init } in wrappers {
        let _ = writeln!(
            source,
            "Wrapper {{ program: {program:?}, verb: {verb:?}, arguments: {arguments}, valued: &{valued:?}, \
             group: &{group:?}, alone: &{alone:?}, init: {init} }},"
        );
    }
    source.push_str("];\n");
    Ok(source)
}
