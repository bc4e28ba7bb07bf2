//! `shipworthy check`

use std::path::PathBuf;

use clap::Args;
use clap::builder::FalseyValueParser;

use super::adopt::Known;
use super::invocation::Invocation;
use super::mend::{may_change, summary, take_back, write_diff, write_files};
use super::output::{Output, OutputArgs};
use super::progress::Progress;
use super::since::Since;
use super::{FAILED, FOUND, Failure, JudgeArgs, PASSED, ReadArgs, complain, print};
use crate::config::FailOn;
use crate::fix::{Change, Licence, mend};
use crate::input::Inputs;
use crate::input::discover::{Found, Shard};
use crate::input::render::{Made, Render};
use crate::lint::{Finding, Policy, Report, lint};

#[derive(Args)]
pub(super) struct CheckArgs {
    /// Files and directories; `-` is standard input
    #[arg(value_name = "PATH", default_value = ".")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    read: ReadArgs,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    judge: JudgeArgs,
    /// Pass where none of the named files is a manifest: for hooks, which name what changed
    #[arg(long, env = "SHIPWORTHY_ALLOW_NO_MANIFESTS", value_parser = FalseyValueParser::new())]
    allow_no_manifests: bool,
    /// Hide the findings of a baseline
    #[arg(long, value_name = "FILE", env = "SHIPWORTHY_BASELINE")]
    baseline: Option<PathBuf>,
    /// Write a baseline that holds every finding
    #[arg(long, value_name = "FILE", env = "SHIPWORTHY_WRITE_BASELINE")]
    write_baseline: Option<PathBuf>,
    /// Look at the files that differ from a revision, and hide what stood there already
    #[arg(long, value_name = "REV", env = "SHIPWORTHY_CHANGED_SINCE")]
    changed_since: Option<String>,
    /// Make the fixes that can only mend
    #[arg(long, env = "SHIPWORTHY_FIX", value_parser = FalseyValueParser::new())]
    fix: bool,
    /// Make the other fixes, too: review what they change
    #[arg(long, env = "SHIPWORTHY_UNSAFE_FIXES", value_parser = FalseyValueParser::new())]
    unsafe_fixes: bool,
    /// Print what the fixes would change, and write nothing
    #[arg(long, env = "SHIPWORTHY_DIFF", value_parser = FalseyValueParser::new())]
    diff: bool,
    /// Look at one of N parts of the files; `shipworthy report merge` joins their JSON reports
    #[arg(long, value_name = "I/N", env = "SHIPWORTHY_SHARD")]
    shard: Option<String>,
    /// Show no progress
    #[arg(long, env = "SHIPWORTHY_NO_PROGRESS", value_parser = FalseyValueParser::new())]
    no_progress: bool,
}

pub(super) fn run(args: &CheckArgs) -> Result<u8, Failure> {
    let output = Output::read(&args.output, args.read.color)?;
    let known = Known::read(args.baseline.as_deref())?;
    let mut invocation = Invocation::open(&args.paths, &args.read)?;
    invocation.request.shard = args.shard.as_deref().map(parse_shard).transpose()?;
    let since = args.changed_since.as_deref().map(|name| Since::find(name, &mut invocation.request)).transpose()?;
    let selection = args.judge.selection(&invocation.settings.rules)?;
    let fail_on = args.judge.fail_on(invocation.settings.config.fail_on())?;
    let policy = invocation.policy(&selection, &args.read)?;
    let mut run = Run { args, invocation: &invocation, policy, known, since, fixed: 0 };
    let mut progress = Progress::start(!args.no_progress && !args.output.quiet);
    let (mut found, mut report) = run.look(&progress)?;
    if args.fix || args.unsafe_fixes || args.diff {
        let changes = run.mend(&mut found, &report);
        progress.stop();
        if args.diff {
            print(args.read.color, |out| write_diff(&changes, out))?;
            output.write_files(&report)?;
            return Ok(run.verdict(&report, &found, fail_on));
        }
        write_files(&changes, &invocation.request.directory)?;
        if !changes.is_empty() {
            let failed = renders_failed(&found);
            (found, report) = run.look(&progress)?;
            if renders_failed(&found) > failed {
                take_back(&changes, &invocation.request.directory)?;
                let message =
                    "a chart or kustomization does not render any more with these fixes: they were taken back";
                return Err(Failure(message.to_string()));
            }
        }
        run.note(&summary(run.fixed, &changes, &report, args.unsafe_fixes));
    }
    progress.stop();
    found.problems.iter().for_each(|problem| complain(problem));
    run.adopt(&mut report, &found)?;
    output.write(&report)?;
    Ok(run.verdict(&report, &found, fail_on))
}

