//! An HTTP interface to a running configuration: values, history, flags, events and a console.

mod admin;
mod alerts;
mod answer;
mod audit;
pub mod auth;
mod beside;
mod console;
mod context;
mod current;
mod dialect;
mod etag;
mod events;
mod exact;
mod experiments;
mod flag_writer;
mod follow;
mod guard;
#[cfg(feature = "pi-profile")]
mod machine;
pub mod metrics;
mod observe;
mod ofrep;
mod openapi;
mod problem;
mod progress;
mod request;
mod rollout;
mod routes;
mod server;
mod shutdown;
mod troubles;
#[cfg(feature = "webhooks")]
mod webhooks;
mod wire;

pub use axum::http::StatusCode;

pub use admin::{Admin, router};
pub use alerts::{AlertRule, Reports};
pub use context::Context;
pub use dialect::{Dialect, Operation};
pub use events::StreamLimits;
pub use experiments::{Assignment, Experiments};
pub use flag_writer::FlagWriter;
pub use guard::Limits;
pub use problem::Problem;
pub use rollout::Rollout;
#[cfg(feature = "tls")]
pub use server::Tls;
pub use server::{Server, serve};
#[cfg(feature = "webhooks")]
pub use webhooks::{Webhook, WebhookError, WebhookSecret};
