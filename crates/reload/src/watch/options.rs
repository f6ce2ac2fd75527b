//! What is watched, and how patiently.

use std::time::Duration;

/// Quiet after the last hint before files are read: an editor's several steps are one save.
const DEBOUNCE: Duration = Duration::from_millis(60);

/// The least wait for that quiet, where hints never cease.
const MAX_DELAY: Duration = Duration::from_millis(180);

/// Between two looks at every file, whatever the system says.
const SWEEP: Duration = Duration::from_secs(3);

/// So that no setting makes a thread spin.
const LEAST_SWEEP: Duration = Duration::from_millis(10);

/// As good as never, and no clock overflows.
const MOST: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// What is watched, and how patiently.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "options do nothing until something is watched with them"]
pub struct WatchOptions {
    pub(crate) debounce: Duration,
    max_delay: Option<Duration>,
    pub(crate) sweep: Duration,
    pub(crate) files: bool,
    pub(crate) notifications: bool,
    pub(crate) store: bool,
    #[cfg(feature = "signals")]
    pub(crate) sighup: bool,
}

impl WatchOptions {
    /// Files and the store, with 60 ms of quiet and a sweep every 3 s.
    pub fn new() -> Self {
        Self {
            debounce: DEBOUNCE,
            max_delay: None,
            sweep: SWEEP,
            files: true,
            notifications: true,
            store: true,
            #[cfg(feature = "signals")]
            sighup: false,
        }
    }

    /// The quiet after the last hint before files are read. 50 to 200 ms tell an editor's save from two saves.
    pub fn debounce(mut self, quiet: Duration) -> Self {
        self.debounce = quiet.min(MOST);
        self
    }

    /// The longest wait for that quiet, where something is written all the time. Three times the quiet, where nothing is
    /// said, and never less than the quiet.
    pub fn max_delay(mut self, delay: Duration) -> Self {
        self.max_delay = Some(delay.min(MOST));
        self
    }

    /// How often every file is read and compared, for file systems that tell of nothing (NFS, some containers' mounts).
    pub fn sweep(mut self, interval: Duration) -> Self {
        self.sweep = interval.clamp(LEAST_SWEEP, MOST);
        self
    }

    /// Whether files are watched.
    pub fn files(mut self, files: bool) -> Self {
        self.files = files;
        self
    }

    /// Whether the system is asked to tell of changed files (with the feature `watch`), besides the sweeps.
    pub fn notifications(mut self, notifications: bool) -> Self {
        self.notifications = notifications;
        self
    }

    /// Whether commits of other processes are followed.
    pub fn store(mut self, store: bool) -> Self {
        self.store = store;
        self
    }

    /// Whether SIGHUP reads everything again. Then it no longer ends the process, as it does when a terminal is closed;
    /// so this is off where nothing is said. Elsewhere than on Unix there is no such signal.
    #[cfg(feature = "signals")]
    pub fn sighup(mut self, sighup: bool) -> Self {
        self.sighup = sighup;
        self
    }

    /// The longest wait for quiet.
    pub(crate) fn longest(&self) -> Duration {
        self.max_delay.unwrap_or_else(|| MAX_DELAY.max(self.debounce * 3)).max(self.debounce)
    }
}

impl Default for WatchOptions {
    fn default() -> Self {
        Self::new()
    }
}
