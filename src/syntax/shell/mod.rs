//! Shell text into commands with words, operators and control flow.
//!
//! `shuck-parser` reads; its tree becomes a smaller one of our own ([`tree`]), which is all
//! that the rest of the program knows. Text that it cannot read cleanly is no [`Script`]: what
//! it does is not known then.

mod convert;
mod tree;

pub use convert::parse;
pub use tree::{
    AndOr, Assignment, Command, Condition, Connector, Heredoc, Part, Pipeline, Redirect, Script, Statement, Word,
};
