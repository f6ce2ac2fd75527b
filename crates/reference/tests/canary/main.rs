//! The canary: a marker in every secret of every system, then everything that can be printed is searched for it.
//!
//! Secrets are found through the schemas, so a new one is in all of this by itself. [`search`] says what counts as
//! shown, [`case`] what is marked, [`sources`] by which ways it comes in, [`collection`] what is asserted; the other
//! modules collect, each from one part of the workspace.

mod artefacts;
mod case;
mod collection;
mod commands;
mod control;
mod documents;
mod http;
mod library;
mod mistakes;
mod noise;
mod past;
mod remote;
mod running;
mod search;
#[cfg(unix)]
#[path = "../seeds/server.rs"]
#[expect(dead_code, reason = "the seeds' tests use more of it")]
mod server;
#[cfg(unix)]
mod serving;
mod shelf;
mod sources;
mod subjects;
