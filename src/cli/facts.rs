//! `shipworthy facts`

use std::path::{Path, PathBuf};

use clap::Args;

use super::invocation::Invocation;
use super::{FAILED, Failure, PASSED, ReadArgs, complain, print};
use crate::lint::{Selection, Texts, Workspace};
use crate::release::Object;
use crate::report::facts;

#[derive(Args)]
pub(super) struct FactsArgs {
    /// Workloads (deployment/web, or just */web), and files and directories
    #[arg(value_name = "KIND/NAME|PATH")]
    arguments: Vec<String>,
    #[command(flatten)]
    read: ReadArgs,
}

pub(super) fn run(args: &FactsArgs) -> Result<u8, Failure> {
    let (paths, wanted): (Vec<_>, Vec<_>) =
        args.arguments.iter().partition(|argument| Wanted::parse(argument).is_none());
    let wanted: Vec<_> = wanted.into_iter().filter_map(|argument| Wanted::parse(argument)).collect();
    let mut paths: Vec<_> = paths.into_iter().map(PathBuf::from).collect();
    if paths.is_empty() {
        paths.push(PathBuf::from("."));
    }
    let invocation = Invocation::open(&paths, &args.read)?;
    let policy = invocation.policy(&Selection::default(), &args.read)?;
    let found = invocation.discover()?;
    found.problems.iter().for_each(|problem| complain(problem));
    let texts = Texts::read(&found.inputs);
    let documents = texts.parse(&found.inputs);
    let workspace = Workspace::build(&found.inputs, &texts, &documents, &policy);
    let fits = |object: &Object<'_>| wanted.is_empty() || wanted.iter().any(|wanted| wanted.fits(object));
    let mut written = 0;
    print(args.read.color, |out| {
        written = facts::write(&workspace, fits, wanted.is_empty(), out)?;
        Ok(())
    })?;
    if written == 0 {
        complain("no such workload is among the inputs");
    }
    Ok(if written == 0 || !found.problems.is_empty() { FAILED } else { PASSED })
}

/// A workload that is asked for.
struct Wanted {
    kind: String,
    name: String,
}

impl Wanted {
    /// `kind/name`, unless there is such a path.
    fn parse(argument: &str) -> Option<Self> {
        let (kind, name) = argument.split_once('/')?;
        let is_name = !kind.is_empty() && !name.is_empty() && !name.contains('/') && !kind.starts_with('.');
        (is_name && !Path::new(argument).exists()).then(|| Self { kind: kind.to_lowercase(), name: name.to_string() })
    }

    /// Kinds may be shortened, as far as they are the beginning: `deploy/web`.
    fn fits(&self, object: &Object<'_>) -> bool {
        (self.kind == "*" || object.kind.to_lowercase().starts_with(&self.kind)) && object.name == Some(&self.name)
    }
}
