//! The effective environment, and the configuration that is missing.

use std::io;

use super::Facts;
use crate::release::config::environment::{Setting, Unseen, Variable};
use crate::release::{Container, Workload};

impl<'a> Facts<'a, '_> {
    /// ConfigMaps, Secrets and keys that the Pods need and that are nowhere in reach.
    pub(super) fn missing_config(&mut self, workload: Workload<'a>) -> io::Result<()> {
        for unresolved in workload.unresolved_config() {
            let place = self.at(unresolved.reference.name.place());
            self.line("missing", &format!("{} is nowhere in reach {place}", unresolved.reference.title()))?;
        }
        for missing in workload.missing_config_keys() {
            let key = missing.key.string().unwrap_or("?");
            let place = self.at(missing.key.place());
            self.line("missing", &format!("{} has no key {key} {place}", missing.reference.title()))?;
        }
        Ok(())
    }

    /// Each variable with its value and where that comes from, and what cannot be seen. What may
    /// be secret is shown as `***`.
    pub(super) fn environment(&mut self, container: Container<'a>) -> io::Result<()> {
        let environment = container.environment();
        let variables = environment.variables().iter().map(|variable| self.variable(variable));
        let unseen = environment.unseen().iter().map(|unseen| self.unseen(unseen));
        let lines: Vec<_> = variables.chain(unseen).collect();
        lines.iter().enumerate().try_for_each(|(at, line)| self.line(if at == 0 { "  env" } else { "" }, line))
    }

    fn variable(&self, variable: &Variable<'_>) -> String {
        let shown = |setting: &Setting<'_>| {
            format!("{} from {} {}", setting.shown(&variable.name), setting.source, self.at(setting.written))
        };
        let overridden: Vec<_> = variable.shadowed().rev().map(shown).collect();
        let overridden =
            if overridden.is_empty() { String::new() } else { format!(", not {}", overridden.join(", not ")) };
        format!("{} = {}{overridden}", variable.name, shown(variable.winner()))
    }

    fn unseen(&self, unseen: &Unseen<'_>) -> String {
        let what = unseen.variable.map_or("any variable".to_string(), str::to_string);
        let place = self.at(unseen.reference.name.place());
        let optional = if unseen.reference.is_optional { ", optional" } else { "" };
        format!("{what} may come from {}, which {}{optional} {place}", unseen.reference.title(), unseen.reason)
    }
}
