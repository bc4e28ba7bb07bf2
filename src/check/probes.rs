//! Probes: which are missing, which act in the wrong order, which cannot work.

mod backend;
mod form;
mod missing;
mod order;
mod port;
mod request;
mod startup;
mod timeout;

use super::Check;

/// The checks of this group.
pub(super) const CHECKS: &[(&str, Check)] = &[
    ("readiness-missing", Check::Container(missing::readiness)),
    ("worker-unprobed", Check::Workload(missing::worker)),
    ("liveness-missing", Check::Container(missing::liveness)),
    ("liveness-before-readiness", Check::Container(order::liveness_before_readiness)),
    ("liveness-depends-on-backend", Check::Container(backend::liveness)),
    ("startup-missing", Check::Container(startup::missing)),
    ("probe-timeout-exceeds-period", Check::Probe(timeout::exceeds_period)),
    ("probe-timeout-vs-connect", Check::Probe(timeout::below_connect)),
    ("probe-host-header", Check::Container(request::host_header)),
    ("probe-redirect-vacuous", Check::Probe(request::redirect_vacuous)),
    ("exec-probe-slow", Check::Probe(timeout::exec_slow)),
    ("probe-port-unresolved", Check::Probe(port::unresolved)),
    ("probe-invalid", Check::Container(form::invalid)),
];
