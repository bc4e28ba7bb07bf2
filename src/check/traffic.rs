//! The way of a request: Ingress, Service, container port.

mod alb;
mod ingress;
mod service;

use super::Check;

/// The checks of this group.
pub(super) const CHECKS: &[(&str, Check)] = &[
    ("alb-algorithm", Check::Ingress(alb::algorithm)),
    ("alb-drain", Check::Ingress(alb::drain)),
    ("ingress-backend-unresolved", Check::Ingress(ingress::backend_unresolved)),
    ("service-selects-nothing", Check::Service(service::selects_nothing)),
    ("service-port-unresolved", Check::Service(service::port_unresolved)),
];
