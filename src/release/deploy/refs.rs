//! What the Pods of a hook need to be there when they start.

use crate::release::field::Field;
use crate::release::workload::Workload;

/// An object that a pod template names.
#[derive(Clone, Copy)]
pub struct Need<'a> {
    /// `ConfigMap`, `Secret`, `PersistentVolumeClaim` or `ServiceAccount`.
    pub kind: &'static str,
    /// Its name.
    pub name: &'a str,
    /// Whether the Pods start without it, too.
    pub optional: bool,
    /// Where it is named.
    pub field: Field<'a>,
}

impl<'a> Workload<'a> {
    /// What its Pods need, each object once: a place where it is not optional goes first.
    #[must_use]
    pub fn needs(self) -> Vec<Need<'a>> {
        let config = self.config_references().into_iter().filter_map(|reference| {
            let (kind, name) = (reference.kind.as_str(), reference.target()?);
            Some(Need { kind, name, optional: reference.is_optional, field: reference.name })
        });
        let claims = self.claims().into_iter().map(|claim| Need {
            kind: "PersistentVolumeClaim",
            name: claim.name,
            optional: false,
            field: claim.field,
        });
        let mut needs: Vec<_> = config.chain(claims).chain(self.service_account()).collect();
        needs.sort_by_key(|need| (need.kind, need.name, need.optional));
        needs.dedup_by_key(|need| (need.kind, need.name));
        needs.sort_by_key(|need| need.field.place());
        needs
    }

    /// The service account, where its Pods name another one than that of every namespace.
    fn service_account(self) -> Option<Need<'a>> {
        let named = ["serviceAccountName", "serviceAccount"].map(|key| self.pod_spec().get(key));
        let field = named.into_iter().find(|field| field.exists())?;
        let name = field.string().filter(|name| !matches!(*name, "" | "default"))?;
        Some(Need { kind: "ServiceAccount", name, optional: false, field })
    }
}

#[cfg(test)]
mod tests {
    use crate::release::Scope;
    use crate::release::manifests::read;

    fn needs(spec: &str) -> Vec<String> {
        let text = format!("{{apiVersion: batch/v1, kind: Job, spec: {{template: {{spec: {spec}}}}}}}");
        read(Scope::Closed, &[("x", &text)], |releases| {
            let needs = releases.workload(&releases.objects()[0]).unwrap().needs();
            let titles =
                needs.iter().map(|need| format!("{} {}{}", need.kind, need.name, if need.optional { "?" } else { "" }));
            titles.collect()
        })
    }

    fn container(container: &str) -> Vec<String> {
        needs(&format!("{{containers: [{container}]}}"))
    }

    #[test]
    fn every_kind_is_needed() {
        assert_eq!(
            container("{envFrom: [{secretRef: {name: b}}, {configMapRef: {name: a}}]}"),
            ["Secret b", "ConfigMap a"]
        );
        assert_eq!(needs("{volumes: [{persistentVolumeClaim: {claimName: c}}]}"), ["PersistentVolumeClaim c"]);
        assert_eq!(needs("{serviceAccountName: a}"), ["ServiceAccount a"]);
        assert_eq!(needs("{serviceAccount: a}"), ["ServiceAccount a"]);
        assert_eq!(needs("{serviceAccountName: default}"), Vec::<String>::new());
    }

    #[test]
    fn an_object_is_needed_once_and_then_for_good() {
        let both =
            "{envFrom: [{secretRef: {name: a, optional: true}}, {secretRef: {name: a}}, {secretRef: {name: a}}]}";
        assert_eq!(container(both), ["Secret a"]);
        assert_eq!(container("{envFrom: [{secretRef: {name: a, optional: true}}]}"), ["Secret a?"]);
    }
}
