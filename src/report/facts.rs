//! What was resolved, with its origins: the answer to "why does it say that?".

mod environment;
mod hooks;
mod image;
mod job;
mod scaling;

use std::io::{self, Write};

use crate::lint::Workspace;
use crate::release::pod::probe::{Handler, Probe, ProbeKind};
use crate::release::{Container, Fact, Object, Origin, Release, Role, Scope, Workload};
use crate::source::Span;

/// Writes what is known of each workload that `wanted` asks for, release by release; and of each
/// Dockerfile, where all is asked for.
///
/// # Errors
///
/// Those of the writer.
pub fn write(
    workspace: &Workspace<'_>,
    wanted: impl Fn(&Object<'_>) -> bool,
    asks_all: bool,
    out: &mut dyn Write,
) -> io::Result<usize> {
    let releases = &workspace.releases;
    let mut written = 0;
    let mut facts = Facts { workspace, out };
    for (index, release) in releases.releases().iter().enumerate() {
        let objects = releases.objects_of(index).iter();
        let judged = objects
            .filter(|object| !workspace.reference_only.contains(&object.id) && workspace.is_target(object.place()));
        let workloads: Vec<_> =
            judged.filter(|object| wanted(object)).filter_map(|object| releases.workload(object)).collect();
        if !workloads.is_empty() {
            facts.release(release, releases.kube_minor)?;
            hooks::write(workspace, index, &wanted, facts.out)?;
        }
        written += workloads.len();
        workloads.into_iter().try_for_each(|workload| facts.workload(workload))?;
    }
    for build in releases.builds().iter().filter(|build| asks_all && workspace.is_target(build.span())) {
        written += 1;
        facts.dockerfile(build)?;
    }
    Ok(written)
}

struct Facts<'a, 'o> {
    workspace: &'a Workspace<'a>,
    out: &'o mut dyn Write,
}

impl<'a> Facts<'a, '_> {
    fn release(&mut self, release: &Release, kube_minor: u8) -> io::Result<()> {
        let scope = match release.scope {
            Scope::Open => "the directory tree (open: there may be more elsewhere)".to_string(),
            Scope::Closed => format!("release {} (closed: all that is applied together)", release.name),
        };
        let orchestrator = release.orchestrator.map_or("unknown".to_string(), |tool| tool.to_string());
        writeln!(self.out, "{scope}, deployed by {orchestrator}, Kubernetes 1.{kube_minor}\n")
    }

    fn workload(&mut self, workload: Workload<'a>) -> io::Result<()> {
        let object = workload.object();
        let place = self.at(object.place());
        writeln!(self.out, "{} {place}", object.title())?;
        if !workload.is_complete() {
            return writeln!(self.out, "  a fragment (no container has an image): not judged\n");
        }
        self.serving(workload)?;
        if workload.kind().is_replicated() {
            self.line("replicas", &workload.replicas().to_string())?;
            self.scaling(workload)?;
        }
        self.job(workload)?;
        for budget in workload.disruption_budgets() {
            let allowed = budget.pods().and_then(|pods| Some((pods, budget.allowed(pods)?)));
            let allowed = allowed.map_or("evictions unknown".to_string(), |(pods, allowed)| {
                format!("{} of {pods} may be evicted", allowed.max(0))
            });
            let place = self.at(budget.object().place());
            self.line("budget", &format!("{}: {allowed} {place}", budget.object().title()))?;
        }
        self.rollout(workload)?;
        if !workload.kind().finishes() {
            let grace = workload.grace();
            let origin = self.origin(&grace);
            self.line("grace", &format!("{}{origin}", grace.in_seconds()))?;
        }
        self.missing_config(workload)?;
        for container in workload.containers() {
            self.container(workload, container)?;
        }
        writeln!(self.out)
    }

    fn serving(&mut self, workload: Workload<'a>) -> io::Result<()> {
        if workload.kind().finishes() {
            return self.line("serving", "no: it finishes");
        }
        let services: Vec<_> = workload.traffic_services().map(|service| service.object()).collect();
        for service in &services {
            let place = self.at(service.place());
            self.line("serving", &format!("yes, selected by {} {place}", service.title()))?;
        }
        match (services.is_empty(), workload.is_serving()) {
            (true, true) => self.line("serving", "yes: it declares a port, and its scope has no Service"),
            (true, false) => self.line("serving", "no: a worker"),
            _ => Ok(()),
        }
    }

    fn rollout(&mut self, workload: Workload<'a>) -> io::Result<()> {
        if !workload.kind().rolls_out() {
            return Ok(());
        }
        let strategy = workload.strategy_type();
        let origin = self.origin(&strategy);
        self.line("strategy", &format!("{strategy}{origin}"))?;
        if let Some(update) = workload.rolling_update() {
            let origins = (self.origin(&update.max_unavailable), self.origin(&update.max_surge));
            self.line("", &format!("maxUnavailable {}{}", update.max_unavailable, origins.0))?;
            self.line("", &format!("maxSurge {}{}", update.max_surge, origins.1))?;
            for posts in workload.replicas().known().into_iter().filter_map(|replicas| update.at(replicas)) {
                let peak = posts.replicas + posts.surge;
                self.line(
                    "",
                    &format!("replicas {}: {} keep running, at most {peak} at a time", posts.replicas, posts.serving()),
                )?;
            }
        }
        let ready = workload.min_ready_seconds();
        let origin = self.origin(&ready);
        self.line("minReady", &format!("{}{origin}", ready.in_seconds()))
    }

    fn container(&mut self, workload: Workload<'a>, container: Container<'a>) -> io::Result<()> {
        let role = match container.role() {
            Role::App => "",
            Role::Sidecar => ", a native sidecar",
            Role::Init => ", an init container",
        };
        let serving = if workload.serving_containers().contains(container) { ", answers requests" } else { "" };
        let image = container.image().unwrap_or("unknown");
        writeln!(self.out, "  {} (image {image}{role}{serving})", container.title())?;
        if let Some(stage) = container.stage() {
            let place = self.at(stage.from().span);
            self.line("  built by", &format!("{} (stage {}) {place}", stage.build().path, stage.title()))?;
        }
        if container.role() != Role::Init && !workload.kind().finishes() {
            self.shutdown(container)?;
            ProbeKind::ALL.into_iter().try_for_each(|kind| match container.probe(kind) {
                Some(probe) => self.probe(probe),
                None => self.line(&format!("  {kind}"), "none"),
            })?;
        }
        self.environment(container)
    }

    fn shutdown(&mut self, container: Container<'a>) -> io::Result<()> {
        let run = container.run();
        self.process(&run)?;
        if let Some(process) = container.process() {
            let drain = process.drain(container);
            let origin = self.origin(&drain);
            self.line("  drain", &format!("{}{origin}", drain.in_seconds()))?;
        }
        match container.pre_stop() {
            Some(hook) => {
                let place = self.at(hook.field.key_place());
                self.line("  preStop", &format!("at least {} s {place}", hook.seconds))
            }
            None => self.line("  preStop", "none"),
        }
    }

    fn probe(&mut self, probe: Probe<'a>) -> io::Result<()> {
        let asks = match probe.handlers().as_slice() {
            [Handler::HttpGet(_)] => format!("GET {}", probe.handler().and_then(Handler::path).unwrap_or("?")),
            [Handler::TcpSocket(_)] => "TCP connection".to_string(),
            [Handler::Grpc(_)] => "gRPC health check".to_string(),
            [Handler::Exec(_)] => {
                format!("exec {}", probe.handler().map(Handler::command).unwrap_or_default().join(" "))
            }
            handlers => format!("{} handlers, where exactly one is wanted", handlers.len()),
        };
        let port = probe.port().map(|port| format!(" on port {port}")).unwrap_or_default();
        let place = self.at(probe.field().key_place());
        self.line(&format!("  {}", probe.kind()), &format!("{asks}{port} {place}"))?;
        let (delay, period, timeout, failures) =
            (probe.initial_delay(), probe.period(), probe.timeout(), probe.failure_threshold());
        let (delay, period, timeout) = (delay.in_seconds(), period.in_seconds(), timeout.in_seconds());
        let times = format!("after {delay}, every {period}, timeout {timeout}, failures {failures}");
        let acts = probe.timing().map(|timing| format!(": acts after {timing}"));
        self.line("", &format!("{times}{}", acts.unwrap_or_default()))
    }

    fn line(&mut self, name: &str, text: &str) -> io::Result<()> {
        writeln!(self.out, "  {name:<12} {text}")
    }

    /// ` [deploy/web.yaml:7]` for what is written, nothing for a default.
    fn origin<T>(&self, fact: &Fact<T>) -> String {
        match fact {
            Fact::Known { origin: Origin::Written(span), .. } => format!(" {}", self.at(*span)),
            _ => String::new(),
        }
    }

    fn at(&self, span: Span) -> String {
        let source = self.workspace.sources.get(span.source);
        format!("[{}:{}]", source.path(), source.position(span.start).line)
    }
}
