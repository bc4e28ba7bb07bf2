//! From a command line to the program at its end: through init programs, shells and scripts.
//!
//! Which shells stay in front of a program was tried with dash 0.5, bash 5.2 and busybox 1.35
//! (tests/guards.rs runs them): dash always stays; bash makes way for the last command where that is a
//! simple one without redirections; busybox always makes way. A script that is read from a file
//! keeps its shell unless it says `exec`.

use std::cell::Cell;

use super::files::Files;
use super::program::{Program, Word, server_of};
use super::script::{Ending, Lookup, Reader};
use crate::knowledge::wrappers::{Skipped, skip_launcher};
use crate::release::build::{Shell, ShellKind};
use crate::release::pod::command::base_name;
use crate::source::Span;
use crate::syntax::shell;

/// Scripts and shells that start each other are followed this far.
const MAX_DEPTH: usize = 8;
/// Command lines that are followed for one container, in all.
const MAX_LINES: u32 = 256;

/// What stands between process 1 and the program, so that no signal reaches it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Front {
    /// Nothing: it is process 1, or what is in front passes signals on.
    Nothing,
    /// A shell.
    Shell(ShellInFront),
    /// A shell may be, by which one the image has.
    Unknown(ShellInFront),
}

/// A shell in front of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShellInFront {
    /// Where the program stands in the shell's text.
    pub command: Span,
    /// Whether `exec` before that place is all that it takes.
    pub can_exec: bool,
    /// Whether the text is a file of its own.
    pub in_file: bool,
    /// Which shell it is.
    pub kind: ShellKind,
}

/// What a command line ends up running.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Launch {
    /// The programs that certainly run and end before, in order.
    pub before: Vec<Program>,
    /// The program at the end; nothing where it cannot be told.
    pub main: Option<Program>,
    /// What stands in front of it.
    pub front: Front,
    /// Signals that an init program changes on their way: `15:3` of `dumb-init --rewrite`.
    pub rewrites: Vec<String>,
    /// Whether an init program is process 1, so that signals have their usual effect.
    pub has_init: bool,
}

impl Launch {
    fn of(main: Option<Program>) -> Self {
        Self { before: Vec::new(), main, front: Front::Nothing, rewrites: Vec::new(), has_init: false }
    }
}

/// Follows command lines.
pub(super) struct Launcher<'a> {
    files: Files<'a>,
    /// What `/bin/sh` is.
    sh: ShellKind,
    /// The environment of the process, as far as it is known.
    environment: Lookup<'a>,
    lines: Cell<u32>,
}

/// How a shell is given its text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// `-c`
    Inline,
    /// A file.
    File,
}

impl<'a> Launcher<'a> {
    pub(super) fn new(files: Files<'a>, sh: ShellKind, environment: Lookup<'a>) -> Self {
        Self { files, sh, environment, lines: Cell::new(0) }
    }

    /// What a command line runs.
    pub(super) fn run(&self, words: Vec<Word>) -> Launch {
        self.line(words, 0)
    }

    /// What shell text runs that an image is started with.
    pub(super) fn run_text(&self, text: &str, place: Span, shell: Shell) -> Launch {
        self.script(text, place, shell.kind, Form::Inline, Vec::new(), 0)
    }

    fn line(&self, mut words: Vec<Word>, depth: usize) -> Launch {
        let mut skipped = Skipped::default();
        skip_launchers(&mut words, &mut skipped);
        self.lines.set(self.lines.get() + 1);
        if words.is_empty() || depth > MAX_DEPTH || self.lines.get() > MAX_LINES {
            return Launch::of(None);
        }
        let mut launch = self.program(words, depth);
        if skipped.tells_group {
            launch.front = Front::Nothing;
        }
        launch.has_init |= skipped.has_init;
        launch.rewrites.extend(skipped.rewrites);
        launch
    }

    fn program(&self, words: Vec<Word>, depth: usize) -> Launch {
        let name = base_name(&words[0].text);
        let shell = match name {
            "sh" => Some(self.sh),
            "busybox" if words.get(1).is_some_and(|word| word.text == "sh") => {
                return self.program(words[1..].to_vec(), depth);
            }
            name => ShellKind::of_program(name),
        };
        if let Some(kind) = shell {
            return self.shell(&words, kind, depth);
        }
        if let Some(file) = self.files.read(&words[0].text) {
            let shebang = file.text.strip_prefix("#!").and_then(|rest| rest.lines().next()).unwrap_or_default();
            let shebang: Vec<_> = shebang.split_whitespace().collect();
            return match Shell::of_words(&shebang, self.sh) {
                Some(shell) => self.script(&file.text, file.place, shell.kind, Form::File, words, depth),
                None => Launch::of(Some(Program { words })),
            };
        }
        // The entrypoints of the official images start what they are given.
        if name == "docker-entrypoint.sh" && words.len() > 1 {
            return self.line(words[1..].to_vec(), depth + 1);
        }
        Launch::of(Some(Program { words }))
    }

