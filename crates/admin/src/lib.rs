//! An HTTP interface to a running configuration: values, history, flags, events and a console.

mod admin;
mod answer;
mod audit;
pub mod auth;
mod beside;
mod context;
mod current;
mod dialect;
mod etag;
mod follow;
mod guard;
mod metrics;
mod observe;
mod openapi;
mod problem;
mod progress;
mod request;
mod routes;
mod server;
mod shutdown;
mod wire;

pub use admin::{Admin, router};
pub use context::Context;
pub use dialect::{Dialect, Operation};
pub use guard::Limits;
pub use problem::Problem;
#[cfg(feature = "tls")]
pub use server::Tls;
pub use server::{Server, serve};
