//! What containers request, which a share of their use is measured by.
//!
//! Source: Kubernetes `pkg/controller/podautoscaler/replica_calculator.go`: a share is of the sum
//! of the requests of all regular containers and native sidecars, and one of them without a
//! request is an error. Requests of the Pod replace that sum. `pkg/apis/core/v1/defaults.go`: a
//! limit without a request is the request. KEDA `apis/keda/v1alpha1/scaledobject_webhook.go`.

use crate::release::pod::container::{Container, Role};
use crate::release::scaling::metric::{Measure, Metric};
use crate::release::{Autoscaler, Workload};

/// The first minor version in which requests of a whole Pod count.
const POD_REQUESTS: u8 = 34;

impl<'a> Container<'a> {
    /// Whether it requests nothing of a resource, and has no limit for it that would be the
    /// request.
    #[must_use]
    pub fn lacks_request(self, resource: &str) -> bool {
        let resources = self.field().get("resources");
        let lacks = |key: &str| {
            let field = resources.get(key);
            field.node().is_none_or(|node| node.is_mapping()) && !field.get(resource).exists()
        };
        resources.node().is_none_or(|node| node.is_mapping()) && lacks("requests") && lacks("limits")
    }
}

impl<'a> Autoscaler<'a> {
    /// The containers of a workload without the request that a metric needs; none where
    /// something may put it in: a patch, requests of the Pod, a `LimitRange` or a
    /// `VerticalPodAutoscaler`.
    #[must_use]
    pub fn lacking_request(self, metric: &Metric<'a>, workload: Workload<'a>) -> Vec<Container<'a>> {
        let Measure::Resource { name, container, share } = &metric.measure else { return Vec::new() };
        let is_needed = share.is_some() || self.is_keda();
        if !is_needed || self.may_be_put_in(name, *container, workload) {
            return Vec::new();
        }
        let counts = |one: &Container<'a>| {
            let sidecars = !self.is_keda() || one.role() == Role::App || share.is_some();
            sidecars && !one.is_injected() && container.is_none_or(|name| one.name() == Some(name))
        };
        workload.running_containers().filter(counts).filter(|one| one.lacks_request(name)).collect()
    }

    fn may_be_put_in(self, resource: &str, container: Option<&str>, workload: Workload<'a>) -> bool {
        let releases = self.releases();
        let of_pod = workload.pod_spec().get("resources");
        let by_pod = container.is_none() && of_pod.exists() && releases.kube_minor >= POD_REQUESTS;
        let by_patch = || {
            let patches = workload.patches();
            patches.iter().any(|patch| patch.containers().iter().any(|one| one.field().get("resources").exists()))
        };
        by_pod || releases.is_resource_defaulted(workload.object(), resource) || by_patch()
    }
}

#[cfg(test)]
mod tests {
    use crate::release::Scope;
    use crate::release::manifests::{pod, read};

    #[test]
    fn a_limit_is_a_request() {
        let lacks = |resources: &str| {
            read(Scope::Closed, &[("x", &pod(&format!("resources: {resources}")))], |releases| {
                let releases = &*releases;
                releases.workload(&releases.objects()[0]).unwrap().containers()[0].lacks_request("cpu")
            })
        };
        for some in ["{requests: {cpu: 1}}", "{limits: {cpu: 1}}", "\"${RESOURCES}\"", "{requests: \"${REQUESTS}\"}"] {
            assert!(!lacks(some), "{some}");
        }
        for none in ["null", "{}", "{requests: {memory: 1Gi}}", "{requests: {cpu: null}}", "{limits: {}}"] {
            assert!(lacks(none), "{none}");
        }
    }
}
