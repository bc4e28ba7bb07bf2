//! Variables that the user requires.

use crate::check::Hit;
use crate::params::Params;
use crate::release::config::environment::{Environment, Source, Unseen};
use crate::release::config::requirement::Requirement;
use crate::release::{Container, Workload};

/// A required variable that is not there, empty, or refused by the schema.
pub(super) fn missing(workload: Workload<'_>, _: &Params) -> Vec<Hit> {
    let required = workload.releases().required.iter().filter(|requirement| requirement.fits(workload));
    required.flat_map(|requirement| judge(workload, requirement)).collect()
}

fn judge(workload: Workload<'_>, requirement: &Requirement) -> Vec<Hit> {
    let containers = requirement.containers(workload);
    let environments: Vec<_> = containers.iter().map(|container| (*container, container.environment())).collect();
    let mut keys: Vec<_> = requirement.keys.clone();
    let mut hits = Vec::new();
    for (container, environment) in &environments {
        for refusal in requirement.refusals(environment) {
            match refusal.variable {
                Some(name) if refusal.is_missing => {
                    if !keys.contains(&name) {
                        keys.push(name);
                    }
                }
                variable => hits.push(refused(*container, environment, variable.as_deref(), &refusal.message)),
            }
        }
    }
    keys.iter().filter_map(|key| absent(key, &environments)).chain(hits).collect()
}

fn refused(container: Container<'_>, environment: &Environment<'_>, variable: Option<&str>, message: &str) -> Hit {
    match variable.and_then(|name| environment.get(name)) {
        Some(variable) => {
            let winner = variable.winner();
            let message = format!("{} from {} is refused by the schema: {message}", variable.name, winner.source);
            Hit::new("refused", winner.at, message).related(winner.written, "the value")
        }
        None => {
            Hit::new("refused", container.field().place(), format!("the schema refuses the environment: {message}"))
        }
    }
}

/// A variable that none of the containers has with a value.
fn absent(key: &str, environments: &[(Container<'_>, Environment<'_>)]) -> Option<Hit> {
    let settings = environments.iter().filter_map(|(_, environment)| Some(*environment.get(key)?.winner()));
    let settings: Vec<_> = settings.collect();
    let (first, _) = environments.first()?;
    if settings.iter().any(|setting| setting.value.known() != Some("")) {
        return None;
    }
    let mut unseen = environments.iter().flat_map(|(_, environment)| environment.may_set(key));
    if let Some(Unseen { reference, reason, .. }) = unseen.next().filter(|_| settings.is_empty()) {
        let message = format!("whether {key} is set cannot be seen: {} {reason}", reference.title());
        return Some(Hit::new("unseen", reference.name.place(), message));
    }
    Some(match settings.first() {
        Some(setting) => {
            let message = format!("{key} is required, and its value from {} is empty", setting.source);
            Hit::new("empty", setting.at, message).related(setting.written, "the value")
        }
        None => {
            let message = format!("{key} is required, and nothing sets it: {}", looked_at(environments));
            Hit::new("missing", first.field().place(), message)
        }
    })
}

/// "looked at env, ConfigMap web"
fn looked_at(environments: &[(Container<'_>, Environment<'_>)]) -> String {
    let mut sources: Vec<String> = Vec::new();
    for variable in environments.iter().flat_map(|(_, environment)| environment.variables()) {
        for setting in variable.settings() {
            let source = match setting.source {
                Source::Env | Source::Pod | Source::Key(..) => "env".to_string(),
                source @ (Source::All(..) | Source::Image) => source.to_string(),
            };
            if !sources.contains(&source) {
                sources.push(source);
            }
        }
    }
    if sources.is_empty() { "there is no environment".to_string() } else { format!("looked at {}", sources.join(", ")) }
}
