//! One receiver: what waits for it goes out in order, one message after the other.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::queue::Queue;
use super::transport;
use super::webhook::Webhook;
use crate::events::Message;
use crate::wire::WebhookView;

/// One receiver.
pub(super) struct Hook {
    webhook: Webhook,
    queue: Mutex<Queue>,
    arrived: Notify,
}

impl Hook {
    pub(super) fn new(webhook: Webhook) -> Self {
        let queue = Mutex::new(Queue::new(webhook.waiting, webhook.tries));
        Self { webhook, queue, arrived: Notify::new() }
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A message that waits from now on, where the receiver wants it.
    pub(super) fn offer(&self, message: &Arc<Message>) {
        if self.webhook.wants(message) {
            self.queue().push(Arc::clone(message));
            self.arrived.notify_one();
        }
    }

    /// Messages were lost, nobody knows how many.
    pub(super) fn lose(&self) {
        self.queue().lose(1);
    }

    /// Sends what waits, until it is told to stop and nothing waits any more. What fails after that is not tried again.
    pub(super) async fn run(&self, stop: &CancellationToken) {
        loop {
            let Some(parcel) = self.queue().parcel() else {
                tokio::select! {
                    biased;
                    () = self.arrived.notified() => continue,
                    () = stop.cancelled() => return,
                }
            };
            let failure = match transport::send(&self.webhook, &parcel).await {
                Ok(()) => {
                    self.queue().delivered();
                    continue;
                }
                Err(failure) => failure,
            };
            let url = self.webhook.shown();
            if failure.is_gone {
                tracing::warn!(url, "the receiver of a webhook is gone for good: it is sent nothing more");
                return self.queue().disable(failure.why);
            }
            tracing::warn!(url, id = parcel.id, error = failure.why, "a webhook was not delivered");
            let wait = self.queue().failed(failure.why, failure.after, chance());
            if stop.is_cancelled() {
                return;
            }
            tokio::select! {
                () = sleep(wait) => {}
                () = stop.cancelled() => {}
            }
        }
    }

    pub(super) fn view(&self) -> WebhookView {
        let queue = self.queue();
        let figures = queue.figures.clone();
        WebhookView {
            url: self.webhook.shown(),
            delivered: figures.delivered,
            failed: figures.failed,
            pending: queue.pending(),
            dropped: figures.dropped,
            last_error: figures.last_error,
            disabled: figures.is_disabled,
        }
    }
}

/// A number from 0 to 1, so that those who failed together do not come back together.
fn chance() -> f64 {
    getrandom::u32().map_or(1.0, |number| f64::from(number) / f64::from(u32::MAX))
}
