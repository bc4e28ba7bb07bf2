//! `shipworthy init`

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;

use clap::Args;

use super::{Color, FAILED, Failure, PASSED, complain, print};
use crate::config::FILE_NAMES;
use crate::input::render::Tool;
use crate::input::survey::{Survey, Surveyed, survey};

#[derive(Args)]
pub(super) struct InitArgs {
    /// Print the configuration instead of writing it
    #[arg(long)]
    stdout: bool,
}

pub(super) fn run(args: &InitArgs) -> Result<u8, Failure> {
    let directory = std::env::current_dir()?;
    let found = survey(&directory);
    let text = configuration(&found);
    if args.stdout {
        print(Color::Never, |out| out.write_all(text.as_bytes()))?;
        return Ok(PASSED);
    }
    if let Some(known) = FILE_NAMES.iter().find(|name| Path::new(name).exists()) {
        complain(&format!("{known} is there already: --stdout prints a new one"));
        return Ok(FAILED);
    }
    let failure = |error: io::Error| Failure(format!("{}: {error}", FILE_NAMES[0]));
    File::create_new(FILE_NAMES[0]).and_then(|mut file| file.write_all(text.as_bytes())).map_err(failure)?;
    let (deployments, dockerfiles) = (found.deployments.len(), found.dockerfiles.len());
    complain(&format!("wrote {}: {deployments} charts and kustomizations, {dockerfiles} Dockerfiles", FILE_NAMES[0]));
    Ok(PASSED)
}

/// A commented configuration. Whatever is guessed is commented out.
fn configuration(found: &Survey) -> String {
    let mut text = String::from(
        "# What shipworthy is to know of this tree. Every key may be left out.\n\n\
         # The version of Kubernetes to judge for; by default the newest that is known.\n\
         # kubeVersion: \"1.33\"\n\n\
         # Globs that are left out.\n\
         # exclude: [\"vendor/**\"]\n\n",
    );
    releases(&mut text, found);
    images(&mut text, found);
    text.push_str(
        "# Objects that are in the cluster already.\n\
         # provided:\n\
         #   - {kind: Secret, name: shop-db}\n\n\
         # Levels of rules: `shipworthy rules` lists them.\n\
         # rules:\n\
         #   liveness-missing: off\n",
    );
    text
}

fn releases(text: &mut String, found: &Survey) {
    text.push_str("# What is deployed together, and with which values. A chart that is not named here is\n");
    text.push_str("# rendered with its own values.\n");
    let active = found.deployments.iter().filter(|it| it.by.is_none() && !it.variants.is_empty());
    if active.clone().next().is_some() {
        text.push_str("releases:\n");
    } else {
        text.push_str("# releases:\n");
    }
    for deployment in active {
        for variant in &deployment.variants {
            let name = format!("{}-{}", deployment.name, variant_name(variant));
            let _ = writeln!(text, "  - name: {}", quote(&name));
            let (chart, values) = (quote(&deployment.path), quote(variant));
            let _ = writeln!(text, "    helm: {{chart: {chart}, values: [{values}]}}");
        }
    }
    for deployment in &found.deployments {
        comment(text, deployment);
    }
    text.push('\n');
}

fn comment(text: &mut String, deployment: &Surveyed) {
    let path = quote(&deployment.path);
    let name = quote(&deployment.name);
    let _ = match (&deployment.by, deployment.tool) {
        (Some(by), _) => writeln!(text, "  # {path}: deployed by {by} as {name}, which is seen without configuration"),
        (None, Tool::Helm) if deployment.variants.is_empty() => {
            writeln!(text, "  # - name: {name}\n  #   helm: {{chart: {path}, namespace: default}}")
        }
        (None, Tool::Helm) => Ok(()),
        (None, Tool::Kustomize) => writeln!(text, "  # - name: {name}\n  #   kustomize: {path}"),
    };
    for test in &deployment.tests {
        let name = quote(&format!("{}-{}", deployment.name, variant_name(test)));
        let _ = writeln!(text, "  # - name: {name}\n  #   helm: {{chart: {path}, values: [{}]}}", quote(test));
    }
}

fn images(text: &mut String, found: &Survey) {
    if found.dockerfiles.is_empty() {
        return;
    }
    text.push_str(
        "# Which Dockerfile builds which image; without it, the names of files and images decide.\n# images:\n",
    );
    for dockerfile in &found.dockerfiles {
        let _ = writeln!(text, "#   - {{image: registry.example.com/NAME, dockerfile: {}}}", quote(dockerfile));
    }
    text.push('\n');
}

/// `prod` of `values-prod.yaml`, `ci/prod-values.yaml`, `values/prod.yaml`.
fn variant_name(path: &str) -> String {
    let file = path.rsplit('/').next().unwrap_or(path);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let name = stem.trim_start_matches("values").trim_end_matches("values").trim_matches(['-', '.', '_']);
    if name.is_empty() { stem.to_string() } else { name.to_string() }
}

/// A text as YAML takes it, in quotes where it could be read as something else.
fn quote(text: &str) -> String {
    let is_plain = text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.chars().all(|it| it.is_ascii_alphanumeric() || "-_./".contains(it))
        && text.len() > 5;
    if is_plain { text.to_string() } else { format!("{text:?}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variants_are_called_by_what_differs() {
        for (path, name) in [("c/values-prod.yaml", "prod"), ("c/ci/ha-values.yaml", "ha"), ("c/values/eu.yml", "eu")] {
            assert_eq!(variant_name(path), name);
        }
        assert_eq!(variant_name("values.yaml"), "values");
    }
}
