//! What runs in a container, joined from all that says it: the manifest's command, the
//! Dockerfile that builds the image, the scripts that it copies, the image below.
//!
//! [`images`] finds the Dockerfile behind an image, [`makers`] reads the files that say so,
//! [`files`] finds what a process reads at a path, [`launch`] and [`script`] follow a command
//! line to the server at its end, [`process`] knows that server, [`signal`] what it is stopped
//! with, and [`termination`] what has to happen until it is killed. [`pull`] says which image
//! a node runs at all.

pub mod celery;
pub mod concurrency;
pub mod files;
pub mod images;
mod ini;
pub mod launch;
pub mod makers;
pub mod process;
pub mod program;
pub mod pull;
pub mod run;
mod script;
pub mod signal;
pub mod supervisor;
pub mod termination;
pub mod uwsgi;
