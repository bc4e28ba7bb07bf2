//! Migrations of a database schema: what runs them, and what waits for them.

use crate::knowledge;
use crate::release::pod::command::{base_name, programs};
use crate::release::pod::container::{Container, Role};
use crate::release::pod::probe::{Handler, ProbeKind};
use crate::release::workload::{Workload, WorkloadKind};

/// A Job, or a Pod that ends, which changes a database schema.
#[derive(Clone)]
pub struct Migration<'a> {
    /// The Job.
    pub workload: Workload<'a>,
    /// The container that does it.
    pub container: Container<'a>,
    /// The program and its verb, `manage.py migrate`; nothing where only a name tells.
    pub command: Option<String>,
}

/// What a workload waits for before its Pods start to work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Waits<'a> {
    /// Nothing.
    No,
    /// Until all migrations are applied.
    ForMigrations,
    /// For something that these words name.
    For(Vec<&'a str>),
}

impl<'a> Workload<'a> {
    /// The migration that it runs, if it is a Job or a Pod that ends: known by a container's
    /// command, else by a name with `migrat`.
    #[must_use]
    pub fn migration(self) -> Option<Migration<'a>> {
        let ends = self.kind() == WorkloadKind::Job || (self.kind() == WorkloadKind::Pod && !self.is_long_running());
        let containers = if ends { self.containers() } else { Vec::new() };
        let told = containers.iter().find_map(|container| Some((*container, container.migration_command()?)));
        if let Some((container, command)) = told {
            return Some(Migration { workload: self, container, command: Some(command) });
        }
        let mut regular = containers.iter().filter(|container| container.role() == Role::App).copied();
        let is_named = self.object().name.is_some_and(names_migration);
        let named = regular.find(|container| is_named || container.name().is_some_and(names_migration))?;
        (!only_looks(&named.command_line())).then_some(Migration { workload: self, container: named, command: None })
    }

    /// What its Pods wait for: in an init container, or before the server starts.
    #[must_use]
    pub fn waits(self) -> Waits<'a> {
        let containers = self.containers();
        let mut words = Vec::new();
        for container in containers.iter().filter(|container| container.role() != Role::Sidecar) {
            if container.waits_for_migrations() {
                return Waits::ForMigrations;
            }
            if container.role() == Role::Init {
                words.extend(container.command_line().into_iter().flat_map(names_in));
            }
        }
        if words.is_empty() { Waits::No } else { Waits::For(words) }
    }

    /// Whether its Pods become ready only once all migrations are applied, by what a probe
    /// asks.
    #[must_use]
    pub fn readiness_verifies_migrations(self) -> bool {
        let gates = [ProbeKind::Readiness, ProbeKind::Startup];
        let containers: Vec<_> = self.running_containers().collect();
        let probes = containers.iter().flat_map(|container| gates.map(|kind| container.probe(kind)));
        probes.flatten().filter_map(|probe| probe.handler()).any(|handler: Handler<'_>| {
            let asked = handler.path().is_some_and(|path| path.to_ascii_lowercase().contains("migrat"));
            asked || only_looks(&handler.command())
        })
    }
}

impl<'a> Container<'a> {
    /// The migration that its command runs before the server: `manage.py migrate`. Scripts that
    /// its image's Dockerfile copies count, as far as nothing unknown decides what they run.
    #[must_use]
    pub fn migration_before_server(self) -> Option<String> {
        let launched =
            || self.run().launch.before.iter().find_map(|program| told(&program.texts().collect::<Vec<_>>()));
        migration_before_server(&self.command_line()).or_else(launched)
    }

    /// The migration that runs in front of the app in each of its Pods: all that an init
    /// container does, or what comes before the server. One that only its name tells has no
    /// command, and an empty text.
    #[must_use]
    pub fn migration_in_pod(self) -> Option<String> {
        match self.role() {
            Role::App | Role::Sidecar => self.migration_before_server(),
            Role::Init => {
                let named = self.name().is_some_and(names_migration) && !only_looks(&self.command_line());
                self.migration_command().or_else(|| named.then(String::new))
            }
        }
    }

    /// The migration that is among its programs. Where only `args` are written, the image's
    /// name stands for its program.
    fn migration_command(self) -> Option<String> {
        let mut words = self.command_line();
        if !self.field().get("command").exists() {
            words.extend(self.image().map(knowledge::base_name));
            words.rotate_right(usize::from(self.image().is_some()));
        }
        let programs = programs(&words);
        programs.iter().find_map(|program| told(program))
    }

    /// Whether it ends, or goes on, only once all migrations are applied.
    fn waits_for_migrations(self) -> bool {
        let line = self.command_line();
        if self.role() == Role::Init {
            let name = self.name().unwrap_or_default().to_ascii_lowercase();
            let waits =
                |text: &str| ["wait", "check", "verif", "ready", "until", "while"].iter().any(|w| text.contains(w));
            let subject = |text: &str| text.contains("migrat") || text.contains("schema");
            let scripted = || line.iter().any(|script| script.contains("sleep") && waits(script) && subject(script));
            return (waits(&name) && subject(&name))
                || only_looks(&line)
                || (scripted() && self.migration_command().is_none());
        }
        let programs = programs(&line);
        programs.split_last().is_some_and(|(_, before)| before.iter().any(|program| looks(program)))
    }
}

