//! What code that `#[derive(FeatureFlags)]` generates calls. It may change in any release.

pub use std::primitive::{bool, f64, i64, str, usize};
pub use std::string::String;

pub use std::option::Option::Some;
pub use strata_config_core::__private::check_choice;
pub use strata_config_core::{Choice, ConfigEnum};

pub use crate::context::Context;
pub use crate::typed::{
    Chosen, CodeDefault, FeatureFlags, FlagKey, FlagList, FlagSpec, FlagStruct, Key, Mixed, Resolve,
};

/// A flag's value as a field of the type that the program wrote.
pub fn get<'s, F: FeatureFlags, K: FlagKey<Flags = F>, T: From<<K::Kind as crate::typed::FlagKind>::Value<'s>>>(
    flags: &'s impl Resolve<F>,
    key: K,
    context: &Context<'_>,
) -> T {
    T::from(crate::typed::get(flags, key, context))
}
