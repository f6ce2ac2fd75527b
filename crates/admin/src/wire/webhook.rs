//! A receiver of webhooks as the status tells it.

use serde::Serialize;
use utoipa::ToSchema;

/// How one receiver of webhooks stands.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = WebhookStatus)]
pub(crate) struct WebhookView {
    /// Where messages go, without the query.
    pub(crate) url: String,
    /// Messages that have arrived.
    pub(crate) delivered: u64,
    /// Tries that have failed.
    pub(crate) failed: u64,
    /// Messages that wait.
    pub(crate) pending: usize,
    /// Messages that were dropped: too many waited, or they were tried too often.
    pub(crate) dropped: u64,
    /// Why the last try that failed did; null where none has.
    pub(crate) last_error: Option<String>,
    /// The receiver has answered 410, and gets nothing more.
    pub(crate) disabled: bool,
}
