//! The signal that a server is stopped with, against the one on which it finishes.

use crate::check::edit::{Edit, Fix, Safety};
use crate::check::{Hit, Params};
use crate::release::runtime::launch::Front;
use crate::release::runtime::run::Run;
use crate::release::runtime::signal::{ChosenBy, StopSignal, Stopped};
use crate::release::runtime::uwsgi::{Setting, is_on};
use crate::release::{Container, Fact, Workload};

const TERM: &str = "TERM";

/// A server that needs another signal than it gets to finish what it has begun.
pub(super) fn not_graceful(run: &Run<'_>, _: &Params) -> Vec<Hit> {
    run.stopped().iter().filter_map(|stopped| harsh(run, stopped)).collect()
}

fn harsh(run: &Run<'_>, stopped: &Stopped) -> Option<Hit> {
    let server = stopped.server;
    if server.interpreter {
        return unhandled(run, stopped);
    }
    let graceful = server.graceful.filter(|graceful| *graceful != TERM && !quits_before(run, stopped))?;
    let name = server.name;
    match &stopped.signal {
        Fact::Known { value, .. } if server.finishes_on(&value.name) => None,
        Fact::Known { value, .. } => {
            let effect = if value.name == TERM { server.term } else { "does not finish what it has begun" };
            let message = format!("{name} is stopped with {value} and {effect}: it finishes its work on SIG{graceful}");
            let hit = Hit::new(weight(run, stopped), place(run, stopped, value), message);
            Some(with_places(hit, run, stopped, value).fix(set_signal(run, stopped, value)))
        }
        Fact::Unknown { reason, .. } => {
            let message = format!("{name} finishes its work on SIG{graceful}, and what it is stopped with {reason}");
            Some(Hit::new("unknown", stopped.place, message))
        }
    }
}

/// A program that as process 1 ignores every signal that it does not handle.
fn unhandled(run: &Run<'_>, stopped: &Stopped) -> Option<Hit> {
    let is_first = run.launch.front == Front::Nothing && !run.launch.has_init && !stopped.is_supervised;
    let name = stopped.server.name;
    let message = format!("{name} is process 1, which ignores every signal that the program itself does not handle");
    is_first.then(|| Hit::new("handler", stopped.place, message))
}

/// A signal that was meant for another server: this one finishes on SIGTERM.
pub(super) fn breaks_role(run: &Run<'_>, _: &Params) -> Vec<Hit> {
    let stopped = run.stopped();
    stopped
        .iter()
        .filter_map(|stopped| {
            let value = stopped.signal.known().filter(|value| value.name != TERM)?;
            let (server, name) = (stopped.server, stopped.server.name);
            let effect = match server.graceful {
                Some(TERM) if !server.finishes_on(&value.name) && !server.interpreter => {
                    server.other.unwrap_or("does not finish what it has begun")
                }
                None if value.name == "QUIT" && dies_on_term(run, stopped) => {
                    "reloads instead of stopping (die-on-term swaps the two)"
                }
                _ => return None,
            };
            if quits_before(run, stopped) {
                return None;
            }
            let message = format!("{name} is stopped with {value} and {effect}: it wants SIGTERM");
            let hit = Hit::only(place(run, stopped, value), message);
            Some(with_places(hit, run, stopped, value))
        })
        .collect()
}

fn dies_on_term(run: &Run<'_>, stopped: &Stopped) -> bool {
    matches!(run.uwsgi_option(&stopped.program, "die-on-term", is_on), Setting::Set(_))
}

/// A right signal that nobody wrote down.
pub(super) fn implicit(run: &Run<'_>, _: &Params) -> Vec<Hit> {
    let is_image = run.container.is_none();
    let stopped = run.stopped();
    let right = stopped.iter().filter(|stopped| is_image && !stopped.is_supervised && !stopped.server.interpreter);
    right
        .filter_map(|stopped| {
            let value = stopped.signal.known().filter(|value| value.by != ChosenBy::Dockerfile)?;
            let (server, name) = (stopped.server, stopped.server.name);
            let message = format!("{name} is stopped with {value}, which is right, and is written nowhere here");
            server.finishes_on(&value.name).then(|| Hit::only(stopped.place, message))
        })
        .collect()
}