/// What one run works with.
struct Run<'r> {
    args: &'r CheckArgs,
    invocation: &'r Invocation,
    policy: Policy<'r>,
    known: Known,
    since: Option<Since>,
    fixed: usize,
}

impl<'r> Run<'r> {
    /// Looks at everything, and leaves out what is known; the baseline to be written knows all.
    fn look(&self, progress: &Progress) -> Result<(Found, Report<'r>), Failure> {
        progress.stage("reading and rendering");
        let found = self.invocation.discover()?;
        progress.stage("linting");
        let report = self.judge(&found)?;
        Ok((found, report))
    }

    fn judge(&self, found: &Found) -> Result<Report<'r>, Failure> {
        let mut report = lint(&found.inputs, &self.policy);
        if let Some(since) = &self.since {
            since.hide(&mut report, self.invocation, &self.policy)?;
        }
        if self.args.write_baseline.is_none() {
            self.known.hide(&mut report);
        }
        Ok(report)
    }

    /// Makes fixes in memory.
    fn mend(&mut self, found: &mut Found, report: &Report<'r>) -> Vec<Change> {
        let stdin_path = self.invocation.request.stdin_path.as_str();
        let changeable: Vec<_> =
            (0..found.inputs.files.len()).map(|file| may_change(&found.inputs, file, stdin_path)).collect();
        let may_change = |file: usize| changeable.get(file).copied().unwrap_or(false);
        let licence = Licence { with_unsafe: self.args.unsafe_fixes, may_change: &may_change };
        // What is known stays as it is.
        let again = |inputs: &Inputs| {
            let mut anew = lint(inputs, &self.policy);
            anew.hide_known(|fingerprint| report.known.contains(fingerprint));
            anew
        };
        let mended = mend(&mut found.inputs, report, licence, &again);
        self.fixed = mended.fixed;
        mended.changes
    }

    /// Writes the baseline that was asked for, and says which entries of the other one are fixed.
    fn adopt(&self, report: &mut Report<'r>, found: &Found) -> Result<(), Failure> {
        if let Some(path) = &self.args.write_baseline {
            if !found.problems.is_empty() || self.is_nothing(report, found) {
                return Err(Failure(format!("{}: not written, because not everything was looked at", path.display())));
            }
            self.note(&Known::write(path, report)?);
        } else if let Some(note) = self.known.fixed(found, report, &self.policy) {
            self.note(&note);
        }
        Ok(())
    }

    fn note(&self, text: &str) {
        if !self.args.output.quiet {
            complain(text);
        }
    }

    /// Whether nothing was linted. That something was not rendered is no judgement of it.
    fn is_nothing(&self, report: &Report<'_>, found: &Found) -> bool {
        let is_judged = |finding: &Finding<'_>| finding.rule.check != "chart-not-rendered";
        let is_unrendered = found.inputs.renders.iter().any(Render::is_left_out);
        let is_empty = report.summary.documents == 0 && !report.findings.iter().any(is_judged);
        is_empty && (found.left_out == 0 || is_unrendered)
    }

    /// The exit code: what could not be done outweighs what was found.
    fn verdict(&self, report: &Report<'_>, found: &Found, fail_on: FailOn) -> u8 {
        let is_nothing = self.is_nothing(report, found);
        if is_nothing && !self.may_be_nothing() {
            complain(
                "nothing was linted: neither a Kubernetes object nor a Dockerfile is among the inputs (-v lists what was not looked at)",
            );
            return FAILED;
        }
        if is_nothing {
            self.note("nothing to lint: none of these files holds a Kubernetes object, and none is a Dockerfile");
        }
        match (!found.problems.is_empty(), fails(report, fail_on)) {
            (true, _) => FAILED,
            (false, true) => FOUND,
            (false, false) => PASSED,
        }
    }

    /// Whether it is no fault that nothing was linted: a list of files, of a hook that says so.
    fn may_be_nothing(&self) -> bool {
        let is_file = |path: &PathBuf| path.as_os_str() != "-" && path.is_file();
        self.args.allow_no_manifests && self.args.paths.iter().all(is_file)
    }
}

fn renders_failed(found: &Found) -> usize {
    found.inputs.renders.iter().filter(|render| matches!(render.made, Made::Failed(_))).count()
}

fn parse_shard(text: &str) -> Result<Shard, Failure> {
    Shard::parse(text).ok_or_else(|| Failure(format!("--shard {text}: write I/N, with I from 1 to N: 2/4")))
}

/// Whether there is a finding that counts.
pub(super) fn fails(report: &Report<'_>, fail_on: FailOn) -> bool {
    match fail_on {
        FailOn::At(severity) => report.worst().is_some_and(|worst| worst >= severity),
        FailOn::Never => false,
    }
}
