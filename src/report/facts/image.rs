//! What an image runs, the signal that it is stopped with, and its build arguments.

use std::io;

use super::Facts;
use crate::release::build::Standing;
use crate::release::runtime::launch::Front;
use crate::release::runtime::run::Run;
use crate::release::{Build, BuildArgument, Fact};

impl<'a> Facts<'a, '_> {
    /// A Dockerfile: what each of its images runs, and its build arguments.
    pub(super) fn dockerfile(&mut self, build: &'a Build<'a>) -> io::Result<()> {
        let releases = &self.workspace.releases;
        writeln!(self.out, "Dockerfile {} {}", build.path, self.at(build.span().at_start()))?;
        for stage in releases.built_stages(build) {
            let place = self.at(stage.from().span);
            self.line("image", &format!("stage {} {place}", stage.title()))?;
            self.process(&Run::of_stage(releases, stage))?;
            for user in releases.users_of(stage) {
                let object = user.workload().object();
                let place = self.at(object.place());
                let how = if user.replaces_command() { ", with a command of its own" } else { "" };
                self.line("  used by", &format!("{}, {}{how} {place}", object.title(), user.title()))?;
            }
        }
        for argument in build.arguments().filter(|argument| !argument.is_predefined()) {
            let place = argument.declarations().first().map(|it| self.at(it.span)).unwrap_or_default();
            self.line("argument", &format!("{}: {} {place}", argument.name(), standing(argument)))?;
        }
        writeln!(self.out)
    }

    /// The programs at the end of a command line, and what they are stopped with.
    pub(super) fn process(&mut self, run: &Run<'a>) -> io::Result<()> {
        let Some(main) = &run.launch.main else { return self.line("  process", "unknown") };
        let front = match &run.launch.front {
            Front::Nothing if run.launch.has_init => "behind an init program",
            Front::Nothing => "process 1",
            Front::Shell(_) => "behind a shell that passes no signal on",
            Front::Unknown(_) => "perhaps behind a shell, which depends on the image's sh",
        };
        let place = self.at(run.place);
        self.line("  process", &format!("{}, {front} {place}", main.name()))?;
        for stopped in run.stopped().iter().filter(|stopped| stopped.is_supervised) {
            let place = self.at(stopped.place);
            self.line("", &format!("{}, under supervisord {place}", stopped.server.name))?;
            self.signal(&stopped.signal)?;
        }
        self.signal(&run.stop_signal())
    }

    fn signal(&mut self, signal: &Fact<crate::release::runtime::signal::StopSignal>) -> io::Result<()> {
        let origin = self.origin(signal);
        self.line("  signal", &format!("{}{origin}", signal.known().map_or(signal.to_string(), ToString::to_string)))
    }
}

fn standing(argument: BuildArgument<'_>) -> String {
    let default = argument.declarations().iter().find_map(|it| argument.default_of(it));
    let shown = default.filter(|value| !value.unquoted().is_empty()).map(|_| "has a default");
    match argument.standing() {
        Standing::Fine => shown.unwrap_or("checked, or may be absent").to_string(),
        Standing::Unchecked => "unchecked".to_string(),
        Standing::Guarded(_) => "checked in vain".to_string(),
        Standing::Misplaced(..) => "checked in the wrong place".to_string(),
    }
}
