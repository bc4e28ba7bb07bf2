//! Imports point only to modules listed above in `src/lib.rs`: the order of that list is the
//! architecture.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::{Path, PathBuf};

fn files(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_path_buf()];
    }
    let entries = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|entry| files(&entry)).collect()
}

/// The modules of the library, in order.
fn layers() -> Vec<String> {
    let lib = fs::read_to_string("src/lib.rs").unwrap();
    lib.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).map(str::to_string).collect()
}

/// The modules that a text imports, by what follows `crate::`; names in braces too.
fn imports(text: &str) -> Vec<String> {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let group = rest.strip_prefix('{').and_then(|group| group.split_once('}')).map(|(group, _)| group);
        let names = group.map_or_else(|| vec![rest], |group| group.split(',').map(str::trim).collect());
        let word =
            |name: &str| name.chars().take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '_').collect();
        found.extend(names.into_iter().map(word));
    }
    found
}

#[test]
fn imports_point_only_downward() {
    let layers = layers();
    assert!(layers.len() >= 10, "the list of modules in src/lib.rs was not found");
    let mut upward = Vec::new();
    let mut checked = 0;
    for (height, layer) in layers.iter().enumerate() {
        let places = [PathBuf::from(format!("src/{layer}.rs")), PathBuf::from(format!("src/{layer}"))];
        for file in places.iter().filter(|place| place.exists()).flat_map(|place| files(place)) {
            for import in imports(&fs::read_to_string(&file).unwrap()) {
                let target = layers.iter().position(|layer| *layer == import);
                checked += 1;
                if target.is_none_or(|target| target > height) {
                    upward.push(format!("{}: crate::{import}", file.display()));
                }
            }
        }
    }
    assert!(checked > 50, "imports were not found");
    assert!(upward.is_empty(), "{upward:#?}");
}

#[test]
fn every_module_is_listed() {
    let layers = layers();
    for entry in fs::read_dir("src").unwrap() {
        let stem = entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned();
        assert!(
            matches!(stem.as_str(), "lib" | "main") || layers.contains(&stem),
            "src/{stem} is not listed in src/lib.rs"
        );
    }
}
