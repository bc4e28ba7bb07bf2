//! What is wrong with a file that a user wrote for shipworthy, with its place and the name that
//! was meant: the configuration, and rules.

use std::fmt;

use serde_saphyr::Location;

use crate::near;

/// What is wrong with a configuration or a rule file, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// The file.
    pub path: String,
    /// Line, from 1; 0 where it is not known.
    pub line: u64,
    /// Column, from 1.
    pub column: u64,
    /// What is wrong.
    pub message: String,
}

impl ConfigError {
    /// A fault of a file as a whole.
    #[must_use]
    pub fn of_file(path: &str, message: String) -> Self {
        Self { path: path.to_string(), line: 0, column: 0, message }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.path, self.message),
            line => write!(f, "{}:{line}:{}: {}", self.path, self.column, self.message),
        }
    }
}

impl std::error::Error for ConfigError {}

/// A fault of one place; the path is added by who knows it.
#[derive(Debug)]
pub(crate) struct Fault {
    location: Location,
    message: String,
}

impl Fault {
    pub(crate) fn new(location: Location, message: impl Into<String>) -> Self {
        Self { location, message: message.into() }
    }

    /// What the YAML reader says, with the nearest known name for a key that is none.
    pub(crate) fn of_yaml(error: &serde_saphyr::Error) -> Self {
        let error = error.without_snippet();
        let location = error.location().unwrap_or(Location::UNKNOWN);
        let message = match error {
            serde_saphyr::Error::SerdeUnknownField { field, expected, .. } => {
                unknown("key", field, expected.iter().copied())
            }
            serde_saphyr::Error::SerdeUnknownVariant { variant, expected, .. } => {
                unknown("word", variant, expected.iter().copied())
            }
            other => strip_location(&other.to_string()),
        };
        Self::new(location, message)
    }

    pub(crate) fn at(self, path: &str) -> ConfigError {
        let (line, column) = (self.location.line(), self.location.column());
        ConfigError { path: path.to_string(), line, column, message: self.message }
    }
}

/// The message alone: the place is printed in front of it.
pub(crate) fn strip_location(message: &str) -> String {
    match message.rfind(" at line ") {
        Some(at) => message[..at].to_string(),
        None => message.to_string(),
    }
}

/// "unknown rule `x`; did you mean `y`?"
#[must_use]
pub fn unknown<'n>(what: &str, name: &str, known: impl Iterator<Item = &'n str>) -> String {
    match nearest(name, known) {
        Some(near) => format!("unknown {what} `{name}`; did you mean `{near}`?"),
        None => format!("unknown {what} `{name}`"),
    }
}

/// The known name that is most like a wrong one, if any is near.
#[must_use]
pub fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let (best, distance) = near::nearest(name, known)?;
    (best.starts_with(name) || distance <= (name.len() / 3).max(2)).then_some(best)
}
