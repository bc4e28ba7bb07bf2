//! How many replicas a workload has, and who moves that number by what.

pub mod autoscaler;
pub mod cron_window;
mod index;
pub mod metric;
pub mod replicas;
pub mod request;
pub mod rival;

pub use autoscaler::Autoscaler;
pub use replicas::Replicas;

pub(in crate::release) use index::Scalings;
