//! The hooks of a release in their order, and what they find when they run.

use std::io::{self, Write};

use crate::lint::Workspace;
use crate::release::deploy::hook::{Hook, Moment, Runner};
use crate::release::deploy::order::{Found, Presence};
use crate::release::{Object, Workload, WorkloadKind};

/// Writes the hooks of a release that `wanted` asks for, numbered in the order in which they
/// run.
pub(super) fn write<'a>(
    workspace: &'a Workspace<'a>,
    release: usize,
    wanted: &impl Fn(&Object<'_>) -> bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let hooks = workspace.releases.hooks_in_order(release);
    let judged = hooks.iter().zip(1..).filter(|((_, _, object), _)| {
        wanted(object) && workspace.is_target(object.place()) && !workspace.reference_only.contains(&object.id)
    });
    let mut lines = judged.map(|((moment, hook, object), number)| {
        let does = does(&workspace.releases.workload(object), hook);
        let needs = needs(workspace.releases.workload(object), *moment, hook);
        let (order, title) = (hook.place_in_order(), object.title());
        let source = workspace.sources.get(object.place().source);
        let line = source.position(object.place().start).line;
        format!("  {number} {moment} {order} {title}: {does}{needs} [{}:{line}]", source.path())
    });
    let Some(first) = lines.next() else { return Ok(()) };
    writeln!(out, "hooks, in order\n{first}")?;
    lines.try_for_each(|line| writeln!(out, "{line}"))?;
    writeln!(out)
}

/// What the deploy does once it has created a hook.
fn does(workload: &Option<Workload<'_>>, hook: &Hook) -> &'static str {
    let ends = |workload: &Workload<'_>| matches!(workload.kind(), WorkloadKind::Job | WorkloadKind::Pod);
    match hook.runner {
        Runner::Helm if workload.as_ref().is_some_and(ends) => "waits for its end",
        Runner::Helm => "goes on once it is created",
        Runner::Argo => "waits at the end of the wave",
    }
}

/// `; needs ConfigMap web-config: not there yet on first install`
fn needs(workload: Option<Workload<'_>>, moment: Moment, hook: &Hook) -> String {
    let now = Hook { moments: vec![moment], ..hook.clone() };
    let found = workload.map(|workload| workload.found_at(&now)).unwrap_or_default();
    let words = |found: &Found<'_>| format!("; needs {}: {}", found.object.title(), presence(found.presence, moment));
    found.iter().map(words).collect()
}

fn presence(presence: Presence, moment: Moment) -> &'static str {
    match presence {
        Presence::There => "there",
        Presence::ByName => "there, by the order of names",
        Presence::Previous => "that of the previous release",
        Presence::NotYet if moment == Moment::PreInstall => "not there yet on first install",
        Presence::NotYet => "not there yet on the first deploy",
    }
}
