//! What becomes of the variables of a container.

use std::collections::HashMap;

use crate::check::Hit;
use crate::params::Params;
use crate::release::Container;
use crate::release::config::environment::{Setting, Source, Variable};
use crate::release::field::is_filled_in;
use crate::source::Span;

/// Names that a message lists before it says how many more there are.
const LISTED: usize = 3;

/// A variable with several values, of which one counts.
pub(super) fn shadowed(container: Container<'_>, _: &Params) -> Vec<Hit> {
    let environment = container.environment();
    let mut groups: Vec<Overridden<'_, '_>> = Vec::new();
    let mut pairs: HashMap<(&str, Span, Span), usize> = HashMap::new();
    for variable in environment.variables() {
        for loser in variable.shadowed() {
            let Some(case) = compare(variable.winner(), loser) else { continue };
            let pair = (case, variable.winner().at, loser.at);
            let several = is_whole(variable.winner()) && is_whole(loser);
            match pairs.get(&pair).filter(|_| several) {
                Some(group) => groups[*group].variables.push(variable),
                None => {
                    pairs.insert(pair, groups.len());
                    groups.push(Overridden { case, loser, variables: vec![variable] });
                }
            }
        }
    }
    groups.iter().map(Overridden::hit).collect()
}

/// The case, where both values can be seen. Nobody waits for an empty text to have an effect.
fn compare(winner: &Setting<'_>, loser: &Setting<'_>) -> Option<&'static str> {
    let (value, lost) = (winner.value.known()?, loser.value.known().filter(|lost| !lost.is_empty())?);
    Some(if value == lost { "equal" } else { "different" })
}

/// Whether a whole ConfigMap or Secret comes in at that place.
fn is_whole(setting: &Setting<'_>) -> bool {
    matches!(setting.source, Source::All(..))
}

/// Variables for which one place of the pod template overrides one source.
struct Overridden<'e, 'a> {
    case: &'static str,
    loser: &'e Setting<'a>,
    variables: Vec<&'e Variable<'a>>,
}

impl Overridden<'_, '_> {
    fn hit(&self) -> Hit {
        let (winner, loser) = (self.variables[0].winner(), self.loser);
        let message = match (self.variables.as_slice(), self.case) {
            ([variable], "equal") => {
                format!("{} has the same value from {} already: one of the two is enough", variable.name, loser.source)
            }
            ([variable], _) => {
                let (value, lost) = (winner.shown(&variable.name), loser.shown(&variable.name));
                format!(
                    "{} is {value}, from {}: {lost} from {} has no effect",
                    variable.name, winner.source, loser.source
                )
            }
            (several, "equal") => {
                format!(
                    "{} have the same values from {} already",
                    names(several.iter().map(|one| &*one.name)),
                    loser.source
                )
            }
            (several, _) => format!(
                "{} come from {}: the other values from {} have no effect",
                names(several.iter().map(|one| &*one.name)),
                winner.source,
                loser.source
            ),
        };
        Hit::new(self.case, winner.at, message).related(loser.written, "overridden")
    }
}

/// `A, B, C and 4 more`
fn names<'n>(names: impl ExactSizeIterator<Item = &'n str>) -> String {
    let more = names.len().saturating_sub(LISTED);
    let listed = names.take(LISTED).collect::<Vec<_>>().join(", ");
    if more == 0 { listed } else { format!("{listed} and {more} more") }
}

/// The first version that takes any printable name.
const RELAXED: u8 = 32;

/// A name that Kubernetes does not take, or that no shell can read.
pub(super) fn name_invalid(container: Container<'_>, _: &Params) -> Vec<Hit> {
    let kube_minor = container.workload().releases().kube_minor;
    let own = container.field().get("env").items().map(|item| item.get("name"));
    let prefixes = container.field().get("envFrom").items().map(|item| item.get("prefix"));
    let mut hits: Vec<_> = own
        .filter_map(|name| judge_name(name.string()?, name.place(), kube_minor))
        .chain(prefixes.filter_map(|prefix| refused(prefix.string()?, prefix.place(), kube_minor)))
        .collect();
    hits.extend(from_sources(container, kube_minor));
    hits
}

fn judge_name(name: &str, place: Span, kube_minor: u8) -> Option<Hit> {
    let unreadable = || {
        let message =
            format!("no shell can read a variable named {name}: only letters, digits and _ make a name there");
        (!is_shell_name(name) && !is_filled_in(name)).then(|| Hit::new("unreadable", place, message))
    };
    refused(name, place, kube_minor).or_else(unreadable)
}

fn refused(name: &str, place: Span, kube_minor: u8) -> Option<Hit> {
    if name.is_empty() || is_filled_in(name) || is_accepted(name, kube_minor) {
        return None;
    }
    let message = if is_accepted(name, RELAXED) {
        format!(
            "{name:?} is no name of a variable in Kubernetes 1.{kube_minor}: it takes such names from 1.{RELAXED} on"
        )
    } else {
        format!("{name:?} is no name of a variable: the API server refuses it")
    };
    Some(Hit::new("refused", place, message))
}

/// Keys that `envFrom` makes variables of, source by source.
fn from_sources(container: Container<'_>, kube_minor: u8) -> Vec<Hit> {
    let environment = container.environment();
    let mut groups: Vec<(&'static str, Setting<'_>, Vec<&str>)> = Vec::new();
    let mut known: HashMap<(&str, Span), usize> = HashMap::new();
    for variable in environment.variables() {
        let case = match &*variable.name {
            name if !is_accepted(name, kube_minor) => "skipped",
            name if !is_shell_name(name) => "unreadable",
            _ => continue,
        };
        for setting in variable.settings().iter().filter(|setting| is_whole(setting)) {
            let group = *known.entry((case, setting.at)).or_insert(groups.len());
            if group == groups.len() {
                groups.push((case, *setting, Vec::new()));
            }
            groups[group].2.push(&variable.name);
        }
    }
    let hits = groups.into_iter().map(|(case, setting, found)| {
        let found = names(found.into_iter());
        let message = match case {
            "skipped" => format!(
                "{found} of {} cannot name a variable in Kubernetes 1.{kube_minor}: the container starts without it",
                setting.source
            ),
            _ => {
                format!("no shell can read {found} of {}: only letters, digits and _ make a name there", setting.source)
            }
        };
        Hit::new(case, setting.at, message).related(setting.written, "the key")
    });
    hits.collect()
}

/// `IsEnvVarName` and, from 1.32 on, `IsRelaxedEnvVarName` of Kubernetes'
/// `apimachinery/pkg/util/validation`.
fn is_accepted(name: &str, kube_minor: u8) -> bool {
    if kube_minor >= RELAXED {
        return name.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b'=');
    }
    let is_letter = |byte: u8| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'.' | b'_');
    name.bytes().enumerate().all(|(at, byte)| is_letter(byte) || (at > 0 && byte.is_ascii_digit()))
}

/// What a shell takes for a name.
fn is_shell_name(name: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_';
    name.bytes().enumerate().all(|(at, byte)| is_letter(byte) || (at > 0 && byte.is_ascii_digit()))
}
