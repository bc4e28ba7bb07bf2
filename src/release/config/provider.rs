//! What provides ConfigMaps and Secrets: the objects themselves, the objects that a controller
//! makes them from, the generators of kustomizations, and the cluster.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::ConfigKind;
use super::datum::{Datum, Value};
use crate::knowledge::{self, ConfigProvider};
use crate::release::field::Field;
use crate::release::kustomize::{Generator, generators};
use crate::release::{Object, ObjectId, Releases};
use crate::syntax::yaml::Node;

/// Something that provides a ConfigMap or a Secret.
#[derive(Clone, Copy)]
pub struct Provider<'a> {
    /// The object.
    pub object: &'a Object<'a>,
    /// The generator, where the object is a kustomization.
    generator: Option<Generator<'a>>,
}

impl<'a> Provider<'a> {
    /// Whether it is the ConfigMap or the Secret itself.
    #[must_use]
    pub fn is_itself(&self) -> bool {
        self.object.group().is_empty()
    }

    /// Whether every change of the data changes the name, as Kustomize sees to.
    #[must_use]
    pub fn hashes_name(&self) -> bool {
        self.generator.is_some_and(Generator::hashes_name)
    }

    /// The keys; nothing where somebody else fills them in.
    fn data(&self) -> Option<Vec<Datum<'a>>> {
        if let Some(generator) = self.generator {
            return generator.data();
        }
        if self.object.is_patch || !self.is_itself() || is_filled_by_controller(self.object) {
            return None;
        }
        let is_secret = self.object.kind == ConfigKind::Secret.as_str();
        let sections = [("data", is_secret), ("stringData", false), ("binaryData", true)];
        let sections = sections.map(|(key, is_encoded)| entries(self.object.field().get(key), is_encoded));
        // One without data waits for somebody to fill it.
        Some(last_of_each_key(sections.concat())).filter(|data| !data.is_empty())
    }
}

/// Of a key that is there twice the last one counts, and `stringData` over `data`.
fn last_of_each_key(all: Vec<Datum<'_>>) -> Vec<Datum<'_>> {
    let mut data: Vec<Datum<'_>> = Vec::new();
    let mut index = HashMap::new();
    for datum in all {
        let at = *index.entry(datum.key).or_insert(data.len());
        if at == data.len() { data.push(datum) } else { data[at] = datum }
    }
    data
}

/// The keys of a section of a ConfigMap or a Secret. What stands in base64 is not looked into.
fn entries(section: Field<'_>, is_encoded: bool) -> Vec<Datum<'_>> {
    let entries = section.node().into_iter().flat_map(Node::entries);
    let data = entries.filter_map(|entry| {
        let value = match entry.value.text() {
            _ if is_encoded => Value::Unknown("is encoded"),
            Some(_) if entry.value.is_null() => Value::Unknown("is null"),
            Some(text) => Value::of(text),
            None => Value::Unknown("is no text"),
        };
        Some(Datum { key: entry.key.text()?, value, place: entry.key.span() })
    });
    data.collect()
}

/// Whether somebody else fills a ConfigMap or a Secret that stands here: the token controller,
/// OpenShift's CA injection, the operators that generate and copy Secrets.
fn is_filled_by_controller(object: &Object<'_>) -> bool {
    const MARKS: [&str; 5] =
        ["inject-trusted-cabundle", "inject-cabundle", "replicat", "reflector", "secret-generator"];
    let metadata = object.field().get("metadata");
    let keys = ["annotations", "labels"].into_iter().filter_map(|key| metadata.get(key).node()).flat_map(Node::entries);
    let mut keys = keys.filter_map(|entry| entry.key.text());
    object.root().string("type") == Some("kubernetes.io/service-account-token")
        || keys.any(|key| MARKS.iter().any(|mark| key.contains(mark)))
}

/// What a name of a ConfigMap or a Secret means to an object that refers to it.
pub struct Resolution<'a> {
    /// What provides it; several where equally near.
    pub providers: Vec<Provider<'a>>,
    /// Whether the cluster has it already.
    pub is_provided: bool,
    /// Another namespace of the same release in which it stands.
    pub elsewhere: Option<&'a str>,
    data: Option<Vec<Datum<'a>>>,
    index: HashMap<&'a str, usize>,
}

/// Whether a ConfigMap or a Secret has a key.
#[derive(Clone, Copy, Debug)]
pub enum KeyLookup<'a> {
    /// It has.
    There(Datum<'a>),
    /// It has not.
    Missing,
    /// Its keys are not known.
    Unknown,
}

impl KeyLookup<'_> {
    /// Whether the key is certainly not there.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Missing)
    }
}

