//! The console in a real browser, over a real server.

mod access;
#[cfg(feature = "pi-profile")]
mod board;
mod browser;
mod edits;
mod flags;
mod looks;
mod past;
mod safety;
mod site;
