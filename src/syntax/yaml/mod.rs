//! YAML into documents whose nodes keep span, style and comments, typed the way
//! `kubectl` types them.
//!
//! A stream is cut at its `---` lines first ([`stream`]), so that documents are
//! parsed independently of each other: in parallel, and one broken document
//! leaves the others whole. The events of `granit-parser` become an arena
//! ([`document`]) that borrows plain scalars from the text. No other module of
//! the program knows the parser.

mod document;
mod parse;
pub mod path;
mod scalar;
mod stream;

pub use document::{Document, Entry, Node, NodeKind, Segment};
pub use parse::parse;
pub use scalar::{Scalar, Style, resolve};
pub use stream::{Chunk, split};
