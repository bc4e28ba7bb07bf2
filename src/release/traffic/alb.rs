//! Ingresses of the AWS Load Balancer Controller.
//!
//! Source: its docs, "Ingress annotations" and "Pod readiness gate".

use crate::release::{Fact, Field, Ingress, Object, Origin, Service, Workload};

/// Annotations of the controller begin like this.
const PREFIX: &str = "alb.ingress.kubernetes.io/";
/// Seconds for which a target that leaves still gets the requests it has, unless it is said.
const DEREGISTRATION_DELAY: i64 = 300;

/// An Ingress that an application load balancer serves.
#[derive(Clone, Copy)]
pub struct AlbIngress<'a> {
    /// The Ingress.
    pub ingress: Ingress<'a>,
}

impl<'a> Ingress<'a> {
    /// The view as one that an application load balancer serves, by its class or by the
    /// controller's annotations.
    #[must_use]
    pub fn alb(self) -> Option<AlbIngress<'a>> {
        let class = self.object().field().at(&["spec", "ingressClassName"]).string();
        let class = class.or_else(|| self.object().annotation("kubernetes.io/ingress.class"));
        let is_alb = match class {
            Some(name) => name == "alb" || self.is_class_of_alb(name),
            None => self.object().annotations().any(|(key, _)| key.starts_with(PREFIX)),
        };
        is_alb.then_some(AlbIngress { ingress: self })
    }

    fn is_class_of_alb(self, name: &'a str) -> bool {
        let fits = |object: &Object<'a>| object.group() == "networking.k8s.io";
        let found = self.releases().find_cluster_wide("IngressClass", name, fits);
        found.is_some_and(|class| class.field().at(&["spec", "controller"]).string() == Some("ingress.k8s.aws/alb"))
    }
}

impl<'a> AlbIngress<'a> {
    /// An annotation of the controller's, of a Service or else of the Ingress.
    fn annotation(self, service: Option<Service<'a>>, name: &str) -> Option<Field<'a>> {
        let read = |object: &Object<'a>| {
            let field = object.field().at(&["metadata", "annotations"]).get(&format!("{PREFIX}{name}"));
            field.exists().then_some(field)
        };
        service.and_then(|service| read(service.object())).or_else(|| read(self.ingress.object()))
    }

    /// The Services behind it whose Pods are targets themselves: `target-type: ip`.
    #[must_use]
    pub fn pod_targets(self) -> Vec<Service<'a>> {
        let names = self.ingress.backends().into_iter().filter_map(|backend| backend.service.string());
        let services = names.flat_map(|name| self.ingress.services(name));
        let by_ip = services
            .filter(|service| self.annotation(Some(*service), "target-type").and_then(Field::string) == Some("ip"));
        let mut found: Vec<Service<'a>> = Vec::new();
        for service in by_ip {
            if found.iter().all(|known| known.object().id != service.object().id) {
                found.push(service);
            }
        }
        found
    }

    /// An attribute of its target groups: `deregistration_delay.timeout_seconds=30`.
    fn attribute(self, service: Option<Service<'a>>, name: &str) -> Option<(&'a str, Field<'a>)> {
        let field = self.annotation(service, "target-group-attributes")?;
        let pairs = field.string()?.split(',').filter_map(|pair| pair.split_once('='));
        pairs.filter(|(key, _)| key.trim() == name).map(|(_, value)| (value.trim(), field)).next_back()
    }

    /// Seconds for which a target that leaves still gets the requests it has.
    #[must_use]
    pub fn deregistration_delay(self, service: Service<'a>) -> Fact<i64> {
        match self.attribute(Some(service), "deregistration_delay.timeout_seconds") {
            Some((value, field)) => match value.parse() {
                Ok(value) => Fact::Known { value, origin: Origin::Written(field.place()) },
                Err(_) => Fact::unknown("is no number", field.place()),
            },
            None => Fact::default_of(DEREGISTRATION_DELAY, self.place()),
        }
    }

    /// How it spreads requests: `round_robin` unless it is said.
    #[must_use]
    pub fn algorithm(self) -> Fact<&'a str> {
        match self.attribute(None, "load_balancing.algorithm.type") {
            Some((value, field)) => Fact::written(value, field.place()),
            None => Fact::default_of("round_robin", self.place()),
        }
    }

    /// Where its annotations stand.
    fn place(self) -> crate::source::Span {
        let annotation =
            self.annotation(None, "target-group-attributes").or_else(|| self.annotation(None, "target-type"));
        annotation.map_or_else(|| self.ingress.object().place(), Field::place)
    }

    /// The namespace of a workload, where it stands in reach and does not ask for readiness
    /// gates: a Pod counts as available then before the load balancer knows it.
    #[must_use]
    pub fn namespace_without_gate(self, workload: Workload<'a>) -> Option<&'a Object<'a>> {
        let releases = self.ingress.releases();
        let name = releases.namespace_of(workload.object())?;
        let namespace = releases.find_cluster_wide("Namespace", name, |object| object.group().is_empty())?;
        let label = namespace.label("elbv2.k8s.aws/pod-readiness-gate-inject");
        (label != Some("enabled")).then_some(namespace)
    }
}
