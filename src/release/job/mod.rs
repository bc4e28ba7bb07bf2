//! Jobs: how they end, when they come again, and what a second apply makes of them.

pub mod bounds;
pub mod cron_job;
pub mod reapply;

pub use cron_job::CronJob;
