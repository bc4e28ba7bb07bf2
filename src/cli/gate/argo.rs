//! What Argo CD tells a plugin by its environment.

use std::collections::BTreeMap;
use std::ffi::OsString;

use serde::Deserialize;

use crate::cli::Failure;
use crate::config::{KUBE_MINORS, unknown};

/// Variables that an Application sets reach the plugin with this prefix.
const OF_APPLICATION: &str = "ARGOCD_ENV_SHIPWORTHY_";
/// The parameter that is a map of options; `shipworthy-fail-on` is one option.
const PARAMETER: &str = "shipworthy";

/// An Application whose manifests are rendered.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Argo {
    /// Its name, which is the release's.
    pub(super) app: String,
    /// The namespace of objects that name none.
    pub(super) namespace: Option<String>,
    /// The cluster's version of Kubernetes, or the nearest that is known.
    pub(super) kube_minor: Option<u8>,
    /// The options that it asks for.
    pub(super) wishes: Wishes,
}

/// Options that an Application may ask for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Wishes {
    pub(super) fail_on: Option<String>,
    pub(super) config: Option<String>,
    pub(super) kube_version: Option<String>,
    pub(super) select: Option<Vec<String>>,
    pub(super) ignore: Option<Vec<String>>,
}

/// One of `ARGOCD_APP_PARAMETERS`.
#[derive(Deserialize)]
struct Parameter {
    name: String,
    string: Option<String>,
    array: Option<Vec<String>>,
    map: Option<BTreeMap<String, String>>,
}

impl Argo {
    /// The Application, where Argo CD runs us. One that is locked out asks for nothing.
    pub(super) fn read(
        variables: impl Iterator<Item = (OsString, OsString)>,
        locked: bool,
    ) -> Result<Option<Self>, Failure> {
        let text = |(name, value): (OsString, OsString)| Some((name.into_string().ok()?, value.into_string().ok()?));
        let variables: BTreeMap<_, _> = variables.filter_map(text).collect();
        let set = |name: &str| variables.get(name).filter(|value| !value.is_empty()).cloned();
        let Some(app) = set("ARGOCD_APP_NAME") else {
            return Ok(None);
        };
        let wishes = if locked { Wishes::default() } else { Wishes::read(&variables)? };
        let kube_minor = set("KUBE_VERSION").as_deref().and_then(nearest_minor);
        Ok(Some(Self { app, namespace: set("ARGOCD_APP_NAMESPACE"), kube_minor, wishes }))
    }
}

impl Wishes {
    /// Parameters count more than variables: they are what the user interface sets.
    fn read(variables: &BTreeMap<String, String>) -> Result<Self, Failure> {
        let mut wishes = Self::default();
        for (name, value) in variables {
            if let Some(option) = name.strip_prefix(OF_APPLICATION) {
                wishes.set(name, &option.to_lowercase().replace('_', "-"), vec![value.clone()])?;
            }
        }
        let json = variables.get("ARGOCD_APP_PARAMETERS").map(|json| json.trim());
        let Some(json) = json.filter(|json| !json.is_empty() && *json != "null") else {
            return Ok(wishes);
        };
        // The text is not repeated: other tools' parameters may hold anything.
        let parameters: Vec<Parameter> = serde_json::from_str(json)
            .map_err(|_| Failure("ARGOCD_APP_PARAMETERS is no list of parameters".to_string()))?;
        for parameter in parameters {
            wishes.set_by(parameter)?;
        }
        Ok(wishes)
    }

    fn set_by(&mut self, parameter: Parameter) -> Result<(), Failure> {
        let values = parameter.array.unwrap_or_else(|| parameter.string.into_iter().collect());
        if let Some(option) = parameter.name.strip_prefix(PARAMETER).and_then(|rest| rest.strip_prefix('-')) {
            return self.set(&parameter.name, option, values);
        }
        if parameter.name != PARAMETER {
            return Ok(());
        }
        let map = parameter.map.into_iter().flatten();
        map.into_iter().try_for_each(|(option, value)| self.set(PARAMETER, &option, vec![value]))
    }

