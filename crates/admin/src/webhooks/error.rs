//! What can be wrong with a webhook, or with a message that came by one.

use std::fmt;

/// Why there is no such webhook or secret; or why a message is not from who knows the secret.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum WebhookError {
    /// The address is none that messages can be sent to.
    Url(&'static str),
    /// There are no messages of this kind.
    Kind(String),
    /// The system's trusted certificates can't be read.
    Certificates(String),
    /// A secret is `whsec_` and base64 of 24 to 64 bytes.
    Secret,
    /// A header that every message has is not there, or no text.
    Header(&'static str),
    /// The time is none, or too far from now.
    Time,
    /// No signature is that of the message.
    Signature,
}

impl fmt::Display for WebhookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url(why) => write!(f, "the webhook's address can't be used: {why}"),
            Self::Kind(kind) => write!(f, "there are no messages of the kind `{kind}`: it is one of {}", kinds()),
            Self::Certificates(why) => write!(f, "the system's trusted certificates can't be read: {why}"),
            Self::Secret => f.write_str("a webhook's secret is `whsec_` and base64 of 24 to 64 bytes"),
            Self::Header(name) => write!(f, "the message has no header `{name}`"),
            Self::Time => f.write_str("the message's time is none, or too far from now"),
            Self::Signature => f.write_str("no signature is that of the message"),
        }
    }
}

impl std::error::Error for WebhookError {}

fn kinds() -> String {
    super::webhook::KINDS.map(|kind| format!("`{kind}`")).join(", ")
}
