//! The server or worker at the end of a command line, and how long it takes to finish when it is
//! asked to stop.

use super::files::Files;
use super::program::{Program, server_of};
use super::run::Run;
use crate::knowledge::servers::Server;
use crate::release::pod::container::Container;
use crate::release::{Fact, Origin};

/// A known server or worker.
#[derive(Clone)]
pub struct Process<'a> {
    /// The program.
    pub server: &'static Server,
    /// Its command line.
    pub program: Program,
    /// Where it is said that it runs.
    pub origin: Origin,
    files: Files<'a>,
}

impl<'a> Run<'a> {
    /// The known server, worker or interpreter that it runs.
    #[must_use]
    pub fn process(&self) -> Option<Process<'a>> {
        let program = self.launch.main.clone()?;
        let server = server_of(&program)?;
        Some(Process { server, program, origin: Origin::Written(self.place), files: self.files() })
    }
}

impl<'a> Container<'a> {
    /// The known server or worker that the container runs, by its command or arguments, by the
    /// Dockerfile of its image, or by an official image that runs its own command.
    #[must_use]
    pub fn process(self) -> Option<Process<'a>> {
        self.run().process().filter(|process| !process.server.interpreter)
    }
}

impl Process<'_> {
    /// Seconds that it may take to finish what it has begun: its option, a variable of its
    /// container's environment, its own configuration file, or its default. Unknown where it
    /// may take for ever.
    #[must_use]
    pub fn drain(&self, container: Container<'_>) -> Fact<i64> {
        let place = self.origin.span();
        let options = self.server.drain_options;
        if let Some(seconds) = self.program.value_of(options).and_then(|value| value.parse().ok()) {
            return Fact::written(seconds, place);
        }
        let environment = container.environment();
        let mut variables = environment.variables().iter().filter_map(|variable| {
            let setting = variable.winner();
            let value = setting.value.known()?;
            let fits = self.server.drain_variables.iter().any(|end| variable.name.ends_with(end));
            let in_arguments = (variable.name == "GUNICORN_CMD_ARGS" && self.server.name == "gunicorn")
                .then(|| option_in(value, options))
                .flatten();
            let seconds = if fits { value.parse::<i64>().ok() } else { in_arguments };
            seconds.map(|seconds| Fact::written(seconds, setting.at))
        });
        variables.next_back().or_else(|| self.configured_drain()).unwrap_or_else(|| self.default_drain())
    }

    fn default_drain(&self) -> Fact<i64> {
        match self.server.drain_default {
            Some(seconds) => Fact::default_of(seconds, self.origin.span()),
            None => Fact::unknown("has no limit", self.origin.span()),
        }
    }

    /// `graceful_timeout` of gunicorn's configuration, a Python file. Where one is named and
    /// cannot be read, nothing is known.
    fn configured_drain(&self) -> Option<Fact<i64>> {
        if self.server.name != "gunicorn" {
            return None;
        }
        let named = self.program.value_of(&["-c", "--config"]);
        let path = named.map_or("gunicorn.conf.py", |path| path.trim_start_matches("file:"));
        let Some(file) = self.files.read(path) else {
            return named.map(|_| Fact::unknown("is up to a configuration that cannot be read", self.origin.span()));
        };
        let mut at = 0;
        let mut found = None;
        for line in file.text.split_inclusive('\n') {
            let value = line.strip_prefix("graceful_timeout").and_then(|rest| rest.trim_start().strip_prefix('='));
            if let Some(value) = value {
                let place = file.part(at..at + line.trim_end().len());
                found = Some(match value.split('#').next().unwrap_or(value).trim().parse() {
                    Ok(seconds) => Fact::written(seconds, place),
                    Err(_) => Fact::unknown("is worked out when it starts", place),
                });
            }
            at += line.len();
        }
        found
    }
}

/// An option in a text of several: `--graceful-timeout 60 --workers 4`.
fn option_in(text: &str, names: &[&str]) -> Option<i64> {
    let words: Vec<_> = text.split_whitespace().collect();
    words.iter().enumerate().find_map(|(index, word)| {
        let (name, value) = word.split_once('=').map_or((*word, None), |(name, value)| (name, Some(value)));
        let value = value.or_else(|| words.get(index + 1).copied());
        names.contains(&name).then(|| value?.parse().ok())?
    })
}
