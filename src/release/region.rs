//! What stands around an object, and whether that explains every Pod of its namespace.

use std::collections::{HashMap, HashSet};

use super::scope::Scope;
use super::traffic::service::Service;
use super::{Object, Releases, Workload};
use crate::knowledge::{is_harmless_group, schema};

/// What stands in each region: a release, or in the directory tree a directory with all that
/// is below. Worked out once, so that asking costs nothing however many ask.
#[derive(Debug, Default)]
pub(super) struct Regions {
    /// By release, directory and namespace.
    inhabitants: HashMap<(usize, String, Namespace), Inhabitants>,
    /// Regions with a custom resource that some operator may turn into Pods.
    operated: HashSet<(usize, String)>,
}

/// A namespace as a reference sees it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Namespace {
    /// That of the objects that name it.
    Named(String),
    /// That of the objects that name none.
    Unnamed,
    /// Any: what an object sees that names none, for it may come to stand in each.
    Any,
}

/// What objects of one namespace in one region are there.
#[derive(Clone, Copy, Debug, Default)]
struct Inhabitants {
    /// A whole workload whose Pods stay.
    workload: bool,
    /// A fragment of a workload that stands nowhere as a whole.
    fragment: bool,
    /// A Service with a selector.
    service: bool,
}

impl Inhabitants {
    fn and(self, other: Self) -> Self {
        Self {
            workload: self.workload || other.workload,
            fragment: self.fragment || other.fragment,
            service: self.service || other.service,
        }
    }
}

impl Regions {
    pub(super) fn of<'a>(releases: &'a Releases<'a>) -> Self {
        let mut regions = Self::default();
        let whole: HashSet<_> =
            releases.objects().iter().filter(|object| is_whole(releases, object)).map(identity).collect();
        for object in releases.objects() {
            let here = inhabitants(releases, object, &whole);
            let may_make_pods = may_make_pods(object);
            for directory in regions_of(releases, object) {
                if may_make_pods {
                    regions.operated.insert((object.release, directory.to_string()));
                }
                let named = match releases.namespace_of(object) {
                    Some(namespace) => Namespace::Named(namespace.to_string()),
                    None => Namespace::Unnamed,
                };
                for namespace in [named, Namespace::Any] {
                    let key = (object.release, directory.to_string(), namespace);
                    let known = regions.inhabitants.entry(key).or_default();
                    *known = known.and(here);
                }
            }
        }
        regions
    }

    /// What an object sees of its namespace in a region: an unnamed namespace may be any, and
    /// any may be an unnamed one.
    fn seen_by(&self, releases: &Releases<'_>, object: &Object<'_>, directory: &str) -> Inhabitants {
        let seen = |namespace| {
            let key = (object.release, directory.to_string(), namespace);
            self.inhabitants.get(&key).copied().unwrap_or_default()
        };
        match releases.namespace_of(object) {
            Some(namespace) => seen(Namespace::Named(namespace.to_string())).and(seen(Namespace::Unnamed)),
            None => seen(Namespace::Any),
        }
    }
}

fn inhabitants<'a>(releases: &'a Releases<'a>, object: &'a Object<'a>, whole: &HashSet<(&str, &str)>) -> Inhabitants {
    let workload = releases.workload(object).filter(|_| !object.is_helm_test());
    Inhabitants {
        workload: workload.is_some_and(|workload| workload.is_complete() && !workload.kind().finishes()),
        fragment: workload.is_some_and(|workload| !workload.is_complete()) && !whole.contains(&identity(object)),
        service: Service::of(releases, object).is_some_and(|service| service.selector().is_some()),
    }
}

fn is_whole<'a>(releases: &'a Releases<'a>, object: &'a Object<'a>) -> bool {
    object.name.is_some() && releases.workload(object).is_some_and(|workload: Workload<'_>| workload.is_complete())
}

fn identity<'a>(object: &Object<'a>) -> (&'a str, &'a str) {
    (object.kind, object.name.unwrap_or_default())
}

/// The directories whose region an object stands in: in the directory tree its own and all
/// above, the root among them; in a closed scope there is one region only.
pub(super) fn regions_of<'a>(releases: &Releases<'_>, object: &Object<'a>) -> Vec<&'a str> {
    let mut regions = vec![""];
    if releases.release_of(object).scope == Scope::Open {
        let directory = object.directory();
        regions.extend(directory.match_indices('/').map(|(at, _)| &directory[..at]).filter(|above| !above.is_empty()));
        regions.extend(Some(directory).filter(|directory| !directory.is_empty()));
    }
    regions
}

impl<'a> Releases<'a> {
    /// Whether the Pods of an object's namespace are known as far as its surroundings go: at
    /// least one whole workload makes some, and nothing may make others. The surroundings
    /// are its scope, and in the directory tree its own directory and what is below.
    #[must_use]
    pub fn pods_are_all_known(&'a self, object: &Object<'_>) -> bool {
        let directory = match self.release_of(object).scope {
            Scope::Closed => "",
            Scope::Open => object.directory(),
        };
        let seen = self.regions().seen_by(self, object, directory);
        let is_operated = self.regions().operated.contains(&(object.release, directory.to_string()));
        seen.workload && !seen.fragment && !is_operated
    }

    /// Whether a custom resource in its surroundings may make workloads.
    #[must_use]
    pub fn may_be_operated(&'a self, object: &Object<'_>) -> bool {
        let operated = &self.regions().operated;
        operated.contains(&(object.release, self.region_of(object).to_string()))
    }

    /// Whether the scope of an object holds a Service with a selector for its namespace.
    #[must_use]
    pub fn has_services(&'a self, object: &Object<'_>) -> bool {
        self.regions().seen_by(self, object, "").service
    }
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
    use crate::release::manifests::read;

    const WORKLOAD: &str = "spec: {template: {spec: {containers: [{name: web, image: web}]}}}";

    /// Whether the pods of the first object's namespace are known.
    fn known(scope: Scope, objects: &[(&str, String)]) -> bool {
        let files: Vec<_> = objects.iter().map(|(path, text)| (*path, text.as_str())).collect();
        read(scope, &files, |releases| releases.pods_are_all_known(&releases.objects()[0]))
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
