//! `rules/knowledge/servers.yaml` into static data.

use std::fmt::Write;

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Server {
    name: String,
    programs: Vec<String>,
    #[serde(default)]
    images: Vec<String>,
    #[serde(default)]
    word: Option<String>,
    #[serde(default)]
    graceful: Option<String>,
    #[serde(default)]
    also: Vec<String>,
    term: String,
    #[serde(default)]
    other: Option<String>,
    #[serde(default)]
    drain: Drain,
    #[serde(default)]
    worker: bool,
    #[serde(default)]
    interpreter: bool,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Drain {
    default: Option<i64>,
    options: Vec<String>,
    variables: Vec<String>,
}

/// Reads the list and writes Rust source.
pub(crate) fn generate(text: &str) -> Result<String, String> {
    let servers: Vec<Server> = serde_saphyr::from_str(text).map_err(|error| error.to_string())?;
    let mut source = format!("static SERVERS: [Server; {}] = [\n", servers.len());
    for server in servers {
        let Server { name, programs, images, word, graceful, also, term, other, drain, worker, interpreter } = server;
        let Drain { default, options, variables } = drain;
        let _ = writeln!(
            source,
            "Server {{ name: {name:?}, programs: &{programs:?}, images: &{images:?}, word: {word:?}, graceful: {graceful:?}, \
             also: &{also:?}, term: {term:?}, other: {other:?}, drain_default: {default:?}, drain_options: &{options:?}, drain_variables: &{variables:?}, \
             worker: {worker}, interpreter: {interpreter} }},"
        );
    }
    source.push_str("];\n");
    Ok(source)
}
