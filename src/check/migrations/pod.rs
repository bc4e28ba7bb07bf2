//! Migrations in the Pods of the app.

use crate::check::{Hit, Params};
use crate::release::{Container, Role, WorkloadKind};

/// Every Pod of the app runs the migration before it serves.
pub(super) fn in_app_pod(container: Container<'_>, _: &Params) -> Vec<Hit> {
    let workload = container.workload();
    let Some(command) = container.migration_in_pod().filter(|_| workload.is_judged() && !workload.is_database()) else {
        return Vec::new();
    };
    let what = if command.is_empty() { "migrates, as its name says,".to_string() } else { format!("runs {command}") };
    let is_init = container.role() == Role::Init;
    let place = match is_init {
        true => container.field().place(),
        false if container.replaces_command() => container.command_place(),
        false => container.field().get("image").place(),
    };
    let replicas = workload.replicas();
    let one_by_one = workload.kind() == WorkloadKind::StatefulSet
        && workload.spec().get("podManagementPolicy").string() != Some("Parallel");
    let many = match replicas.max.value() {
        _ if workload.kind() == WorkloadKind::DaemonSet => Some("on every node".to_string()),
        Some(most) if most > 1 && !one_by_one => Some(format!("in each of {most} Pods")),
        _ => None,
    };
    let hit = match many {
        Some(many) => Hit::new("race", place, format!("{} {what} {many}, and they race", container.title())),
        None => {
            let message = format!("{} {what} in the Pod of the app, while the old one serves", container.title());
            Hit::new("single", place, message)
        }
    };
    vec![hit]
}
