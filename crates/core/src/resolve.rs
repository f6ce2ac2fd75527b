//! Secrets that stand elsewhere: references to them, what reads them, and what seals those that a store keeps.
//!
//! A reference is `SCHEME:WHAT` as a whole value, or `${SCHEME:WHAT}` within a text. It counts in settings that are secret,
//! and is read while a configuration is loaded. What can't be read is an error, and never a value.

mod find;
mod mark;
mod pass;
mod stored;

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use crate::gather::Gathered;
use crate::path::FieldPath;
use crate::report::code;
use crate::secret::Secret;

pub use find::reference_of;
pub(crate) use mark::{Mark, refused};
pub(crate) use pass::resolve;
pub(crate) use stored::Keeper;
pub use stored::References;

/// Reads the secrets of some schemes.
///
/// It is asked while a configuration is loaded, and again whenever it is built anew, so it keeps what it read where
/// reading is slow. What it says in errors is shown: never the value, nor parts of it.
pub trait Resolver: fmt::Debug + Send + Sync {
    /// The schemes that it reads, in lower case: `["aws-sm"]`.
    fn schemes(&self) -> &[&str];

    /// Reads what a reference leads to.
    ///
    /// # Errors
    /// Why it can't be read.
    fn resolve(&self, reference: Reference<'_>) -> Result<Resolved, Unresolved>;

    /// How the source behind it does, for a resolver that asks one which may be away; nothing for one that needs nobody.
    fn source(&self) -> Option<SecretSource> {
        None
    }
}

/// A source of secrets that may be away, as a running configuration shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretSource {
    /// What it is called, such as `aws-sm`.
    pub name: String,
    /// Since when it does not give a secret that it gave before, so that an older copy is used.
    pub failing_since: Option<SystemTime>,
    /// Why; it never holds a secret.
    pub problem: Option<String>,
    /// Of when the oldest copy is that stands in for it, where that is known.
    pub copy_of: Option<SystemTime>,
}

/// Seals what a store keeps of secrets that were set at run time; sealed texts are references, which it reads itself.
pub trait Sealer: Resolver {
    /// The reference that holds a text, for this sealer alone.
    ///
    /// # Errors
    /// Why it can't be sealed.
    fn seal(&self, text: &str) -> Result<String, Unresolved>;

    /// Whether a text is sealed, but not with the newest key.
    fn is_outdated(&self, sealed: &str) -> bool;
}

/// Where a secret stands, as it was written: `aws-sm:myapp/database#password`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reference<'a> {
    /// What reads it, in lower case.
    pub scheme: &'a str,
    /// What the scheme is asked for.
    pub what: &'a str,
}

impl fmt::Display for Reference<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.scheme, self.what)
    }
}

/// What a reference led to.
#[derive(Debug, Clone)]
pub struct Resolved {
    /// The secret.
    pub text: Secret<String>,
    /// Where it was found, for people: `aws-sm:myapp/database#password, version AWSCURRENT`. It is shown wherever the
    /// value's origin is.
    pub place: String,
}

/// Why a reference could not be read. It is shown, so it never holds the secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unresolved {
    code: &'static str,
    message: String,
    help: Option<String>,
}

impl Unresolved {
    pub(crate) fn of_code(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), help: None }
    }

    /// The reference itself is not written as its scheme wants it.
    pub fn malformed(message: impl Into<String>) -> Self {
        Self::of_code(code::SECRET_REFERENCE, message)
    }

    /// The source has no such secret.
    pub fn missing(message: impl Into<String>) -> Self {
        Self::of_code(code::SECRET_MISSING, message)
    }

    /// What was found can't be read: another key, an altered text.
    pub fn unreadable(message: impl Into<String>) -> Self {
        Self::of_code(code::SECRET_UNREADABLE, message)
    }

    /// The source can't be reached, or refuses to answer.
    pub fn unavailable(message: impl Into<String>) -> Self {
        Self::of_code(code::SECRET_UNAVAILABLE, message)
    }

    /// The same, with what to do about it.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The finding's code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// What to do about it, where that is known.
    #[must_use]
    pub fn help(&self) -> Option<&str> {
        self.help.as_deref()
    }
}

impl fmt::Display for Unresolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Unresolved {}

/// Who reads references, and how: a program that sets no resolver has none of this in it.
#[derive(Debug, Clone)]
pub(crate) struct Resolving {
    pub(crate) resolvers: Vec<Arc<dyn Resolver>>,
    /// Settings whose values are references of a scheme where they name none, by path.
    pub(crate) implied: Vec<(String, String)>,
    pub(crate) resolve: fn(&mut Gathered, &Self),
}

impl Resolving {
    pub(crate) fn new() -> Self {
        Self { resolvers: Vec::new(), implied: Vec::new(), resolve }
    }

    /// The scheme of a setting's values where they name none.
    fn implied(&self, path: &FieldPath) -> Option<&str> {
        let found = self.implied.iter().find(|(setting, _)| setting == path.as_str());
        found.map(|(_, scheme)| scheme.as_str())
    }

    /// The resolver of a scheme; of several the one that was added last.
    fn of(&self, scheme: &str) -> Option<&dyn Resolver> {
        let reads =
            |resolver: &&Arc<dyn Resolver>| resolver.schemes().iter().any(|known| known.eq_ignore_ascii_case(scheme));
        self.resolvers.iter().rev().find(reads).map(|resolver| &**resolver)
    }
}
