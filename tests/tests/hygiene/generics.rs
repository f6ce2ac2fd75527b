//! Parameters of types and constants, with bounds of the user's own.

use std::collections::HashMap;
use std::fmt::Debug;

use serde::{Deserialize, Serialize};
use strata_config::LayeredConfig;

/// A config over a type of the user's.
#[derive(LayeredConfig, Debug, Clone, PartialEq)]
pub(crate) struct Sized<T, const N: usize>
where
    T: Debug + Clone,
{
    one: T,
    many: Vec<T>,
    maybe: Option<T>,
    by_name: HashMap<String, T>,
    array: Array<N>,
    #[config(default = 4)]
    plain: u16,
}

/// A type with a constant parameter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Array<const N: usize> {
    items: Vec<u8>,
}

/// A config over configs.
#[derive(LayeredConfig, Debug, Clone, PartialEq)]
pub(crate) struct Over<C: Clone, D = Inner>
where
    D: Clone,
{
    #[config(nested)]
    required: C,
    #[config(nested)]
    optional: Option<D>,
    #[config(nested)]
    list: Vec<C>,
}

/// A config to be over.
#[derive(LayeredConfig, Debug, Clone, PartialEq, Eq)]
pub(crate) struct Inner {
    #[config(default = 1)]
    value: u8,
}

#[test]
fn schemas_of_generic_configs_are_those_of_their_arguments() {
    assert_eq!(<Sized<u8, 2>>::SCHEMA.fields.len(), 6);
    assert_eq!(<Over<Inner>>::SCHEMA.size, 1 + 1 + 1 + 1 + 1);
}
