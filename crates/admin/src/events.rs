//! What happens to the configuration, told once to everybody who listens: server-sent events, WebSocket, webhooks.

mod feed;
mod follow;
mod hub;
mod message;
mod position;
mod resume;

pub(crate) use feed::{Feed, Next};
pub(crate) use follow::follow;
pub(crate) use hub::{Hub, Way};
pub(crate) use message::{Draft, EventView};
pub(crate) use resume::{Ask, open};

pub use hub::StreamLimits;
