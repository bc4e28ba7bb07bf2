//! What a deploy does, and in which order: who applies a release, hooks with phases and
//! weights, migrations, and which object exists when.

pub mod applied_by;
pub mod applier;
pub mod hook;
pub mod migration;
pub mod order;
pub mod refs;
pub mod together;
