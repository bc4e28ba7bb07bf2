//! Hooks, and the migrations of a schema that must run before the new Pods.

mod annotations;
mod bounds;
mod events;
mod image;
mod needs;
mod order;
mod pod;
mod words;

use super::Check;

/// The checks of this group.
pub(super) const CHECKS: &[(&str, Check)] = &[
    ("migration-not-ordered", Check::Workload(order::not_ordered)),
    ("migration-after-rollout", Check::Workload(order::after_rollout)),
    ("migration-in-app-pod", Check::Container(pod::in_app_pod)),
    ("migration-hook-partial", Check::Workload(events::partial)),
    ("migration-weight-missing", Check::Workload(events::weight_missing)),
    ("migration-image-differs", Check::Workload(image::differs)),
    ("hook-dependency-unordered", Check::Workload(needs::dependency_unordered)),
    ("hook-ref-not-yet-created", Check::Workload(needs::not_yet_created)),
    ("hook-value-invalid", Check::Hook(annotations::value_invalid)),
    ("hook-weight-invalid", Check::Object(annotations::weight_invalid)),
    ("hook-delete-policy", Check::Object(annotations::delete_policy)),
    ("hook-mixed-systems", Check::Object(annotations::mixed_systems)),
    ("hook-job-bounds", Check::Workload(bounds::job_bounds)),
];