/// How much is lost: by who reaches the server, where that is known.
fn weight(run: &Run<'_>, stopped: &Stopped) -> &'static str {
    let users = run.users();
    match users.is_empty() {
        _ if stopped.is_supervised => "supervised",
        true => "image",
        false if users.iter().any(|user| user.workload().is_service_selected()) => "serving",
        false => "worker",
    }
}

/// A wrong STOPSIGNAL of an image that is judged by itself, else what starts the process.
fn place(run: &Run<'_>, stopped: &Stopped, signal: &StopSignal) -> crate::source::Span {
    let is_written_here = run.container.is_none() && signal.by == ChosenBy::Dockerfile;
    if is_written_here { signal.place } else { stopped.place }
}

fn with_places(hit: Hit, run: &Run<'_>, stopped: &Stopped, signal: &StopSignal) -> Hit {
    let others = [(signal.place, "the signal"), (stopped.place, "what runs")];
    let place = hit.span;
    let hit =
        others.into_iter().filter(|(span, _)| *span != place).fold(hit, |hit, (span, what)| hit.related(span, what));
    let users = run.users().into_iter().filter(|_| run.container.is_none());
    users.map(Container::workload).fold(hit, |hit, workload| hit.related(workload.object().place(), "runs here"))
}

/// Whether every container that runs it asks it to finish before the signal comes.
fn quits_before(run: &Run<'_>, stopped: &Stopped) -> bool {
    let users = run.users();
    !users.is_empty() && users.iter().all(|user| user.quits_before_stop(stopped.server))
}

/// A STOPSIGNAL before the last `CMD`, unless the image has another role somewhere.
fn set_signal(run: &Run<'_>, stopped: &Stopped, signal: &StopSignal) -> Option<Fix> {
    let (stage, graceful) =
        (run.stage.filter(|_| run.container.is_none() && !stopped.is_supervised)?, stopped.server.graceful?);
    let has_other_role = |user: Container<'_>| user.process().is_some_and(|process| process.server != stopped.server);
    if run.releases.users_of(stage).any(has_other_role) {
        return None;
    }
    let edit = match signal.by {
        ChosenBy::Dockerfile => Edit::replace(signal.place, format!("SIG{graceful}")),
        _ => Edit::replace(run.place.at_start(), format!("STOPSIGNAL SIG{graceful}\n")),
    };
    let is_here = stage.build().span().contains(edit.span) && stage.from().span != run.place;
    Fix::new(Safety::Unsafe, format!("stop it with SIG{graceful}"), is_here.then(|| vec![edit]))
}

/// A shell between process 1 and the program, which passes no signal on.
pub(super) fn shell_form(run: &Run<'_>, _: &Params) -> Vec<Hit> {
    let (shell, is_known) = match &run.launch.front {
        Front::Nothing => return Vec::new(),
        Front::Shell(shell) => (shell, true),
        Front::Unknown(shell) => (shell, false),
    };
    let Some(main) = &run.launch.main else { return Vec::new() };
    let process = run.process();
    let users = run.users();
    let case = match is_known {
        false => "unknown",
        true if process.as_ref().is_some_and(|process| process.server.worker) => "worker",
        true if users.iter().map(|user| user.workload()).any(Workload::is_serving) => "serving",
        true => "other",
    };
    let name = process.map_or(main.name().to_string(), |process| process.server.name.to_string());
    let message = match is_known {
        true => {
            format!("a shell stays process 1 and passes no signal on: {name} is killed at the end of the grace period")
        }
        false => {
            format!("a shell may stay process 1, and would pass no signal on to {name}: it depends on the image's sh")
        }
    };
    let exec = shell.can_exec.then(|| vec![Edit::replace(shell.command.at_start(), "exec ")]);
    let hit =
        Hit::new(case, run.place, message).fix(Fix::new(Safety::Unsafe, "let the program replace the shell", exec));
    vec![if shell.in_file { hit.related(shell.command, "started here without exec") } else { hit }]
}
