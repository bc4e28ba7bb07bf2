//! Something that runs: a container, or an image by its own command.

use std::cell::OnceCell;
use std::sync::OnceLock;

use super::files::Files;
use super::launch::{Launch, Launcher};
use super::program::{Program, Word};
use crate::knowledge::servers::server_of_image;
use crate::release::build::{ShellKind, Start, Started};
use crate::release::config::environment::Environment;
use crate::release::field::Field;
use crate::release::pod::image::ImageName;
use crate::release::{Build, Container, Releases, Role, Stage};
use crate::source::Span;

/// A container as it runs, or an image by its own command.
#[derive(Clone)]
pub struct Run<'a> {
    /// Everything that was read.
    pub releases: &'a Releases<'a>,
    /// The container; nothing for an image by itself.
    pub container: Option<Container<'a>>,
    /// The stage that the image is built from, where a Dockerfile of the tree builds it.
    pub stage: Option<Stage<'a>>,
    /// What it ends up running.
    pub launch: &'a Launch,
    /// Where that is said: `command` or `args`, `CMD` or `ENTRYPOINT`, else the image's name.
    pub place: Span,
}

/// A launch with the place that says it, as they are kept.
#[derive(Debug)]
pub(in crate::release) struct Launched {
    launch: Launch,
    place: Span,
}

/// The launches of an object's containers, or of a Dockerfile's stages, worked out when first
/// asked for.
pub(in crate::release) type Launches = OnceLock<Box<[Launched]>>;

impl<'a> Run<'a> {
    /// An image by its own command.
    #[must_use]
    pub fn of_stage(releases: &'a Releases<'a>, stage: Stage<'a>) -> Self {
        let line = |stage: Stage<'a>| {
            let image = stage.chain().last().unwrap_or(stage).from().span;
            Line { releases, container: None, stage: Some(stage), image }.follow()
        };
        let build = stage.build();
        let kept = releases.image_launches[build.id].get_or_init(|| build.stages().map(line).collect());
        let Launched { launch, place } = &kept[stage.index];
        Self { releases, container: None, stage: Some(stage), launch, place: *place }
    }

    /// The containers that run an image's own command: of a container, itself.
    pub fn users(&self) -> Vec<Container<'a>> {
        let own = |container: &Container<'a>| !container.replaces_command() && container.is_long_running();
        match (self.container, self.stage) {
            (Some(container), _) => vec![container],
            (None, Some(stage)) => self.releases.users_of(stage).filter(own).collect(),
            (None, None) => Vec::new(),
        }
    }

    /// What it can read.
    pub(super) fn files(&self) -> Files<'a> {
        Files { releases: self.releases, container: self.container, stage: self.stage }
    }

    /// The environment of its process.
    #[must_use]
    pub fn environment(&self) -> Environment<'a> {
        environment(self.container, self.stage)
    }

    /// The name of the image below everything: that of the stages, else the container's.
    #[must_use]
    pub fn base(&self) -> Option<ImageName<'a>> {
        base(self.container, self.stage)
    }
}

fn environment<'a>(container: Option<Container<'a>>, stage: Option<Stage<'a>>) -> Environment<'a> {
    match (container, stage) {
        (Some(container), _) => container.environment(),
        (None, Some(stage)) => Environment::of_image(stage),
        (None, None) => Environment::default(),
    }
}

fn base<'a>(container: Option<Container<'a>>, stage: Option<Stage<'a>>) -> Option<ImageName<'a>> {
    match stage {
        Some(stage) => stage.base_name(),
        None => ImageName::parse(container?.image()?),
    }
}

impl<'a> Releases<'a> {
    /// The images of a Dockerfile that run by their own command: those that a container runs
    /// like that, and those that no container runs at all.
    pub fn image_runs(&'a self, build: &'a Build<'a>) -> impl Iterator<Item = Run<'a>> + 'a {
        self.built_stages(build).filter_map(|stage| {
            let run = Run::of_stage(self, stage);
            let is_replaced = run.users().is_empty() && self.users_of(stage).next().is_some();
            (!is_replaced).then_some(run)
        })
    }
}

impl<'a> Container<'a> {
    /// Whether `command` or `args` replace what the image says.
    #[must_use]
    pub fn replaces_command(self) -> bool {
        self.field().get("command").exists() || self.field().get("args").exists()
    }

    /// What it runs.
    #[must_use]
    pub fn run(self) -> Run<'a> {
        let workload = self.workload();
        let releases = workload.releases();
        let line = |container: Container<'a>| {
            let image = container.field().get("image").place();
            Line { releases, container: Some(container), stage: container.stage(), image }.follow()
        };
        let kept = releases.launches[workload.object().id]
            .get_or_init(|| workload.containers().into_iter().map(line).collect());
        let Launched { launch, place } = &kept[self.index()];
        Run { releases, container: Some(self), stage: self.stage(), launch, place: *place }
    }

    /// What it runs, where no Dockerfile of the tree says the same by itself: the image is then
    /// looked at once, for all that run it.
    #[must_use]
    pub fn own_run(self) -> Option<Run<'a>> {
        let judged = self.role() != Role::Init && self.workload().is_judged();
        (judged && (self.replaces_command() || self.stage().is_none())).then(|| self.run())
    }
}

