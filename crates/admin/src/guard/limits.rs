//! How much a request may be, and how long it may take.

use std::time::Duration;

use axum::extract::Request;
use axum::http::StatusCode;

use crate::problem::Problem;

/// How much a request may be, how long it may take, and how many there may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a body: 1 MiB.
    pub body: usize,
    /// Headers of a request: 64.
    pub headers: usize,
    /// Bytes of all headers' names and values: 16 KiB.
    pub header_bytes: usize,
    /// Bytes of path and query: 8 KiB.
    pub uri: usize,
    /// How long a body may take to come in: 20 s.
    pub body_time: Duration,
    /// How long an answer may take; a change that takes longer is made nevertheless: 30 s.
    pub handler_time: Duration,
    /// Changes by one token in a second, where the token says nothing else: 200.
    pub writes_per_second: u32,
    /// Reads by one token in a second, where the token says nothing else: 2,000.
    pub reads_per_second: u32,
    /// Wrong tokens from one address in a minute, before it is told to wait: 10.
    pub failures_per_minute: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 1024 * 1024,
            headers: 64,
            header_bytes: 16 * 1024,
            uri: 8 * 1024,
            body_time: Duration::from_secs(20),
            handler_time: Duration::from_secs(30),
            writes_per_second: 200,
            reads_per_second: 2000,
            failures_per_minute: 10,
        }
    }
}

impl Limits {
    /// Refuses what is too much, and paths that only an attack has.
    pub(super) fn check(&self, request: &Request) -> Result<(), Problem> {
        let headers = request.headers();
        let bytes: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
        if headers.len() > self.headers || bytes > self.header_bytes {
            let detail = format!("at most {} headers of {} bytes together", self.headers, self.header_bytes);
            return Err(Problem::new(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "headers-too-large", detail));
        }
        let length = request.uri().path_and_query().map_or(0, |text| text.as_str().len());
        if length > self.uri {
            let detail = format!("path and query have at most {} bytes", self.uri);
            return Err(Problem::new(StatusCode::URI_TOO_LONG, "uri-too-long", detail));
        }
        let path = request.uri().path().to_ascii_lowercase();
        let dots = path.replace("%2e", ".");
        if path.contains("%00") || dots.split('/').any(|segment| matches!(segment, "." | "..")) {
            return Err(Problem::malformed("a path has no `.`, no `..` and no null byte"));
        }
        Ok(())
    }
}
