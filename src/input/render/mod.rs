//! Charts and kustomizations, rendered by their own tools.
//!
//! [`plan`] finds what is to be rendered and for which release, a [`Renderer`] does it, and
//! [`perform`] puts what came out beside the other inputs. Linting itself runs no program: a
//! caller may bring renders that are already made.

mod cache;
mod chart;
pub(in crate::input) mod command;
mod job;
mod kustomization;
mod perform;
pub mod plan;
mod tools;

pub use cache::Cached;
pub use chart::outermost as outermost_chart;
pub use command::Limits;
pub use job::{Job, Outcome, Tool, Values};
pub use perform::{Places, Template, perform};
pub use plan::{Plan, Tree};
pub use tools::Tools;

use crate::source::Sources;
use crate::syntax::yaml::{self, Node};

/// Something that can render.
pub trait Renderer: Sync {
    /// Does it.
    fn render(&self, job: &Job) -> Outcome;
}

/// Renders nothing, for `--no-render`.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoRenderer;

impl Renderer for NoRenderer {
    fn render(&self, job: &Job) -> Outcome {
        Outcome::NotRendered(format!("--no-render was given: {}", job.by_hand()))
    }
}

/// A chart or a kustomization of the inputs, for one release.
#[derive(Clone, Debug)]
pub struct Render {
    /// The tool.
    pub tool: Tool,
    /// The release's name.
    pub release: String,
    /// The directory, as reports print it.
    pub directory: String,
    /// The values that were used, as reports print them.
    pub values: Vec<String>,
    /// Indexes of the files of values that were given, the weakest first.
    pub value_files: Vec<usize>,
    /// Indexes of the files that a kustomization is built of, the outermost first.
    pub sources: Vec<usize>,
    /// Index of its `Chart.yaml` or kustomization among the files.
    pub file: usize,
    /// Whether all of it is a target, and not some of its files only.
    pub whole: bool,
    /// What came out.
    pub made: Made,
}

impl Render {
    /// Whether it was not even tried.
    #[must_use]
    pub fn is_left_out(&self) -> bool {
        matches!(self.made, Made::NotRendered(_))
    }
}

/// What came out of a render.
#[derive(Clone, Debug)]
pub enum Made {
    /// Manifests.
    Manifests {
        /// Index of the file that holds them.
        file: usize,
        /// What the tool said all the same.
        warnings: String,
    },
    /// The tool failed, with what it said.
    Failed(String),
    /// It was not tried, and why.
    NotRendered(String),
}

/// What a function makes of the root of a text's first YAML document.
fn read_mapping<T>(text: &str, read: impl FnOnce(Node<'_>) -> Option<T>) -> Option<T> {
    let id = Sources::default().add("", "");
    let documents = yaml::parse(id, text, yaml::split(text).first()?).ok()?;
    read(documents.first()?.root())
}
