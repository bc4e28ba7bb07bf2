//! Images: whether one name means one program, today and tomorrow, here and there.

mod tag;
mod version;

use super::Check;

/// The checks of this group.
pub(super) const CHECKS: &[(&str, Check)] = &[
    ("image-latest", Check::Container(tag::latest)),
    ("image-mutable-tag", Check::Container(tag::mutable)),
    ("image-no-digest", Check::Container(tag::no_digest)),
    ("pull-policy-mutable", Check::Container(tag::pull_policy)),
    ("role-image-skew", Check::Workload(version::skew)),
    ("version-label-mismatch", Check::Workload(version::mismatch)),
    ("version-label-missing", Check::Workload(version::missing)),
];
