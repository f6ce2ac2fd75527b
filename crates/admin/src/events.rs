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
#[cfg(feature = "webhooks")]
pub(crate) use hub::{Listener, Missed};
#[cfg(feature = "webhooks")]
pub(crate) use message::Message;
pub(crate) use message::{Draft, EventView};
#[cfg(feature = "webhooks")]
pub(crate) use position::Position;
pub(crate) use resume::{Ask, open};

pub use hub::StreamLimits;
