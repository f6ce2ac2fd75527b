//! An HTTP interface to a running configuration: values, history, flags, events and a console.

mod admin;
mod answer;
pub mod auth;
mod beside;
mod context;
mod current;
mod dialect;
mod etag;
mod events;
mod metrics;
mod observe;
mod openapi;
mod problem;
mod request;
mod routes;
mod server;
mod shutdown;
mod wire;

pub use admin::{Admin, router};
pub use context::Context;
pub use dialect::{Dialect, Operation};
pub use events::StreamLimits;
pub use problem::Problem;
pub use server::serve;
