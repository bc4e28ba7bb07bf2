//! uWSGI, whose SIGTERM means reload, and which starts without an app.

use crate::check::edit::{Edit, Fix, Safety};
use crate::check::{Hit, Params};
use crate::release::runtime::run::Run;
use crate::release::runtime::signal::Stopped;
use crate::release::runtime::uwsgi::{Setting, is_on};

/// The programs of a run that are uWSGI.
fn uwsgi(run: &Run<'_>) -> impl Iterator<Item = Stopped> {
    run.stopped().into_iter().filter(|stopped| stopped.server.name == "uWSGI")
}

/// SIGTERM makes it reload, and it is killed when the grace period ends.
pub(super) fn reloads(run: &Run<'_>, _: &Params) -> Vec<Hit> {
    let hit = |stopped: Stopped| {
        let signal = stopped.signal.known().filter(|signal| signal.name == "TERM")?;
        let dies = run.uwsgi_option(&stopped.program, "die-on-term", is_on);
        let drains = run.uwsgi_option(&stopped.program, "hook-master-start", |hook| hook.contains("unix_signal:15"));
        let users = run.users();
        let quits = !users.is_empty() && users.iter().all(|user| user.quits_before_stop(stopped.server));
        match (dies, drains) {
            _ if quits => None,
            (Setting::Set(_), _) | (_, Setting::Set(_)) => None,
            (Setting::Unset(_), Setting::Unset(_)) => {
                let message = format!(
                    "uWSGI is stopped with {signal} and reloads its workers instead: it is killed when the grace period ends"
                );
                Some(Hit::new("reloads", stopped.place, message))
            }
            _ => {
                let message = "uWSGI reloads on SIGTERM without die-on-term, which may stand where it cannot be seen";
                Some(Hit::new("unseen", stopped.place, message))
            }
        }
    };
    uwsgi(run).filter_map(hit).collect()
}

/// Without an app it starts all the same, and answers every request with an error.
pub(super) fn needs_app(run: &Run<'_>, _: &Params) -> Vec<Hit> {
    let hit = |stopped: Stopped| {
        let Setting::Unset(section) = run.uwsgi_option(&stopped.program, "need-app", is_on) else { return None };
        let edit = match section {
            Some(header) => Some(Edit::replace(header.at_end(), "\nneed-app = true")),
            None => flag(run, &stopped),
        };
        let fix = Fix::new(Safety::Unsafe, "let it fail without an app", edit.map(|edit| vec![edit]));
        let message =
            "without need-app uWSGI starts empty when the app fails to load, and answers every request with an error";
        Some(Hit::only(stopped.place, message).fix(fix))
    };
    uwsgi(run).filter_map(hit).collect()
}

/// `"--need-app"` behind the last word of the JSON form.
fn flag(run: &Run<'_>, stopped: &Stopped) -> Option<Edit> {
    let last = stopped.program.words.last()?.place;
    let text = run.stage?.build().dockerfile;
    let is_json = text.source == last.source && text.text.get(last.range())?.starts_with('"');
    is_json.then(|| Edit::replace(last.at_end(), ", \"--need-app\""))
}
