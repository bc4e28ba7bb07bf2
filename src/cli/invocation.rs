//! What a command is asked to look at, and how: the settings and the request of a run.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::settings::Settings;
use super::{Failure, ReadArgs};
use crate::config::parse_kube_version;
use crate::input::discover::Found;
use crate::input::render::{Cached, Limits, NoRenderer, Tools};
use crate::input::{STDIN, discover, display, normalize};
use crate::lint::{Policy, Selection};

/// The settings and the request of a run.
pub(super) struct Invocation {
    pub(super) settings: Settings,
    pub(super) request: discover::Request,
    no_render: bool,
    limits: Limits,
}

impl Invocation {
    pub(super) fn open(paths: &[PathBuf], read: &ReadArgs) -> Result<Self, Failure> {
        let directory = std::env::current_dir()?;
        let stdin_path = read.stdin_filename.clone().unwrap_or_else(|| STDIN.to_string());
        let kube_version = read.kube_version.clone();
        let paths = paths.to_vec();
        let request = discover::Request { directory, paths, stdin_path, kube_version, ..discover::Request::default() };
        let settings = Settings::read(&request, &read.config)?;
        let limits = Limits { time: Duration::from_secs(read.render_timeout), ..Limits::default() };
        Ok(Self { settings, request, no_render: read.no_render, limits })
    }

    pub(super) fn policy(&self, selection: &Selection, read: &ReadArgs) -> Result<Policy<'_>, Failure> {
        let mut policy = Policy::new(&self.settings.rules, &self.settings.config, selection);
        if let Some(version) = &read.kube_version {
            policy.kube_minor = parse_kube_version(version).map_err(Failure)?;
        }
        Ok(policy)
    }

    /// Finds the files, and renders charts and kustomizations.
    pub(super) fn discover(&self) -> Result<Found, Failure> {
        self.look(&self.request, self.settings.config_path.as_deref())
    }

    /// The same for another request.
    pub(super) fn look(&self, request: &discover::Request, config_path: Option<&Path>) -> Result<Found, Failure> {
        let mut found = discover::discover(request, &self.settings.config, config_path).map_err(|error| {
            let directory = &request.directory;
            let shown = config_path.map_or(String::new(), |path| display(directory, &normalize(directory, path)));
            Failure(format!("{shown}: {error}"))
        })?;
        if self.no_render {
            found.render(&NoRenderer);
        } else {
            found.render(&Cached::new(Tools::find(self.limits)));
        }
        Ok(found)
    }
}
