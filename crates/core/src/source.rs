//! Sources: each becomes a layer, with what is wrong in it.

pub(crate) mod args;
pub(crate) mod dotenv;
pub(crate) mod env;
pub(crate) mod file;
pub(crate) mod names;
