//! Whether the processes of a container do one thing at a time.
//!
//! Sources: gunicorn `gunicorn/config.py` (`worker_class`, `threads`), uWSGI's options, celery
//! `celery/bin/worker.py` (`--pool`).

use crate::release::pod::container::Container;

/// How a server or a worker spends the time in which it waits for others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// Each of its processes waits and does nothing else.
    Idle,
    /// They do something else meanwhile.
    Busy,
}

/// A program whose processes wait for others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiter {
    /// `gunicorn`, `uWSGI`, `celery`.
    pub name: &'static str,
    /// What its processes do meanwhile.
    pub waiting: Waiting,
    /// What they are called: `sync workers`.
    pub workers: &'static str,
}

impl Container<'_> {
    /// How its server or worker waits, where it is one that is known for it.
    #[must_use]
    pub fn waiter(self) -> Option<Waiter> {
        let process = self.process()?;
        let waiter = waiter(process.server.name, &process.program.texts().collect::<Vec<_>>())?;
        let environment = self.environment();
        let options = environment.variables().iter().find(|variable| variable.name == "GUNICORN_CMD_ARGS");
        let options = options.and_then(|options| options.winner().value.known()).filter(|_| waiter.name == "gunicorn");
        let by_options = options.map(|options| gunicorn(&options.split_whitespace().collect::<Vec<_>>()));
        Some(by_options.filter(|more| more.waiting == Waiting::Busy).unwrap_or(waiter))
    }
}

fn waiter(server: &str, words: &[&str]) -> Option<Waiter> {
    match server {
        "gunicorn" => Some(gunicorn(words)),
        "uWSGI" => Some(uwsgi(words)),
        "celery" => Some(celery(words)),
        _ => None,
    }
}

fn gunicorn(words: &[&str]) -> Waiter {
    let class = option(words, &["-k", "--worker-class"]).unwrap_or("sync");
    let threads = option(words, &["--threads"]).and_then(|number| number.parse().ok()).unwrap_or(1);
    let (waiting, workers) = if class == "sync" && threads <= 1 {
        (Waiting::Idle, "sync workers")
    } else {
        (Waiting::Busy, "asynchronous or threaded workers")
    };
    Waiter { name: "gunicorn", waiting, workers }
}

fn uwsgi(words: &[&str]) -> Waiter {
    let loops = ["--gevent", "--asyncio", "--async", "--ugreen"];
    let is_loop = |word: &&str| loops.contains(&word.split('=').next().unwrap_or(word));
    let (waiting, workers) =
        if words.iter().any(is_loop) { (Waiting::Busy, "asynchronous workers") } else { (Waiting::Idle, "workers") };
    Waiter { name: "uWSGI", waiting, workers }
}

fn celery(words: &[&str]) -> Waiter {
    let (waiting, workers) = match option(words, &["-P", "--pool"]) {
        Some("gevent" | "eventlet" | "threads") => (Waiting::Busy, "asynchronous or threaded workers"),
        _ => (Waiting::Idle, "worker processes"),
    };
    Waiter { name: "celery", waiting, workers }
}

/// The value of an option: `-k gevent`, `-kgevent`, `--worker-class=gevent`.
fn option<'a>(words: &[&'a str], names: &[&str]) -> Option<&'a str> {
    words.iter().enumerate().find_map(|(at, word)| {
        names.iter().find_map(|name| {
            let rest = word.strip_prefix(name)?;
            match rest.strip_prefix('=') {
                Some(value) => Some(value),
                None if rest.is_empty() => words.get(at + 1).copied(),
                None => (!name.starts_with("--")).then_some(rest),
            }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worker_classes() {
        let of = |line: &str| {
            let words: Vec<_> = line.split(' ').collect();
            let name = if words[0] == "uwsgi" { "uWSGI" } else { words[0] };
            waiter(name, &words).map(|waiter| waiter.waiting)
        };
        for line in [
            "gunicorn shop.wsgi",
            "gunicorn -k sync --threads 1 shop.wsgi",
            "uwsgi --ini uwsgi.ini",
            "celery -A shop worker",
            "celery -A shop worker -P solo",
        ] {
            assert_eq!(of(line), Some(Waiting::Idle), "{line}");
        }
        for line in [
            "gunicorn -k gevent shop.wsgi",
            "gunicorn --worker-class=uvicorn.workers.UvicornWorker shop.asgi",
            "gunicorn --threads 8 shop.wsgi",
            "uwsgi --gevent 100",
            "celery -A shop worker --pool=eventlet",
        ] {
            assert_eq!(of(line), Some(Waiting::Busy), "{line}");
        }
        assert_eq!(of("uvicorn shop:app"), None);
    }
}
