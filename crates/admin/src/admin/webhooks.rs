//! Who is sent what happens.

use std::sync::Arc;

use super::Admin;
use crate::context::App;
use crate::webhooks::{Webhook, Webhooks};

impl Admin {
    /// Sends what happens to another program, too. Each process that has the webhook sends for itself.
    pub fn webhook(mut self, webhook: Webhook) -> Self {
        self.webhooks.push(webhook);
        self
    }
}

/// Begins to send, where there is anybody to send to.
pub(super) fn begin(webhooks: Vec<Webhook>, app: &Arc<App>) {
    if webhooks.is_empty() {
        return;
    }
    match Webhooks::begin(webhooks, &app.hub) {
        Ok(running) => {
            app.webhooks.get_or_init(|| running);
        }
        Err(error) => tracing::error!(%error, "webhooks can't begin: nobody is sent what happens"),
    }
}