    /// `sh -c TEXT NAME ARGUMENT…`, `sh FILE ARGUMENT…`
    fn shell(&self, words: &[Word], kind: ShellKind, depth: usize) -> Launch {
        let is_flag = |word: &Word| word.text.starts_with(['-', '+']) && word.text.len() > 1;
        let is_text = |word: &&Word| is_flag(word) && !word.text.starts_with("--") && word.text.ends_with('c');
        let flags = words[1..].iter().take_while(|word| is_flag(word)).count();
        let after = 1 + flags;
        if words[1..after].iter().any(|word| is_text(&word)) {
            let Some(text) = words.get(after) else { return Launch::of(None) };
            return self.script(&text.text, text.place, kind, Form::Inline, words[after + 1..].to_vec(), depth);
        }
        match words.get(after).and_then(|file| self.files.read(&file.text)) {
            Some(file) => self.script(&file.text, file.place, kind, Form::File, words[after..].to_vec(), depth),
            None => Launch::of(None),
        }
    }

    /// What a script runs that is given its name and arguments.
    fn script(&self, text: &str, place: Span, kind: ShellKind, form: Form, given: Vec<Word>, depth: usize) -> Launch {
        let Some(script) = shell::parse(text, place) else { return Launch::of(None) };
        let read = Reader::read(&script, given, self.environment);
        let mut endings: Vec<_> =
            read.endings.iter().map(|ending| (ending, self.line(ending.words.clone(), depth + 1))).collect();
        let known = |launch: &Launch| launch.main.as_ref().and_then(server_of).map(|server| server.name);
        let mut servers: Vec<_> = endings.iter().filter_map(|(_, launch)| known(launch)).collect();
        servers.dedup();
        // Of several ends the one that is a server counts, and of several servers none.
        let chosen = match (endings.len(), servers.as_slice()) {
            (1, _) => endings.pop(),
            (_, [_]) => endings.into_iter().rev().find(|(_, launch)| known(launch).is_some()),
            _ => None,
        };
        let Some((ending, mut launch)) = chosen else { return Launch { before: read.before, ..Launch::of(None) } };
        let front = front(ending, form, kind, read.handles_signals);
        launch.front = if front == Front::Nothing { launch.front } else { front };
        launch.before = read.before.into_iter().chain(launch.before).collect();
        launch
    }
}

/// What a script leaves in front of the program at its end.
fn front(ending: &Ending, form: Form, kind: ShellKind, handles_signals: bool) -> Front {
    // A script that has a trap is taken to pass signals on.
    if ending.exec || handles_signals {
        return Front::Nothing;
    }
    let first = ending.words.first();
    let place = first.map_or(ending.place, |word| word.place);
    let is_exact = first.is_some_and(|word| word.text.len() == (word.place.end - word.place.start) as usize);
    let can_exec = ending.is_simple && is_exact;
    let shell = ShellInFront { command: place, can_exec, in_file: form == Form::File, kind };
    let makes_way = match kind {
        _ if form == Form::File || ending.in_pipe => false,
        ShellKind::Dash => false,
        ShellKind::Bash => ending.is_simple && !ending.redirects,
        ShellKind::Busybox => true,
        ShellKind::Unknown => return Front::Unknown(shell),
    };
    if makes_way { Front::Nothing } else { Front::Shell(shell) }
}

