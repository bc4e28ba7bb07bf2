//! Configuration: what a value becomes on its way to the process.

mod environment;
mod reference;
mod required;
mod restart;
mod secret;
mod store;
mod text;

use super::Check;

/// The checks of this group.
pub(super) const CHECKS: &[(&str, Check)] = &[
    ("config-value-not-string", Check::Object(text::value_not_string)),
    ("config-key-coerced", Check::Object(text::key_coerced)),
    ("config-ref-missing", Check::Workload(reference::missing)),
    ("config-key-missing", Check::Workload(reference::key_missing)),
    ("config-shadowed", Check::Container(environment::shadowed)),
    ("env-name-invalid", Check::Container(environment::name_invalid)),
    ("config-required-missing", Check::Workload(required::missing)),
    ("config-no-restart", Check::Workload(restart::missing)),
    ("config-too-large", Check::Object(store::too_large)),
    ("config-keys-rejected", Check::Object(store::keys_rejected)),
    ("config-immutable-fixed-name", Check::Object(store::immutable_fixed_name)),
    ("secret-in-configmap", Check::Object(secret::in_configmap)),
];
