//! Build arguments that are missing without anybody noticing.

use crate::check::edit::{Edit, Fix, Safety};
use crate::check::{Hit, Params};
use crate::knowledge::words_of;
use crate::release::BuildArgument;
use crate::release::build::guard::{Form, Guard, Verdict};
use crate::release::build::{Base, Declaration, Misplacement, Standing, UseKind};
use crate::source::Span;

/// Nothing fails when the argument is missing.
pub(super) fn unchecked(argument: BuildArgument<'_>, _: &Params) -> Vec<Hit> {
    let declaration = argument.unset_declaration().filter(|_| argument.standing() == Standing::Unchecked);
    let Some(declaration) = declaration else { return Vec::new() };
    let name = argument.name();
    // An empty default that is written says that nothing may be passed; a version it does not name.
    let is_meant = argument.default_of(declaration).is_some() && !is_version(name);
    let hit = match argument.kept_uses().next().filter(|_| !is_meant) {
        Some(kept) => {
            let message =
                format!("{name} has no default and no check: a build without it bakes an empty value into the image");
            Hit::new("reaches", declaration.span, message).related(kept.span, "baked in here")
        }
        None => {
            let message = format!("{name} has no default and no check: nothing notices when it is not passed");
            Hit::new("unchecked", declaration.span, message)
        }
    };
    vec![hit.fix(insert_check(argument, declaration))]
}

/// `RUN test -n "$X"` behind the `ARG`, where the stage has a shell.
fn insert_check(argument: BuildArgument<'_>, declaration: &Declaration) -> Option<Fix> {
    let name = argument.name();
    let stage = argument.build().stage(declaration.stage?)?;
    let has_shell = matches!(stage.base_image(), Base::Image(image) if !image.contains("distroless"));
    let check = Edit::replace(declaration.instruction.at_end(), format!("\nRUN test -n \"${name}\""));
    let edits = if has_shell { Some(vec![check]) } else { check_at_use(argument, declaration) };
    Fix::new(Safety::Unsafe, format!("fail when {name} is missing"), edits)
}

/// `${X:?missing}` in place of `$X`: the builder itself fails, and needs no shell for it.
fn check_at_use(argument: BuildArgument<'_>, declaration: &Declaration) -> Option<Vec<Edit>> {
    let name = argument.name();
    let used = argument.kept_uses().find(|used| used.stage == declaration.stage)?;
    let text = &argument.build().dockerfile.text[used.span.range()];
    let variables = [format!("${{{name}}}"), format!("${name}")];
    let (at, variable) = variables.iter().find_map(|variable| Some((text.find(variable.as_str())?, variable)))?;
    let goes_on = text[at + variable.len()..].starts_with(|next: char| next.is_ascii_alphanumeric() || next == '_');
    if goes_on && !variable.ends_with('}') {
        return None;
    }
    let (start, length) = (used.span.start + at as u32, variable.len() as u32);
    let place = Span::new(used.span.source, start, start + length);
    Some(vec![Edit::replace(place, format!("${{{name}:?missing}}"))])
}

/// A check that never fails, or only when the argument is unset.
pub(super) fn ineffective(argument: BuildArgument<'_>, _: &Params) -> Vec<Hit> {
    let Standing::Guarded(guard) = argument.standing() else { return Vec::new() };
    let case = match guard.verdict {
        Verdict::NeverFails => "ineffective",
        Verdict::Weak => "weak",
        _ => return Vec::new(),
    };
    let hit = Hit::new(case, guard.span, why(argument.name(), guard.form));
    vec![hit.fix(quote(guard.form, argument.name()))]
}

fn why(name: &str, form: Form) -> String {
    match form {
        Form::Unquoted(_) => {
            format!("without quotes this test is true when {name} is empty: it has one word then, and never fails")
        }
        Form::SingleQuoted(_) => format!("in single quotes this tests the text ${name} itself, and never fails"),
        Form::Exec => format!("no shell runs here, so this tests the text ${name} itself, and never fails"),
        Form::Question(_) => format!("this fails when {name} is unset, but not when it is empty: `:?` minds both"),
        Form::Nounset => format!("set -u fails when {name} is unset, but not when it is empty"),
        _ => format!("this notices that {name} is missing, and the build goes on all the same"),
    }
}

fn quote(form: Form, name: &str) -> Option<Fix> {
    match form {
        Form::Unquoted(span) => Fix::new(Safety::Safe, "put it in quotes", Some(Edit::quote(span))),
        Form::SingleQuoted(span) => {
            let quoted = vec![Edit::replace(span, format!("\"${name}\""))];
            Fix::new(Safety::Safe, "put it in double quotes", Some(quoted))
        }
        Form::Question(span) => {
            let colon = span.start + "${".len() as u32 + name.len() as u32;
            let edit = Edit::replace(Span::new(span.source, colon, colon), ":");
            Fix::new(Safety::Safe, "mind empty values, too", Some(vec![edit]))
        }
        _ => None,
    }
}

