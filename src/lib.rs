//! shipworthy: is this release fit to ship?
//!
//! The modules stand in the order in which data passes through them; imports point
//! only to modules listed above.

pub mod source;

pub mod near;

pub mod fault;

pub mod syntax;

pub mod knowledge;

pub mod params;

pub mod release;

pub mod check;

pub mod rule;

pub mod config;

pub mod input;

pub mod trace;

pub mod lint;

pub mod fix;

pub mod baseline;

pub mod report;

pub mod schema;

pub mod cli;
