//! A ring of keys: the newest seals, every one opens; so a key is replaced while old tokens are about.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use strata_config_core::Secret;
use zeroize::{Zeroize as _, Zeroizing};

use crate::key::{FernetKey, KeyError};
use crate::token::{self, Token, TokenError};

/// The variable that holds the keys.
pub const VARIABLE: &str = "ENCRYPTION_KEY";

/// The variable that names the keys' file.
pub const FILE_VARIABLE: &str = "ENCRYPTION_KEY_FILE";

/// The largest file of keys, in bytes.
const MAX_FILE: u64 = 64 * 1024;

/// What time it is.
pub(crate) type Clock = Arc<dyn Fn() -> SystemTime + Send + Sync>;

/// Keys of Fernet, the newest first.
///
/// A new key is put before the others, everywhere; then what is sealed with an old one is [rotated](Self::rotate); then the
/// old key goes. At no moment is anything unreadable.
#[derive(Clone)]
pub struct KeyRing {
    keys: Vec<FernetKey>,
    ttl: Option<Duration>,
    clock: Clock,
}

/// What a token held.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The text.
    pub text: Secret<String>,
    /// The number of the key that opened it; 0 is the newest.
    pub key: usize,
    /// When it was sealed, in seconds of Unix time.
    pub sealed_at: u64,
}

impl KeyRing {
    /// A ring of these keys, the newest first.
    ///
    /// # Panics
    /// Where there is none.
    #[must_use]
    pub fn new(keys: impl IntoIterator<Item = FernetKey>) -> Self {
        let keys: Vec<_> = keys.into_iter().collect();
        assert!(!keys.is_empty(), "a ring has at least one key");
        Self { keys, ttl: None, clock: Arc::new(SystemTime::now) }
    }

