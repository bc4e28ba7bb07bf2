//! The signal that a process is asked to stop with, and where that comes from.
//!
//! The last STOPSIGNAL of the stages counts, else that of the image below, else it is SIGTERM.
//! Sources: Dockerfile reference, STOPSIGNAL; Kubernetes docs, Pod Lifecycle, "Pod termination
//! and container stop signals" (`lifecycle.stopSignal` is alpha and off since 1.33).

use std::fmt;

use super::process::Process;
use super::program::Program;
use super::run::Run;
use crate::knowledge::servers::Server;
use crate::knowledge::signals::{ImageStop, stop_signal_of_image};
use crate::release::pod::command::{base_name, programs};
use crate::release::{Container, Fact, Field};
use crate::source::Span;

/// The first minor version that knows `lifecycle.stopSignal`.
const STOP_SIGNAL_SINCE: u8 = 33;

/// A signal, and who chose it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StopSignal {
    /// Its name, without `SIG`.
    pub name: String,
    /// Who chose it.
    pub by: ChosenBy,
    /// Where that is said, or where it would be.
    pub place: Span,
}

/// Who chose a signal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChosenBy {
    /// A STOPSIGNAL of the Dockerfile.
    Dockerfile,
    /// The image of this name, below the Dockerfile or by itself.
    Image(String),
    /// Nobody: the image of this name sets none.
    Nobody(String),
    /// The supervisor that stands in front.
    Supervisor,
    /// The init program that stands in front.
    Init,
}

impl fmt::Display for StopSignal {
    /// "SIGTERM (python:3.12 sets no STOPSIGNAL)"
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SIG{}", self.name)?;
        match &self.by {
            ChosenBy::Dockerfile => write!(f, " (STOPSIGNAL)"),
            ChosenBy::Image(image) => write!(f, " (set by {image})"),
            ChosenBy::Nobody(image) => write!(f, " (default: {image} sets no STOPSIGNAL)"),
            ChosenBy::Supervisor => write!(f, " (supervisord's)"),
            ChosenBy::Init => write!(f, " (rewritten by the init program)"),
        }
    }
}

/// A signal's name without `SIG`, by its name or its number on Linux.
#[must_use]
pub fn signal_name(text: &str) -> Option<String> {
    const NUMBERS: [(&str, &str); 10] = [
        ("1", "HUP"),
        ("2", "INT"),
        ("3", "QUIT"),
        ("6", "ABRT"),
        ("9", "KILL"),
        ("10", "USR1"),
        ("12", "USR2"),
        ("14", "ALRM"),
        ("15", "TERM"),
        ("28", "WINCH"),
    ];
    let name = text.trim().to_ascii_uppercase();
    let name = name.strip_prefix("SIG").unwrap_or(&name);
    if let Some((_, name)) = NUMBERS.iter().find(|(number, _)| *number == name) {
        return Some((*name).to_string());
    }
    let is_name = name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-".contains(&byte));
    is_name.then(|| name.to_string())
}

/// A known server, worker or interpreter with the signal that it is stopped with.
#[derive(Clone, Debug)]
pub struct Stopped {
    /// What it is.
    pub server: &'static Server,
    /// Its command line.
    pub program: Program,
    /// What it is stopped with.
    pub signal: Fact<StopSignal>,
    /// Where it is said that it runs.
    pub place: Span,
    /// Whether supervisord runs it.
    pub is_supervised: bool,
}

