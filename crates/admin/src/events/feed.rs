//! What one client is given: what it missed, then what happens, then why it ends.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use strata_config_store::Timestamp;

use super::hub::Listener;
use super::message::{Draft, Message};
use super::position::Position;
use crate::auth::{Scope, Token};
use crate::context::App;

/// What one client is given.
pub(crate) struct Feed {
    pub(super) app: Arc<App>,
    pub(super) token: Arc<Token>,
    /// Where the client stands, where it has missed nothing.
    pub(crate) here: Option<Position>,
    pub(super) missed: VecDeque<Arc<Message>>,
    pub(super) listener: Listener,
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
        if !self.may_listen() {
            return self.end("the token is no longer accepted");
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
            () = self.app.shutdown.wait() => {
                let app = Arc::clone(&self.app);
                self.end(app.shutdown.reason())
            }
            () = tokio::time::sleep(patience) => Next::Nothing,
        }
    }

    /// Streams outlive what was checked at their beginning: a token may end, or be replaced.
    fn may_listen(&self) -> bool {
        let token = self.app.tokens.by_id(&self.token.id);
        token.is_some_and(|token| {
            token.hash() == self.token.hash() && token.scopes.permit(Scope::Read) && !token.has_ended(Timestamp::now())
        })
    }

    fn end(&mut self, reason: &str) -> Next {
        self.has_ended = true;
        // Without an id: the client comes back with that of the last message that it has.
        Next::Last(self.listener.hub.aside(Draft::new("shutdown").reason(reason), None))
    }
}
