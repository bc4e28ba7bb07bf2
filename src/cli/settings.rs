//! The configuration and the rules of a run.

use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

use super::{ConfigArgs, Failure};
use crate::config::{Config, Draft};
use crate::fault::ConfigError;
use crate::input::{discover, display, normalize};
use crate::rule::load::{RuleText, load};
use crate::rule::{self, Rule};

/// Folders within a rule folder that are looked into, at most.
const MAX_DEPTH: usize = 10;

/// The configuration, and every rule that it may speak of.
pub(super) struct Settings {
    pub(super) config: Config,
    pub(super) config_path: Option<PathBuf>,
    /// The built-in rules, then the user's own.
    pub(super) rules: Vec<Rule>,
}

impl Settings {
    /// Reads what applies to a request.
    pub(super) fn read(request: &discover::Request, args: &ConfigArgs) -> Result<Self, Failure> {
        let config_path = match (&args.config, args.isolated) {
            (Some(path), _) => Some(path.clone()),
            (None, true) => None,
            (None, false) => discover::config_file(request),
        };
        let mut rules = rule::builtin().to_vec();
        let config = match &config_path {
            Some(path) => read_config(path, &request.directory, &mut rules)?,
            None => Config::default(),
        };
        Ok(Self { config, config_path, rules })
    }

    /// What applies in the working directory.
    pub(super) fn here(args: &ConfigArgs) -> Result<Self, Failure> {
        let directory = std::env::current_dir()?;
        let paths = vec![PathBuf::from(".")];
        let request = discover::Request { directory, paths, ..discover::Request::default() };
        Self::read(&request, args)
    }
}

/// Reads a configuration, and adds the rules of its folders.
fn read_config(path: &Path, directory: &Path, rules: &mut Vec<Rule>) -> Result<Config, Failure> {
    let shown = display(directory, &normalize(directory, path));
    let text = std::fs::read_to_string(path).map_err(|error| Failure(format!("{shown}: {error}")))?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let draft = Draft::read(&shown, &text)?;
    let mut texts = Vec::new();
    for named in draft.rule_folders() {
        let found = rule_texts(&folder.join(&named.value), directory);
        texts.extend(found.map_err(|error| draft.fault(named, format!("{}: {error}", named.value)))?);
    }
    rules.extend(load_rules(&texts, directory)?);
    let read = |file: &str| std::fs::read_to_string(folder.join(file)).map_err(|error| error.to_string());
    Ok(draft.check(rules, &read)?)
}

/// Reads the rules of files.
pub(super) fn load_rules(texts: &[RuleText], directory: &Path) -> Result<Vec<Rule>, ConfigError> {
    let beside = |text: &RuleText, file: &str| {
        let path = directory.join(&text.path);
        let path = path.parent().unwrap_or(Path::new("")).join(file);
        std::fs::read_to_string(path).map_err(|error| error.to_string())
    };
    load(texts, rule::builtin(), &beside)
}

/// The rule files of a folder and its folders, by path: every `*.yaml` and `*.yml`.
pub(super) fn rule_texts(folder: &Path, directory: &Path) -> Result<Vec<RuleText>, String> {
    if !folder.is_dir() {
        return Err("there is no such folder".to_string());
    }
    let mut walk = WalkBuilder::new(folder);
    walk.standard_filters(false).hidden(true).max_depth(Some(MAX_DEPTH)).sort_by_file_name(Ord::cmp);
    let mut texts = Vec::new();
    for entry in walk.build() {
        let entry = entry.map_err(|error| error.to_string())?;
        let is_rule = entry.path().extension().is_some_and(|end| end == "yaml" || end == "yml");
        if is_rule && entry.file_type().is_some_and(|kind| kind.is_file()) {
            let path = display(directory, &normalize(directory, entry.path()));
            let text = std::fs::read_to_string(entry.path()).map_err(|error| format!("{path}: {error}"))?;
            texts.push(RuleText { path, text });
        }
    }
    if texts.is_empty() { Err("the folder holds no rule".to_string()) } else { Ok(texts) }
}
