//! What the Pods of a hook need to be there when they start.

use super::field::Field;
use super::workload::Workload;

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

impl<'a> Need<'a> {
    fn read(kind: &'static str, reference: Field<'a>, key: &str) -> Option<Self> {
        let field = reference.get(key);
        let optional = reference.get("optional").bool_or(false).value() != Some(false);
        field.string().map(|name| Self { kind, name, optional, field })
    }
}

impl<'a> Workload<'a> {
    /// What its Pods need, each object once: a place where it is not optional goes first.
    #[must_use]
    pub fn needs(self) -> Vec<Need<'a>> {
        let spec = self.pod_spec();
        let mut needs: Vec<_> =
            self.containers().iter().flat_map(|container| of_container(container.field())).collect();
        needs.extend(spec.get("volumes").items().flat_map(of_volume));
        let account = Need::read("ServiceAccount", spec, "serviceAccountName");
        needs.extend(account.or_else(|| Need::read("ServiceAccount", spec, "serviceAccount")));
        needs.retain(|need| (need.kind, need.name) != ("ServiceAccount", "default") && !need.name.is_empty());
        needs.sort_by_key(|need| (need.kind, need.name, need.optional));
        needs.dedup_by_key(|need| (need.kind, need.name));
        needs.sort_by_key(|need| need.field.place());
        needs
    }
}

fn of_container(container: Field<'_>) -> Vec<Need<'_>> {
    let sources = container
        .get("envFrom")
        .items()
        .flat_map(|source| [("ConfigMap", source.get("configMapRef")), ("Secret", source.get("secretRef"))]);
    let variables = container.get("env").items().flat_map(|variable| {
        let from = variable.get("valueFrom");
        [("ConfigMap", from.get("configMapKeyRef")), ("Secret", from.get("secretKeyRef"))]
    });
    sources.chain(variables).filter_map(|(kind, reference)| Need::read(kind, reference, "name")).collect()
}

fn of_volume(volume: Field<'_>) -> Vec<Need<'_>> {
    let plain = [
        Need::read("ConfigMap", volume.get("configMap"), "name"),
        Need::read("Secret", volume.get("secret"), "secretName"),
        Need::read("PersistentVolumeClaim", volume.get("persistentVolumeClaim"), "claimName"),
    ];
    let projected = volume.at(&["projected", "sources"]).items().flat_map(|source| {
        let sources = [("ConfigMap", source.get("configMap")), ("Secret", source.get("secret"))];
        sources.map(|(kind, reference)| Need::read(kind, reference, "name"))
    });
    plain.into_iter().chain(projected).flatten().collect()
}

#[cfg(test)]
mod tests {
    use crate::release::{Object, Release, Releases, Scope};
    use crate::source::Sources;
    use crate::syntax::yaml;

    fn needs(spec: &str) -> Vec<String> {
        let text = format!("{{apiVersion: batch/v1, kind: Job, spec: {{template: {{spec: {spec}}}}}}}");
        let id = Sources::default().add("x", &text);
        let documents = yaml::parse(id, &text, &yaml::split(&text)[0]).unwrap();
        let mut releases = Releases::new(33, Vec::new());
        releases.add(Release::new("", Scope::Closed), Object::read(documents[0].root(), "x", false));
        let needs = releases.workload(&releases.objects()[0]).unwrap().needs();
        needs
            .iter()
            .map(|need| format!("{} {}{}", need.kind, need.name, if need.optional { "?" } else { "" }))
            .collect()
    }

    fn container(container: &str) -> Vec<String> {
        needs(&format!("{{containers: [{container}]}}"))
    }

    #[test]
    fn every_form_is_read() {
        assert_eq!(
            container("{envFrom: [{configMapRef: {name: a}}, {secretRef: {name: b}}]}"),
            ["ConfigMap a", "Secret b"]
        );
        let from = "{env: [{name: X, valueFrom: {secretKeyRef: {name: a, key: k}}}, {name: Y, value: y}]}";
        assert_eq!(container(from), ["Secret a"]);
        let from = "{env: [{name: X, valueFrom: {configMapKeyRef: {name: a, key: k}}}]}";
        assert_eq!(container(from), ["ConfigMap a"]);
        assert_eq!(needs("{serviceAccountName: a}"), ["ServiceAccount a"]);
        assert_eq!(needs("{serviceAccount: a}"), ["ServiceAccount a"]);
        assert_eq!(needs("{serviceAccountName: default}"), Vec::<String>::new());
        let volumes = "[{configMap: {name: a}}, {secret: {secretName: b}}, {persistentVolumeClaim: {claimName: c}}]";
        assert_eq!(needs(&format!("{{volumes: {volumes}}}")), ["ConfigMap a", "Secret b", "PersistentVolumeClaim c"]);
        let projected = "[{projected: {sources: [{secret: {name: a}}, {configMap: {name: b, optional: true}}]}}]";
        assert_eq!(needs(&format!("{{volumes: {projected}}}")), ["Secret a", "ConfigMap b?"]);
    }

    #[test]
    fn an_object_is_needed_once_and_then_for_good() {
        let both =
            "{envFrom: [{secretRef: {name: a, optional: true}}, {secretRef: {name: a}}, {secretRef: {name: a}}]}";
        assert_eq!(container(both), ["Secret a"]);
        assert_eq!(container("{envFrom: [{secretRef: {name: a, optional: true}}]}"), ["Secret a?"]);
    }
}
