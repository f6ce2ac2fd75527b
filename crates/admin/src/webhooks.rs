//! Webhooks: what happens, sent to other programs and signed as Standard Webhooks have it.

mod error;
mod hook;
mod queue;
mod running;
mod signature;
mod transport;
mod webhook;

pub use error::WebhookError;
pub use signature::WebhookSecret;
pub use webhook::Webhook;

pub(crate) use running::Webhooks;