    /// Sets an option. An empty value asks for nothing: a user interface sends those.
    fn set(&mut self, said_by: &str, option: &str, values: Vec<String>) -> Result<(), Failure> {
        let names: Vec<_> =
            values.iter().flat_map(|value| value.split(',')).map(|name| name.trim().to_string()).collect();
        let names: Vec<_> = names.into_iter().filter(|name| !name.is_empty()).collect();
        if names.is_empty() {
            return Ok(());
        }
        match option {
            "fail-on" => self.fail_on = values.into_iter().next(),
            "config" => self.config = values.into_iter().next(),
            "kube-version" => self.kube_version = values.into_iter().next(),
            "select" => self.select = Some(names),
            "ignore" => self.ignore = Some(names),
            _ => {
                let known = ["fail-on", "config", "kube-version", "select", "ignore"];
                return Err(Failure(format!("{said_by}: {}", unknown("option", option, known.into_iter()))));
            }
        }
        Ok(())
    }
}

/// The minor version of `v1.33.2` or `1.33+`; a cluster is not wrong for being newer or older
/// than what is known.
fn nearest_minor(version: &str) -> Option<u8> {
    let rest = version.trim().trim_start_matches('v').strip_prefix("1.")?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    Some(digits.parse::<u8>().ok()?.clamp(*KUBE_MINORS.start(), *KUBE_MINORS.end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)], locked: bool) -> Result<Option<Argo>, String> {
        let variables = variables.iter().map(|(name, value)| (OsString::from(name), OsString::from(value)));
        Argo::read(variables, locked).map_err(|Failure(message)| message)
    }

    fn wishes(variables: &[(&str, &str)]) -> Wishes {
        let all: Vec<_> = variables.iter().copied().chain([("ARGOCD_APP_NAME", "shop")]).collect();
        read(&all, false).unwrap().unwrap().wishes
    }

    #[test]
    fn an_application_is_a_release() {
        let known = [("ARGOCD_APP_NAME", "shop"), ("ARGOCD_APP_NAMESPACE", "prod"), ("KUBE_VERSION", "v1.33.2")];
        let argo = read(&known, false).unwrap().unwrap();
        assert_eq!((argo.app.as_str(), argo.namespace.as_deref(), argo.kube_minor), ("shop", Some("prod"), Some(33)));
        assert_eq!(read(&known[1..], false), Ok(None));
    }

    #[test]
    fn a_cluster_may_be_newer_than_what_is_known() {
        let known = |version: &str| nearest_minor(version);
        assert_eq!(known("1.31+"), Some(31));
        assert_eq!((known("1.99"), known("1.12.3")), (Some(*KUBE_MINORS.end()), Some(*KUBE_MINORS.start())));
        assert_eq!((known("2.1"), known("")), (None, None));
    }

    #[test]
    fn an_application_asks_by_variables_and_by_parameters() {
        let asked = wishes(&[("ARGOCD_ENV_SHIPWORTHY_FAIL_ON", "warning"), ("ARGOCD_ENV_OTHER", "x")]);
        assert_eq!(asked.fail_on.as_deref(), Some("warning"));
        let json = r#"[{"name": "shipworthy", "map": {"fail-on": "never", "ignore": "images, pdb-missing"}},
                       {"name": "shipworthy-select", "array": ["rollout", "probes"]},
                       {"name": "shipworthy-config", "string": ""}, {"name": "values", "array": null}]"#;
        let asked = wishes(&[("ARGOCD_ENV_SHIPWORTHY_FAIL_ON", "warning"), ("ARGOCD_APP_PARAMETERS", json)]);
        assert_eq!(asked.fail_on.as_deref(), Some("never"));
        assert_eq!(asked.ignore, Some(vec!["images".to_string(), "pdb-missing".to_string()]));
        assert_eq!(asked.select, Some(vec!["rollout".to_string(), "probes".to_string()]));
        assert_eq!((asked.config, wishes(&[("ARGOCD_APP_PARAMETERS", "null")])), (None, Wishes::default()));
    }

    #[test]
    fn one_that_is_locked_out_asks_for_nothing() {
        let variables = [("ARGOCD_APP_NAME", "shop"), ("ARGOCD_ENV_SHIPWORTHY_FAIL_ON", "never")];
        assert_eq!(read(&variables, true).unwrap().unwrap().wishes, Wishes::default());
    }

    #[test]
    fn a_wish_that_is_not_understood_is_an_error() {
        let fault = |name: &str, value: &str| read(&[("ARGOCD_APP_NAME", "shop"), (name, value)], false).unwrap_err();
        let message = fault("ARGOCD_ENV_SHIPWORTHY_FAIL_ONN", "never");
        assert!(message.contains("ARGOCD_ENV_SHIPWORTHY_FAIL_ONN") && message.contains("fail-on"), "{message}");
        assert_eq!(fault("ARGOCD_APP_PARAMETERS", "{secret"), "ARGOCD_APP_PARAMETERS is no list of parameters");
    }
}
