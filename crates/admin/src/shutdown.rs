//! The end of the interface, as those see it who would wait for ever: streams.

use std::sync::OnceLock;

use tokio_util::sync::CancellationToken;

/// Whether the interface ends, and why. Clones of the token are told at once.
#[derive(Debug, Default)]
pub(crate) struct Shutdown {
    begun: CancellationToken,
    reason: OnceLock<String>,
}

impl Shutdown {
    /// Tells everybody. The first reason counts.
    pub(crate) fn begin(&self, reason: impl Into<String>) {
        let _ = self.reason.set(reason.into());
        self.begun.cancel();
    }

    /// Ends when the interface does.
    pub(crate) async fn wait(&self) {
        self.begun.cancelled().await;
    }

    /// Why.
    pub(crate) fn reason(&self) -> &str {
        self.reason.get().map_or("", String::as_str)
    }
}