impl Run<'_> {
    /// The servers, workers and interpreters that it runs: one, or those of supervisord.
    #[must_use]
    pub fn stopped(&self) -> Vec<Stopped> {
        match self.process() {
            Some(Process { server, program, .. }) => {
                let (signal, place) = (self.stop_signal(), self.place);
                vec![Stopped { server, program, signal, place, is_supervised: false }]
            }
            None => self.supervised(),
        }
    }

    /// The signal that the process at its end is stopped with.
    #[must_use]
    pub fn stop_signal(&self) -> Fact<StopSignal> {
        let signal = self.sent();
        let rewritten = |name: &str| {
            self.launch.rewrites.iter().find_map(|pair| {
                let (from, to) = pair.split_once(':')?;
                (signal_name(from)? == name).then(|| signal_name(to))?
            })
        };
        signal.map(|signal| match rewritten(&signal.name) {
            Some(name) => StopSignal { name, by: ChosenBy::Init, place: self.place },
            None => signal,
        })
    }

    /// The signal that process 1 gets.
    fn sent(&self) -> Fact<StopSignal> {
        let own = self.container.map(|container| container.field().at(&["lifecycle", "stopSignal"]));
        if let Some(own) = own.filter(|own| own.exists() && self.releases.kube_minor >= STOP_SIGNAL_SINCE) {
            return Fact::unknown("is lifecycle.stopSignal where its feature gate is on", own.place());
        }
        if let Some((text, place)) = self.stage.and_then(|stage| stage.stop_signal()) {
            return match signal_name(&text) {
                Some(name) => Fact::written(StopSignal { name, by: ChosenBy::Dockerfile, place }, place),
                None => Fact::unknown("is filled in when the image is built", place),
            };
        }
        let Some(image) = self.base() else {
            let is_scratch =
                self.stage.is_some_and(|stage| stage.base_image() == &crate::release::build::Base::Scratch);
            let signal =
                || StopSignal { name: "TERM".into(), by: ChosenBy::Nobody("scratch".into()), place: self.place };
            return match is_scratch {
                true => Fact::default_of(signal(), self.place),
                false => Fact::unknown("depends on an image that is not known", self.place),
            };
        };
        let name = image.tag.map_or_else(|| image.repository.to_string(), |tag| format!("{}:{tag}", image.repository));
        let place = self.place;
        match stop_signal_of_image(image.repository, image.tag) {
            ImageStop::Sets(signal) => {
                let signal = StopSignal { name: signal.to_string(), by: ChosenBy::Image(name), place };
                Fact::Known { value: signal, origin: crate::release::Origin::Computed(place) }
            }
            ImageStop::Nothing => {
                Fact::default_of(StopSignal { name: "TERM".to_string(), by: ChosenBy::Nobody(name), place }, place)
            }
            ImageStop::Unknown => Fact::unknown(format!("is up to the image {name}"), place),
        }
    }
}

impl Container<'_> {
    /// Whether its preStop hook asks a server to finish, before any signal comes.
    #[must_use]
    pub fn quits_before_stop(self, server: &Server) -> bool {
        let command = self.field().at(&["lifecycle", "preStop", "exec", "command"]);
        let words: Vec<_> = command.items().filter_map(Field::string).collect();
        let fifo = words.iter().any(|word| word.contains("echo q"));
        fifo || programs(&words).iter().any(|program| quits(program, server))
    }
}

/// `nginx -s quit`, `kill -QUIT 1`, `httpd -k graceful-stop`, `pg_ctl stop -m fast`.
fn quits(program: &[&str], server: &Server) -> bool {
    let Some((name, words)) = program.split_first() else { return false };
    let has = |word: &str| words.contains(&word);
    match base_name(name) {
        "nginx" | "openresty" => has("quit"),
        "httpd" | "apachectl" | "apache2ctl" | "apache2" => has("graceful-stop"),
        "pg_ctl" => has("fast") || has("smart"),
        "kill" | "pkill" | "killall" => words
            .iter()
            .any(|word| signal_name(word.trim_start_matches('-')).is_some_and(|signal| server.finishes_on(&signal))),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signals_have_names_and_numbers() {
        for (text, name) in
            [("SIGQUIT", "QUIT"), ("quit", "QUIT"), ("3", "QUIT"), ("SIGRTMIN+3", "RTMIN+3"), ("28", "WINCH")]
        {
            assert_eq!(signal_name(text).as_deref(), Some(name));
        }
        assert_eq!(signal_name("$SIGNAL"), None);
        assert_eq!(signal_name("99"), None);
    }
}
