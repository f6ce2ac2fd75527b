//! One token: its name, the hash of its secret, and what it permits.

use std::fmt;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};
use strata_config_store::Timestamp;
use subtle::ConstantTimeEq;

use super::Scopes;
use super::meter::{Meter, Rate};
use crate::guard::Limits;

/// The fewest characters of a secret that nobody guesses, however often he tries.
const SHORTEST: usize = 16;

/// Where the time of all counts begins.
static CLOCK: LazyLock<Instant> = LazyLock::new(Instant::now);

/// A token: `id.secret` for whoever holds it, a hash of the secret here.
#[derive(Clone)]
pub struct Token {
    pub(crate) id: String,
    pub(crate) actor: String,
    hash: [u8; 32],
    pub(crate) scopes: Scopes,
    pub(crate) expires: Option<Timestamp>,
    /// Writes without `If-Match` are refused.
    pub(crate) must_match: bool,
    pub(crate) pace: Pace,
    /// It is good for this machine alone: it was made for this process, or its secret is short.
    pub(crate) is_local: bool,
}

/// How often a token may be used, and how often it was.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pace {
    writes_per_second: Option<u32>,
    reads_per_second: Option<u32>,
    writes: Arc<Meter>,
    reads: Arc<Meter>,
}

/// Why a text is no token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenError(pub(crate) String);

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for TokenError {}

impl TokenError {
    pub(crate) fn no_chance(error: &getrandom::Error) -> Self {
        Self(format!("the system gives no random bytes: {error}"))
    }
}

/// The hash of a secret, as a file of tokens has it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stored([u8; 32]);

impl Stored {
    /// Of `sha256:` and 64 hexadecimal digits.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix("sha256:")?.as_bytes();
        let digit = |at: usize| char::from(digits[at]).to_digit(16).map(|digit| digit as u8);
        let mut hash = [0; 32];
        if digits.len() != 64 {
            return None;
        }
        for (at, byte) in hash.iter_mut().enumerate() {
            *byte = digit(2 * at)? << 4 | digit(2 * at + 1)?;
        }
        Some(Self(hash))
    }
}

impl Token {
    /// A token of which the secret's hash is known.
    pub(crate) fn stored(id: &str, actor: &str, hash: Stored, scopes: Scopes) -> Self {
        Self {
            id: id.to_owned(),
            actor: actor.to_owned(),
            hash: hash.0,
            scopes,
            expires: None,
            must_match: false,
            pace: Pace::default(),
            is_local: false,
        }
    }

    /// Its entry in a file of tokens, in TOML: with the secret's hash, never the secret.
    #[must_use]
    pub fn entry(&self) -> String {
        let hash: String = self.hash.iter().map(|byte| format!("{byte:02x}")).collect();
        let scopes: Vec<String> = self.scopes.iter().map(|scope| quoted(scope.as_str())).collect();
        let mut text = format!(
            "[tokens.{}]\nactor = {}\nhash = \"sha256:{hash}\"\nscopes = [{}]\n",
            quoted(&self.id),
            quoted(&self.actor),
            scopes.join(", ")
        );
        if let Some(end) = self.expires {
            text += &format!("expires = \"{end}\"\n");
        }
        if self.must_match {
            text += "must_match = true\n";
        }
        if let Some(count) = self.pace.writes_per_second {
            text += &format!("writes_per_second = {count}\n");
        }
        if let Some(count) = self.pace.reads_per_second {
            text += &format!("reads_per_second = {count}\n");
        }
        text
    }

    /// A token of this text, `id.secret`, for somebody whom history will name. A secret of fewer than sixteen characters could
    /// be guessed: a server that has no other tokens listens on loopback addresses alone.
    ///
    /// # Errors
    /// The text is not two parts divided by a dot.
    pub fn new(actor: impl Into<String>, text: &str, scopes: Scopes) -> Result<Self, TokenError> {
        let (id, secret) = split(text).ok_or_else(|| TokenError("a token is `id.secret`".to_owned()))?;
        let hash = hash(secret);
        Ok(Self {
            id: id.to_owned(),
            actor: actor.into(),
            hash,
            scopes,
            expires: None,
            must_match: false,
            pace: Pace::default(),
            is_local: secret.chars().count() < SHORTEST,
        })
    }

