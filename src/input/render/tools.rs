//! The tools of the machine.

use std::io;
use std::path::{Path, PathBuf};

use super::command::{self, Ended, Limits};
use super::{Job, Outcome, Renderer, Tool};

/// `helm`, and `kustomize` or `kubectl`, as far as they are on the `PATH`.
#[derive(Clone, Debug)]
pub struct Tools {
    limits: Limits,
    helm: Option<PathBuf>,
    kustomize: Option<PathBuf>,
    kubectl: Option<PathBuf>,
}

impl Tools {
    /// Looks for the tools.
    #[must_use]
    pub fn find(limits: Limits) -> Self {
        let [helm, kustomize, kubectl] = ["helm", "kustomize", "kubectl"].map(command::find);
        Self { limits, helm, kustomize, kubectl }
    }

    /// The program for a job, with its arguments.
    pub(super) fn program(&self, job: &Job) -> Option<(&Path, Vec<String>)> {
        let mut arguments = job.arguments();
        match (job.tool, &self.kustomize) {
            (Tool::Helm, _) => Some((self.helm.as_ref()?, arguments)),
            (Tool::Kustomize, Some(kustomize)) => Some((kustomize, arguments)),
            (Tool::Kustomize, None) => {
                arguments[0] = "kustomize".to_string();
                Some((self.kubectl.as_ref()?, arguments))
            }
        }
    }
}

impl Renderer for Tools {
    fn render(&self, job: &Job) -> Outcome {
        let Some((program, arguments)) = self.program(job) else {
            let names = if job.tool == Tool::Helm { "no helm" } else { "neither kustomize nor kubectl" };
            return Outcome::NotRendered(format!("there is {names} on the PATH: {}", job.by_hand()));
        };
        let ended =
            with_inline_values(job, arguments, |arguments| command::run(program, arguments, &job.root, self.limits));
        match ended {
            Ok(Ended::Exited { succeeded: true, output, complaint }) => {
                Outcome::Made { manifests: output, warnings: complaint }
            }
            Ok(Ended::Exited { complaint, .. }) if complaint.contains("external plugins disabled") => {
                let why = "it runs plugins, which kustomize does only with --enable-alpha-plugins";
                Outcome::NotRendered(format!("{why}: {}", job.by_hand()))
            }
            Ok(Ended::Exited { complaint, .. }) => Outcome::Failed(said(&complaint, &job.root)),
            Ok(Ended::OutOfTime) => {
                Outcome::Failed(format!("it was killed: it took more than {} s", self.limits.time.as_secs_f32()))
            }
            Ok(Ended::TooMuchOutput) => {
                Outcome::Failed(format!("it was killed: it printed more than {} MiB", self.limits.output >> 20))
            }
            Ok(Ended::TooMuchMemory) => {
                Outcome::Failed(format!("it was killed: it took more than {} MiB of memory", self.limits.memory >> 20))
            }
            Err(error) => Outcome::Failed(format!("{} cannot be run: {error}", job.tool)),
        }
    }
}

/// Puts the values that stand in no file into one while a tool runs.
fn with_inline_values<T>(
    job: &Job,
    mut arguments: Vec<String>,
    run: impl FnOnce(&[String]) -> io::Result<T>,
) -> io::Result<T> {
    let Some(inline) = &job.values.inline else { return run(&arguments) };
    let file = tempfile::Builder::new().prefix("shipworthy-").suffix(".yaml").tempfile()?;
    std::fs::write(file.path(), inline)?;
    // Later files win, and what is set wins over all files, wherever it stands.
    arguments.push(format!("--values={}", file.path().display()));
    run(&arguments)
}

/// The lines of a complaint that matter, with paths as they are seen from `root`.
fn said(complaint: &str, root: &Path) -> String {
    const LONGEST: usize = 1000;
    const NOISE: [&str; 3] = ["Use --debug", "# Warning", "Warning"];
    let matters = |line: &&str| !line.trim().is_empty() && !NOISE.iter().any(|noise| line.starts_with(noise));
    let lines: Vec<_> = complaint.lines().filter(matters).collect();
    let first = lines.iter().position(|line| line.to_lowercase().starts_with("error")).unwrap_or(0);
    let text = logged(&lines).unwrap_or_else(|| lines[first..].join("\n"));
    let text = text.replace(&format!("{}/", root.display()), "");
    let text = ["Error: ", "error: "].iter().find_map(|word| text.strip_prefix(word)).unwrap_or(&text);
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{} …", &text[..end]),
        None if text.is_empty() => "it failed without a word".to_string(),
        None => text.to_string(),
    }
}

/// What kubectl writes as a line of a log, with the time and its process in front.
fn logged(lines: &[&str]) -> Option<String> {
    let quoted = lines.iter().find_map(|line| line.split_once("\"command failed\" err=")).map(|(_, quoted)| quoted)?;
    serde_json::from_str(quoted.trim()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_matters_is_kept_of_a_complaint() {
        let complaint = "walk.go:75: found symbolic link\nError: parse error at (shop/templates/a.yaml:2): unclosed\n\nUse --debug flag to render out invalid YAML\n";
        assert_eq!(said(complaint, Path::new("/r")), "parse error at (shop/templates/a.yaml:2): unclosed");
        assert_eq!(said("Error: open '/r/base/x.yaml'", Path::new("/r")), "open 'base/x.yaml'");
        let logged = "# Warning: 'vars' is deprecated\nE1121 18:12:47.1 16123 run.go:72] \"command failed\" err=\"open \\\"/r/x\\\"\"\n";
        assert_eq!(said(logged, Path::new("/r")), "open \"x\"");
        assert_eq!(said("", Path::new("/r")), "it failed without a word");
    }
}
