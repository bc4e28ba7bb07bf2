//! Text into trees that keep their spans. Nothing here knows Kubernetes.

mod comment;
pub mod dockerfile;
mod error;
pub mod expansion;
pub mod shell;
pub mod yaml;

pub use comment::Comment;
pub use error::{FaultKind, SyntaxError};
