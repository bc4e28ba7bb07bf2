//! Configuration whose change reaches no running process.

use crate::check::Hit;
use crate::check::edit::{Edit, Fix, Safety, remove, set, written_here};
use crate::params::Params;
use crate::release::Workload;
use crate::syntax::yaml::Entry;

/// Variables come from an object whose change restarts nothing.
pub(super) fn missing(workload: Workload<'_>, _: &Params) -> Vec<Hit> {
    if !workload.kind().rolls_out() || workload.restarts_on_change() {
        return Vec::new();
    }
    let misplaced = workload.misplaced_checksums();
    if !misplaced.is_empty() {
        return misplaced.into_iter().map(|entry| has_no_effect(workload, entry)).collect();
    }
    // A database reads its variables when it is first set up, and a restart is no small thing.
    if workload.is_database() {
        return Vec::new();
    }
    let changeable = workload.changeable_config();
    let Some((first, object)) = changeable.first() else { return Vec::new() };
    let names: Vec<_> = changeable.iter().map(|(reference, _)| reference.title()).collect();
    let message = format!("variables come from {}, and a change of that restarts no Pod", names.join(", "));
    vec![Hit::new("untriggered", first.name.place(), message).related(object.place(), "changes under the same name")]
}

fn has_no_effect(workload: Workload<'_>, entry: Entry<'_>) -> Hit {
    let key = entry.key.text().unwrap_or_default();
    let message =
        format!("{key} has no effect on the {} itself: only a changed pod template restarts Pods", workload.kind());
    Hit::new("misplaced", entry.key.span(), message).fix(move_to_template(workload, entry))
}

fn move_to_template(workload: Workload<'_>, entry: Entry<'_>) -> Option<Fix> {
    let root = workload.object().root();
    written_here(root, &["metadata", "annotations"])?;
    written_here(root, &["spec", "template", "metadata"])?;
    let value = entry.value.document().text().get(entry.value.span().range())?;
    let path = ["spec", "template", "metadata", "annotations", entry.key.text()?];
    let edits: Option<Vec<Edit>> = remove(entry).and_then(|removal| Some(vec![removal, set(root, &path, value)?]));
    Fix::new(Safety::Safe, "move it to the pod template", edits)
}