/// A check that fails when the argument is there.
pub(super) fn inverted(argument: BuildArgument<'_>, _: &Params) -> Vec<Hit> {
    let Standing::Guarded(guard) = argument.standing() else { return Vec::new() };
    if guard.verdict != Verdict::FailsEvenWhenSet {
        return Vec::new();
    }
    let name = argument.name();
    let (message, edits) = match guard.form {
        Form::Last(span) => (
            format!("the last command has status 1 when {name} is set, so the build fails whatever is passed"),
            Some(vec![Edit::replace(span, format!("test -n \"${name}\""))]),
        ),
        _ => (format!("this fails even when {name} is set: no build can pass"), None),
    };
    let fix = Fix::new(Safety::Unsafe, format!("write test -n \"${name}\""), edits);
    vec![Hit::only(guard.span, message).fix(fix)]
}

/// A check that stands where it counts for nothing.
pub(super) fn misplaced(argument: BuildArgument<'_>, _: &Params) -> Vec<Hit> {
    let Standing::Misplaced(Guard { span, .. }, why) = argument.standing() else { return Vec::new() };
    let name = argument.name();
    let stage = argument.build().stage_at(span).map(|stage| stage.title()).unwrap_or_default();
    let message = match why {
        Misplacement::BeforeArgument => format!("this check of {name} stands before its ARG, where it is never set"),
        Misplacement::Unreached => {
            format!("the target does not need stage {stage}, so this check of {name} never runs")
        }
        Misplacement::NotDeclared => {
            format!("stage {stage} does not declare {name}, so this check looks at something that is never set")
        }
        Misplacement::OnlyGlobal => {
            format!("the ARG before the first FROM is not seen in stage {stage}, so {name} is never set here")
        }
    };
    let hit = Hit::only(span, message).fix(redeclare(argument, span, why));
    let declared = argument.declarations().first().map(|it| it.span);
    vec![declared.into_iter().fold(hit, |hit, place| hit.related(place, "declared here"))]
}

/// `ARG X` in the stage of a check that does not know the argument.
fn redeclare(argument: BuildArgument<'_>, check: Span, why: Misplacement) -> Option<Fix> {
    let is_unknown = matches!(why, Misplacement::NotDeclared | Misplacement::OnlyGlobal);
    let stage = argument.build().stage_at(check).filter(|_| is_unknown)?;
    let name = argument.name();
    let edit = Edit::replace(stage.from().span.at_end(), format!("\nARG {name}"));
    Fix::new(Safety::Unsafe, format!("declare {name} in the stage"), Some(vec![edit]))
}

/// A use in a stage that knows only the argument before the first `FROM`.
pub(super) fn not_redeclared(argument: BuildArgument<'_>, _: &Params) -> Vec<Hit> {
    if argument.is_predefined() || matches!(argument.standing(), Standing::Misplaced(_, Misplacement::OnlyGlobal)) {
        return Vec::new();
    }
    let name = argument.name();
    let hits = argument.uses_without_declaration().filter_map(|used| {
        let stage = argument.build().stage(used.stage?)?;
        let declared = argument.declarations().first()?;
        let message =
            format!("the ARG before the first FROM is not seen in stage {}: {name} is empty here", stage.title());
        let edit = Edit::replace(stage.from().span.at_end(), format!("\nARG {name}"));
        let fix = Fix::new(Safety::Unsafe, format!("declare {name} in the stage"), Some(vec![edit]));
        Some(Hit::only(used.span, message).related(declared.span, "declared here").fix(fix))
    });
    hits.collect()
}

/// Whether a name promises to say what something was built from.
fn is_version(name: &str) -> bool {
    const VERSION: [&str; 10] =
        ["version", "tag", "commit", "sha", "hash", "revision", "rev", "release", "ref", "build"];
    words_of(name).last().is_some_and(|last| VERSION.contains(&last.as_str()))
}

/// A version whose default is none.
pub(super) fn placeholder_default(argument: BuildArgument<'_>, _: &Params) -> Vec<Hit> {
    const PLACEHOLDERS: [&str; 5] = ["unknown", "dev", "none", "latest", "local"];
    let placeholder = argument
        .declarations()
        .iter()
        .filter_map(|it| it.default.as_ref())
        .find(|default| PLACEHOLDERS.contains(&default.unquoted().to_ascii_lowercase().as_str()));
    // The tag of a base image is another matter.
    let in_from = argument.uses().iter().any(|used| matches!(used.kind, UseKind::From | UseKind::Needed));
    let Some(default) = placeholder.filter(|_| is_version(argument.name()) && !in_from) else { return Vec::new() };
    let (name, value) = (argument.name(), default.unquoted());
    vec![Hit::only(default.span, format!("a build that passes no {name} calls itself \"{value}\""))]
}
