//! Fernet tokens as references, and as the form in which a store keeps secrets.

use std::fmt;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use strata_config_core::{Reference, Resolved, Resolver, Sealer, Unresolved, reference_of};

use crate::key::KeyError;
use crate::ring::{FILE_VARIABLE, KeyRing, VARIABLE};
use crate::token::TokenError;

/// The scheme of tokens as they are: `fernet:gAAAAA…`.
pub const SCHEME: &str = "fernet";

/// The scheme of tokens in base64 once more, as seed 002 writes them: `fernet-base64:Z0FBQUFB…`.
pub const BASE64_SCHEME: &str = "fernet-base64";

/// Opens `fernet:` and `fernet-base64:` references, and seals secrets that a store keeps.
#[derive(Clone)]
pub struct Fernet(Keys);

#[derive(Clone)]
enum Keys {
    Fixed(KeyRing),
    /// Read anew whenever a key is needed, so that a new key counts without a restart.
    File(PathBuf),
    /// None, though somebody meant to give them: whatever needs one says why.
    Unusable(KeyError),
}

impl Fernet {
    /// With these keys.
    #[must_use]
    pub fn new(keys: KeyRing) -> Self {
        Self(Keys::Fixed(keys))
    }

    /// With the keys in a file, which is read whenever a key is needed: a key that is put into it counts at once.
    ///
    /// # Errors
    /// Where the file can't be read now, or holds what is no key.
    pub fn of_file(file: impl Into<PathBuf>) -> Result<Self, KeyError> {
        let file = file.into();
        KeyRing::read(&file).map(|_| Self(Keys::File(file)))
    }

    /// With the keys that the variables say: `ENCRYPTION_KEY`, or the file that `ENCRYPTION_KEY_FILE` names. `None` where
    /// neither is set.
    ///
    /// # Errors
    /// Where both are set, or what they say are no keys.
    pub fn of_variables(variable: impl Fn(&str) -> Option<String>) -> Result<Option<Self>, KeyError> {
        let file = variable(FILE_VARIABLE).filter(|file| !file.trim().is_empty());
        let keys = KeyRing::of_variables(variable)?;
        Ok(keys.map(|keys| Self(file.map_or(Keys::Fixed(keys), |file| Keys::File(file.into())))))
    }

    /// As [`of_variables`](Self::of_variables); where what they say are no keys, whatever needs one is an error that says so,
    /// and a program that needs none goes on.
    #[must_use]
    pub fn of_environment(variable: impl Fn(&str) -> Option<String>) -> Option<Self> {
        Self::of_variables(variable).unwrap_or_else(|error| Some(Self(Keys::Unusable(error))))
    }

    /// The keys at this moment.
    ///
    /// # Errors
    /// Where their file can't be read any more.
    pub fn keys(&self) -> Result<KeyRing, KeyError> {
        match &self.0 {
            Keys::Fixed(keys) => Ok(keys.clone()),
            Keys::File(file) => KeyRing::read(Path::new(file)),
            Keys::Unusable(error) => Err(error.clone()),
        }
    }

    fn ring(&self) -> Result<KeyRing, Unresolved> {
        self.keys().map_err(|error| Unresolved::unavailable(error.to_string()))
    }
}

impl Resolver for Fernet {
    fn schemes(&self) -> &[&str] {
        &[SCHEME, BASE64_SCHEME]
    }

    fn resolve(&self, reference: Reference<'_>) -> Result<Resolved, Unresolved> {
        let keys = self.ring()?;
        let token = match reference.scheme {
            BASE64_SCHEME => from_base64(reference.what).map_err(unresolved)?,
            _ => reference.what.to_owned(),
        };
        let opened = keys.decrypt(&token).map_err(unresolved)?;
        let place = format!("a Fernet token, key {} of {}", opened.key + 1, keys.count());
        Ok(Resolved { text: opened.text, place })
    }
}

