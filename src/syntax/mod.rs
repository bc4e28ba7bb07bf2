//! Text into trees that keep their spans. Nothing here knows Kubernetes.

pub mod yaml;