    /// Reads keys that stand one below the other, or with commas between them, the newest first. In a file, a line that
    /// begins with `#` is a comment.
    ///
    /// # Errors
    /// Which of them is no key.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        // Editors of Windows begin a file with this mark.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let lines = text.lines().filter(|line| !line.trim_start().starts_with('#'));
        let parts: Vec<&str> = lines.flat_map(|line| line.split(',')).filter(|part| !part.trim().is_empty()).collect();
        if parts.is_empty() {
            return Err(KeyError::new("there is no key in it"));
        }
        let key = |(index, part): (usize, &&str)| {
            FernetKey::parse(part).map_err(|error| KeyError::new(format!("key {}: {error}", index + 1)))
        };
        Ok(Self::new(parts.iter().enumerate().map(key).collect::<Result<Vec<_>, _>>()?))
    }

    /// Reads the keys of a file.
    ///
    /// # Errors
    /// Where it can't be read, or holds what is no key.
    pub fn read(file: &Path) -> Result<Self, KeyError> {
        use std::io::Read as _;
        let failed = |what: &dyn fmt::Display| KeyError::new(format!("the keys in {}: {what}", file.display()));
        let mut text = Zeroizing::new(String::new());
        let opened = std::fs::File::open(file).map_err(|error| failed(&error))?;
        text.reserve(4096);
        opened.take(MAX_FILE).read_to_string(&mut text).map_err(|error| failed(&error))?;
        Self::parse(&text).map_err(|error| failed(&error))
    }

    /// The keys that the variables say: `ENCRYPTION_KEY`, or the file that `ENCRYPTION_KEY_FILE` names. `None` where neither
    /// is set.
    ///
    /// # Errors
    /// Where both are set, or what they say are no keys.
    pub fn of_variables(variable: impl Fn(&str) -> Option<String>) -> Result<Option<Self>, KeyError> {
        let set = |name: &str| variable(name).filter(|value| !value.trim().is_empty());
        match (set(VARIABLE), set(FILE_VARIABLE)) {
            (Some(mut keys), None) => {
                let ring = Self::parse(&keys).map_err(|error| KeyError::new(format!("{VARIABLE}: {error}")));
                keys.zeroize();
                ring.map(Some)
            }
            (None, Some(file)) => Self::read(Path::new(&file)).map(Some),
            (None, None) => Ok(None),
            (Some(mut keys), Some(_)) => {
                keys.zeroize();
                Err(KeyError::new(format!("set either {VARIABLE} or {FILE_VARIABLE}")))
            }
        }
    }

    /// Tokens older than this are refused; so are then those more than a minute ahead of the clock. A configuration's tokens
    /// usually have no end, and a device may start without the time.
    #[must_use]
    pub fn ttl(mut self, ttl: Duration) -> Self {
        self.ttl = Some(ttl);
        self
    }

    /// Takes the time from here, as tests do.
    #[must_use]
    pub fn clock(mut self, clock: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// How many keys there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.keys.len()
    }

    /// Seals a text with the newest key.
    ///
    /// # Errors
    /// Where the system gives no randomness.
    pub fn encrypt(&self, text: &str) -> Result<String, TokenError> {
        token::make(&self.keys[0], text.as_bytes(), self.now())
    }

    /// Opens a token with the key that sealed it.
    ///
    /// # Errors
    /// Why it can't be read.
    pub fn decrypt(&self, token: &str) -> Result<Opened, TokenError> {
        let token = Token::parse(token.trim())?;
        let open = |(key, with): (usize, &FernetKey)| token.open(with).ok().map(|contents| (key, contents));
        let (key, contents) = self.keys.iter().enumerate().find_map(open).ok_or(TokenError::Refused)?;
        if let Some(ttl) = self.ttl {
            token.check_age(ttl.as_secs(), self.now())?;
        }
        let text = std::str::from_utf8(&contents).map_err(|_| TokenError::NotText)?;
        Ok(Opened { text: Secret::new(text.to_owned()), key, sealed_at: token.time() })
    }

    /// Whether a token was sealed with another key than the newest.
    ///
    /// # Errors
    /// Why it can't be read.
    pub fn needs_rotation(&self, token: &str) -> Result<bool, TokenError> {
        self.decrypt(token).map(|opened| opened.key > 0)
    }

    /// The same contents sealed with the newest key, at the same time: it grows no younger.
    ///
    /// # Errors
    /// Why it can't be read.
    pub fn rotate(&self, token: &str) -> Result<String, TokenError> {
        let opened = self.decrypt(token)?;
        token::make(&self.keys[0], opened.text.expose().as_bytes(), opened.sealed_at)
    }

    fn now(&self) -> u64 {
        (self.clock)().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
    }
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyRing").field("keys", &self.keys.len()).field("ttl", &self.ttl).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> FernetKey {
        FernetKey::generate().unwrap()
    }

    #[test]
    fn a_key_is_replaced_while_old_tokens_are_about() {
        let (old, new) = (key(), key());
        let before = KeyRing::new([old.clone()]);
        let token = before.encrypt("hunter2").unwrap();
        // First everybody learns the new key.
        let both = KeyRing::new([new.clone(), old]);
        let opened = both.decrypt(&token).unwrap();
        assert_eq!((opened.text.expose().as_str(), opened.key), ("hunter2", 1));
        assert!(both.needs_rotation(&token).unwrap());
        // Then what is sealed is sealed anew, and the old key goes.
        let rotated = both.rotate(&token).unwrap();
        assert!(!both.needs_rotation(&rotated).unwrap());
        let after = KeyRing::new([new]);
        assert_eq!(after.decrypt(&rotated).unwrap().text.expose(), "hunter2");
        assert_eq!(after.decrypt(&token).unwrap_err(), TokenError::Refused);
    }

    #[test]
    fn a_rotated_token_is_as_old_as_it_was() {
        let at = |seconds| move || UNIX_EPOCH + Duration::from_secs(seconds);
        let (old, new) = (key(), key());
        let token = KeyRing::new([old.clone()]).clock(at(1_000)).encrypt("x").unwrap();
        let ring = KeyRing::new([new, old]).ttl(Duration::from_secs(60));
        let rotated = ring.clone().clock(at(1_050)).rotate(&token).unwrap();
        assert_eq!(ring.clone().clock(at(1_060)).decrypt(&rotated).unwrap().sealed_at, 1_000);
        assert_eq!(ring.clone().clock(at(1_061)).decrypt(&rotated).unwrap_err(), TokenError::Expired);
        assert_eq!(ring.clock(at(939)).decrypt(&rotated).unwrap_err(), TokenError::Future);
    }

    #[test]
    fn without_an_age_the_clock_does_not_matter() {
        let ring = KeyRing::new([key()]);
        let token = ring.encrypt("x").unwrap();
        assert!(ring.clock(|| UNIX_EPOCH).decrypt(&token).is_ok());
    }

    #[test]
    fn keys_stand_one_below_the_other_or_with_commas() {
        let (first, second) = (key().to_text(), key().to_text());
        let (first, second) = (first.expose(), second.expose());
        for text in [
            format!("{first},{second}"),
            format!(" {first} , {second},\n"),
            format!("# new\n{first}\n\n{second}\n"),
            format!("\u{feff}{first}\r\n{second}\r\n"),
        ] {
            assert_eq!(KeyRing::parse(&text).unwrap().count(), 2);
        }
        let error = KeyRing::parse(&format!("{first},hunter2")).unwrap_err().to_string();
        assert!(error.starts_with("key 2: ") && !error.contains("hunter2"), "{error}");
        assert!(KeyRing::parse("# nothing\n , ").is_err());
    }

    #[test]
    fn the_variables_say_the_keys_or_their_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("keys");
        std::fs::write(&file, format!("{}\n", key().to_text().expose())).unwrap();
        let file = file.to_str().unwrap();
        let key = key().to_text().expose().clone();
        let ring = |keys: &str, file: &str| {
            let (keys, file) = (keys.to_owned(), file.to_owned());
            KeyRing::of_variables(move |name| Some(if name == VARIABLE { keys.clone() } else { file.clone() }))
        };
        assert!(ring("", "").unwrap().is_none());
        assert_eq!(ring(&key, "").unwrap().unwrap().count(), 1);
        assert_eq!(ring("", file).unwrap().unwrap().count(), 1);
        assert!(ring(&key, file).is_err());
        assert!(ring("", "/nowhere").is_err());
    }
}
