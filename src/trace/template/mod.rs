//! Go templates, as far as it takes to tell which line printed what.

mod align;
mod lex;
mod parse;
mod program;
mod scope;

pub(super) use align::{By, Piece, align};
pub(super) use parse::parse;
pub(super) use program::{Define, Defines, Program};
