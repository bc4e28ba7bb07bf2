//! Servers and workers: `rules/knowledge/servers.yaml` says where each fact comes from.

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
    /// The signal on which it finishes what it has begun, without `SIG`.
    pub graceful: &'static str,
    /// What SIGTERM does to it, as the end of a sentence.
    pub term: &'static str,
    /// Seconds that it takes to finish at most, unless told otherwise.
    pub drain_default: Option<i64>,
    /// Options that set those seconds.
    pub drain_options: &'static [&'static str],
    /// Environment variables that set them, by the end of their name.
    pub drain_variables: &'static [&'static str],
    /// Whether it takes tasks from a queue.
    pub worker: bool,
}

/// The server that a command line starts.
#[must_use]
pub fn server_of_command(words: &[&str]) -> Option<&'static Server> {
    let program = words.first()?.rsplit('/').next()?;
    let fits =
        |server: &&Server| server.programs.contains(&program) && server.word.is_none_or(|word| words.contains(&word));
    SERVERS.iter().find(fits)
}

/// The server that an official image starts by itself, by the name of its repository.
#[must_use]
pub fn server_of_image(repository: &str) -> Option<&'static Server> {
    SERVERS.iter().find(|server| server.images.contains(&repository))
}
