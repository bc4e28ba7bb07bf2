//! The programs of supervisord, each with the signal that it is stopped with.
//!
//! Source: Supervisor, "Configuration File", `[program:x]`: `stopsignal` is TERM unless it is
//! written.

use super::ini::{Entry, entries};
use super::program::{Program, Word, server_of};
use super::run::Run;
use super::signal::{ChosenBy, StopSignal, Stopped, signal_name};
use crate::release::Fact;
use crate::source::Span;

/// Where supervisord looks for its configuration, and where Debian's includes one from.
const PATHS: [&str; 6] = [
    "supervisord.conf",
    "etc/supervisord.conf",
    "/etc/supervisord.conf",
    "/etc/supervisor/supervisord.conf",
    "/etc/supervisor/conf.d/supervisord.conf",
    "/etc/supervisord.d/supervisord.conf",
];

impl Run<'_> {
    /// The servers that it runs by way of supervisord, as far as its configuration can be read.
    pub(super) fn supervised(&self) -> Vec<Stopped> {
        let Some(main) = self.launch.main.as_ref().filter(|main| main.name() == "supervisord") else {
            return Vec::new();
        };
        let named = main.value_of(&["-c", "--configuration"]);
        let files = self.files();
        let file = match named {
            Some(path) => files.read(path),
            None => PATHS.iter().find_map(|path| files.read(path)),
        };
        let Some(file) = file else { return Vec::new() };
        let all: Vec<_> = entries(&file.text).collect();
        let commands = all.iter().filter(|entry| entry.key == "command");
        commands.filter_map(|command| self.program(command, &all, file.part(command.header.clone()))).collect()
    }

    fn program(&self, command: &Entry<'_>, all: &[Entry<'_>], place: Span) -> Option<Stopped> {
        command.section.strip_prefix("program:")?;
        let word = |text: &str| Word { text: text.trim_matches(['"', '\'']).to_string(), place };
        let words: Vec<_> = command.value.split_whitespace().map(word).collect();
        let program = Program { words: Some(words).filter(|words| !words.is_empty())? };
        let said = all.iter().find(|entry| entry.section == command.section && entry.key == "stopsignal");
        let signal = said.map_or(Some("TERM".to_string()), |entry| signal_name(entry.value))?;
        let signal = StopSignal { name: signal, by: ChosenBy::Supervisor, place };
        let signal = Fact::written(signal, place);
        Some(Stopped { server: server_of(&program)?, program, signal, place, is_supervised: true })
    }
}
