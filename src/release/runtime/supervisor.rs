//! The programs of supervisord, each with the signal that it is stopped with.
//!
//! Source: Supervisor, "Configuration File", `[program:x]`: `stopsignal` is TERM unless it is
//! written.

use super::files::FileText;
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

/// What the configurations of Debian's and Alpine's packages include, and where they stand.
const INCLUDED: [&str; 2] = ["/etc/supervisor/conf.d/*.conf", "/etc/supervisor.d/*.ini"];
const PACKAGED: [&str; 2] = ["/etc/supervisor/supervisord.conf", "/etc/supervisord.conf"];

impl<'a> Run<'a> {
    /// The servers that it runs by way of supervisord, as far as its configuration can be read.
    pub(super) fn supervised(&self) -> Vec<Stopped> {
        let Some(main) = self.launch.main.as_ref().filter(|main| main.name() == "supervisord") else {
            return Vec::new();
        };
        let named = main.value_of(&["-c", "--configuration"]);
        self.supervisor_files(named).iter().flat_map(|file| self.programs(file)).collect()
    }

    /// Its configuration, and what that includes.
    fn supervisor_files(&self, named: Option<&str>) -> Vec<FileText<'a>> {
        let files = self.files();
        let found = match named {
            Some(path) => files.read(path),
            None => PATHS.iter().find_map(|path| files.read(path)),
        };
        let Some(main) = found else {
            // The one of the distribution's package, which only includes others.
            let included = INCLUDED.iter().filter(|_| named.is_none_or(|path| PACKAGED.contains(&path)));
            return included.flat_map(|pattern| files.matching(pattern)).collect();
        };
        let all: Vec<_> = entries(&main.text).collect();
        let patterns = all.iter().filter(|entry| entry.section == "include" && entry.key == "files");
        let patterns = patterns.flat_map(|entry| entry.value.split_whitespace());
        let included: Vec<_> = patterns.flat_map(|pattern| files.matching(pattern)).collect();
        drop(all);
        std::iter::once(main).chain(included).collect()
    }

    fn programs(&self, file: &FileText<'_>) -> Vec<Stopped> {
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
