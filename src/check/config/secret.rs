//! Secrets where everybody can read them.

use crate::check::Hit;
use crate::knowledge::{is_stand_in, names_secret, secret_in};
use crate::params::Params;
use crate::release::{Object, Releases};
use crate::syntax::yaml::{Entry, Node};

/// A value of a ConfigMap that is secret by its name, or by what it holds.
pub(super) fn in_configmap<'a>(_: &'a Releases<'a>, object: &'a Object<'a>, _: &Params) -> Vec<Hit> {
    if !object.group().is_empty() || object.kind != "ConfigMap" {
        return Vec::new();
    }
    let data = object.field().get("data").node().into_iter().flat_map(Node::entries);
    data.filter_map(secret).collect()
}

fn secret(entry: Entry<'_>) -> Option<Hit> {
    let (key, value) = (entry.key.text()?, entry.value.as_str()?);
    // A key with a dot is a file's name, and a value of several lines a file.
    let is_value = !key.contains('.') && !value.trim().contains(['\n', ' ']);
    let what = if is_value && names_secret(key) && !is_stand_in(value) {
        format!("the value of {key} looks secret by its name")
    } else {
        format!("{key} holds {}", secret_in(value)?)
    };
    let message = format!("{what}: whoever may read ConfigMaps can read it, and so can whoever reads this file");
    Some(Hit::only(entry.key.span(), message))
}
