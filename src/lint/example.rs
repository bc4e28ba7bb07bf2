//! A rule's example, linted: its test, and what its page shows.

use super::policy::{Policy, Selection};
use super::{Report, lint};
use crate::config::{Config, ConfigError, FILE_NAMES};
use crate::input::discover::closed_scopes;
use crate::input::{InputFile, Inputs};
use crate::rule::{Example, Rule};

/// Lints an example with all rules. A `shipworthy.yaml` among its files is the configuration.
///
/// # Errors
///
/// What is wrong with that configuration.
pub fn lint_example<'r>(example: &Example, rules: &'r [Rule]) -> Result<Report<'r>, ConfigError> {
    let mut inputs = Inputs::default();
    let mut config = Config::default();
    for (path, text) in example.files.iter() {
        if FILE_NAMES.contains(&path.as_ref()) {
            config = Config::parse(path, text, rules)?;
        } else {
            let path = path.to_string();
            let bytes = text.as_bytes().to_vec();
            inputs.files.push(InputFile { location: path.clone(), path, bytes, target: true, named: false });
        }
    }
    let scopes = closed_scopes(&config, &inputs.files);
    inputs.closed = scopes.map_err(|error| ConfigError::of_file(FILE_NAMES[0], error.to_string()))?;
    Ok(lint(&inputs, &Policy::new(rules, &config, &Selection::default())))
}
