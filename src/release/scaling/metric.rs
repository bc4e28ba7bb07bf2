//! What an autoscaler looks at.
//!
//! Source: Kubernetes `pkg/apis/autoscaling/v2/defaults.go`, `pkg/apis/autoscaling/v1/defaults.go`;
//! KEDA `pkg/scalers/cpu_memory_scaler.go`.

use crate::knowledge;
use crate::release::scaling::autoscaler::Autoscaler;
use crate::release::{Fact, Field, Object};

/// One of the numbers that an autoscaler looks at: a metric of an HPA, or a trigger of KEDA's.
#[derive(Clone)]
pub struct Metric<'a> {
    /// Where it is written, or where it would be.
    pub field: Field<'a>,
    /// What it measures.
    pub measure: Measure<'a>,
}

/// What a metric measures.
#[derive(Clone)]
pub enum Measure<'a> {
    /// What the Pods use of a resource: `cpu` or `memory`.
    Resource {
        /// The resource.
        name: &'a str,
        /// The only container that counts, where one is named.
        container: Option<&'a str>,
        /// Hundredths of what the containers request; nothing where an amount is asked for.
        share: Option<Fact<i64>>,
    },
    /// Anything else, by its type.
    Other(&'a str),
}

impl Metric<'_> {
    /// Whether it is CPU or memory of the Pods themselves, so that it says nothing where there
    /// is no Pod.
    #[must_use]
    pub fn is_of_pods(&self) -> bool {
        matches!(self.measure, Measure::Resource { .. })
    }

    /// Whether it is the time of day.
    #[must_use]
    pub fn is_cron(&self) -> bool {
        matches!(self.measure, Measure::Other("cron"))
    }

    /// Whether it counts what waits to be worked on.
    #[must_use]
    pub fn is_queue(&self) -> bool {
        matches!(self.measure, Measure::Other(kind) if knowledge::is_queue_trigger(kind))
    }

    /// Whether something outside KEDA has to answer for it.
    #[must_use]
    pub fn is_external(&self) -> bool {
        !self.is_of_pods() && !matches!(self.measure, Measure::Other("cron" | "kubernetes-workload"))
    }
}

impl std::fmt::Display for Metric<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.measure {
            Measure::Resource { name, container, share } => {
                f.write_str(name)?;
                if let Some(container) = container {
                    write!(f, " of container {container}")?;
                }
                match share {
                    Some(Fact::Known { value, .. }) => {
                        let default = if share.as_ref().is_some_and(Fact::is_default) { " (default)" } else { "" };
                        write!(f, " {value}%{default}")
                    }
                    _ => Ok(()),
                }
            }
            Measure::Other(kind) => f.write_str(kind),
        }
    }
}

impl<'a> Autoscaler<'a> {
    /// What it looks at; what most asks for counts.
    #[must_use]
    pub fn metrics(self) -> Vec<Metric<'a>> {
        if self.is_keda() {
            return triggers(self.object()).map(trigger).collect();
        }
        // An HPA of v1 has its other metrics in an annotation.
        let annotated = self.object().annotation("autoscaling.alpha.kubernetes.io/metrics").is_some();
        let annotated = annotated.then(|| Metric { field: self.spec(), measure: Measure::Other("annotation") });
        let old = self.spec().get("targetCPUUtilizationPercentage");
        let metrics = self.spec().get("metrics");
        if self.object().api_version == "autoscaling/v1" {
            let cpu = (old.exists() || annotated.is_none()).then(|| cpu_share(old));
            return annotated.into_iter().chain(cpu).collect();
        }
        // Without any, Kubernetes takes the CPU.
        if metrics.items().len() == 0 { vec![cpu_share(metrics)] } else { metrics.items().map(of_hpa).collect() }
    }
}

/// The triggers of a KEDA object, of `ScaledJobs` too.
pub(super) fn triggers<'a>(object: &Object<'a>) -> impl Iterator<Item = Field<'a>> + 'a {
    object.field().at(&["spec", "triggers"]).items()
}

