//! What a Pod is made of, and how it lives: containers, ports and volumes, the process that a
//! container runs, the probes that ask it, and how it ends.

pub mod celery;
pub mod command;
pub mod concurrency;
pub mod container;
pub mod image;
pub mod port;
pub mod probe;
pub mod process;
pub mod spot;
pub mod termination;
pub mod timing;
pub mod volume;
