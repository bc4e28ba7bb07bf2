//! Shutdown: whether a Pod finishes what it has begun before it is killed.

mod grace;
mod prestop;
mod signal;
mod uwsgi;

use super::Check;

/// The checks of this group.
pub(super) const CHECKS: &[(&str, Check)] = &[
    ("grace-too-short", Check::Workload(grace::too_short)),
    ("grace-zero", Check::Workload(grace::zero)),
    ("prestop-missing", Check::Container(prestop::missing)),
    ("shell-form-pid1", Check::Run(signal::shell_form)),
    ("stopsignal-breaks-role", Check::Run(signal::breaks_role)),
    ("stopsignal-implicit", Check::Run(signal::implicit)),
    ("stopsignal-not-graceful", Check::Run(signal::not_graceful)),
    ("uwsgi-need-app", Check::Run(uwsgi::needs_app)),
    ("uwsgi-term-reloads", Check::Run(uwsgi::reloads)),
    ("worker-grace-default", Check::Container(grace::worker_default)),
];
