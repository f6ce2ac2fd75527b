//! The commands over a small configuration.

mod app;
mod check;
mod diff;
mod documents;
mod explain;
mod export;
#[cfg(feature = "flags")]
mod feature_flags;
mod flags;
mod get;
mod options;
#[cfg(feature = "pi-profile")]
mod profile;
mod store;
