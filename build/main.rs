//! Turns rules and knowledge into static data, so that a run parses none of them.

// Cargo reads a build script's instructions from its standard output.
#![allow(clippy::print_stdout)]

#[allow(dead_code, unreachable_pub)]
#[path = "../src/rule/file.rs"]
mod file;
mod knowledge;
#[allow(dead_code, unreachable_pub)]
#[path = "../src/params.rs"]
mod params;
mod rules;
mod schema;
mod servers;
mod stop_signals;
mod wrappers;

use std::path::Path;
use std::{env, fs};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let out = env::var("OUT_DIR")?;
    let out = Path::new(&out);
    println!("cargo::rerun-if-changed=rules");
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=data");
    fs::write(out.join("rules.rs"), rules::generate(Path::new("rules"))?)?;
    fs::write(out.join("knowledge.rs"), knowledge::generate(Path::new("rules/knowledge"))?)?;
    let servers = fs::read_to_string("rules/knowledge/servers.yaml")?;
    fs::write(out.join("servers.rs"), servers::generate(&servers)?)?;
    let stop_signals = fs::read_to_string("rules/knowledge/stop-signals.yaml")?;
    fs::write(out.join("stop_signals.rs"), stop_signals::generate(&stop_signals)?)?;
    let wrappers = fs::read_to_string("rules/knowledge/wrappers.yaml")?;
    fs::write(out.join("wrappers.rs"), wrappers::generate(&wrappers)?)?;
    let kubernetes = fs::read_to_string("data/kubernetes-schema.txt")?;
    fs::write(out.join("schema.rs"), schema::generate(&kubernetes)?)?;
    Ok(())
}