fn cpu_share(field: Field<'_>) -> Metric<'_> {
    let share = if field.node().is_some_and(|node| node.scalar().is_none()) {
        Fact::default_of(80, field.place())
    } else {
        field.integer_or(80)
    };
    Metric { field, measure: Measure::Resource { name: "cpu", container: None, share: Some(share) } }
}

/// A metric of an HPA, in the forms of v2, v2beta2 and v2beta1.
fn of_hpa(field: Field<'_>) -> Metric<'_> {
    let kind = field.get("type").string().unwrap_or("");
    let (source, container) = match kind {
        "Resource" => (field.get("resource"), None),
        "ContainerResource" => (field.get("containerResource"), field.at(&["containerResource", "container"]).string()),
        _ => return Metric { field, measure: Measure::Other(kind) },
    };
    let Some(name) = source.get("name").string() else { return Metric { field, measure: Measure::Other(kind) } };
    let new = source.at(&["target", "averageUtilization"]);
    let share = if new.exists() { new } else { source.get("targetAverageUtilization") };
    let is_amount = matches!(source.at(&["target", "type"]).string(), Some("AverageValue" | "Value"));
    let share = (share.exists() && !is_amount).then(|| share.integer_or(0));
    let place = if share.is_some() && new.exists() { new } else { source.get("targetAverageUtilization") };
    let place = if place.exists() { place } else { field };
    Metric { field: place, measure: Measure::Resource { name, container, share } }
}

fn trigger(field: Field<'_>) -> Metric<'_> {
    let kind = field.get("type");
    let metadata = field.get("metadata");
    let measure = match kind.string() {
        Some(name @ ("cpu" | "memory")) => {
            let metric_type = field.get("metricType").string().or_else(|| metadata.get("type").string());
            let value = metadata.get("value");
            let number = value.node().and_then(|node| node.text()).and_then(|text| text.parse().ok());
            let share =
                number.map_or(Fact::unknown("is no number", value.place()), |n| Fact::written(n, value.place()));
            let share = (metric_type == Some("Utilization")).then_some(share);
            Measure::Resource { name, container: metadata.get("containerName").string(), share }
        }
        other => Measure::Other(other.unwrap_or("")),
    };
    Metric { field: if kind.exists() { kind } else { field }, measure }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release::Scope;
    use crate::release::manifests::read;

    fn metrics(api_version: &str, kind: &str, spec: &str) -> String {
        let text = format!("{{apiVersion: {api_version}, kind: {kind}, metadata: {{name: web}}, spec: {{{spec}}}}}");
        read(Scope::Closed, &[("x", &text)], |releases| {
            let metrics = Autoscaler::of(releases, &releases.objects()[0]).unwrap().metrics();
            metrics.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
        })
    }

    #[test]
    fn metrics_of_an_hpa_in_every_version() {
        let hpa =
            |version: &str, spec: &str| metrics(&format!("autoscaling/{version}"), "HorizontalPodAutoscaler", spec);
        assert_eq!(hpa("v1", "targetCPUUtilizationPercentage: 60"), "cpu 60%");
        assert_eq!(hpa("v1", "maxReplicas: 3"), "cpu 80% (default)");
        assert_eq!(hpa("v2", "maxReplicas: 3"), "cpu 80% (default)");
        let share = "metrics: [{type: Resource, resource: {name: memory, target: {type: Utilization, averageUtilization: 70}}}]";
        assert_eq!(hpa("v2", share), "memory 70%");
        let amount =
            "metrics: [{type: Resource, resource: {name: cpu, target: {type: AverageValue, averageValue: 1}}}]";
        assert_eq!(hpa("v2", amount), "cpu");
        let old = "metrics: [{type: Resource, resource: {name: cpu, targetAverageUtilization: 70}}, {type: Pods}]";
        assert_eq!(hpa("v2beta1", old), "cpu 70%, Pods");
        let one = "metrics: [{type: ContainerResource, containerResource: {name: cpu, container: app, target: {averageUtilization: 70}}}]";
        assert_eq!(hpa("v2", one), "cpu of container app 70%");
    }

    #[test]
    fn triggers_of_keda() {
        let keda = |triggers: &str| metrics("keda.sh/v1alpha1", "ScaledObject", &format!("triggers: [{triggers}]"));
        assert_eq!(keda("{type: cpu, metricType: Utilization, metadata: {value: \"60\"}}"), "cpu 60%");
        assert_eq!(
            keda("{type: memory, metadata: {type: Utilization, value: 60, containerName: app}}"),
            "memory of container app 60%"
        );
        assert_eq!(
            keda("{type: cpu, metricType: AverageValue, metadata: {value: 1}}, {type: rabbitmq}"),
            "cpu, rabbitmq"
        );
        assert_eq!(keda(""), "");
    }
}
