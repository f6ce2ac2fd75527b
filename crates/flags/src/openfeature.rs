//! A provider for the crate `open-feature`: the flags of a set, or of whatever exchanges sets, through OpenFeature's API.

mod context;
mod error;
mod provider;
mod value;

pub use provider::Provider;
