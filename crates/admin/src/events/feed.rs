//! What one client is given: what it missed, then what happens, then why it ends.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use strata_config_store::Timestamp;
use tokio_util::sync::CancellationToken;

use super::hub::Listener;
use super::message::{Draft, Message};
use super::position::Position;

/// What one client is given.
#[derive(Debug)]
pub(crate) struct Feed {
    /// Where the client stands, where it has missed nothing.
    pub(crate) here: Option<Position>,
    pub(super) missed: VecDeque<Arc<Message>>,
    pub(super) listener: Listener,
    pub(super) shutdown: CancellationToken,
    pub(super) expires: Option<Timestamp>,
    pub(super) has_ended: bool,
}

/// What comes next.
#[derive(Debug)]
pub(crate) enum Next {
    Message(Arc<Message>),
    /// The last one, with the reason.
    Last(Message),
    /// Nothing came in this time.
    Nothing,
    /// There is no more.
    End,
}

impl Feed {
    /// The next message, or nothing after a time.
    pub(crate) async fn next(&mut self, patience: Duration) -> Next {
        if self.has_ended {
            return Next::End;
        }
        if self.expires.is_some_and(|end| end <= Timestamp::now()) {
            return self.end("the token has expired");
        }
        if let Some(message) = self.missed.pop_front() {
            return Next::Message(message);
        }
        tokio::select! {
            // What is waiting is given before the end is told.
            biased;
            message = self.listener.queue.recv() => match message {
                Some(message) => Next::Message(message),
                None => self.end("messages were not read in time; come back with the last id"),
            },
            () = self.shutdown.cancelled() => self.end("the server is shutting down"),
            () = tokio::time::sleep(patience) => Next::Nothing,
        }
    }

    fn end(&mut self, reason: &str) -> Next {
        self.has_ended = true;
        // Without an id: the client comes back with that of the last message that it has.
        Next::Last(self.listener.hub.aside(Draft::new("shutdown").reason(reason), None))
    }
}
