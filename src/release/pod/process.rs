//! What runs in a container, and how long it takes to finish when it is asked to stop.

use crate::knowledge::servers::{Server, server_of_command, server_of_image};
use crate::release::fact::{Fact, Origin};
use crate::release::pod::command::{base_name, programs};
use crate::release::pod::container::Container;
use crate::release::pod::image::ImageName;

/// A known server or worker in a container.
#[derive(Clone, Debug)]
pub struct Process<'a> {
    /// The program.
    pub server: &'static Server,
    /// Its command line; empty where the image brings it.
    pub words: Vec<&'a str>,
    /// Where that is said: the command, the arguments, or the image.
    pub origin: Origin,
}

impl<'a> Container<'a> {
    /// The known server or worker that the container runs, by its command or arguments, or by
    /// an official image that runs its own command.
    #[must_use]
    pub fn process(self) -> Option<Process<'a>> {
        let (command, args) = (self.field().get("command"), self.field().get("args"));
        if !command.exists() && !args.exists() {
            let image = self.field().get("image");
            let server = server_of_image(ImageName::parse(self.image()?)?.repository)?;
            return Some(Process { server, words: Vec::new(), origin: Origin::Computed(image.place()) });
        }
        let line = self.command_line();
        let found = programs(&line).into_iter().rev().find_map(|words| {
            let words = without_interpreter(words);
            server_of_command(&words).map(|server| (server, words))
        });
        let place = if command.exists() { command.key_place() } else { args.key_place() };
        found.map(|(server, words)| Process { server, words, origin: Origin::Written(place) })
    }
}

impl Process<'_> {
    /// Seconds that it may take to finish what it has begun: its option, a variable of its
    /// container's environment, or its default. Unknown where it may take for ever.
    #[must_use]
    pub fn drain(&self, container: Container<'_>) -> Fact<i64> {
        let place = self.origin.span();
        if let Some(seconds) = self.option(self.server.drain_options) {
            return Fact::written(seconds, place);
        }
        let environment = container.environment();
        let mut variables = environment.variables().iter().filter_map(|variable| {
            let fits = self.server.drain_variables.iter().any(|end| variable.name.ends_with(end));
            let setting = variable.winner();
            fits.then(|| setting.value.known()?.parse::<i64>().ok().map(|seconds| Fact::written(seconds, setting.at)))?
        });
        let default = || match self.server.drain_default {
            Some(seconds) => Fact::default_of(seconds, place),
            None => Fact::unknown("has no limit", place),
        };
        variables.next_back().unwrap_or_else(default)
    }

    /// The number behind one of these options: `--time-limit 300` or `--time-limit=300`.
    fn option(&self, options: &[&str]) -> Option<i64> {
        let at = |(index, word): (usize, &&str)| {
            let (name, value) = word.split_once('=').map_or((*word, None), |(name, value)| (name, Some(value)));
            let value = value.or_else(|| self.words.get(index + 1).copied());
            options.contains(&name).then(|| value?.parse().ok())?
        };
        self.words.iter().enumerate().find_map(at)
    }
}

/// `gunicorn shop.wsgi` of `python -m gunicorn shop.wsgi`.
fn without_interpreter(words: Vec<&str>) -> Vec<&str> {
    let is_python = words.first().is_some_and(|word| base_name(word).starts_with("python"));
    if is_python && words.get(1) == Some(&"-m") { words[2..].to_vec() } else { words }
}
