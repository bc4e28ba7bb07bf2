//! Annotations of hooks that do not say what they mean.

use super::words::{annotate, annotation, meant, quote};
use crate::check::edit::{Fix, Safety};
use crate::check::{Hit, HookSubject, Params};
use crate::release::deploy::hook::{
    ARGO_DELETE, ARGO_HOOK, ARGO_WAVE, DeletePolicy, HELM_DELETE, HELM_HOOK, HELM_WEIGHT, Hook, Moment, Runner, atoi,
};
use crate::release::field::is_placeholder;
use crate::release::render::DroppedHook;
use crate::release::{Field, Object, Releases};

/// The text of an annotation that nobody fills in later.
fn text(field: Field<'_>) -> Option<&str> {
    field.node().filter(|node| !is_placeholder(*node)).and_then(|node| node.as_str())
}

/// An event that helm does not know, or a phase that Argo CD does not.
pub(super) fn value_invalid<'a>(releases: &'a Releases<'a>, subject: HookSubject<'a>, _: &Params) -> Vec<Hit> {
    let object = match subject {
        HookSubject::Object(object) => object,
        HookSubject::Dropped(hook) => return vec![dropped(hook)],
    };
    let runner = releases.runner_of(object);
    let helm = helm_value(object, runner);
    helm.into_iter().chain(argo_value(object, runner)).collect()
}

/// What helm has already left out of the manifests that it rendered.
fn dropped(hook: &DroppedHook) -> Hit {
    let unknown = hook.value.split(',').map(str::trim).find(|word| Moment::of_helm(word).is_none());
    let (release, word) = (&hook.release, unknown.unwrap_or(&hook.value));
    Hit::new(
        "helm",
        hook.place,
        format!("helm knows no hook \"{word}\", and dropped the whole manifest from release {release}"),
    )
}

fn helm_value(object: &Object<'_>, runner: Option<Runner>) -> Option<Hit> {
    let field = annotation(object, HELM_HOOK);
    let value = text(field)?;
    // Argo CD runs an object by its own annotation, where that has a word it knows.
    let by_own = runner == Some(Runner::Argo) && own_phases(object);
    let unknown = value.split(',').find(|word| Moment::of_helm(word).is_none());
    if let Some(word) = unknown {
        let message = format!("helm knows no hook \"{}\", and drops the whole manifest", word.trim());
        let fix = respelt(object, HELM_HOOK, value, Runner::Helm);
        return (!by_own && !is_kept_for_helm_2(object, word))
            .then(|| Hit::new("helm", field.place(), message).fix(fix));
    }
    let in_capitals =
        runner == Some(Runner::Argo) && !by_own && value.contains(|letter: char| letter.is_ascii_uppercase());
    let message = format!("Argo CD minds case and knows no hook \"{value}\": it never applies this object");
    let fix = annotate(object, HELM_HOOK, &value.to_ascii_lowercase(), Safety::Unsafe, "write it in small letters");
    in_capitals.then(|| Hit::new("argo", field.place(), message).fix(fix))
}

/// `crd-install` in a chart's `crds/`, where helm 3 reads no hooks and helm 2 did.
fn is_kept_for_helm_2(object: &Object<'_>, word: &str) -> bool {
    word.trim() == "crd-install" && object.directory().split('/').any(|directory| directory == "crds")
}

fn own_phases(object: &Object<'_>) -> bool {
    object.annotation(ARGO_HOOK).is_some_and(|value| value.split(',').any(|word| Moment::of_argo(word).is_some()))
}

fn argo_value(object: &Object<'_>, runner: Option<Runner>) -> Option<Hit> {
    let field = annotation(object, ARGO_HOOK);
    let value = text(field)?;
    let word = value.split(',').map(str::trim).find(|word| Moment::of_argo(word).is_none())?;
    let fix = respelt(object, ARGO_HOOK, value, Runner::Argo);
    let hook = runner.filter(|runner| *runner == Runner::Argo).and_then(|runner| Hook::read(object, runner));
    let runs = hook.map(|hook| hook.when()).filter(|when| !when.is_empty());
    let hit = match runs {
        Some(when) => Hit::new(
            "ignored",
            field.place(),
            format!("Argo CD knows no phase \"{word}\" and passes over it: {when} only"),
        ),
        None => {
            let message = format!("Argo CD knows no phase \"{word}\" (case counts): it never applies this object");
            Hit::new("argo", field.place(), message)
        }
    };
    Some(hit.fix(fix))
}

