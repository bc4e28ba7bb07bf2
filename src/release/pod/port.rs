//! Ports, as one object names those of another.

use crate::release::Field;
use crate::syntax::yaml::Scalar;

/// A port of a container as something else names it: by number or by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PortRef<'a> {
    /// By number.
    Number(i64),
    /// By the name of a container port.
    Name(&'a str),
}

impl<'a> PortRef<'a> {
    /// Reads an int-or-string.
    #[must_use]
    pub fn read(field: Field<'a>) -> Option<Self> {
        match field.node()?.scalar()? {
            Scalar::String(name) => Some(PortRef::Name(name)),
            _ => field.node()?.as_integer().map(PortRef::Number),
        }
    }
}

impl std::fmt::Display for PortRef<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            PortRef::Number(number) => write!(f, "{number}"),
            PortRef::Name(name) => write!(f, "\"{name}\""),
        }
    }
}

/// Whether a port's name says that it serves operators: `metrics`, `http-prometheus`,
/// `debug`, `admin`, `health` …
#[must_use]
pub fn is_operational_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.split(|letter: char| !letter.is_ascii_alphanumeric()).any(|word| {
        ["metric", "prometheus", "prom", "monitoring", "exporter", "debug", "pprof", "profiler", "admin", "health"]
            .iter()
            .any(|stem| word.strip_prefix(stem).is_some_and(|rest| matches!(rest, "" | "s" | "z" | "check")))
    })
}

#[cfg(test)]
mod tests {
    use super::is_operational_name;

    #[test]
    fn operational_ports_are_known_by_their_names() {
        for name in
            ["metrics", "http-metrics", "prometheus", "debug", "admin", "health", "healthz", "tcp-prom", "monitoring"]
        {
            assert!(is_operational_name(name), "{name}");
        }
        for name in ["http", "grpc", "administration", "web", "promo"] {
            assert!(!is_operational_name(name), "{name}");
        }
    }
}