fn skip_launchers(words: &mut Vec<Word>, skipped: &mut Skipped) {
    loop {
        let texts: Vec<_> = words.iter().map(|word| word.text.as_str()).collect();
        let Some(count) = skip_launcher(&texts, skipped).filter(|count| *count < words.len()) else { return };
        words.drain(..count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release::Scope;
    use crate::release::manifests::read;
    use crate::source::Sources;

    /// What a command line runs where `sh` is of a kind: the program, and what is in front.
    fn run(sh: ShellKind, line: &[&str]) -> (String, String) {
        let place = Span::new(Sources::default().add("x", ""), 0, 0);
        let words = line.iter().map(|text| Word { text: (*text).to_string(), place }).collect();
        let launch = read(Scope::Open, &[], |releases| {
            let files = Files { releases, container: None, stage: None };
            let environment = |name: &str| (name == "ROLE").then(|| "worker".to_string());
            Launcher::new(files, sh, &environment).run(words)
        });
        let front = match launch.front {
            Front::Nothing => "nothing",
            Front::Shell(_) => "a shell",
            Front::Unknown(_) => "unknown",
        };
        (launch.main.map_or("?".to_string(), |main| main.name().to_string()), front.to_string())
    }

    #[test]
    fn the_program_at_the_end_is_found() {
        for (script, main) in [
            ("exec gunicorn shop", "gunicorn"),
            ("./manage.py migrate && exec gunicorn shop", "gunicorn"),
            ("set -e; cd /app; gunicorn shop || exit 1", "gunicorn"),
            ("if [ -n \"$DEBUG\" ]; then exec python app.py; fi; exec gunicorn shop", "?"),
            ("if [ -n \"$DEBUG\" ]; then exec sh; fi; exec gunicorn shop", "gunicorn"),
            ("start() { exec gunicorn shop; }; start", "gunicorn"),
            ("case \"$1\" in web) exec gunicorn shop;; *) exec celery worker;; esac", "?"),
            ("while true; do ./work; done", "?"),
            ("gunicorn shop & wait", "gunicorn"),
            ("nginx & exec gunicorn shop", "gunicorn"),
            ("exec dumb-init -- gunicorn shop", "gunicorn"),
            ("exec sh -c 'exec gunicorn shop'", "gunicorn"),
            ("cp -r /a /b", "?"),
        ] {
            assert_eq!(run(ShellKind::Dash, &["sh", "-c", script]).0, main, "{script}");
        }
    }

    #[test]
    fn arguments_of_a_script_decide() {
        let script =
            "case \"$1\" in web) shift; exec gunicorn \"$@\";; worker) exec celery worker;; *) exec \"$@\";; esac";
        let run = |arguments: &[&str]| run(ShellKind::Dash, &[&["sh", "-c", script, "sh"], arguments].concat()).0;
        assert_eq!(run(&["web", "shop"]), "gunicorn");
        assert_eq!(run(&["worker"]), "celery");
        assert_eq!(run(&["uvicorn", "shop:app"]), "uvicorn");
    }

    #[test]
    fn variables_of_the_script_and_the_environment_decide() {
        for (script, main) in [
            ("role=$1; shift; case \"$role\" in web) exec gunicorn \"$@\";; *) exec celery worker;; esac", "gunicorn"),
            ("case ${ROLE} in web) exec gunicorn shop;; worker) exec celery worker;; esac", "celery"),
            ("ROLE=${1:-worker}; if [ $ROLE = web ]; then exec gunicorn shop; fi; exec celery worker", "gunicorn"),
            (
                "if [ \"$X\" = web ]; then ROLE=web; fi; case $ROLE in web) exec nginx;; *) exec celery worker;; esac",
                "?",
            ),
        ] {
            assert_eq!(run(ShellKind::Dash, &["sh", "-c", script, "sh", "web", "shop"]).0, main, "{script}");
        }
    }

    #[test]
    fn init_programs_and_exec_leave_nothing_in_front() {
        let front = |line: &[&str]| run(ShellKind::Dash, line).1;
        assert_eq!(front(&["sh", "-c", "gunicorn"]), "a shell");
        assert_eq!(front(&["sh", "-c", "exec gunicorn"]), "nothing");
        assert_eq!(front(&["dumb-init", "sh", "-c", "gunicorn"]), "nothing");
        assert_eq!(front(&["tini", "--", "sh", "-c", "gunicorn"]), "a shell");
        assert_eq!(front(&["tini", "-g", "--", "sh", "-c", "gunicorn"]), "nothing");
        assert_eq!(front(&["sh", "-c", "trap 'kill %1' TERM; gunicorn & wait"]), "nothing");
        assert_eq!(run(ShellKind::Unknown, &["sh", "-c", "gunicorn"]).1, "unknown");
    }

    /// The rows that tests/guards.rs runs for real.
    #[test]
    fn shells_make_way_as_the_table_says() {
        let table = include_str!("../../../testdata/guards/front.txt");
        for line in table.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
            let (stays, script) = line.split_once("  ").expect(line);
            for (name, kind) in [("dash", ShellKind::Dash), ("bash", ShellKind::Bash), ("busybox", ShellKind::Busybox)]
            {
                let expected = if stays.split(',').any(|it| it == name) { "a shell" } else { "nothing" };
                let script = script.replace("PROGRAM", "gunicorn");
                assert_eq!(
                    run(kind, &["sh", "-c", &script]),
                    ("gunicorn".to_string(), expected.to_string()),
                    "{name}: {script}"
                );
            }
        }
    }
}
