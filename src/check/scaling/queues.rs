//! Workers that take tasks from every queue.

use crate::check::{Hit, Params};
use crate::release::runtime::celery::{QueueWorkers, Queues};
use crate::release::{Container, Workload};

/// A worker of Celery that names no queue.
pub(super) fn all(workload: Workload<'_>, _: &Params) -> Vec<Hit> {
    let mut workers = workload.app_containers().filter(|container| container.worker_queues() == Some(Queues::All));
    let worker = workers.next().filter(|_| workload.kind().rolls_out());
    let beside = workload.releases().workers_beside(workload.object());
    let hit = worker.zip(beside).and_then(|(worker, beside)| among(worker, beside));
    hit.into_iter().collect()
}

fn among(worker: Container<'_>, beside: &QueueWorkers) -> Option<Hit> {
    let names: Vec<_> = beside.queues.iter().map(String::as_str).collect();
    let told = match (names.len(), worker.declared_queues()) {
        (2.., _) => format!("other workers name {}", listed(&names)),
        (_, declared @ 2..) => format!("its environment lists {declared}"),
        _ if beside.workloads == 1 => {
            let message = "no -Q: the only worker takes tasks from every queue of task_queues, else from celery";
            return Some(Hit::new("only", worker.command_place(), message));
        }
        _ => return None,
    };
    let message = format!("no -Q: it takes tasks from every queue of task_queues, and {told}");
    Some(Hit::new("beside", worker.command_place(), message))
}

/// The first names, and how many more there are.
fn listed(names: &[&str]) -> String {
    let shown = names.iter().take(4).copied().collect::<Vec<_>>().join(", ");
    if names.len() > 4 { format!("{shown} and {} more", names.len() - 4) } else { shown }
}