/// The fix that writes what is meant, where every unknown word is the misspelling of one.
fn respelt(object: &Object<'_>, key: &str, value: &str, runner: Runner) -> Option<Fix> {
    let known = |word: &str| match runner {
        Runner::Helm => Moment::of_helm(word).is_some(),
        Runner::Argo => Moment::of_argo(word).is_some(),
    };
    let words = value.split(',').map(str::trim).filter(|word| !word.is_empty());
    let words: Option<Vec<_>> =
        words.map(|word| if known(word) { Some(word) } else { meant(word, Moment::words(runner)) }).collect();
    let value = words.filter(|words| !words.is_empty())?.join(",");
    annotate(object, key, &value, Safety::Unsafe, &format!("write {value}"))
}

/// A weight or a wave that is no whole number in quotes.
pub(super) fn weight_invalid<'a>(_: &'a Releases<'a>, object: &'a Object<'a>, _: &Params) -> Vec<Hit> {
    let weights = annotation(object, HELM_HOOK).exists().then_some((HELM_WEIGHT, "weight", "helm takes it for 0"));
    let keys = weights.into_iter().chain([(ARGO_WAVE, "wave", "Argo CD passes over it")]);
    keys.filter_map(|(key, word, taken)| weight(annotation(object, key), word, taken)).collect()
}

fn weight(field: Field<'_>, word: &str, taken: &str) -> Option<Hit> {
    let node = field.node().filter(|node| !is_placeholder(*node))?;
    let written = node.text()?;
    match node.as_str() {
        Some(text) => {
            let message = format!("{word} \"{text}\" is no whole number: {taken}");
            atoi(text).is_none().then(|| Hit::new("garbage", field.place(), message))
        }
        None => {
            let message = format!(
                "{word} {written} has no quotes: an annotation must be a text, the API server refuses the object"
            );
            Some(Hit::new("unquoted", field.place(), message).fix(quote(field).filter(|_| atoi(written).is_some())))
        }
    }
}

/// A delete policy that is misspelt, lets an old hook stand in the way, or has no effect.
pub(super) fn delete_policy<'a>(releases: &'a Releases<'a>, object: &'a Object<'a>, _: &Params) -> Vec<Hit> {
    let runner = releases.runner_of(object);
    let families = [(HELM_DELETE, Runner::Helm), (ARGO_DELETE, Runner::Argo)];
    let written = families.into_iter().filter_map(|(key, family)| Some((key, family, text(annotation(object, key))?)));
    let is_hook = annotation(object, HELM_HOOK).exists() || annotation(object, ARGO_HOOK).exists();
    let mut hits = Vec::new();
    for (key, family, value) in written {
        let place = annotation(object, key).place();
        if !is_hook {
            hits.push(Hit::new("no-hook", place, "the object is no hook: this has no effect"));
            continue;
        }
        let unknown = |word: &&str| DeletePolicy::parse(word, family, runner.unwrap_or(family)).is_none();
        match value.split(',').map(str::trim).find(unknown) {
            Some(word) => hits.push(misspelt(object, (key, family, value), word, runner)),
            None => hits.extend(
                runner
                    .filter(|runner| *runner == family)
                    .and_then(|runner| stays(object, (key, family, value), runner)),
            ),
        }
    }
    hits
}

fn misspelt(
    object: &Object<'_>,
    (key, family, value): (&str, Runner, &str),
    word: &str,
    runner: Option<Runner>,
) -> Hit {
    let place = annotation(object, key).place();
    let fix = mended(object, (key, family, value));
    if runner == Some(Runner::Argo) {
        return Hit::new("ignored", place, format!("Argo CD knows no delete policy \"{word}\" and passes over it"))
            .fix(fix);
    }
    let message = format!(
        "helm knows no delete policy \"{word}\", and a value switches its default off: the next deploy meets the old hook"
    );
    Hit::new("unknown", place, message).fix(fix)
}

