//! Nodes that may be taken away at short notice, and who says so.

use crate::knowledge::spot_labels;
use crate::release::{Field, Workload};

/// A place that puts Pods on spot nodes alone.
#[derive(Clone, Copy)]
pub struct SpotPin<'a> {
    /// `nodeSelector` or `nodeAffinity`.
    pub by: &'static str,
    /// The label that their nodes must have.
    pub key: &'static str,
    /// Its value.
    pub value: &'static str,
    /// Where it is written.
    pub field: Field<'a>,
}

impl<'a> Workload<'a> {
    /// What puts its Pods on spot nodes alone. A toleration only allows such nodes.
    #[must_use]
    pub fn spot_pin(self) -> Option<SpotPin<'a>> {
        let selector = self.pod_spec().get("nodeSelector");
        let selected = spot_labels().find_map(|(key, value)| {
            let field = selector.get(key);
            let written = field.node().and_then(|node| node.text());
            (written == Some(value)).then_some(SpotPin { by: "nodeSelector", key, value, field })
        });
        selected.or_else(|| self.required_spot())
    }

    /// Terms are alternatives: each of them must ask for it.
    fn required_spot(self) -> Option<SpotPin<'a>> {
        let required = "requiredDuringSchedulingIgnoredDuringExecution";
        let terms = self.pod_spec().at(&["affinity", "nodeAffinity", required, "nodeSelectorTerms"]).items();
        let pins: Option<Vec<_>> =
            terms.map(|term| term.get("matchExpressions").items().find_map(spot_expression)).collect();
        pins?.first().copied()
    }

    /// Whether Karpenter leaves the nodes of its Pods alone while they run.
    #[must_use]
    pub fn is_undisturbed(self) -> bool {
        let annotations = self.pod_metadata().get("annotations");
        // `do-not-evict` is the name of before v1beta1.
        ["karpenter.sh/do-not-disrupt", "karpenter.sh/do-not-evict"].iter().any(|key| annotations.get(key).exists())
    }
}

/// An expression that spot nodes alone fulfil.
fn spot_expression(expression: Field<'_>) -> Option<SpotPin<'_>> {
    let values: Vec<_> = expression.get("values").items().filter_map(Field::string).collect();
    let is_in = expression.get("operator").string() == Some("In");
    let key = expression.get("key").string()?;
    let (key, value) = spot_labels().find(|(known, value)| *known == key && values == [*value])?;
    is_in.then_some(SpotPin { by: "nodeAffinity", key, value, field: expression.get("values") })
}