impl Sealer for Fernet {
    fn seal(&self, text: &str) -> Result<String, Unresolved> {
        let token = self.ring()?.encrypt(text).map_err(unresolved)?;
        Ok(format!("{SCHEME}:{token}"))
    }

    fn is_outdated(&self, sealed: &str) -> bool {
        let token = match reference_of(sealed) {
            Some(Reference { scheme: SCHEME, what }) => Some(what.to_owned()),
            Some(Reference { scheme: BASE64_SCHEME, what }) => from_base64(what).ok(),
            _ => None,
        };
        token.is_some_and(|token| self.ring().is_ok_and(|keys| keys.needs_rotation(&token).unwrap_or(false)))
    }
}

impl fmt::Debug for Fernet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Keys::Fixed(keys) => f.debug_tuple("Fernet").field(keys).finish(),
            Keys::File(file) => f.debug_tuple("Fernet").field(file).finish(),
            Keys::Unusable(error) => f.debug_tuple("Fernet").field(error).finish(),
        }
    }
}

/// The token in a base64 text, as seed 002 writes it.
///
/// # Errors
/// Where it is no base64 of a text.
pub fn from_base64(text: &str) -> Result<String, TokenError> {
    let bytes = STANDARD.decode(text.trim()).map_err(|_| TokenError::Malformed)?;
    String::from_utf8(bytes).map_err(|_| TokenError::Malformed)
}

/// A token in base64 once more, as seed 002 writes it; [`from_base64`] takes it out again.
#[must_use]
pub fn to_base64(token: &str) -> String {
    STANDARD.encode(token)
}

fn unresolved(error: TokenError) -> Unresolved {
    let help = match error {
        TokenError::Malformed => "write it with `strata secret encrypt`",
        TokenError::Refused => {
            return Unresolved::unreadable(error.to_string())
                .with_help(format!("add the key that sealed it to {VARIABLE}, or seal the secret again"));
        }
        _ => return Unresolved::unreadable(error.to_string()),
    };
    Unresolved::malformed(error.to_string()).with_help(help)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::FernetKey;

    fn text(fernet: &Fernet, scheme: &str, what: &str) -> Result<String, &'static str> {
        let found = fernet.resolve(Reference { scheme, what });
        found.map(|found| found.text.expose().clone()).map_err(|error| error.code())
    }

    #[test]
    fn both_forms_are_read() {
        let keys = KeyRing::new([FernetKey::generate().unwrap()]);
        let token = keys.encrypt("hunter2").unwrap();
        let fernet = Fernet::new(keys);
        assert_eq!(text(&fernet, SCHEME, &token).unwrap(), "hunter2");
        assert_eq!(text(&fernet, BASE64_SCHEME, &to_base64(&token)).unwrap(), "hunter2");
        assert_eq!(text(&fernet, BASE64_SCHEME, &token), Err("secret.reference"));
        assert_eq!(text(&fernet, SCHEME, &to_base64(&token)), Err("secret.reference"));
    }

    #[test]
    fn a_key_that_is_put_into_the_file_counts_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("keys");
        let [old, new] = [0, 1].map(|_| FernetKey::generate().unwrap());
        std::fs::write(&file, old.to_text().expose()).unwrap();
        let fernet = Fernet::of_file(&file).unwrap();
        let sealed = fernet.seal("hunter2").unwrap();
        assert!(!fernet.is_outdated(&sealed));
        std::fs::write(&file, format!("{}\n{}\n", new.to_text().expose(), old.to_text().expose())).unwrap();
        assert!(fernet.is_outdated(&sealed));
        assert!(fernet.is_outdated(&format!("fernet-base64:{}", to_base64(sealed.strip_prefix("fernet:").unwrap()))));
        assert_eq!(text(&fernet, SCHEME, sealed.strip_prefix("fernet:").unwrap()).unwrap(), "hunter2");
        std::fs::remove_file(&file).unwrap();
        assert_eq!(text(&fernet, SCHEME, "x"), Err("secret.unavailable"));
    }
}
