//! How a source of flags in Redis is: what the thread that follows tells whoever asks.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::read::Raw;
use crate::model::Moment;

/// How a source of flags in Redis is.
#[derive(Debug, Clone, PartialEq)]
pub struct RedisStatus {
    /// Whether Redis answered the last time that it was asked.
    pub connected: bool,
    /// Whether changes are told; where the server lets nobody subscribe, they are found by polling alone.
    pub hinted: bool,
    /// When the flags in use were read from Redis, or written to the file that they come from; `None`: not yet.
    pub last_read: Option<Moment>,
    /// How long that is ago; `None` where they come from the file.
    pub age: Option<Duration>,
    /// Whether they are older than they should be, or none was ever read.
    pub stale: bool,
    /// Whether they come from the file that is kept for a start without Redis.
    pub from_file: bool,
    /// How many flags are read from Redis.
    pub flags: usize,
    /// The flags that can't be used, each with the reason. What was read of them before stays in use.
    pub refused: BTreeMap<String, String>,
    /// What went wrong last; `None` while all goes well.
    pub problem: Option<String>,
    /// How often they were read since the start.
    pub reads: u64,
}

impl fmt::Display for RedisStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.connected { "connected" } else { "not connected" })?;
        match (self.last_read, self.age) {
            (Some(at), Some(age)) => write!(f, ", {} flags read at {at}, {} s ago", self.flags, age.as_secs())?,
            (Some(at), None) => write!(f, ", {} flags written at {at}", self.flags)?,
            _ => f.write_str(", never read")?,
        }
        f.write_str(if self.stale { ", stale" } else { "" })?;
        f.write_str(if self.from_file { ", from the file" } else { "" })?;
        for (name, because) in &self.refused {
            write!(f, "; the flag `{}` is refused: {because}", name.escape_debug())?;
        }
        self.problem.iter().try_for_each(|problem| write!(f, "; {problem}"))
    }
}

/// What the thread and the handle share.
#[derive(Debug, Default)]
pub(super) struct State {
    known: Mutex<Known>,
    changed: Condvar,
}

/// What is known of the source.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub(super) connected: bool,
    pub(super) hinted: bool,
    pub(super) read: Option<(Moment, Instant)>,
    /// When the file was written that the flags come from.
    pub(super) saved: Option<Moment>,
    pub(super) from_file: bool,
    pub(super) flags: usize,
    pub(super) refused: BTreeMap<String, String>,
    pub(super) problem: Option<String>,
    /// What went wrong with the file; a next success elsewhere does not mend it.
    pub(super) file_problem: Option<String>,
    /// Readings that were begun, and the last of them that ended well.
    pub(super) begun: u64,
    pub(super) ended: u64,
    /// What was read last.
    pub(super) raw: Raw,
    pub(super) reads: u64,
    is_over: bool,
}

impl Known {
    fn age(&self) -> Option<Duration> {
        self.read.map(|(_, at)| at.elapsed())
    }

    pub(super) fn is_stale(&self, stale_after: Duration) -> bool {
        // Nobody knows what has changed since a file was written.
        self.from_file || self.age().is_none_or(|age| age > stale_after)
    }

    /// When what was read last will be stale.
    pub(super) fn fresh_for(&self, stale_after: Duration) -> Option<Duration> {
        stale_after.checked_sub(self.age()?)
    }
}

impl State {
    pub(super) fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn status(&self, stale_after: Duration, left_out: BTreeMap<String, String>) -> RedisStatus {
        let known = self.known();
        let mut refused = left_out;
        refused.extend(known.refused.clone());
        RedisStatus {
            connected: known.connected,
            hinted: known.hinted,
            last_read: known.read.map(|(at, _)| at).or(known.saved),
            age: known.age(),
            stale: known.is_stale(stale_after),
            from_file: known.from_file,
            flags: known.flags,
            refused,
            problem: known.problem.clone().or_else(|| known.file_problem.clone()),
            reads: known.reads,
        }
    }

    pub(super) fn begin_read(&self) -> u64 {
        let mut known = self.known();
        known.begun += 1;
        known.begun
    }

    /// Tells that a reading has ended well, after what it found has been put into use.
    pub(super) fn end_read(&self, number: u64, raw: Raw, at: Moment) {
        let mut known = self.known();
        known.connected = true;
        known.problem = None;
        known.from_file = false;
        known.read = Some((at, Instant::now()));
        known.flags = raw.len();
        known.raw = raw;
        known.ended = number;
        known.reads += 1;
        drop(known);
        self.changed.notify_all();
    }

    /// Waits until something is so, at most for this time; whether it is.
    pub(super) fn wait_until(&self, time: Duration, mut is_so: impl FnMut(&Known) -> bool) -> bool {
        let known = self.known();
        let waits = |known: &mut Known| !is_so(known) && !known.is_over;
        let (known, _) = self.changed.wait_timeout_while(known, time, waits).unwrap_or_else(PoisonError::into_inner);
        is_so(&known)
    }

    /// Pauses, unless it is over; whether it goes on.
    pub(super) fn pause(&self, time: Duration) -> bool {
        let known = self.known();
        let waits = |known: &mut Known| !known.is_over;
        let (known, _) = self.changed.wait_timeout_while(known, time, waits).unwrap_or_else(PoisonError::into_inner);
        !known.is_over
    }

    pub(super) fn is_over(&self) -> bool {
        self.known().is_over
    }

    pub(super) fn end(&self) {
        self.known().is_over = true;
        self.changed.notify_all();
    }
}
