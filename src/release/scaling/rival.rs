//! Two autoscalers on one workload.
//!
//! Source: Kubernetes `pkg/controller/podautoscaler/horizontal.go` (`AmbiguousSelector`): Pods that
//! two HPAs control are scaled by neither. KEDA `apis/keda/v1alpha1/scaledobject_webhook.go`: a
//! workload that another `ScaledObject` or HPA scales is refused.

use crate::release::Autoscaler;

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

    /// Whether it is a `ScaledObject` that takes an HPA over, or need not mind it.
    fn takes_over(self, hpa: Autoscaler<'_>) -> bool {
        let transfers = self.object().annotation("scaledobject.keda.sh/transfer-hpa-ownership") == Some("true");
        let name = self.spec().at(&["advanced", "horizontalPodAutoscalerConfig", "name"]).string();
        let unminded = hpa.object().annotation("validations.keda.sh/hpa-ownership") == Some("false");
        self.is_keda() && !hpa.is_keda() && (unminded || (transfers && name == hpa.object().name))
    }
}
