//! One token: its name, the hash of its secret, and what it permits.

use std::fmt;

use sha2::{Digest, Sha256};
use strata_config_store::Timestamp;
use subtle::ConstantTimeEq;

use super::Scopes;

/// The fewest characters of a secret.
const SHORTEST: usize = 16;

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

impl Token {
    /// A token of this text, `id.secret`, for somebody whom history will name.
    ///
    /// # Errors
    /// The text is not two parts divided by a dot, or the secret has fewer than sixteen characters.
    pub fn new(actor: impl Into<String>, text: &str, scopes: Scopes) -> Result<Self, TokenError> {
        let (id, secret) = split(text).ok_or_else(|| TokenError("a token is `id.secret`".to_owned()))?;
        if secret.len() < SHORTEST {
            return Err(TokenError(format!("the secret of token `{id}` has fewer than {SHORTEST} characters")));
        }
        let hash = hash(secret);
        Ok(Self { id: id.to_owned(), actor: actor.into(), hash, scopes, expires: None, must_match: false })
    }

    /// A token of chance, and its text for whoever shall hold it.
    ///
    /// # Errors
    /// The system gives no random bytes.
    pub fn random(actor: impl Into<String>, scopes: Scopes) -> Result<(Self, String), TokenError> {
        let mut bytes = [0; 28];
        getrandom::fill(&mut bytes).map_err(|error| TokenError::no_chance(&error))?;
        let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let (id, secret) = digits.split_at(8);
        let text = format!("{id}.{secret}");
        Ok((Self::new(actor, &text, scopes)?, text))
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

/// The two parts of a token's text.
pub(crate) fn split(text: &str) -> Option<(&str, &str)> {
    text.split_once('.').filter(|(id, secret)| !id.is_empty() && !secret.is_empty())
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
