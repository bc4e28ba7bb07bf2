//! Requests of probes that the application answers otherwise than the prober thinks.

use crate::check::{Hit, Params};
use crate::release::config::datum::Value;
use crate::release::config::environment::{Environment, Variable};
use crate::release::pod::probe::{Handler, Probe};
use crate::release::{Container, Field};

/// The header of a request, by its name in any case.
fn header<'a>(request: Field<'a>, name: &str) -> Option<Field<'a>> {
    let mut headers = request.get("httpHeaders").items();
    headers.find(|header| header.get("name").string().is_some_and(|known| known.eq_ignore_ascii_case(name)))
}

/// The HTTP request of a probe.
fn request(probe: Probe<'_>) -> Option<Field<'_>> {
    match probe.handler()? {
        Handler::HttpGet(field) => Some(field),
        _ => None,
    }
}

/// The variables whose name ends in some words.
fn named<'e, 'a>(environment: &'e Environment<'a>, end: &'e str) -> impl Iterator<Item = &'e Variable<'a>> {
    environment.variables().iter().filter(move |variable| {
        let name = variable.name.to_ascii_uppercase();
        name.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with('_'))
    })
}

/// The kubelet asks for the Pod's address, and the application answers to listed hosts only.
pub(super) fn host_header(container: Container<'_>, _: &Params) -> Vec<Hit> {
    let addressed = |probe: &Probe<'_>| {
        let request = request(*probe);
        request.is_some_and(|request| header(request, "Host").is_none() && !request.get("host").exists())
    };
    let probes: Vec<_> = container.probes().filter(addressed).collect();
    let Some(first) = probes.first() else { return Vec::new() };
    let environment = container.environment();
    let Some(hosts) = named(&environment, "ALLOWED_HOSTS").next() else { return Vec::new() };
    let kinds = probes.iter().map(|probe| probe.kind().to_string()).collect::<Vec<_>>().join(", ");
    let setting = hosts.winner();
    let (case, what) = match setting.value {
        Value::Known(list) if admits_any(list) => return Vec::new(),
        // The application has more hosts of its own.
        Value::Known(list) if list.trim().is_empty() || is_addition(&hosts.name) => {
            ("unseen", format!("{} does not show whether that is admitted", hosts.name))
        }
        Value::Known(_) => ("listed", format!("{} does not admit it", hosts.name)),
        // `$(POD_IP)` and the like: somebody has thought of it.
        Value::Unknown("is filled in later" | "is set when the Pod starts") => return Vec::new(),
        Value::Unknown(reason) => ("unseen", format!("{}, which would have to admit it, {reason}", hosts.name)),
    };
    let message = format!("the {kinds} probe sends the Pod's address as Host, and {what}");
    vec![Hit::new(case, first.field().key_place(), message).related(setting.written, "the hosts that are admitted")]
}

/// `DJANGO_ADDITIONAL_ALLOWED_HOSTS`
fn is_addition(name: &str) -> bool {
    name.to_ascii_uppercase().split('_').any(|word| matches!(word, "ADDITIONAL" | "EXTRA"))
}

/// `*` anywhere in a list, however it is written.
fn admits_any(list: &str) -> bool {
    list.split(|letter: char| letter.is_whitespace() || matches!(letter, ',' | ';' | '[' | ']' | '"' | '\''))
        .any(|host| host == "*")
}

/// A redirect to another host counts as success: nobody looked at the application.
pub(super) fn redirect_vacuous(probe: Probe<'_>, _: &Params) -> Vec<Hit> {
    let Some((request, host)) = request(probe).and_then(|request| Some((request, header(request, "Host")?))) else {
        return Vec::new();
    };
    let forwarded = header(request, "X-Forwarded-Proto").and_then(|header| header.get("value").string());
    let is_https = request.get("scheme").string() == Some("HTTPS");
    if is_https || forwarded.is_some_and(|value| value.eq_ignore_ascii_case("https")) {
        return Vec::new();
    }
    let environment = probe.container().environment();
    let is_on = |variable: &&Variable<'_>| variable.winner().value.known().is_some_and(is_truthy);
    let Some(redirect) = named(&environment, "SSL_REDIRECT").find(is_on) else { return Vec::new() };
    let message = format!(
        "{} answers the {} probe with a redirect to https://{}, and a redirect to another host counts as success",
        redirect.name,
        probe.kind(),
        host.get("value").string().unwrap_or("the host"),
    );
    vec![Hit::only(host.place(), message).related(redirect.winner().written, "redirects")]
}

fn is_truthy(value: &str) -> bool {
    matches!(value.to_ascii_lowercase().as_str(), "1" | "true" | "yes" | "on" | "t" | "y")
}
