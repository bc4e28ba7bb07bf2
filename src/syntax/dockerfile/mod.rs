//! Dockerfiles into instructions that keep their spans.
//!
//! A parser of our own, line by line as BuildKit reads: none of the crates has heredocs,
//! spans of arguments and recovery together (docs/decisions.md). A line that cannot be read is
//! a [`SyntaxError`](super::SyntaxError), and the next one is read all the same.
//!
//! [`lines`] puts continuation lines together without moving a byte, [`parse`] finds
//! instructions, [`words`], [`json`] and [`heredoc`] take their arguments apart, and
//! [`expansion`] finds the variables that the builder fills in.

mod expansion;
mod heredoc;
mod instruction;
mod json;
mod lines;
mod parse;
mod words;

pub use expansion::Reference;
pub use heredoc::Heredoc;
pub use instruction::{Arguments, Dockerfile, Flag, Instruction, Keyword, Pair, Word};
pub use parse::{parse, starts_like_dockerfile};