/// The migration of a database schema that runs before another program: `manage.py migrate`.
/// Its other arguments may hold secrets.
fn migration_before_server(words: &[&str]) -> Option<String> {
    let programs = programs(words);
    let (_, before) = programs.split_last()?;
    before.iter().find_map(|program| told(program))
}

/// "manage.py migrate", for a program that changes a database schema.
fn told(program: &[&str]) -> Option<String> {
    migration(program).map(|(tool, verb)| format!("{tool} {verb}"))
}

/// The tool and the verb of a program that changes a database schema, rather than showing or
/// checking it.
fn migration(program: &[&str]) -> Option<(&'static str, &'static str)> {
    if has_flag_to_look(program) { None } else { schema_command(program) }
}

/// The tool and the verb of a program that has to do with a schema.
fn schema_command(program: &[&str]) -> Option<(&'static str, &'static str)> {
    if matches!(program.first(), None | Some(&"echo" | &"printf")) {
        return None;
    }
    let follows = |tool: &str, verb: &str| {
        let at = program.iter().position(|word| base_name(word) == tool);
        at.is_some_and(|at| program[at + 1..].contains(&verb))
    };
    knowledge::migration_commands().find(|(tool, verb)| follows(tool, verb))
}

fn has_flag_to_look(program: &[&str]) -> bool {
    program.iter().any(|word| matches!(*word, "--check" | "--plan" | "--help" | "--dry-run"))
}

/// Whether a program shows or checks migrations.
fn looks(program: &[&str]) -> bool {
    const LOOKING: [&str; 4] =
        ["check-migrations", "check_migrations", "showmigrations", "db:abort_if_pending_migrations"];
    program.iter().any(|word| LOOKING.contains(word))
        || (has_flag_to_look(program) && schema_command(program).is_some())
}

/// Whether a command shows or checks migrations and runs none.
fn only_looks(words: &[&str]) -> bool {
    let programs = programs(words);
    programs.iter().any(|program| looks(program)) && !programs.iter().any(|program| migration(program).is_some())
}

/// Whether a name says that something migrates a schema, and does not wait for that; nor
/// moves something else.
fn names_migration(name: &str) -> bool {
    const OTHERS: [&str; 15] = [
        "wait", "check", "verif", "ready", "show", "make", "crd", "config", "volume", "dir", "file", "pvc", "perm",
        "storage", "secret",
    ];
    let name = name.to_ascii_lowercase();
    name.contains("migrat") && !OTHERS.iter().any(|other| name.contains(other))
}

