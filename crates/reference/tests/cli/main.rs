//! The binary `strata`, as a shell runs it: with a folder of its own and no variables but those given.

mod completions;
mod export;
mod flags;
mod mistakes;
mod origins;
mod profile;
mod secrets;
mod shell;
mod store;
mod usage;
