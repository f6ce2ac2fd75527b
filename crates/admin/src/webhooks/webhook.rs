//! A webhook as an application says it: where messages go, signed with what, and which.

use std::fmt;
use std::time::Duration;

use axum::http::Uri;
use strata_config_core::FieldPath;

use super::error::WebhookError;
use super::signature::WebhookSecret;
use super::transport::Transport;
use crate::events::Message;

/// The kinds of messages that there are for webhooks.
pub(super) const KINDS: [&str; 7] = ["committed", "reloaded", "failed", "recovered", "flags", "alert", "reset"];

/// A program that is sent what happens, by `POST` and signed as [Standard Webhooks](https://www.standardwebhooks.com)
/// have it.
///
/// ```
/// use std::time::Duration;
/// use strata_config_admin::{Webhook, WebhookSecret};
/// use strata_config_core::FieldPath;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let secret = WebhookSecret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")?;
/// let hook = Webhook::new("http://127.0.0.1:9000/strata", secret)?
///     .only([FieldPath::parse("db")?])
///     .kinds(["committed", "alert", "reset"])?
///     .try_time(Duration::from_secs(5));
/// # let _ = hook;
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is sent until an interface has it"]
pub struct Webhook {
    pub(super) uri: Uri,
    pub(super) secrets: Vec<WebhookSecret>,
    only: Vec<FieldPath>,
    kinds: Vec<String>,
    pub(super) waiting: usize,
    pub(super) tries: u32,
    pub(super) time: Duration,
    pub(super) transport: Transport,
}

impl Webhook {
    /// Sends everything to an address, `http://…` or, with the feature `webhooks-tls`, `https://…`, signed with a secret
    /// that the receiver has as well.
    ///
    /// # Errors
    /// The address is none, or has a user's name or password in it. The system's trusted certificates can't be read.
    pub fn new(url: &str, secret: WebhookSecret) -> Result<Self, WebhookError> {
        let uri: Uri = url.parse().map_err(|_| WebhookError::Url("it is no URL"))?;
        let host = uri.authority().ok_or(WebhookError::Url("it begins with no `http://` or `https://` and a host"))?;
        if host.as_str().contains('@') {
            return Err(WebhookError::Url("leave out user and password: the signature tells who sends"));
        }
        if host.host().is_empty() {
            return Err(WebhookError::Url("it has no host"));
        }
        let transport = Transport::of(uri.scheme_str().unwrap_or_default())?;
        Ok(Self {
            uri,
            secrets: vec![secret],
            only: Vec::new(),
            kinds: KINDS.map(str::to_owned).to_vec(),
            waiting: 256,
            tries: 12,
            time: Duration::from_secs(10),
            transport,
        })
    }

    /// Signs with another secret, too: so that a secret is replaced while messages come, and receivers take either.
    pub fn secret(mut self, secret: WebhookSecret) -> Self {
        self.secrets.push(secret);
        self
    }

    /// Only what happens at, below or above these paths; and what concerns everything.
    pub fn only(mut self, paths: impl IntoIterator<Item = FieldPath>) -> Self {
        self.only.extend(paths);
        self
    }

    /// Only messages of these kinds: `committed`, `reloaded`, `failed`, `recovered`, `flags`, `alert`, and `reset`, which
    /// comes first in each process and says to read everything again.
    ///
    /// # Errors
    /// There are no messages of a kind.
    pub fn kinds(mut self, kinds: impl IntoIterator<Item = impl Into<String>>) -> Result<Self, WebhookError> {
        self.kinds = kinds.into_iter().map(Into::into).collect();
        match self.kinds.iter().find(|kind| !KINDS.contains(&kind.as_str())) {
            Some(unknown) => Err(WebhookError::Kind(unknown.clone())),
            None => Ok(self),
        }
    }

    /// How many messages may wait: 256 where nothing is said, and 8 MiB in all. Of more the oldest are dropped, and the
    /// next message says in `gap` how many.
    pub fn waiting(mut self, count: usize) -> Self {
        self.waiting = count.max(1);
        self
    }

    /// How often one message is tried: 12 times where nothing is said, which takes about half an hour. Then it is dropped.
    pub fn tries(mut self, count: u32) -> Self {
        self.tries = count.max(1);
        self
    }

    /// How long one try may take: 10 s where nothing is said.
    pub fn try_time(mut self, time: Duration) -> Self {
        self.time = time;
        self
    }

    /// Whether the receiver wants this message.
    pub(super) fn wants(&self, message: &Message) -> bool {
        let is_about = |path| message.about.touches(Some(path));
        self.kinds.contains(&message.kind) && (self.only.is_empty() || self.only.iter().any(is_about))
    }

    /// The address as it may be shown: a query may be a key.
    pub(super) fn shown(&self) -> String {
        let authority = self.uri.authority().map_or("", |authority| authority.as_str());
        format!("{}://{authority}{}", self.uri.scheme_str().unwrap_or_default(), self.uri.path())
    }
}

/// Secrets and the address's query are not shown.
impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Webhook");
        shown.field("url", &self.shown()).field("only", &self.only).field("kinds", &self.kinds).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hook(url: &str) -> Result<Webhook, WebhookError> {
        Webhook::new(url, WebhookSecret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap())
    }

    #[test]
    fn an_address_that_nothing_can_be_sent_to_is_refused_with_the_reason() {
        for (wrong, why) in [
            ("", "no URL"),
            ("/path", "begins with"),
            ("receiver:80", "begins with"),
            ("ftp://receiver/x", "http://"),
            ("http://ann:pw@receiver/x", "leave out user and password"),
        ] {
            let told = hook(wrong).unwrap_err().to_string();
            assert!(told.contains(why) && !told.contains("pw@"), "{wrong}: {told}");
        }
        assert!(
            hook("http://receiver/x").unwrap().kinds(["commited"]).unwrap_err().to_string().contains("`committed`")
        );
    }

    #[test]
    fn the_query_is_not_shown() {
        let hook = hook("http://[::1]:9000/x/y?key=hunter2").unwrap();
        assert_eq!(hook.shown(), "http://[::1]:9000/x/y");
        assert!(!format!("{hook:?}").contains("hunter2"));
    }
}