/// The words of a text that could be names of objects.
fn names_in(text: &str) -> impl Iterator<Item = &str> {
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '.');
    text.split(move |letter| !is_name(letter)).filter(|word| word.len() > 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release::Scope;
    use crate::release::manifests::read;

    fn with<T>(kind: &str, name: &str, spec: &str, look: impl FnOnce(Workload<'_>) -> T) -> T {
        let group = if kind == "Job" { "batch" } else { "apps" };
        let text = format!(
            "{{apiVersion: {group}/v1, kind: {kind}, metadata: {{name: {name}}}, spec: {{template: {{spec: {spec}}}}}}}"
        );
        read(Scope::Closed, &[("x", &text)], |releases| look(releases.workload(&releases.objects()[0]).unwrap()))
    }

    fn job(name: &str, container: &str) -> Option<Option<String>> {
        let spec = format!("{{containers: [{{name: c, image: shop, {container}}}]}}");
        with("Job", name, &spec, |workload| workload.migration().map(|migration| migration.command))
    }

    /// Table E of the specification: the commands.
    #[test]
    fn migrations_are_known_by_their_command() {
        for (command, known) in [
            ("[python, manage.py, migrate, --noinput]", "manage.py migrate"),
            ("[/entrypoint, python, /app/manage.py, migrate]", "manage.py migrate"),
            ("[django-admin, migrate]", "django-admin migrate"),
            ("[python, -m, django, migrate]", "django migrate"),
            ("[sh, -c, \"alembic -c a.ini upgrade head\"]", "alembic upgrade"),
            ("[flask, db, upgrade]", "flask upgrade"),
            ("[bundle, exec, rails, \"db:migrate\"]", "rails db:migrate"),
            ("[rake, \"db:migrate\"]", "rake db:migrate"),
            ("[npx, prisma, migrate, deploy]", "prisma deploy"),
            ("[npx, knex, \"migrate:latest\"]", "knex migrate:latest"),
            ("[npx, sequelize, \"db:migrate\"]", "sequelize db:migrate"),
            ("[flyway, -url=x, migrate]", "flyway migrate"),
            ("[liquibase, update]", "liquibase update"),
            ("[goose, -dir, m, up]", "goose up"),
            ("[migrate, -path, m, up]", "migrate up"),
            ("[bash, -c, \"exec \\\\\\\\\\nairflow db migrate\"]", "airflow migrate"),
        ] {
            assert_eq!(job("x", &format!("command: {command}")), Some(Some(known.to_string())), "{command}");
        }
    }

    #[test]
    fn what_only_looks_is_no_migration() {
        for command in [
            "[python, manage.py, makemigrations]",
            "[python, manage.py, showmigrations]",
            "[python, manage.py, migrate, --check]",
            "[python, manage.py, migrate, --plan]",
            "[sh, -c, \"until ./manage.py migrate --check; do sleep 1; done\"]",
            "[echo, manage.py, migrate]",
            "[gunicorn, shop.wsgi]",
        ] {
            assert_eq!(job("x", &format!("command: {command}")), None, "{command}");
        }
    }

    #[test]
    fn migrations_are_known_by_a_name_or_an_image() {
        assert_eq!(job("shop-db-migrations", "args: [x]"), Some(None));
        assert_eq!(job("x", "args: [migrate]"), None);
        for other in ["wait-for-migrations", "db-migration-checker", "migrate-crds", "config-migration"] {
            assert_eq!(job(other, "args: [x]"), None, "{other}");
        }
        assert_eq!(job("migrate", "command: [./manage.py, migrate, --check]"), None);
        let spec = "{containers: [{name: c, image: \"flyway/flyway:10\", args: [migrate]}]}";
        let command = with("Job", "x", spec, |workload| workload.migration().unwrap().command);
        assert_eq!(command.as_deref(), Some("flyway migrate"));
        let spec = "{containers: [{name: c, image: shop, command: [./manage.py, migrate]}]}";
        assert!(with("Deployment", "migrate", spec, |workload| workload.migration().is_none()));
    }

    #[test]
    fn migrations_before_a_server() {
        let migrates = |script| migration_before_server(&["sh", "-c", script]).is_some();
        for script in [
            "python manage.py migrate --noinput && gunicorn shop.wsgi",
            "./manage.py migrate; exec gunicorn shop.wsgi",
            "until alembic -c a.ini upgrade head; do sleep 1; done; uvicorn shop:app",
            "bundle exec rails db:migrate && bundle exec puma",
            "npx prisma migrate deploy && node server.js",
            "python -m django migrate && gunicorn shop.wsgi",
        ] {
            assert!(migrates(script), "{script}");
        }
        for script in [
            "python manage.py migrate",
            "until python manage.py migrate --check; do sleep 1; done; gunicorn shop.wsgi",
            "python manage.py makemigrations && gunicorn shop.wsgi",
            "python manage.py showmigrations && gunicorn shop.wsgi",
            "echo manage.py migrate && gunicorn shop.wsgi",
            "gunicorn shop.wsgi",
        ] {
            assert!(!migrates(script), "{script}");
        }
        assert_eq!(migration_before_server(&["python", "manage.py", "migrate"]), None);
        let told = migration_before_server(&["sh", "-c", "manage.py migrate --password x && gunicorn"]);
        assert_eq!(told.as_deref(), Some("manage.py migrate"));
    }

    fn waits(init: &str, app: &str) -> String {
        let spec = format!("{{initContainers: {init}, containers: [{{name: web, image: shop, {app}}}]}}");
        with("Deployment", "web", &spec, |workload| match workload.waits() {
            Waits::No => "no".to_string(),
            Waits::ForMigrations => "migrations".to_string(),
            Waits::For(words) => words.join(" "),
        })
    }

    #[test]
    fn what_waits_for_migrations() {
        assert_eq!(waits("[]", "args: []"), "no");
        assert_eq!(waits("null", "args: []"), "no");
        for init in [
            "{name: a, command: [sh, -c, \"until ./manage.py migrate --check; do sleep 1; done\"]}",
            "{name: a, args: [airflow, db, check-migrations]}",
            "{name: wait-for-migrations, image: x}",
            "{name: a, command: [sh, -c, \"while ! psql -c 'select 1 from migrations'; do sleep 1; done\"]}",
        ] {
            assert_eq!(waits(&format!("[{init}]"), "args: []"), "migrations", "{init}");
        }
        let server = "command: [sh, -c, \"until ./manage.py migrate --check; do sleep 1; done; gunicorn x\"]";
        assert_eq!(waits("[]", server), "migrations");
        assert_eq!(waits("[{name: a, args: [job-wr, shop-migrate]}]", "args: []"), "job-wr shop-migrate");
        assert_eq!(waits("[{name: a, command: [./manage.py, migrate]}]", "args: []"), "manage.py migrate");
    }

    #[test]
    fn readiness_that_asks_for_the_schema() {
        let verifies = |probe: &str| {
            let spec = format!("{{containers: [{{name: web, image: shop, readinessProbe: {probe}}}]}}");
            with("Deployment", "web", &spec, |workload| workload.readiness_verifies_migrations())
        };
        assert!(verifies("{exec: {command: [./manage.py, migrate, --check]}}"));
        assert!(verifies("{httpGet: {path: /health/migrations, port: 80}}"));
        assert!(!verifies("{httpGet: {path: /ready, port: 80}}"));
    }
}
