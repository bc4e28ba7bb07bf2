//! The objects by which Argo CD and Flux apply others, and how they treat what has changed in the
//! cluster since.
//!
//! Source: Argo CD `pkg/apis/application/v1alpha1/types.go`, docs "Automated Sync Policy", "Diff
//! Customization"; Flux `api/v1/kustomization_types.go` of the kustomize-controller.

use crate::release::{Field, Object};

/// An Argo CD Application, or a Flux Kustomization.
#[derive(Clone, Copy)]
pub struct Applier<'a> {
    object: &'a Object<'a>,
}

impl<'a> Applier<'a> {
    pub(in crate::release) fn new(object: &'a Object<'a>) -> Self {
        Self { object }
    }

    /// The object.
    #[must_use]
    pub fn object(self) -> &'a Object<'a> {
        self.object
    }

    /// Whether it is Argo CD's.
    #[must_use]
    pub fn is_argo(self) -> bool {
        self.object.group() == "argoproj.io"
    }

    fn spec(self) -> Field<'a> {
        self.object.field().get("spec")
    }

    fn automated(self) -> Field<'a> {
        self.spec().at(&["syncPolicy", "automated"])
    }

    /// Whether it applies without anybody asking: Argo CD where sync is automated, Flux
    /// always.
    #[must_use]
    pub fn syncs_by_itself(self) -> bool {
        if self.is_argo() {
            let is_off = self.automated().get("enabled").bool_or(true).value() == Some(false);
            self.automated().exists() && !is_off
        } else {
            self.spec().get("suspend").bool_or(false).value() == Some(false)
        }
    }

    /// Whether it puts right at once what something else changed in the cluster: Argo CD with
    /// `selfHeal`. Flux does so at its interval.
    #[must_use]
    pub fn self_heals(self) -> bool {
        self.is_argo()
            && self.syncs_by_itself()
            && self.automated().get("selfHeal").bool_or(false).value() == Some(true)
    }

    /// Whether all that it applies has an option of Argo CD's.
    #[must_use]
    pub fn has_sync_option(self, option: &str) -> bool {
        self.spec().at(&["syncPolicy", "syncOptions"]).items().any(|known| known.string() == Some(option))
    }

    /// Whether a Kustomization of Flux deletes and creates what it cannot change.
    #[must_use]
    pub fn forces(self) -> bool {
        !self.is_argo() && self.spec().get("force").bool_or(false).value() != Some(false)
    }

    /// Whether Argo CD neither puts `spec.replicas` of an object right nor applies it, once the
    /// object is there.
    #[must_use]
    pub fn leaves_replicas_alone(self, object: &Object<'_>) -> bool {
        self.ignores_replicas_of(object) && self.has_sync_option("RespectIgnoreDifferences=true")
    }

    /// Whether Argo CD takes no notice of `spec.replicas` of an object when it compares.
    #[must_use]
    pub fn ignores_replicas_of(self, object: &Object<'_>) -> bool {
        let entries = self.spec().get("ignoreDifferences").items();
        entries.filter(|entry| is_about(*entry, object)).any(|entry| {
            let has = |key: &str, values: &[&str]| {
                entry.get(key).items().any(|item| item.string().is_some_and(|text| values.contains(&text)))
            };
            has("jsonPointers", &["/spec/replicas"])
                || has("jqPathExpressions", &[".spec.replicas", ".spec?.replicas"])
                || has("managedFieldsManagers", &["kube-controller-manager", "keda-operator"])
        })
    }
}

/// Whether an entry of `ignoreDifferences` is about an object.
fn is_about(entry: Field<'_>, object: &Object<'_>) -> bool {
    let fits = |key: &str, value: Option<&str>| {
        let field = entry.get(key);
        !field.exists() || field.string().is_some_and(|text| text == "*" || Some(text) == value)
    };
    fits("group", Some(object.group())) && fits("kind", Some(object.kind)) && fits("name", object.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release::Scope;
    use crate::release::manifests::read;

    const WEB: &str = "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}}";

    /// What `look` makes of what applies a Deployment in `apps/web`.
    fn with<T>(applier: &str, look: impl FnOnce(Applier<'_>, &Object<'_>) -> T) -> T {
        read(Scope::Open, &[("x.yaml", applier), ("apps/web/base/x.yaml", WEB)], |releases| {
            let web = &releases.objects()[1];
            look(releases.appliers_of(web)[0], web)
        })
    }

    fn argo(spec: &str) -> String {
        format!("{{apiVersion: argoproj.io/v1alpha1, kind: Application, spec: {{source: {{path: apps/web}}, {spec}}}}}")
    }

    #[test]
    fn argo_heals_where_it_syncs_by_itself() {
        let of = |policy: &str| {
            with(&argo(&format!("syncPolicy: {policy}")), |one, _| (one.syncs_by_itself(), one.self_heals()))
        };
        assert_eq!(of("{automated: {}}"), (true, false));
        assert_eq!(of("{automated: {selfHeal: true}}"), (true, true));
        assert_eq!(of("{automated: {selfHeal: true, enabled: false}}"), (false, false));
        assert_eq!(of("{syncOptions: [CreateNamespace=true]}"), (false, false));
    }

    #[test]
    fn argo_ignores_what_it_is_told_to() {
        let ignores = |entry: &str| {
            with(&argo(&format!("ignoreDifferences: [{{{entry}}}]")), |one, web| one.ignores_replicas_of(web))
        };
        for entry in [
            "group: apps, kind: Deployment, jsonPointers: [/spec/replicas]",
            "group: \"*\", kind: \"*\", jqPathExpressions: [.spec.replicas]",
            "group: apps, kind: Deployment, name: web, managedFieldsManagers: [kube-controller-manager]",
        ] {
            assert!(ignores(entry), "{entry}");
        }
        for entry in [
            "group: apps, kind: StatefulSet, jsonPointers: [/spec/replicas]",
            "group: apps, kind: Deployment, name: api, jsonPointers: [/spec/replicas]",
            "group: apps, kind: Deployment, jsonPointers: [/spec/template]",
        ] {
            assert!(!ignores(entry), "{entry}");
        }
    }

    #[test]
    fn flux_applies_until_it_is_suspended() {
        let flux = |spec: &str| {
            let kind = "apiVersion: kustomize.toolkit.fluxcd.io/v1, kind: Kustomization";
            with(&format!("{{{kind}, spec: {{path: ./apps, {spec}}}}}"), |one, _| (one.syncs_by_itself(), one.forces()))
        };
        assert_eq!(flux("prune: true"), (true, false));
        assert_eq!(flux("suspend: true"), (false, false));
        assert_eq!(flux("force: true"), (true, true));
    }
}
