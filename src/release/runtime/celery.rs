//! The queues that Celery's workers take their tasks from.
//!
//! Source: celery `celery/bin/worker.py`, `celery/app/amqp.py`: without `-Q` a worker takes all
//! queues of `task_queues`, and the queue `celery` where that is not set.

use std::collections::BTreeSet;

use crate::release::Workload;
use crate::release::pod::container::Container;

/// More queues than these say no more.
const MOST_QUEUES: usize = 64;

/// What a worker takes its tasks from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Queues {
    /// All that the app has.
    All,
    /// Those that it names.
    Named(Vec<String>),
    /// It cannot be told.
    Unknown,
}

/// The workers of a deploy.
#[derive(Debug, Default)]
pub struct QueueWorkers {
    /// How many workloads work.
    pub workloads: usize,
    /// The queues that they name.
    pub queues: BTreeSet<String>,
}

impl QueueWorkers {
    pub(in crate::release) fn add(&mut self, queues: Vec<Queues>) {
        self.workloads += 1;
        for queues in queues {
            if let Queues::Named(names) = queues {
                let room = MOST_QUEUES.saturating_sub(self.queues.len());
                self.queues.extend(names.into_iter().take(room));
            }
        }
    }
}

impl Workload<'_> {
    /// What each of its workers takes its tasks from; nothing where it has none.
    #[must_use]
    pub fn worker_queues(self) -> Option<Vec<Queues>> {
        let queues: Vec<_> = self.app_containers().filter_map(Container::worker_queues).collect();
        (!queues.is_empty()).then_some(queues)
    }
}

impl Container<'_> {
    /// What it takes its tasks from, if it is a worker of Celery.
    #[must_use]
    pub fn worker_queues(self) -> Option<Queues> {
        let process = self.process().filter(|process| process.server.name == "celery")?;
        Some(queues(&process.program.texts().collect::<Vec<_>>()))
    }

    /// How many queues its environment lists for the app, as `CELERY_TASK_QUEUES=mail,video`.
    #[must_use]
    pub fn declared_queues(self) -> usize {
        let environment = self.environment();
        let lists = environment
            .variables()
            .iter()
            .filter(|variable| variable.name.ends_with("TASK_QUEUES") || variable.name.ends_with("CELERY_QUEUES"));
        let counts = lists.filter_map(|list| list.winner().value.known().map(|text| text.split(',').count()));
        counts.max().unwrap_or(0)
    }
}

fn queues(words: &[&str]) -> Queues {
    let mut named = Vec::new();
    let mut rest = words.iter().copied();
    while let Some(word) = rest.next() {
        let value = match word {
            "-Q" | "--queues" => rest.next(),
            "-X" | "--exclude-queues" => return Queues::Unknown,
            // What a variable puts in may name queues.
            _ if word.starts_with('$') || word.starts_with("--exclude-queues=") => return Queues::Unknown,
            _ => word.strip_prefix("--queues=").or_else(|| word.strip_prefix("-Q")),
        };
        let names = value.into_iter().flat_map(|value| value.split(',')).map(str::trim);
        named.extend(names.filter(|name| !name.is_empty()).map(str::to_string));
    }
    if named.is_empty() { Queues::All } else { Queues::Named(named) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queues_of_command_lines() {
        let of = |line: &'static str| queues(&line.split(' ').collect::<Vec<_>>());
        assert_eq!(of("celery -A shop worker -l info"), Queues::All);
        for line in [
            "celery worker -Q mail,video",
            "celery worker --queues=mail,video",
            "celery worker -Qmail,video",
            "celery worker -Q mail --queues video",
        ] {
            assert_eq!(of(line), Queues::Named(vec!["mail".to_string(), "video".to_string()]), "{line}");
        }
        for line in ["celery worker -X mail", "celery worker $OPTIONS", "celery worker --exclude-queues=mail"] {
            assert_eq!(of(line), Queues::Unknown, "{line}");
        }
    }
}
