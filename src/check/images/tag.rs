//! What the tag of an image promises.

use crate::check::{Hit, Params};
use crate::release::Container;

/// `latest`, written or not.
pub(super) fn latest(container: Container<'_>, _: &Params) -> Vec<Hit> {
    let Some(image) = container.final_image().filter(|image| image.is_latest()) else { return Vec::new() };
    let field = container.field().get("image");
    let is_written = container.image().is_some_and(|text| text.ends_with(":latest"));
    let how = if is_written { "the tag latest" } else { "no tag, which means latest" };
    let message = format!("{} has {how}: each node may run another program under this name", image.repository);
    vec![Hit::new(if container.is_local_image() { "local" } else { "latest" }, field.place(), message)]
}

/// The name of a branch or a stage.
pub(super) fn mutable(container: Container<'_>, _: &Params) -> Vec<Hit> {
    let Some(image) = container.final_image().filter(|image| image.is_mutable()) else { return Vec::new() };
    let message = format!("the tag {} is moved with every build: a revert deploys no other image", image.version());
    vec![Hit::only(container.field().get("image").place(), message)]
}

/// A tag alone.
pub(super) fn no_digest(container: Container<'_>, _: &Params) -> Vec<Hit> {
    let without = container.final_image().filter(|image| image.digest.is_none());
    let place = container.field().get("image").place();
    let hit = without.map(|image| {
        Hit::only(place, format!("the tag {} may be moved: only a digest means one image", image.version()))
    });
    hit.into_iter().collect()
}

/// A tag that is moved, and nodes that keep what they pulled once.
pub(super) fn pull_policy(container: Container<'_>, _: &Params) -> Vec<Hit> {
    let moved = container.final_image().filter(|image| image.is_latest() || image.is_mutable());
    let policy = container.pull_policy();
    let keeps = policy.value() == Some("IfNotPresent") && !container.is_local_image();
    let Some(image) = moved.filter(|_| keeps) else { return Vec::new() };
    let message = format!(
        "imagePullPolicy {policy} and the tag {}: a node that has an older image under it keeps that, and Pods of one \
         Deployment run different code",
        image.version()
    );
    vec![Hit::only(policy.span(), message)]
}
