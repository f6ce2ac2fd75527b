//! A report that measures its time by itself.

use std::fmt;
use std::time::Duration;

use super::Outcome;
use crate::flags::Flags;

/// Watches what a flag turned on, from [`Flags::watch`] until it says how it went.
///
/// Dropped without a word it reports a failure, so that `?` and a panic count as one.
#[must_use = "dropped without a word, it reports a failure"]
pub struct Watch<'f> {
    flags: &'f Flags,
    key: &'f str,
    began: Duration,
    is_told: bool,
}

impl<'f> Watch<'f> {
    pub(crate) fn new(flags: &'f Flags, key: &'f str) -> Self {
        Self { flags, key, began: flags.clock().elapsed(), is_told: false }
    }

    /// It went well.
    pub fn succeeded(self) {
        self.finish(true);
    }

    /// It failed.
    pub fn failed(self) {
        self.finish(false);
    }

    /// It went as this result says, which is given back.
    ///
    /// # Errors
    /// Those of the result.
    pub fn result<T, E>(self, result: Result<T, E>) -> Result<T, E> {
        self.finish(result.is_ok());
        result
    }

    fn finish(mut self, ok: bool) {
        self.report(ok);
    }

    fn report(&mut self, ok: bool) {
        if !std::mem::replace(&mut self.is_told, true) {
            let latency = self.flags.clock().elapsed().saturating_sub(self.began);
            self.flags.report(self.key, Outcome { ok, latency: Some(latency) });
        }
    }
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        self.report(false);
    }
}

impl fmt::Debug for Watch<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch").field("key", &self.key).finish_non_exhaustive()
    }
}
