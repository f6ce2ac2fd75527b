//! All tokens, replaced as a whole while requests are answered.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arc_swap::{ArcSwap, ArcSwapOption};
use strata_config_core::Report;
use strata_config_store::Timestamp;

use super::token::{self, Token, TokenError};
use super::{Scopes, file};
use crate::follow::Files;

/// The tokens that are accepted. Clones are the same ones.
#[derive(Debug, Clone)]
pub struct Tokens(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    tokens: ArcSwap<Vec<Arc<Token>>>,
    /// What is wrong with their file, and since when: what it held before is accepted still.
    problem: ArcSwapOption<FileProblem>,
}

/// What is wrong with the file of tokens.
#[derive(Debug, Clone)]
pub(crate) struct FileProblem {
    pub(crate) since: Timestamp,
    pub(crate) text: String,
}

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
        let tokens = ArcSwap::from_pointee(tokens.into_iter().map(Arc::new).collect());
        Self(Arc::new(Inner { tokens, problem: ArcSwapOption::empty() }))
    }

    /// The tokens of a file: TOML, YAML or JSON by the end of its name. Every token is a table of its id:
    ///
    /// ```toml
    /// [tokens.deploy]
    /// actor = "ann"
    /// hash = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    /// scopes = ["read", "write"]      # flags, rollback, admin
    /// expires = "2027-01-01T00:00:00Z"
    /// must_match = true               # its changes need `If-Match`
    /// writes_per_second = 20
    /// ```
    ///
    /// The file is followed: what it holds is accepted about a second after it was written, and no restart is needed. A
    /// file with a mistake changes nothing: the tokens stay as they were, and the mistake is told to `tracing`. Several
    /// tokens may have one actor, so that a new one is handed out before the old one goes. [`Token::entry`] writes such a
    /// table.
    ///
    /// # Errors
    /// Everything that is wrong with the file, each with its line and column.
    pub fn from_file(path: impl Into<PathBuf>) -> Result<Self, Report> {
        let path = path.into();
        let files = Files::of([path.clone()]);
        let tokens = Self::new(file::read(&path)?);
        let followed = files.follow("strata-tokens", Arc::downgrade(&tokens.0), move |inner| inner.read(&path));
        followed.map_err(|error| file::failed(format!("the file can't be followed: {error}")))?;
        Ok(tokens)
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
        self.0.tokens.load().iter().any(|token| !token.is_local)
    }

    /// Accepts these tokens from now on, and no others.
    pub fn replace(&self, tokens: impl IntoIterator<Item = Token>) {
        self.0.replace(tokens.into_iter().collect());
    }

    /// What is wrong with their file, where something is.
    pub(crate) fn file_problem(&self) -> Option<Arc<FileProblem>> {
        self.0.problem.load_full()
    }

    /// The token of a text.
    pub(crate) fn find(&self, text: &str, now: Timestamp) -> Result<Arc<Token>, Refusal> {
        let (id, secret) = token::split(text).ok_or(Refusal::Unknown)?;
        let tokens = self.0.tokens.load();
        let found = tokens.iter().find(|token| token.id == id);
        // An unknown id takes as long as a wrong secret: the time does not tell which ids there are.
        let is_right = found.map_or_else(|| token::is_nobodys(secret), |token| token.is(secret));
        let found = found.filter(|_| is_right).ok_or(Refusal::Unknown)?;
        if found.has_ended(now) { Err(Refusal::Expired) } else { Ok(Arc::clone(found)) }
    }

    /// The token of an id.
    pub(crate) fn by_id(&self, id: &str) -> Option<Arc<Token>> {
        self.0.tokens.load().iter().find(|token| token.id == id).cloned()
    }
}

impl Inner {
    /// Accepts these tokens and no others. Those whose names were known have used what they have used.
    fn replace(&self, tokens: Vec<Token>) {
        let before = self.tokens.load();
        let continuing = |token: Token| match before.iter().find(|known| known.id == token.id) {
            Some(known) => token.continuing(known),
            None => token,
        };
        self.tokens.store(Arc::new(tokens.into_iter().map(continuing).map(Arc::new).collect()));
    }

    /// Reads the file again; what is wrong with it changes nothing.
    fn read(&self, path: &Path) {
        match file::read(path) {
            Ok(tokens) => {
                tracing::info!(path = %path.display(), tokens = tokens.len(), "the tokens were read again");
                self.replace(tokens);
                self.problem.store(None);
            }
            Err(report) => {
                tracing::error!(path = %path.display(), %report, "the tokens stay as they were");
                let since = self.problem.load().as_ref().map_or_else(Timestamp::now, |known| known.since);
                self.problem.store(Some(Arc::new(FileProblem { since, text: report.to_string() })));
            }
        }
    }
}
