//! Workers that take tasks from every queue.

use crate::check::{Hit, Params};
use crate::release::Workload;
use crate::release::pod::celery::Queues;

/// A worker of Celery that names no queue.
pub(super) fn all(workload: Workload<'_>, _: &Params) -> Vec<Hit> {
    if !workload.kind().rolls_out() {
        return Vec::new();
    }
    let taking_all = |container: &_| crate::release::Container::worker_queues(*container) == Some(Queues::All);
    let Some(container) = workload.app_containers().find(taking_all) else { return Vec::new() };
    let Some(beside) = workload.releases().workers_beside(workload.object()) else { return Vec::new() };
    let place = container.command_place();
    let declared = container.declared_queues();
    let names: Vec<_> = beside.queues.iter().map(String::as_str).collect();
    let hit = if names.len() >= 2 || declared >= 2 {
        let told = if names.len() >= 2 {
            format!("other workers name {}", listed(&names))
        } else {
            format!("it has {declared}")
        };
        Hit::new("beside", place, format!("no -Q: it takes tasks from every queue of task_queues, and {told}"))
    } else if beside.workloads == 1 {
        Hit::new("only", place, "no -Q: the only worker takes tasks from every queue of task_queues, else from celery")
    } else {
        return Vec::new();
    };
    vec![hit]
}

/// The first names, and how many more there are.
fn listed(names: &[&str]) -> String {
    let shown = names.iter().take(4).copied().collect::<Vec<_>>().join(", ");
    if names.len() > 4 { format!("{shown} and {} more", names.len() - 4) } else { shown }
}