impl<'a> Resolution<'a> {
    /// Looks a name up: in the release of `from` and then in the directory tree, the nearest
    /// first.
    #[must_use]
    pub fn of(releases: &'a Releases<'a>, from: &'a Object<'a>, kind: ConfigKind, name: &'a str) -> Self {
        let found = releases.nearest(from, |release| releases.providers().named(release, kind, name));
        let providers: Vec<_> = found.into_iter().filter_map(|id| provider(releases, id, kind, name)).collect();
        let in_cluster = kind == ConfigKind::ConfigMap && knowledge::is_cluster_configmap(name);
        let mut resolution = Self {
            is_provided: in_cluster || releases.is_provided(from, kind.as_str(), name),
            elsewhere: None,
            data: None,
            index: HashMap::new(),
            providers,
        };
        if resolution.providers.is_empty() {
            let named = releases.providers().named(from.release, kind, name);
            resolution.elsewhere = named.into_iter().find_map(|id| releases.objects()[id].namespace);
            resolution.is_provided |= releases.providers().is_affixed(from.release, kind, name);
        } else if !is_added_to(releases, from, kind, name) {
            resolution.read();
        }
        resolution
    }

    fn read(&mut self) {
        let Some(all) = self.providers.iter().map(Provider::data).collect::<Option<Vec<_>>>() else { return };
        let mut data: Vec<Datum<'a>> = Vec::new();
        for datum in all.into_iter().flatten() {
            match self.index.get(datum.key) {
                Some(at) if data[*at].value != datum.value => {
                    data[*at].value = Value::Unknown("is not the same everywhere");
                }
                Some(_) => {}
                None => {
                    self.index.insert(datum.key, data.len());
                    data.push(datum);
                }
            }
        }
        self.data = Some(data);
    }

    /// Whether it is nowhere in reach, and nobody is known to provide it.
    #[must_use]
    pub fn is_absent(&self) -> bool {
        self.providers.is_empty() && !self.is_provided
    }

    /// Every key, where all of them are known.
    #[must_use]
    pub fn data(&self) -> Option<&[Datum<'a>]> {
        self.data.as_deref()
    }

    /// The key that is most like one that is not there, if any is near.
    #[must_use]
    pub fn near_key(&self, key: &str) -> Option<&'a str> {
        let known = self.data.as_ref().filter(|data| data.len() <= MAX_COMPARED)?;
        let near = known.iter().map(|datum| datum.key).filter(|known| super::name::is_near(known, key));
        near.min_by_key(|known| strsim::damerau_levenshtein(known, key))
    }

    /// Looks a key up. Of objects that are equally near, one that has it is enough.
    #[must_use]
    pub fn key(&self, key: &str) -> KeyLookup<'a> {
        match (&self.data, self.index.get(key)) {
            (Some(data), Some(at)) => KeyLookup::There(data[*at]),
            (Some(_), None) => KeyLookup::Missing,
            (None, _) => KeyLookup::Unknown,
        }
    }
}

fn provider<'a>(releases: &'a Releases<'a>, id: ObjectId, kind: ConfigKind, name: &str) -> Option<Provider<'a>> {
    let object = &releases.objects()[id];
    let mut generators = generators(object).into_iter();
    let generator = generators.find(|generator| generator.kind == kind && generator.name() == Some(name));
    (generator.is_some() || !object.is_kustomization()).then_some(Provider { object, generator })
}

/// Whether Kustomize may add keys: a patch of that name, or a generator that merges into it.
fn is_added_to(releases: &Releases<'_>, from: &Object<'_>, kind: ConfigKind, name: &str) -> bool {
    releases.providers().additions.contains(&(from.release, kind, name.to_string()))
}

type Named = (usize, ConfigKind, String);
/// A release and, in the directory tree, a directory.
type Region = (usize, String, ConfigKind);

/// Who provides which ConfigMaps and Secrets, worked out once for all objects.
#[derive(Debug, Default)]
pub(in crate::release) struct Providers {
    named: HashMap<Named, Vec<ObjectId>>,
    additions: HashSet<Named>,
    regions: HashMap<Region, Vec<(String, ObjectId)>>,
    /// What kustomizations put before and after the names of their resources.
    affixes: BTreeSet<(String, String)>,
}

/// No more names than these are compared with one that is not there.
const MAX_COMPARED: usize = 512;
/// No more prefixes and suffixes than these are taken off a name that is not there.
const MAX_AFFIXES: usize = 64;

