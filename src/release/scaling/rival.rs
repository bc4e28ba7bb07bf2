//! Two autoscalers on one workload.
//!
//! Source: Kubernetes `pkg/controller/podautoscaler/horizontal.go` (`AmbiguousSelector`): Pods that
//! two HPAs control are scaled by neither. KEDA `apis/keda/v1alpha1/scaledobject_webhook.go`: a
//! workload that another `ScaledObject` or HPA scales is refused.

use crate::release::{Autoscaler, Scope};

impl<'a> Autoscaler<'a> {
    /// An earlier autoscaler that is applied together with it and has the same target. Two of
    /// one name are alternatives, of which one is applied.
    #[must_use]
    pub fn rival(self) -> Option<Autoscaler<'a>> {
        let releases = self.releases();
        let earlier = releases.scaling_the_same(self).take_while(|other| other.object().id < self.object().id);
        let mut others = earlier.filter(|other| {
            let (one, other) = (self.object(), other.object());
            let is_same = one.name == other.name && one.kind == other.kind;
            !is_same && one.name.is_some() && releases.same_namespace(one, other)
        });
        others.find(|other| !self.takes_over(*other) && !other.takes_over(self))
    }

    /// Whether it certainly reaches the cluster together with another one of its directory: both
    /// stand in one file, or kustomizations name both files, or all of the release is known.
    #[must_use]
    pub fn comes_with(self, other: Autoscaler<'_>) -> bool {
        let releases = self.releases();
        let (one, other) = (self.object(), other.object());
        let closed = releases.release_of(one).scope == Scope::Closed;
        closed || one.path == other.path || [one, other].iter().all(|object| releases.is_kustomized(object.path))
    }

    /// Whether it is a `ScaledObject` that takes an HPA over, or need not mind it.
    fn takes_over(self, hpa: Autoscaler<'_>) -> bool {
        let transfers = self.object().annotation("scaledobject.keda.sh/transfer-hpa-ownership") == Some("true");
        let name = self.spec().at(&["advanced", "horizontalPodAutoscalerConfig", "name"]).string();
        let unminded = hpa.object().annotation("validations.keda.sh/hpa-ownership") == Some("false");
        self.is_keda() && !hpa.is_keda() && (unminded || (transfers && name == hpa.object().name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release::manifests::read;

    const SPEC: &str = "spec: {scaleTargetRef: {kind: Deployment, name: web}}";

    /// Whether the second autoscaler has a rival, in two files of the tree.
    fn rivals(scope: Scope, first: (&str, &str), second: (&str, &str)) -> bool {
        let hpa = "apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler";
        let text = |metadata: &str| format!("{{{hpa}, metadata: {{{metadata}}}, {SPEC}}}");
        let (one, two) = (text(first.1), text(second.1));
        read(scope, &[(first.0, &one), (second.0, &two)], |releases| {
            let releases = &*releases;
            Autoscaler::of(releases, &releases.objects()[1]).unwrap().rival().is_some()
        })
    }

    #[test]
    fn autoscalers_of_one_directory_and_namespace_are_rivals() {
        assert!(rivals(Scope::Open, ("a/x", "name: x"), ("a/y", "name: z")));
        assert!(!rivals(Scope::Open, ("a/x", "name: x"), ("b/y", "name: z")));
        assert!(rivals(Scope::Closed, ("a/x", "name: x"), ("b/y", "name: z")));
        assert!(!rivals(Scope::Closed, ("x", "name: x"), ("y", "name: x")), "alternatives");
        assert!(!rivals(Scope::Closed, ("x", "name: x, namespace: a"), ("y", "name: z, namespace: b")));
    }
}
