//! `--changed-since`

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use super::Failure;
use super::invocation::Invocation;
use crate::input::discover::Request;
use crate::input::normalize;
use crate::input::revision::Revision;
use crate::lint::{Policy, Report, lint};

/// A revision that findings are compared with.
pub(super) struct Since {
    revision: Revision,
    name: String,
}

impl Since {
    /// Looks the revision up, and makes the files that differ from it the targets of the request.
    /// What a missing file breaks stands elsewhere, so then every file stays one.
    pub(super) fn find(name: &str, request: &mut Request) -> Result<Self, Failure> {
        if request.paths.iter().any(|path| path.as_os_str() == "-") {
            return Err(Failure("--changed-since compares files, and standard input is none".to_string()));
        }
        let failure = |why: String| Failure(format!("--changed-since {name}: {why}"));
        let revision = Revision::find(&request.directory, name).map_err(failure)?;
        let changed = revision.changed().map_err(failure)?;
        request.only = Some(changed.files).filter(|_| !changed.has_gone);
        Ok(Self { revision, name: name.to_string() })
    }

    /// Hides what stood at the revision already.
    pub(super) fn hide(
        &self,
        report: &mut Report<'_>,
        invocation: &Invocation,
        policy: &Policy<'_>,
    ) -> Result<(), Failure> {
        if report.findings.is_empty() {
            return Ok(());
        }
        let failure = |why: String| Failure(format!("--changed-since {}: {why}", self.name));
        let tree = self.revision.check_out().map_err(failure)?;
        let request = self.request_in(tree.root(), &invocation.request, report);
        let config_path = invocation.settings.config_path.as_deref();
        let config_path = config_path.and_then(|path| self.moved(&invocation.request.directory, path, tree.root()));
        let found = invocation.look(&request, config_path.as_deref())?;
        let stood: HashSet<_> =
            lint(&found.inputs, policy).findings.into_iter().map(|finding| finding.fingerprint).collect();
        report.hide_known(|fingerprint| stood.contains(fingerprint));
        Ok(())
    }

    /// The same request there. A fingerprint tells a finding's file, so no other file is asked for.
    fn request_in(&self, tree: &Path, request: &Request, report: &Report<'_>) -> Request {
        let moved = |path: &Path| self.moved(&request.directory, path, tree);
        let directory = moved(&request.directory).unwrap_or_else(|| tree.to_path_buf());
        let files = report.findings.iter().map(|finding| report.sources.get(finding.hit.span.source).path());
        let only: BTreeSet<_> = files.map(|file| normalize(&directory, Path::new(file))).collect();
        let paths: Vec<_> = request.paths.iter().filter_map(|path| moved(path)).collect();
        Request { directory, paths, only: Some(only), shard: None, ..request.clone() }
    }

    /// A path of the working tree in another one; nothing outside the repository.
    fn moved(&self, directory: &Path, path: &Path, tree: &Path) -> Option<PathBuf> {
        let path = normalize(directory, path);
        path.strip_prefix(self.revision.root()).ok().map(|below| tree.join(below))
    }
}
