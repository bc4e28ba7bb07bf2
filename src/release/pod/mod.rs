//! What a Pod is made of: containers with their command lines, ports, volumes and images, and
//! the probes that ask them.

pub mod command;
pub mod container;
pub mod image;
pub mod port;
pub mod probe;
pub mod spot;
pub mod timing;
pub mod volume;