impl Providers {
    pub(in crate::release) fn of(releases: &Releases<'_>) -> Self {
        let mut providers = Self::default();
        for object in releases.objects() {
            for (kind, name) in provided_names(object) {
                let region = (object.release, releases.region_of(object).to_string(), kind);
                let known = providers.regions.entry(region).or_default();
                if known.len() <= MAX_COMPARED {
                    known.push((name.to_string(), object.id));
                }
                providers.named.entry((object.release, kind, name.to_string())).or_default().push(object.id);
                if object.is_patch {
                    providers.additions.insert((object.release, kind, name.to_string()));
                }
            }
            if object.is_kustomization() && providers.affixes.len() < MAX_AFFIXES {
                providers.affixes.extend(affix(object));
            }
            for generator in generators(object).into_iter().filter(|generator| generator.is_addition()) {
                let name = generator.name().unwrap_or_default().to_string();
                providers.additions.insert((object.release, generator.kind, name));
            }
        }
        providers
    }

    /// Whether a name is that of something that is there, with what a kustomization puts before
    /// or after it: some manifests refer to the result.
    fn is_affixed(&self, release: usize, kind: ConfigKind, name: &str) -> bool {
        let bare =
            self.affixes.iter().filter_map(|(prefix, suffix)| name.strip_prefix(&**prefix)?.strip_suffix(&**suffix));
        bare.into_iter().any(|bare| self.named.contains_key(&(release, kind, bare.to_string())))
    }

    fn named(&self, release: usize, kind: ConfigKind, name: &str) -> Vec<ObjectId> {
        self.named.get(&(release, kind, name.to_string())).cloned().unwrap_or_default()
    }
}

impl<'a> Releases<'a> {
    /// Of the ConfigMaps or Secrets that are applied together with `from`, one whose name is
    /// almost `name`.
    #[must_use]
    pub fn near_name(&'a self, from: &Object<'_>, kind: ConfigKind, name: &str) -> Option<(&'a str, &'a Object<'a>)> {
        let known = self.providers().regions.get(&(from.release, self.region_of(from).to_string(), kind))?;
        let known = Some(known).filter(|known| known.len() <= MAX_COMPARED)?;
        let near = known.iter().map(|(known, id)| (known.as_str(), &self.objects()[*id]));
        near.filter(|(_, object)| self.same_namespace(from, object))
            .filter(|(known, _)| super::name::is_near(known, name))
            .min_by_key(|(known, _)| strsim::damerau_levenshtein(known, name))
    }
}

/// What a kustomization puts before and after names, where it does.
fn affix(kustomization: &Object<'_>) -> Option<(String, String)> {
    let text = |key: &str| kustomization.root().string(key).unwrap_or_default().to_string();
    Some((text("namePrefix"), text("nameSuffix"))).filter(|(prefix, suffix)| !prefix.is_empty() || !suffix.is_empty())
}

/// The ConfigMaps and Secrets that an object provides.
fn provided_names<'a>(object: &Object<'a>) -> Vec<(ConfigKind, &'a str)> {
    match (object.group(), object.kind) {
        ("", "ConfigMap") => object.name.map(|name| (ConfigKind::ConfigMap, name)).into_iter().collect(),
        ("", "Secret") => object.name.map(|name| (ConfigKind::Secret, name)).into_iter().collect(),
        ("", _) => Vec::new(),
        _ if object.is_kustomization() => {
            generators(object).iter().filter_map(|generator| Some((generator.kind, generator.name()?))).collect()
        }
        _ => made_names(object),
    }
}

/// What a controller makes of an object.
fn made_names<'a>(object: &Object<'a>) -> Vec<(ConfigKind, &'a str)> {
    // An ExternalSecret that says so only generates values, and keeps them to itself.
    if object.root().at(&["spec", "target", "creationPolicy"]).and_then(Node::as_str) == Some("None") {
        return Vec::new();
    }
    let rows = knowledge::config_providers().filter(|row| row.group == object.group() && row.kind == object.kind);
    let (own, other): (Vec<_>, Vec<_>) = rows.partition(|row| row.path == "metadata.name");
    let named = |rows: Vec<ConfigProvider>| -> Vec<_> {
        let kind =
            |row: &ConfigProvider| if row.makes == "Secret" { ConfigKind::Secret } else { ConfigKind::ConfigMap };
        let names =
            |row: ConfigProvider| follow(object.field(), row.path).into_iter().map(move |name| (kind(&row), name));
        rows.into_iter().flat_map(names).collect()
    };
    let made = named(other);
    if made.is_empty() { named(own) } else { made }
}

