//! Configuration on its way to the process: which ConfigMaps and Secrets a pod template asks
//! for ([`reference`]), what provides them ([`provider`]), which variables a container ends up
//! with ([`environment`]), what restarts it when they change ([`restart`]), and what the
//! configuration of shipworthy requires of them ([`requirement`]).

pub mod datum;
pub mod environment;
pub mod name;
pub mod provider;
pub mod reference;
pub mod requirement;
pub mod restart;

use std::fmt;

/// What configuration is kept in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ConfigKind {
    /// A ConfigMap.
    ConfigMap,
    /// A Secret.
    Secret,
}

impl ConfigKind {
    /// The `kind`, as Kubernetes writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ConfigMap => "ConfigMap",
            Self::Secret => "Secret",
        }
    }
}

impl fmt::Display for ConfigKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