/// The parts that a command line is put together of.
struct Line<'a> {
    releases: &'a Releases<'a>,
    container: Option<Container<'a>>,
    stage: Option<Stage<'a>>,
    /// Where the image is named that is run, or built upon.
    image: Span,
}

impl<'a> Line<'a> {
    /// `command` replaces `ENTRYPOINT` and drops `CMD`, `args` replace `CMD`. Source: Kubernetes
    /// docs, "Define a Command and Arguments for a Container"; Dockerfile reference, "Understand
    /// how CMD and ENTRYPOINT interact".
    fn follow(&self) -> Launched {
        let (command, args) = (self.words("command"), self.words("args"));
        let entrypoint = self.stage.and_then(Stage::entrypoint);
        let cmd = self.stage.and_then(Stage::command).filter(|_| command.is_none() && args.is_none());
        let place = self.place(entrypoint, cmd);
        let files = Files { releases: self.releases, container: self.container, stage: self.stage };
        let known = OnceCell::new();
        let environment = |name: &str| {
            let environment = known.get_or_init(|| environment(self.container, self.stage));
            environment.get(name)?.winner().value.known().map(str::to_string)
        };
        let launcher = Launcher::new(files, self.sh(), &environment);
        let launch = match (command, entrypoint.map(|it| it.start)) {
            (Some(command), _) => launcher.run(joined(command, args)),
            (None, Some(Start::Shell(text, Some(shell)))) => launcher.run_text(&text.text, text.span, shell),
            (None, Some(Start::Exec(words))) => {
                let rest = args.or_else(|| cmd.map(|cmd| self.as_arguments(cmd.start)));
                launcher.run(joined(words_of(words), rest))
            }
            (None, None) => match (args, cmd.map(|cmd| cmd.start)) {
                (Some(args), _) => launcher.run(self.behind_image(args)),
                (None, Some(Start::Exec(words))) => launcher.run(words_of(words)),
                (None, Some(Start::Shell(text, Some(shell)))) => launcher.run_text(&text.text, text.span, shell),
                (None, None) => launcher.run(self.behind_image(Vec::new())),
                _ => launcher.run(Vec::new()),
            },
            _ => launcher.run(Vec::new()),
        };
        let place = launch.main.as_ref().map_or(place, |main| self.nearest(main, entrypoint, place));
        Launched { launch, place }
    }

    fn words(&self, key: &str) -> Option<Vec<Word>> {
        let field = self.container?.field().get(key);
        let word = |item: Field<'a>| Some(Word { text: item.string()?.to_string(), place: item.node()?.span() });
        field.exists().then(|| field.items().filter_map(word).collect())
    }

    /// `CMD` in shell form behind an `ENTRYPOINT`: three arguments.
    fn as_arguments(&self, start: Start<'_>) -> Vec<Word> {
        match start {
            Start::Exec(words) => words_of(words),
            Start::Shell(text, _) => {
                ["/bin/sh", "-c", &text.text].map(|it| Word { text: it.to_string(), place: text.span }).into()
            }
        }
    }

    /// Arguments for the image below, which is only known where it is an official one. Those
    /// that begin with a dash are for its own program.
    fn behind_image(&self, args: Vec<Word>) -> Vec<Word> {
        let is_own = args.first().is_none_or(|first| first.text.starts_with('-'));
        let image = base(self.container, self.stage).filter(|_| is_own);
        let server = image.and_then(|image| server_of_image(image.repository, image.tag));
        let program = server.and_then(|server| server.programs.first());
        let place = self.image;
        program.map(|program| Word { text: (*program).to_string(), place }).into_iter().chain(args).collect()
    }

    fn place(&self, entrypoint: Option<Started<'a>>, cmd: Option<Started<'a>>) -> Span {
        let container = self.container.filter(|container| container.replaces_command());
        let said = container.map(|container| {
            let command = container.field().get("command");
            if command.exists() { command.key_place() } else { container.field().get("args").key_place() }
        });
        let instruction = cmd.or(entrypoint).map(|it| it.instruction.span);
        said.or(instruction).unwrap_or(self.image)
    }

    /// The instruction that names the program itself, where that is `ENTRYPOINT`, or `CMD` gives
    /// it only arguments.
    fn nearest(&self, main: &Program, entrypoint: Option<Started<'a>>, otherwise: Span) -> Span {
        let said = entrypoint.map(|it| it.instruction.span).filter(|_| self.words("command").is_none());
        said.filter(|span| span.contains(main.place())).unwrap_or(otherwise)
    }

    fn sh(&self) -> ShellKind {
        match (self.stage, base(self.container, self.stage)) {
            (Some(stage), _) => stage.sh(),
            (None, Some(image)) => {
                ShellKind::of_image(self.container.and_then(Container::image).unwrap_or(image.repository))
            }
            (None, None) => ShellKind::Unknown,
        }
    }
}

fn joined(mut words: Vec<Word>, more: Option<Vec<Word>>) -> Vec<Word> {
    words.extend(more.into_iter().flatten());
    words
}

fn words_of(words: &[crate::syntax::dockerfile::Word]) -> Vec<Word> {
    words.iter().map(|word| Word { text: word.text.clone(), place: word.span }).collect()
}
