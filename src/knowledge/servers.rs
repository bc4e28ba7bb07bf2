//! Servers and workers: `rules/knowledge/servers.yaml` says where each fact comes from.

use super::signals::official;

include!(concat!(env!("OUT_DIR"), "/servers.rs"));

/// A program that serves requests or works on tasks.
#[derive(Debug, PartialEq, Eq)]
pub struct Server {
    /// The name to print.
    pub name: &'static str,
    /// The names of its executable.
    pub programs: &'static [&'static str],
    /// The repositories of official images whose own command it is.
    pub images: &'static [&'static str],
    /// A word that its command line must hold.
    pub word: Option<&'static str>,
    /// The signal on which it finishes what it has begun, without `SIG`; none where no signal
    /// does that.
    pub graceful: Option<&'static str>,
    /// Other signals on which it finishes just as well.
    pub also: &'static [&'static str],
    /// What SIGTERM does to it, as the end of a sentence.
    pub term: &'static str,
    /// What a signal does that is not said to be graceful, where that is worth saying.
    pub other: Option<&'static str>,
    /// Seconds that it takes to finish at most, unless told otherwise.
    pub drain_default: Option<i64>,
    /// Options that set those seconds.
    pub drain_options: &'static [&'static str],
    /// Environment variables that set them, by the end of their name.
    pub drain_variables: &'static [&'static str],
    /// Whether it takes tasks from a queue.
    pub worker: bool,
    /// Whether it runs a program that is not looked into.
    pub interpreter: bool,
}

impl Server {
    /// Whether it finishes what it has begun on a signal, named without `SIG`.
    #[must_use]
    pub fn finishes_on(&self, signal: &str) -> bool {
        self.graceful == Some(signal) || self.also.contains(&signal)
    }
}

/// The server that a command line starts.
#[must_use]
pub fn server_of_command<'w>(mut words: impl Iterator<Item = &'w str> + Clone) -> Option<&'static Server> {
    let program = words.next()?.rsplit('/').next()?;
    let is_program = |known: &&str| program.strip_prefix(*known).is_some_and(is_version);
    let fits = |server: &&Server| {
        let mut words = words.clone();
        server.programs.iter().any(is_program) && server.word.is_none_or(|word| words.any(|it| it == word))
    };
    SERVERS.iter().find(fits)
}

/// The server that an official image starts by itself, by its repository and its tag.
#[must_use]
pub fn server_of_image(repository: &str, tag: Option<&str>) -> Option<&'static Server> {
    let repository = official(repository);
    let has_word = |word: &str| tag.is_some_and(|tag| tag.split('-').any(|part| part == word));
    // `php fpm` is more than `php`, and stands first.
    SERVERS.iter().find(|server| {
        server.images.iter().any(|image| match image.split_once(' ') {
            Some((image, word)) => image == repository && has_word(word),
            None => *image == repository,
        })
    })
}

/// What may stand behind the name of a program: nothing, or `3.12`.
fn is_version(rest: &str) -> bool {
    rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_are_known_by_program_and_image() {
        let name = |line: &str| server_of_command(line.split(' ')).map(|server| server.name);
        assert_eq!(name("/usr/sbin/php-fpm8.2 -F"), Some("php-fpm"));
        assert_eq!(name("celery -A shop worker"), Some("celery"));
        assert_eq!(name("celery -A shop beat"), None);
        assert_eq!(name("python3.12 app.py"), Some("python"));
        assert_eq!(name("nginxctl"), None);
        let image = |name, tag| server_of_image(name, Some(tag)).map(|server| server.name);
        assert_eq!(image("php", "8.3-fpm-alpine"), Some("php-fpm"));
        assert_eq!(image("php", "8.3-apache"), Some("Apache httpd"));
        assert_eq!(image("php", "8.3-cli"), None);
        assert_eq!(image("wordpress", "6-fpm"), Some("php-fpm"), "the tag decides");
        assert_eq!(image("wordpress", "6"), Some("Apache httpd"));
    }
}
