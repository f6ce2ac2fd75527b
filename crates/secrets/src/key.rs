//! Fernet keys: 32 bytes, of which the first half signs and the second encrypts.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;
use strata_config_core::Secret;
use zeroize::{Zeroize, Zeroizing};

/// Bytes of a key.
const LENGTH: usize = 32;

/// A key of Fernet, as `strata secret keygen` makes it: 32 bytes in URL-safe base64. It is overwritten when dropped.
#[derive(Clone)]
pub struct FernetKey([u8; LENGTH]);

/// Why a text is no key, or none could be made. It never holds the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyError(String);

impl KeyError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for KeyError {}

impl FernetKey {
    /// A key from the system's source of randomness.
    ///
    /// # Errors
    /// Where the system has none.
    pub fn generate() -> Result<Self, KeyError> {
        let mut key = Self([0; LENGTH]);
        getrandom::fill(&mut key.0).map_err(|error| KeyError(format!("the system gives no randomness: {error}")))?;
        Ok(key)
    }

    /// Reads a key in URL-safe base64, with or without its padding.
    ///
    /// # Errors
    /// Where it is no base64, or not of 32 bytes.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(KeyError("a key is missing".to_owned()));
        }
        let padded = Zeroizing::new(format!("{}=", text.trim_end_matches('=')));
        let bytes = URL_SAFE.decode(padded.as_bytes()).map(Zeroizing::new);
        match bytes.ok().and_then(|bytes| <[u8; LENGTH]>::try_from(bytes.as_slice()).ok()) {
            Some(bytes) => Ok(Self(bytes)),
            None => Err(KeyError("no Fernet key: it has 32 bytes in URL-safe base64, 44 characters".to_owned())),
        }
    }

    /// The key as text.
    #[must_use]
    pub fn to_text(&self) -> Secret<String> {
        Secret::new(URL_SAFE.encode(self.0))
    }

    pub(crate) fn signing(&self) -> &[u8] {
        &self.0[..LENGTH / 2]
    }

    pub(crate) fn encrypting(&self) -> [u8; LENGTH / 2] {
        let mut half = [0; LENGTH / 2];
        half.copy_from_slice(&self.0[LENGTH / 2..]);
        half
    }
}

impl Drop for FernetKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for FernetKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FernetKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_was_written() {
        let key = FernetKey::generate().unwrap();
        let text = key.to_text();
        assert_eq!(FernetKey::parse(text.expose()).unwrap().0, key.0);
        assert_eq!(FernetKey::parse(text.expose().trim_end_matches('=')).unwrap().0, key.0);
        assert!(!format!("{key:?}").contains(text.expose()));
    }

    #[test]
    fn what_is_no_key_is_refused_without_being_quoted() {
        let long = URL_SAFE.encode([7; 33]);
        let short = URL_SAFE.encode([7; 31]);
        for text in
            ["", " ", "hunter2", "====", long.as_str(), short.as_str(), "+/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="]
        {
            let error = FernetKey::parse(text).unwrap_err().to_string();
            assert!(text.trim().is_empty() || !error.contains(text), "{error}");
        }
    }
}