    /// A token of chance for this process, and its text for whoever shall hold it. A server does not take it as configured:
    /// with no other token it listens on loopback addresses alone.
    ///
    /// # Errors
    /// The system gives no random bytes.
    pub fn random(actor: impl Into<String>, scopes: Scopes) -> Result<(Self, String), TokenError> {
        let mut bytes = [0; 28];
        getrandom::fill(&mut bytes).map_err(|error| TokenError::no_chance(&error))?;
        let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let (id, secret) = digits.split_at(8);
        let text = format!("{id}.{secret}");
        Ok((Self { is_local: true, ..Self::new(actor, &text, scopes)? }, text))
    }

    /// Whether it is good for this machine alone, since its secret is short or it was made for this process.
    #[must_use]
    pub fn is_local(&self) -> bool {
        self.is_local
    }

    /// When it ends.
    #[must_use]
    pub fn expires(mut self, at: Timestamp) -> Self {
        self.expires = Some(at);
        self
    }

    /// Refuses its writes where they do not say which configuration they were meant for.
    #[must_use]
    pub fn must_match(mut self) -> Self {
        self.must_match = true;
        self
    }

    /// Changes that it may make in a second, in place of the interface's own limit.
    #[must_use]
    pub fn writes_per_second(mut self, count: u32) -> Self {
        self.pace.writes_per_second = Some(count);
        self
    }

    /// Reads that it may make in a second, in place of the interface's own limit.
    #[must_use]
    pub fn reads_per_second(mut self, count: u32) -> Self {
        self.pace.reads_per_second = Some(count);
        self
    }

    /// Counts a use, or says how long to wait for the next one.
    pub(crate) fn count(&self, is_change: bool, limits: &Limits) -> Result<(), Duration> {
        let pace = &self.pace;
        let (meter, count) = match is_change {
            true => (&pace.writes, pace.writes_per_second.unwrap_or(limits.writes_per_second)),
            false => (&pace.reads, pace.reads_per_second.unwrap_or(limits.reads_per_second)),
        };
        meter.take(Rate::new(count, Duration::from_secs(1)), CLOCK.elapsed())
    }

    /// The same token, with what another of its name has used already.
    pub(crate) fn continuing(mut self, before: &Self) -> Self {
        self.pace.writes = Arc::clone(&before.pace.writes);
        self.pace.reads = Arc::clone(&before.pace.reads);
        self
    }

    /// The same token with other scopes.
    pub(crate) fn only(self, scopes: Scopes) -> Self {
        Self { scopes, ..self }
    }

    /// The hash of its secret.
    pub(crate) fn hash(&self) -> &[u8; 32] {
        &self.hash
    }

    /// Whether its time is over.
    pub(crate) fn has_ended(&self, now: Timestamp) -> bool {
        self.expires.is_some_and(|end| end <= now)
    }

    /// Whether this is its secret, in a time that does not tell how much of it is right.
    pub(crate) fn is(&self, secret: &str) -> bool {
        hash(secret).ct_eq(&self.hash).into()
    }
}

/// A text as TOML has it: JSON's quotes are TOML's but for one character.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007f")
}

/// The two parts of a token's text.
pub(crate) fn split(text: &str) -> Option<(&str, &str)> {
    text.split_once('.').filter(|(id, secret)| !id.is_empty() && !secret.is_empty())
}

/// Compares a secret with that of nobody.
pub(crate) fn is_nobodys(secret: &str) -> bool {
    // No text is known that has this hash.
    hash(secret).ct_eq(&[0; 32]).into()
}

/// Secrets are long and random, so that one round of a fast hash is enough.
fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// Neither the secret nor its hash is shown.
impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token")
            .field("id", &self.id)
            .field("actor", &self.actor)
            .field("scopes", &self.scopes)
            .finish_non_exhaustive()
    }
}
