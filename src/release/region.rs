//! What stands around an object, and whether that explains every Pod of its namespace.

use super::scope::Scope;
use super::{Object, Releases, Workload};
use crate::knowledge::{is_harmless_group, schema};

impl<'a> Releases<'a> {
    /// Whether the Pods of an object's namespace are known as far as its surroundings go: at
    /// least one whole workload makes some, and nothing may make others. The surroundings
    /// are its scope, and in the directory tree its own directory and what is below.
    #[must_use]
    pub fn pods_are_all_known(&'a self, object: &Object<'_>) -> bool {
        let around = || self.around(object);
        let workloads = around().filter(|other| self.same_namespace(object, other) && !other.is_helm_test());
        let workloads: Vec<_> = workloads.filter_map(|other| self.workload(other)).collect();
        let brings_up = |workload: &Workload<'_>| workload.is_complete() && !workload.kind().finishes();
        workloads.iter().any(brings_up)
            && workloads.iter().all(|workload| workload.is_complete() || self.is_written_elsewhere(*workload))
            && !around().any(may_make_pods)
    }

    fn around(&'a self, object: &Object<'_>) -> impl Iterator<Item = &'a Object<'a>> {
        let directory = match self.release_of(object).scope {
            Scope::Closed => "",
            Scope::Open => object.directory(),
        };
        let directory = directory.to_string();
        self.objects_of(object.release).iter().filter(move |other| is_below(other.directory(), &directory))
    }

    /// Whether a fragment of a workload has its whole object in reach.
    fn is_written_elsewhere(&'a self, fragment: Workload<'a>) -> bool {
        let object = fragment.object();
        let twins = self.objects().iter().filter(|other| other.kind == object.kind && other.name == object.name);
        object.name.is_some() && twins.filter_map(|twin| self.workload(twin)).any(|twin| twin.is_complete())
    }
}

/// Whether a directory is another one, or below it.
fn is_below(directory: &str, top: &str) -> bool {
    top.is_empty() || directory.strip_prefix(top).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether an object is a custom resource that some operator may turn into Pods.
fn may_make_pods(object: &Object<'_>) -> bool {
    if schema::knows_group(object.api_version) {
        return false;
    }
    match object.group() {
        "monitoring.coreos.com" => !matches!(object.kind, "ServiceMonitor" | "PodMonitor" | "PrometheusRule" | "Probe"),
        "argoproj.io" => !matches!(object.kind, "Rollout" | "Application" | "AppProject"),
        group => !is_harmless_group(group),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release::Release;
    use crate::source::Sources;
    use crate::syntax::yaml;

    const WORKLOAD: &str = "spec: {template: {spec: {containers: [{name: web, image: web}]}}}";

    /// Whether the pods of the first object's namespace are known.
    fn known(scope: Scope, objects: &[(&str, String)]) -> bool {
        let id = Sources::default().add("x", "");
        let documents: Vec<_> =
            objects.iter().map(|(_, text)| yaml::parse(id, text, &yaml::split(text)[0]).unwrap()).collect();
        let read = documents.iter().zip(objects);
        let read = read.filter_map(|(document, (path, _))| Object::read(document[0].root(), path, false));
        let mut releases = Releases::new(33, Vec::new());
        releases.add(Release::new("", scope), read);
        releases.pods_are_all_known(&releases.objects()[0])
    }

    fn object(api_version: &str, kind: &str, rest: &str) -> String {
        format!("apiVersion: {api_version}\nkind: {kind}\n{rest}\n")
    }

    fn with(path: &'static str, other: String, scope: Scope) -> bool {
        let deployment = object("apps/v1", "Deployment", WORKLOAD);
        known(scope, &[("a/web.yaml", object("v1", "Service", "")), ("a/b/web.yaml", deployment), (path, other)])
    }

    #[test]
    fn workloads_below_are_needed() {
        let service = || object("v1", "Service", "");
        let deployment = || object("apps/v1", "Deployment", WORKLOAD);
        assert!(known(Scope::Open, &[("a/x.yaml", service()), ("a/b/x.yaml", deployment())]));
        assert!(!known(Scope::Open, &[("a/x.yaml", service()), ("ab/x.yaml", deployment())]));
        assert!(known(Scope::Closed, &[("a/x.yaml", service()), ("ab/x.yaml", deployment())]));
        assert!(!known(Scope::Closed, &[("a/x.yaml", service()), ("a/x.yaml", object("apps/v1", "Deployment", ""))]));
        assert!(!known(Scope::Closed, &[("a/x.yaml", service()), ("a/x.yaml", object("batch/v1", "Job", WORKLOAD))]));
    }

    #[test]
    fn custom_resources_may_make_more() {
        for (api_version, kind, harmless) in [
            ("v1", "ConfigMap", true),
            ("cert-manager.io/v1", "Certificate", true),
            ("monitoring.coreos.com/v1", "ServiceMonitor", true),
            ("monitoring.coreos.com/v1", "Prometheus", false),
            ("argoproj.io/v1alpha1", "Application", true),
            ("argoproj.io/v1alpha1", "Workflow", false),
            ("postgresql.cnpg.io/v1", "Cluster", false),
        ] {
            assert_eq!(with("a/c.yaml", object(api_version, kind, ""), Scope::Open), harmless, "{kind}");
        }
        assert!(with("b/c.yaml", object("postgresql.cnpg.io/v1", "Cluster", ""), Scope::Open));
        assert!(!with("b/c.yaml", object("postgresql.cnpg.io/v1", "Cluster", ""), Scope::Closed));
    }

    #[test]
    fn fragments_need_their_whole() {
        let fragment = |name: &str| object("apps/v1", "Deployment", &format!("metadata: {{name: {name}}}"));
        assert!(!with("a/c.yaml", fragment("api"), Scope::Open));
        let web = object("apps/v1", "Deployment", &format!("metadata: {{name: web}}\n{WORKLOAD}"));
        let objects = [("a/x.yaml", object("v1", "Service", "")), ("a/web.yaml", web), ("a/c.yaml", fragment("web"))];
        assert!(known(Scope::Open, &objects));
    }
}
