//! How long a Job may go on.
//!
//! Source: Kubernetes `pkg/apis/batch/v1/defaults.go`, `pkg/apis/batch/validation/validation.go`.

use crate::release::deploy::hook::{ARGO_HOOK, HELM_HOOK};
use crate::release::field::is_placeholder;
use crate::release::{Fact, Field, Workload, WorkloadKind};

impl<'a> Workload<'a> {
    /// The `spec` of a Job, or of the Jobs that a `CronJob` makes.
    #[must_use]
    pub fn job_spec(self) -> Option<Field<'a>> {
        match self.kind() {
            WorkloadKind::Job => Some(self.spec()),
            WorkloadKind::CronJob => Some(self.spec().at(&["jobTemplate", "spec"])),
            _ => None,
        }
    }

    /// Seconds after which a Job is ended, retries included; nothing where it may go on for
    /// ever. A deadline of its Pods ends each of them, and so counts as one.
    #[must_use]
    pub fn job_deadline(self) -> Option<Fact<i64>> {
        let deadline = self.job_spec()?.get("activeDeadlineSeconds");
        let of_pods = self.pod_spec().get("activeDeadlineSeconds");
        [deadline, of_pods].into_iter().find(|field| field.exists()).map(|field| field.integer_or(0))
    }

    /// Whether a deploy applies it like any other object, and no tool runs it as a hook.
    #[must_use]
    pub fn is_plain_job(self) -> bool {
        let is_hook = [HELM_HOOK, ARGO_HOOK].iter().any(|key| self.object().annotation(key).is_some());
        self.kind() == WorkloadKind::Job && !is_hook
    }

    /// The `restartPolicy` of a Job's Pods, where the API server refuses it: `Always`, which
    /// is the default, or an unknown word. A patch may set it.
    #[must_use]
    pub fn refused_restart_policy(self) -> Option<Field<'a>> {
        let policy = self.pod_spec().get("restartPolicy");
        let is_fine =
            matches!(policy.string(), Some("Never" | "OnFailure")) || policy.node().is_some_and(is_placeholder);
        let is_patched = || self.patches().iter().any(|patch| patch.pod_spec().get("restartPolicy").exists());
        (self.kind().finishes() && !is_fine && !is_patched()).then_some(policy)
    }
}
