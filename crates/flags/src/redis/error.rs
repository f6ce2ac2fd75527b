//! What goes wrong with Redis, told without what is secret.

use std::fmt;

use redis::RedisError as Failure;

/// Something that went wrong with Redis. It never shows the URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedisError {
    message: String,
    is_away: bool,
}

impl RedisError {
    pub(super) fn url() -> Self {
        let message = "the URL is none of Redis: write `redis://[user]:[password]@host:port/database`";
        Self { message: message.to_owned(), is_away: false }
    }

    pub(super) fn thread(error: &std::io::Error) -> Self {
        Self { message: format!("the system gives no thread: {error}"), is_away: false }
    }

    pub(super) fn flag(name: &str, because: &dyn fmt::Display) -> Self {
        Self { message: format!("the flag `{}`: {because}", name.escape_debug()), is_away: false }
    }

    pub(super) fn failed(action: &str, error: &Failure) -> Self {
        let is_away = error.is_io_error() || error.is_timeout() || error.is_connection_dropped();
        Self { message: format!("could not {action}: {}", describe(error)), is_away }
    }

    /// Whether Redis could not be asked; it may be there later.
    #[must_use]
    pub fn is_away(&self) -> bool {
        self.is_away
    }
}

impl fmt::Display for RedisError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for RedisError {}

/// A failure in words. A server's own are left out but for their code, since a server that does not know `AUTH` repeats
/// the password.
pub(super) fn describe(error: &Failure) -> String {
    if error.is_timeout() {
        return "Redis did not answer in time".to_owned();
    }
    if let Some(code) = error.code() {
        return format!("Redis answered {code}");
    }
    let io = std::error::Error::source(error).and_then(|source| source.downcast_ref::<std::io::Error>());
    match io {
        Some(io) => format!("Redis can't be reached ({})", io.kind()),
        None => format!("Redis can't be talked to ({})", error.category()),
    }
}
