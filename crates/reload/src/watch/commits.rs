//! Follows the store: what other processes commit is in effect here, in order.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher as _, Hasher as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use strata_config_store::{Store, StoreError, Watch};

use super::bell::Bell;
use super::state::WatchState;
use super::subject::Subject;

/// How long a call waits for a commit: so long may the thread outlive the configuration.
const PATIENCE: Duration = Duration::from_millis(500);

/// The first wait after a failure; it doubles with each further one.
const FIRST_WAIT: Duration = Duration::from_millis(100);

/// The longest wait after a failure.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// The thread that follows a store.
pub(crate) struct Commits {
    subject: Box<dyn Subject>,
    store: Arc<dyn Store>,
    state: Arc<WatchState>,
    bell: Arc<Bell>,
}

/// Why following ended.
enum End {
    /// The configuration is gone, or the watching was dropped.
    Over,
    /// The store failed, or what it holds can't be read.
    Failed(String),
}

impl From<StoreError> for End {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.to_string())
    }
}

impl Commits {
    pub(crate) fn new(
        subject: Box<dyn Subject>,
        store: Arc<dyn Store>,
        state: Arc<WatchState>,
        bell: Arc<Bell>,
    ) -> Self {
        Self { subject, store, state, bell }
    }

    pub(crate) fn run(self) {
        let mut wait = FIRST_WAIT;
        loop {
            // Nothing of the store is trusted not to panic; a reading that did is tried again like one that failed.
            let end = catch_unwind(AssertUnwindSafe(|| self.follow(&mut wait)));
            match end.unwrap_or_else(|_| End::Failed("following it panicked".to_owned())) {
                End::Over => break,
                End::Failed(why) => self.state.store_failed(Some(why)),
            }
            if !self.bell.pause(jittered(wait)) {
                break;
            }
            wait = (wait * 2).min(LONGEST_WAIT);
        }
        self.state.store_failed(None);
    }

    /// Follows until something fails; the wait after that is short again once something has worked.
    fn follow(&self, wait: &mut Duration) -> End {
        let Some(revision) = self.subject.revision() else { return End::Over };
        let mut watch = match self.store.watch(revision) {
            Ok(watch) => watch,
            Err(error) => return error.into(),
        };
        loop {
            match self.step(&mut *watch) {
                Ok(()) => {
                    *wait = FIRST_WAIT;
                    self.state.store_failed(None);
                }
                Err(end) => return end,
            }
        }
    }

    fn step(&self, watch: &mut dyn Watch) -> Result<(), End> {
        let watched = watch.next(PATIENCE);
        if self.bell.is_stopped() {
            return Err(End::Over);
        }
        Ok(self.subject.follow(watched?).ok_or(End::Over)??)
    }
}

/// Between half of a time and the whole, so that processes that failed together do not come back together.
fn jittered(time: Duration) -> Duration {
    // A new hasher's keys are as random as this needs.
    let random = RandomState::new().build_hasher().finish() % 1000;
    time / 2 + time * u32::try_from(random).unwrap_or(0) / 2000
}
