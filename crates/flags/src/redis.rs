//! Flags that live in Redis: read by a thread of their own, laid over those of the configuration.

mod error;
mod file;
mod follow;
mod read;
mod settings;
mod status;
mod stored;
mod write;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use redis::{Client, IntoConnectionInfo};

use crate::flags::Flags;
use crate::model::Flag;

pub use error::RedisError;
pub use settings::{RedisSettings, Which};
pub use status::RedisStatus;
pub use stored::StoredFlag;

use status::State;

/// Flags that live in Redis, laid over those of a handle: of the same key, they win.
///
/// A thread reads them, so that no question ever waits for Redis. While Redis is away, what was read last is in use, and
/// [`status`](Self::status) says so. Dropping it ends the following; what was read stays in use.
///
/// ```no_run
/// use std::time::Duration;
/// use strata_config_flags::Flags;
/// use strata_config_flags::redis::{RedisSettings, RedisSource, StoredFlag};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let flags = Flags::empty();
/// let source = RedisSource::start(&flags, RedisSettings::new("redis://localhost:6379/0"))?;
/// if !source.wait_until_read(Duration::from_secs(5)) {
///     eprintln!("flags are those of the configuration so far: {}", source.status());
/// }
/// source.set("dark_mode", &StoredFlag { enabled: true, ..StoredFlag::default() })?;
/// # Ok(())
/// # }
/// ```
#[must_use = "dropping it ends the following"]
pub struct RedisSource {
    flags: Flags,
    client: Client,
    settings: Arc<RedisSettings>,
    state: Arc<State>,
}

impl RedisSource {
    /// Follows the flags in Redis from now on. It does not wait for Redis, which may be away: see
    /// [`wait_until_read`](Self::wait_until_read). A handle has one such source.
    ///
    /// # Errors
    /// The URL is none of Redis, or the system gives no thread.
    pub fn start(flags: &Flags, settings: RedisSettings) -> Result<Self, RedisError> {
        let info = settings.url.expose().as_str().into_connection_info().map_err(|_| RedisError::url())?;
        let client = Client::open(info).map_err(|_| RedisError::url())?;
        let (settings, state) = (Arc::new(settings), Arc::new(State::default()));
        follow::start(flags.clone(), client.clone(), Arc::clone(&settings), Arc::clone(&state))?;
        Ok(Self { flags: flags.clone(), client, settings, state })
    }

    /// How the source is, at this moment.
    #[must_use]
    pub fn status(&self) -> RedisStatus {
        self.state.status(self.settings.stale_after, self.flags.overlay_refused())
    }

    /// Waits until the flags have been read from Redis, at most for this time; whether they have.
    #[must_use]
    pub fn wait_until_read(&self, time: Duration) -> bool {
        self.state.wait_until(time, |known| known.reads > 0)
    }

    /// Writes a flag in the form of [`StoredFlag`], for good: it has no expiry, and loses one that it had. Once it
    /// returns, this program's questions are answered by it, if Redis answers in time; those of others are in moments.
    ///
    /// # Errors
    /// Redis is away or refuses; whether the flag was written is unknown where the answer did not come in time. A flag
    /// that no program could use is not written.
    pub fn set(&self, name: &str, flag: &StoredFlag) -> Result<(), RedisError> {
        stored::check(name, &flag.flag()).map_err(|because| RedisError::flag(name, &because))?;
        self.write(name, Some(&serde_json::to_string(flag).map_err(|error| RedisError::flag(name, &error))?))
    }

    /// As [`set`](Self::set), with all that a flag may say.
    ///
    /// # Errors
    /// As those of [`set`](Self::set).
    pub fn set_flag(&self, name: &str, flag: &Flag) -> Result<(), RedisError> {
        stored::check(name, flag).map_err(|because| RedisError::flag(name, &because))?;
        self.write(name, Some(&serde_json::to_string(flag).map_err(|error| RedisError::flag(name, &error))?))
    }

    /// Takes a flag out of Redis, so that the configuration's of the same key counts again.
    ///
    /// # Errors
    /// As those of [`set`](Self::set).
    pub fn remove(&self, name: &str) -> Result<(), RedisError> {
        self.write(name, None)
    }

    fn write(&self, name: &str, value: Option<&str>) -> Result<(), RedisError> {
        if !self.settings.which.has(name) {
            return Err(RedisError::flag(name, &"the source is not told to read it"));
        }
        write::write(&self.client, &self.settings, name, value)?;
        // It is in use when it has been read, or when something else has since.
        let begun = self.state.known().begun;
        let is_read = |known: &status::Known| {
            let read = known.raw.get(name).and_then(|read| read.as_deref().ok());
            read == value.map(str::as_bytes) || known.ended > begun
        };
        let _ = self.state.wait_until(self.settings.timeout, is_read);
        Ok(())
    }
}

impl Drop for RedisSource {
    fn drop(&mut self) {
        self.state.end();
    }
}

impl fmt::Debug for RedisSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisSource").field("settings", &self.settings).field("status", &self.status()).finish()
    }
}
