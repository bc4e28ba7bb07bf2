//! `rules/knowledge/*.yaml`, lists of words, into static slices.

use std::fmt::Write;
use std::fs;
use std::path::Path;

/// Lists of something else than words, which have a form, and a file here, of their own.
const FORMS: [&str; 3] = ["servers.yaml", "stop-signals.yaml", "wrappers.yaml"];

/// Reads every list and writes Rust source: `database-images.yaml` becomes
/// `DATABASE_IMAGES`, sorted.
pub(crate) fn generate(folder: &Path) -> Result<String, String> {
    let mut source = String::new();
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut paths: Vec<_> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    paths.sort();
    let has_a_form = |path: &Path| FORMS.iter().any(|name| path.ends_with(name));
    for path in paths.into_iter().filter(|path| !has_a_form(path)) {
        let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let words: Result<Vec<String>, _> = serde_saphyr::from_str(&text);
        let mut words = words.map_err(|error| format!("{}: {error}", path.display()))?;
        words.sort();
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().replace('-', "_").to_uppercase();
        let _ = writeln!(source, "pub(crate) static {stem}: &[&str] = &{words:?};");
    }
    Ok(source)
}