/// What is meant, and that the old hook is deleted first.
fn mended(object: &Object<'_>, (key, family, value): (&str, Runner, &str)) -> Option<Fix> {
    let known = DeletePolicy::words(family);
    let meant = value.split(',').map(|word| meant(word.trim(), known.into_iter()));
    let mut words: Vec<_> = meant.collect::<Option<_>>()?;
    if !words.contains(&known[0]) {
        words.insert(0, known[0]);
    }
    let value = words.join(",");
    annotate(object, key, &value, Safety::Unsafe, &format!("write {value}"))
}

/// A hook with a fixed name that is not deleted before it is created anew.
fn stays(object: &Object<'_>, (key, family, value): (&str, Runner, &str), runner: Runner) -> Option<Hit> {
    let policies = DeletePolicy::of(object, runner);
    let has = |policy| policies.contains(&policy);
    let runs = Hook::read(object, runner).is_some_and(|hook| hook.is_of_deploy());
    object.name.filter(|_| runs && !has(DeletePolicy::BeforeCreation))?;
    let is_awaited = matches!((object.group(), object.kind), ("batch", "Job") | ("", "Pod"));
    let (succeeded, failed) = (has(DeletePolicy::Succeeded), has(DeletePolicy::Failed));
    // What is no Job counts as done once it is created, so it is always deleted on success.
    let (case, stays) = match (succeeded, failed) {
        (true, _) if !is_awaited => return None,
        (true, true) => ("interrupted", "if a deploy is cut off, the old one stays"),
        (true, false) => ("stays", "one that failed stays"),
        (false, _) => ("stays", "one that succeeded stays"),
    };
    let word = DeletePolicy::words(family)[0];
    let then = match runner {
        Runner::Helm => format!("the next deploy finds that {} \"already exists\"", object.title()),
        Runner::Argo => format!("the next sync meets {} as it was left", object.title()),
    };
    let message = format!("no {word}: {stays}, and {then}");
    let added = format!("{word},{value}");
    let fix = annotate(object, key, &added, Safety::Unsafe, &format!("add {word}"));
    Some(Hit::new(case, annotation(object, key).place(), message).fix(fix))
}

/// Hooks of helm and of Argo CD side by side.
pub(super) fn mixed_systems<'a>(releases: &'a Releases<'a>, object: &'a Object<'a>, _: &Params) -> Vec<Hit> {
    let (helm, argo) = (annotation(object, HELM_HOOK), annotation(object, ARGO_HOOK));
    if let (Some(_), Some(_)) = (text(helm), text(argo)) {
        return on_one_object(object, helm, argo).into_iter().collect();
    }
    let Some(other) = releases.other_family(object).filter(|_| argo.exists()) else { return Vec::new() };
    let message = format!(
        "a hook of Argo CD, and {} beside it is one of helm: no tool runs both as they are meant",
        other.title()
    );
    vec![Hit::new("release", argo.place(), message).related(other.place(), "a hook of helm")]
}

fn on_one_object(object: &Object<'_>, helm: Field<'_>, argo: Field<'_>) -> Option<Hit> {
    let events = Hook::read(object, Runner::Helm)?;
    let phases = Hook::read(object, Runner::Argo)?;
    let mapped: Vec<_> = events.moments.iter().filter_map(|moment| moment.in_argo()).collect();
    let same = mapped.iter().all(|phase| phases.moments.contains(phase))
        && phases.moments.iter().all(|phase| mapped.contains(phase));
    let (case, then) = if same { ("same", "the same") } else { ("differ", "another time") };
    let message =
        format!("helm runs it on {}, Argo CD on {} by its own annotation: {then}", events.when(), phases.when());
    Some(Hit::new(case, argo.place(), message).related(helm.place(), "helm's annotation"))
}
