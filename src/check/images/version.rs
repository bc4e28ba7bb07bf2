//! Whether objects say which version they run, and the right one.

use crate::check::{Hit, Params};
use crate::release::pod::image::ImageName;
use crate::release::{Container, Field, Workload};

const VERSION: &str = "app.kubernetes.io/version";

/// Variables and labels that tell a version or a commit, by a part of their name.
const TOLD_BY: [&str; 9] =
    ["VERSION", "REVISION", "COMMIT", "GIT_SHA", "GIT_HASH", "GIT_REF", "BUILD_ID", "RELEASE", "IMAGE_TAG"];

fn labels(workload: Workload<'_>) -> [Field<'_>; 2] {
    [workload.object().field().get("metadata"), workload.pod_metadata()].map(|metadata| metadata.get("labels"))
}

/// Nothing says which version runs.
pub(super) fn missing(workload: Workload<'_>, _: &Params) -> Vec<Hit> {
    let tells = |name: &str| {
        let name = name.to_ascii_uppercase().replace(['-', '.'], "_");
        TOLD_BY.iter().any(|part| name.contains(part))
    };
    let labelled = labels(workload).into_iter().filter_map(Field::node).flat_map(|labels| labels.entries());
    let mut labelled = labelled.filter_map(|entry| entry.key.text());
    let in_environment = |container: Container<'_>| {
        let environment = container.environment();
        environment.variables().iter().any(|variable| tells(&variable.name)) || !environment.unseen().is_empty()
    };
    if !workload.is_judged() || labelled.any(tells) || workload.app_containers().any(in_environment) {
        return Vec::new();
    }
    let message = format!("neither a label {VERSION} nor a variable says which version runs");
    vec![Hit::only(workload.object().place(), message)]
}

/// The label says another version than the image's tag.
pub(super) fn mismatch(workload: Workload<'_>, _: &Params) -> Vec<Hit> {
    let mut containers = workload.app_containers();
    let (Some(container), None) = (containers.next(), containers.next()) else { return Vec::new() };
    let Some(image) = container.final_image().filter(|image| is_own(workload, *image)) else { return Vec::new() };
    let Some(tag) = image.tag.filter(|tag| is_version(tag)) else { return Vec::new() };
    let wrong = labels(workload).map(|labels| labels.get(VERSION)).into_iter().find_map(|label| {
        let version = label.string().filter(|version| is_version(version))?;
        (!is_same(version, tag)).then_some((label, version))
    });
    let hit = wrong.map(|(label, version)| {
        let message = format!("the label says {version}, and the image is {tag}");
        Hit::only(label.place(), message).related(container.field().get("image").place(), "the image")
    });
    hit.into_iter().collect()
}

/// Whether an image is the app that the labels are about, and no helper of another project.
fn is_own(workload: Workload<'_>, image: ImageName<'_>) -> bool {
    let last = image.repository.rsplit('/').next().unwrap_or(image.repository);
    let [own, _] = labels(workload);
    let names = [own.get("app.kubernetes.io/name").string(), workload.object().name];
    let words = |text| str::split(text, ['-', '_', '.']);
    names.into_iter().flatten().any(|name| words(name).any(|word| words(last).any(|other| word == other)))
}

/// `v1.2`, `1.2.3-rc1`: a tag or a label that numbers a version.
fn is_version(text: &str) -> bool {
    let text = text.strip_prefix('v').unwrap_or(text);
    text.starts_with(|first: char| first.is_ascii_digit()) && text.contains('.')
}

/// Whether a label and a tag say the same, a leading `v`, `_` for `+`, and what the tag adds or
/// leaves out at its end left aside.
fn is_same(label: &str, tag: &str) -> bool {
    let plain = |text: &str| text.strip_prefix('v').unwrap_or(text).replace(['+', '_'], "-");
    let (label, tag) = (plain(label), plain(tag));
    let goes_on = |whole: &str, start: &str| {
        whole.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '.']))
    };
    goes_on(&tag, &label) || goes_on(&label, &tag)
}

/// Roles of one app that run different builds of it.
pub(super) fn skew(workload: Workload<'_>, _: &Params) -> Vec<Hit> {
    let mut hits = Vec::new();
    for container in workload.app_containers().filter(|_| workload.is_judged()) {
        let Some(image) = container.final_image() else { continue };
        if let Some((other, theirs)) = workload.other_build(image) {
            let (own, theirs) = (image.version(), theirs.version());
            let message = format!("runs {own} of {}, and {} runs {theirs}", image.repository, other.title());
            hits.push(
                Hit::only(container.field().get("image").place(), message).related(other.place(), "the other role"),
            );
        }
    }
    hits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_and_tags_that_say_the_same() {
        for (label, tag) in
            [("1.2.3", "v1.2.3"), ("1.2.3", "1.2.3-alpine"), ("1.2.3", "1.2"), ("1.2.3+4", "1.2.3_4"), ("v1.2", "1.2")]
        {
            assert!(is_same(label, tag), "{label} {tag}");
        }
        assert!(!is_same("1.2.3", "1.2.4") && !is_same("1.2", "1.20"));
        assert!(is_version("v1.2") && !is_version("latest") && !is_version("12"));
    }
}
