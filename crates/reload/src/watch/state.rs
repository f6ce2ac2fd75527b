//! How the watching is doing: what its threads leave for the status.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use serde::Serialize;
use strata_config_store::Timestamp;

use super::Ending;
use crate::sync::locked;

/// How the watching of files and store is doing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WatchStatus {
    /// Whether the system tells of every change to the files. Else they are only looked at now and then.
    pub notified: bool,
    /// Why it does not.
    pub limits: Option<String>,
    /// Times that the system said that something may have changed.
    pub hints: u64,
    /// Times that a folder was watched anew, since another one took its place.
    pub rearmed: u64,
    /// Times that files were looked at.
    pub looks: u64,
    /// When they were last looked at.
    pub last_look: Option<Timestamp>,
    /// When a file was last found to differ.
    pub last_change: Option<Timestamp>,
    /// Why commits of other processes are not followed, where that fails.
    pub store_problem: Option<String>,
}

/// What the threads of a configuration leave for its status.
#[derive(Default)]
pub(crate) struct WatchState {
    current: Mutex<Option<Arc<Ending>>>,
    said: Mutex<Said>,
    hints: AtomicU64,
    rearmed: AtomicU64,
    looks: AtomicU64,
}

#[derive(Default)]
struct Said {
    notified: bool,
    limits: Option<String>,
    last_look: Option<Timestamp>,
    last_change: Option<Timestamp>,
    store_problem: Option<String>,
}

impl WatchState {
    /// Notes who ends the threads; whether there are no others.
    pub(crate) fn begin(&self, ending: &Arc<Ending>) -> bool {
        let mut current = locked(&self.current);
        let is_free = current.as_ref().is_none_or(|current| current.is_over());
        if is_free {
            *current = Some(Arc::clone(ending));
        }
        is_free
    }

    /// Ends the threads, where there are any.
    pub(crate) fn end(&self) {
        if let Some(current) = locked(&self.current).take() {
            current.end();
        }
    }

    pub(crate) fn hinted(&self) {
        self.hints.fetch_add(1, Ordering::Relaxed);
    }

    /// Folders are watched, or the reason why they are not.
    pub(crate) fn armed(&self, anew: u64, limits: Option<String>) {
        self.rearmed.fetch_add(anew, Ordering::Relaxed);
        let mut said = locked(&self.said);
        said.notified = limits.is_none();
        said.limits = limits;
    }

    pub(crate) fn looked(&self, is_change: bool) {
        self.looks.fetch_add(1, Ordering::Relaxed);
        let mut said = locked(&self.said);
        let now = Some(Timestamp::now());
        said.last_look = now;
        if is_change {
            said.last_change = now;
        }
    }

    pub(crate) fn store_failed(&self, why: Option<String>) {
        locked(&self.said).store_problem = why;
    }

    /// How it is doing; nothing where nothing is watched.
    pub(crate) fn status(&self) -> Option<WatchStatus> {
        locked(&self.current).as_ref().filter(|current| !current.is_over())?;
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let said = locked(&self.said);
        Some(WatchStatus {
            notified: said.notified,
            limits: said.limits.clone(),
            hints: count(&self.hints),
            rearmed: count(&self.rearmed),
            looks: count(&self.looks),
            last_look: said.last_look,
            last_change: said.last_change,
            store_problem: said.store_problem.clone(),
        })
    }
}