/// The texts behind a path; `[]` after a key stands for every item.
fn follow<'a>(root: Field<'a>, path: &str) -> Vec<&'a str> {
    let step = |fields: Vec<Field<'a>>, step: &str| match step.strip_suffix("[]") {
        Some(key) => fields.into_iter().flat_map(|field| field.get(key).items()).collect(),
        None => fields.into_iter().map(|field| field.get(step)).collect(),
    };
    path.split('.').fold(vec![root], step).into_iter().filter_map(Field::string).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release::Scope;
    use crate::release::manifests::{object, pod, read};

    /// What provides a name for the first object: the path of each provider, and its keys.
    fn resolved(scope: Scope, files: &[(&str, &str)], kind: ConfigKind, name: &'static str) -> String {
        read(scope, files, |releases| {
            let releases = &*releases;
            let resolution = Resolution::of(releases, &releases.objects()[0], kind, name);
            let paths: Vec<_> = resolution.providers.iter().map(|provider| provider.object.path).collect();
            let keys = resolution.data().map(|data| data.iter().map(|datum| datum.key).collect::<Vec<_>>().join(" "));
            format!("{}: {}", paths.join(" "), keys.unwrap_or("?".to_string()))
        })
    }

    #[test]
    fn the_nearest_ones_provide() {
        let (web, own) = (pod(""), object("ConfigMap", "a", "data: {x: one}"));
        let other = object("ConfigMap", "a", "data: {y: two}");
        let (web, own, other) = (web.as_str(), own.as_str(), other.as_str());
        let a = |scope, files: &[(&str, &str)]| resolved(scope, files, ConfigKind::ConfigMap, "a");
        assert_eq!(a(Scope::Open, &[("p/w.yaml", web), ("p/c.yaml", own), ("q/c.yaml", other)]), "p/c.yaml: x");
        assert_eq!(
            a(Scope::Open, &[("p/w.yaml", web), ("r/c.yaml", own), ("q/c.yaml", other)]),
            "r/c.yaml q/c.yaml: x y"
        );
        assert_eq!(
            a(Scope::Closed, &[("p/w.yaml", web), ("p/c.yaml", own), ("q/c.yaml", other)]),
            "p/c.yaml q/c.yaml: x y"
        );
        assert_eq!(a(Scope::Open, &[("p/w.yaml", web)]), ": ?");
    }

    #[test]
    fn keys_are_known_where_nobody_else_fills_them() {
        let web = pod("");
        for (other, expected) in [
            (object("Secret", "s", "data: {a: QQ==}\nstringData: {b: b, a: c}"), "c.yaml: a b"),
            (object("Secret", "s", ""), "c.yaml: ?"),
            (object("Secret", "s", "type: kubernetes.io/service-account-token\ndata: {a: QQ==}"), "c.yaml: ?"),
            (object("ConfigMap", "s", "data: {a: a}"), ": ?"),
            ("{apiVersion: bitnami.com/v1alpha1, kind: SealedSecret, metadata: {name: s}}".to_string(), "c.yaml: ?"),
            ("{apiVersion: external-secrets.io/v1, kind: ExternalSecret, metadata: {name: x}, spec: {target: {name: s}}}".to_string(), "c.yaml: ?"),
            ("{apiVersion: external-secrets.io/v1, kind: ExternalSecret, metadata: {name: s}, spec: {target: {name: x}}}".to_string(), ": ?"),
            ("{apiVersion: external-secrets.io/v1, kind: ExternalSecret, metadata: {name: s}, spec: {target: {creationPolicy: None}}}".to_string(), ": ?"),
            ("{apiVersion: isindir.github.com/v1alpha3, kind: SopsSecret, metadata: {name: x}, spec: {secretTemplates: [{name: y}, {name: s}]}}".to_string(), "c.yaml: ?"),
            ("secretGenerator: [{name: s, literals: [a=1, \"b='2'\"], files: [c/d.txt, e=f]}]".to_string(), "c.yaml: a b d.txt e"),
            ("secretGenerator: [{name: s, envs: [.env]}]".to_string(), "c.yaml: ?"),
            ("secretGenerator: [{name: s, behavior: merge, literals: [a=1]}]".to_string(), "c.yaml: ?"),
        ] {
            let files = [("w.yaml", web.as_str()), ("c.yaml", other.as_str())];
            assert_eq!(resolved(Scope::Open, &files, ConfigKind::Secret, "s"), expected, "{other}");
        }
    }
}
