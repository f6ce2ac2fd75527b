//! The file of tokens: what stands in it, read by our own loader, so that every mistake is told with its line.

use std::collections::BTreeMap;
use std::path::Path;

use strata_config_core::{FieldPath, LayeredConfig as _, Mode, Report, Secret};
use strata_config_derive::LayeredConfig;
use strata_config_store::Timestamp;

use super::token::{Stored, Token};
use super::{Scope, Scopes};

/// Tokens by their ids.
#[derive(LayeredConfig)]
#[config(crate = strata_config_core, validate = Self::check)]
struct TokensFile {
    /// Tokens by their ids: what stands before the dot of `id.secret`.
    #[config(nested)]
    tokens: BTreeMap<String, Entry>,
}

/// One token.
#[derive(LayeredConfig)]
#[config(crate = strata_config_core, validate = Self::check)]
struct Entry {
    /// Whose it is: the name that history tells.
    #[config(validate(length(min = 1, max = 200)))]
    actor: String,
    /// `sha256:` and the hash of the secret in 64 hexadecimal digits.
    #[config(secret)]
    hash: Secret<String>,
    /// What it permits: `read`, `write`, `flags`, `rollback`, `admin`.
    scopes: Vec<Scope>,
    /// When it ends, in RFC 3339; never where nothing is said.
    expires: Option<Timestamp>,
    /// Refuses its changes where they do not say which configuration they are meant for.
    #[config(default = false)]
    must_match: bool,
    /// Changes that it may make in a second.
    #[config(validate(range(min = 1)))]
    writes_per_second: Option<u32>,
    /// Reads that it may make in a second.
    #[config(validate(range(min = 1)))]
    reads_per_second: Option<u32>,
    /// Not for a file: whoever reads it could use the token.
    #[config(secret)]
    secret: Option<Secret<String>>,
}

impl TokensFile {
    fn check(&self, report: &mut Report) {
        if self.tokens.is_empty() {
            // A file that is being written is empty for a moment, and nobody means to lock everybody out.
            report
                .error([Self::TOKENS], "the file names no token, so that nobody could do anything")
                .help("add one with `[tokens.ID]`, `actor`, `hash` and `scopes`");
        }
        for id in self.tokens.keys().filter(|id| id.is_empty() || id.contains('.') || id.len() > 200) {
            let path = Self::TOKENS.child(id);
            report.error([path], "a token's id has from 1 to 200 characters, and no dot: the secret begins after it");
        }
    }
}

impl Entry {
    fn check(&self, report: &mut Report) {
        if Stored::parse(self.hash.expose()).is_none() {
            report
                .error([Self::HASH], "it is not `sha256:` and 64 hexadecimal digits")
                .help("write the hash of the secret, never the secret itself: printf %s SECRET | sha256sum");
        }
        if self.secret.is_some() {
            report
                .error([Self::SECRET], "a file of tokens holds no secrets")
                .help("write `hash = \"sha256:…\"` in its place, and take another secret: this one lay in a file");
        }
        if self.scopes.is_empty() {
            report.error([Self::SCOPES], "a token without a scope permits nothing");
        }
    }

    fn token(&self, id: &str) -> Option<Token> {
        let hash = Stored::parse(self.hash.expose())?;
        let scopes = Scopes::from_iter(self.scopes.iter().copied());
        let mut token = Token::stored(id, &self.actor, hash, scopes);
        if let Some(end) = self.expires {
            token = token.expires(end);
        }
        if let Some(count) = self.writes_per_second {
            token = token.writes_per_second(count);
        }
        if let Some(count) = self.reads_per_second {
            token = token.reads_per_second(count);
        }
        Some(if self.must_match { token.must_match() } else { token })
    }
}

/// The tokens of a file, TOML, YAML or JSON by its name's end.
///
/// # Errors
/// Everything that is wrong with it.
pub(super) fn read(path: &Path) -> Result<Vec<Token>, Report> {
    let file = TokensFile::loader().file(path).no_profile().mode(Mode::Strict).load()?.into_config();
    Ok(file.tokens.iter().filter_map(|(id, entry)| entry.token(id)).collect())
}

/// A report of one mistake that is not in the file.
pub(super) fn failed(message: String) -> Report {
    let mut report = Report::new();
    report.error([FieldPath::ROOT], message);
    report
}
