//! All tokens, replaced as a whole while requests are answered.

use std::sync::Arc;

use arc_swap::ArcSwap;
use strata_config_store::Timestamp;

use super::Scopes;
use super::token::{self, Token, TokenError};

/// The tokens that are accepted. Clones are the same ones.
#[derive(Debug, Clone)]
pub struct Tokens(Arc<ArcSwap<Vec<Arc<Token>>>>);

/// Why a token is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// There is none of this id, or the secret is another.
    Unknown,
    /// Its time is over.
    Expired,
}

impl Tokens {
    /// No token: nobody may do anything.
    #[must_use]
    pub fn none() -> Self {
        Self::new([])
    }

    /// These tokens.
    #[must_use]
    pub fn new(tokens: impl IntoIterator<Item = Token>) -> Self {
        Self(Arc::new(ArcSwap::from_pointee(tokens.into_iter().map(Arc::new).collect())))
    }

    /// One token.
    ///
    /// # Errors
    /// As for [`Token::new`].
    pub fn one(actor: impl Into<String>, text: &str, scopes: Scopes) -> Result<Self, TokenError> {
        Ok(Self::new([Token::new(actor, text, scopes)?]))
    }

    /// Whether somebody has said which tokens there are.
    pub(crate) fn are_configured(&self) -> bool {
        self.0.load().iter().any(|token| !token.is_of_chance)
    }

    /// Accepts these tokens from now on, and no others.
    pub fn replace(&self, tokens: impl IntoIterator<Item = Token>) {
        let before = self.0.load();
        let continuing = |token: Token| match before.iter().find(|known| known.id == token.id) {
            Some(known) => token.continuing(known),
            None => token,
        };
        self.0.store(Arc::new(tokens.into_iter().map(continuing).map(Arc::new).collect()));
    }

    /// The token of a text.
    pub(crate) fn find(&self, text: &str, now: Timestamp) -> Result<Arc<Token>, Refusal> {
        let (id, secret) = token::split(text).ok_or(Refusal::Unknown)?;
        let tokens = self.0.load();
        let found = tokens.iter().find(|token| token.id == id);
        // An unknown id takes as long as a wrong secret: the time does not tell which ids there are.
        let is_right = found.map_or_else(|| token::is_nobodys(secret), |token| token.is(secret));
        let found = found.filter(|_| is_right).ok_or(Refusal::Unknown)?;
        if found.has_ended(now) { Err(Refusal::Expired) } else { Ok(Arc::clone(found)) }
    }

    /// The token of an id.
    pub(crate) fn by_id(&self, id: &str) -> Option<Arc<Token>> {
        self.0.load().iter().find(|token| token.id == id).cloned()
    }
}
