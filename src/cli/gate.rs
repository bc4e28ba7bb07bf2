//! `shipworthy gate`: a stream passes as it is, or not at all.
//!
//! Everything is read before anything is written, so that what reads our output never sees
//! half a release, and an empty stream is a failure: applied with pruning it would delete
//! everything.

mod argo;
mod refusal;
mod renderer;

use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::path::PathBuf;

use clap::builder::FalseyValueParser;
use clap::parser::ValueSource;
use clap::{ArgMatches, Args};

use super::adopt::Known;
use super::check::fails;
use super::invocation::Invocation;
use super::{Color, ConfigArgs, FAILED, FOUND, Failure, JudgeArgs, PASSED, ReadArgs, complain};
use crate::input::{ClosedScope, STDIN, discover};
use crate::lint::lint;
use crate::release::Orchestrator;
use argo::{Argo, Wishes};

/// A stream above this size, in bytes, is refused.
const MAX_STREAM: u64 = 256 * 1024 * 1024;

#[derive(Args, Clone)]
pub(super) struct GateArgs {
    /// The renderer, which is run without a shell; without it standard input is read
    #[arg(value_name = "CMD", last = true)]
    command: Vec<OsString>,
    #[command(flatten)]
    config: ConfigArgs,
    /// The version of Kubernetes to judge for; by default the newest that is known
    #[arg(long, value_name = "X.Y", env = "SHIPWORTHY_KUBE_VERSION")]
    kube_version: Option<String>,
    /// The path of the stream in findings
    #[arg(long, value_name = "PATH", env = "SHIPWORTHY_STDIN_FILENAME")]
    stdin_filename: Option<String>,
    #[command(flatten)]
    judge: JudgeArgs,
    /// Leave out the findings of a baseline
    #[arg(long, value_name = "FILE", env = "SHIPWORTHY_BASELINE")]
    baseline: Option<PathBuf>,
    /// Take no options from an Argo CD Application
    #[arg(long, env = "SHIPWORTHY_LOCKED", value_parser = FalseyValueParser::new())]
    locked: bool,
    /// Say nothing about a stream that passes
    #[arg(short, long, env = "SHIPWORTHY_QUIET", value_parser = FalseyValueParser::new())]
    quiet: bool,
}

pub(super) fn run(args: &GateArgs, given: Option<&ArgMatches>) -> Result<u8, Failure> {
    let mut args = args.clone();
    let argo = Argo::read(std::env::vars_os(), args.locked)?;
    if let Some(argo) = &argo {
        args.grant(&argo.wishes, |option| {
            given.is_some_and(|given| given.value_source(option) == Some(ValueSource::CommandLine))
        });
    }
    // Before the renderer runs: what is wrong with the options is told at once.
    let read = args.read_args();
    let invocation = Invocation::open(&[], &read)?;
    let selection = args.judge.selection(&invocation.settings.rules)?;
    let fail_on = args.judge.fail_on(invocation.settings.config.fail_on())?;
    let mut policy = invocation.policy(&selection, &read)?;
    if read.kube_version.is_none() && invocation.settings.config.kube_version().is_none() {
        policy.kube_minor = argo.as_ref().and_then(|argo| argo.kube_minor).unwrap_or(policy.kube_minor);
    }
    let known = Known::read(args.baseline.as_deref())?;
    let mut found = invocation.discover()?;
    let stream = if args.command.is_empty() { piped()? } else { renderer::run(&args.command, argo.is_none())? };
    let path = args.stdin_filename.as_deref().unwrap_or(STDIN);
    found.inputs.add_piped(path, stream, scope(path, argo.as_ref()));
    let mut report = lint(&found.inputs, &policy);
    known.hide(&mut report);
    if !found.problems.is_empty() {
        found.problems.iter().for_each(|problem| complain(problem));
        return Ok(FAILED);
    }
    if report.summary.documents == 0 {
        return Err(Failure("the stream holds no Kubernetes object, and an empty release must not pass".to_string()));
    }
    if fails(&report, fail_on) {
        refusal::write(&report, fail_on);
        return Ok(FOUND);
    }
    if !args.quiet {
        complain(&format!("passed: {}", refusal::counts(&report)));
    }
    pass(&found)
}

impl GateArgs {
    /// Grants what an Application asks for, unless the command line says otherwise: whoever
    /// writes the plugin's command decides what an Application may change.
    fn grant(&mut self, wishes: &Wishes, is_given: impl Fn(&str) -> bool) {
        let grant = |option: &str, value: &mut Option<String>, wish: &Option<String>| {
            if wish.is_some() && !is_given(option) {
                value.clone_from(wish);
            }
        };
        grant("fail_on", &mut self.judge.fail_on, &wishes.fail_on);
        grant("kube_version", &mut self.kube_version, &wishes.kube_version);
        for (option, names, wish) in
            [("select", &mut self.judge.select, &wishes.select), ("ignore", &mut self.judge.ignore, &wishes.ignore)]
        {
            if let Some(wish) = wish.as_ref().filter(|_| !is_given(option)) {
                names.clone_from(wish);
            }
        }
        if let Some(config) = wishes.config.as_ref().filter(|_| !is_given("config") && !is_given("isolated")) {
            self.config = ConfigArgs { config: Some(config.into()), isolated: false };
        }
    }

    /// What `check` would be told. The stream is rendered already, so nothing else is.
    fn read_args(&self) -> ReadArgs {
        ReadArgs {
            config: self.config.clone(),
            kube_version: self.kube_version.clone(),
            stdin_filename: self.stdin_filename.clone(),
            no_render: true,
            render_timeout: 0,
            color: Color::Never,
        }
    }
}

fn scope(path: &str, argo: Option<&Argo>) -> ClosedScope {
    let Some(argo) = argo else {
        return ClosedScope { name: path.to_string(), ..ClosedScope::default() };
    };
    ClosedScope {
        name: argo.app.clone(),
        namespace: argo.namespace.clone(),
        orchestrator: Some(Orchestrator::Argo),
        ..ClosedScope::default()
    }
}

fn piped() -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = io::stdin().lock().take(MAX_STREAM + 1).read_to_end(&mut bytes);
    read.map_err(|error| Failure(format!("{STDIN}: {error}")))?;
    if bytes.len() as u64 > MAX_STREAM { Err(too_long(STDIN)) } else { Ok(bytes) }
}

fn too_long(what: &str) -> Failure {
    Failure(format!("{what}: the stream is larger than {} MiB", MAX_STREAM >> 20))
}

/// Writes the stream. A reader that has seen enough is no failure.
fn pass(found: &discover::Found) -> Result<u8, Failure> {
    let stream = found.inputs.piped.and_then(|index| found.inputs.files.get(index));
    let mut out = io::stdout().lock();
    let written = stream.map_or(Ok(()), |stream| out.write_all(&stream.bytes)).and_then(|()| out.flush());
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure(format!("standard output: {error}"))),
        _ => Ok(PASSED),
    }
}
