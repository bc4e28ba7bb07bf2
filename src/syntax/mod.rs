//! Text into trees that keep their spans. Nothing here knows Kubernetes.

pub mod dockerfile;
pub mod expansion;
pub mod shell;
pub mod yaml;
