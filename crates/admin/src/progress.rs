//! Long work that is under way, so that whoever waits for it, or is surprised by it, can see it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use strata_config_store::Timestamp;
use utoipa::ToSchema;

/// What is under way.
#[derive(Debug, Default)]
pub(crate) struct Progress(Mutex<Under>);

#[derive(Debug, Default)]
struct Under {
    next: u64,
    tasks: Vec<(u64, TaskView)>,
}

/// Work that is under way.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct TaskView {
    /// What it is.
    what: &'static str,
    /// Since when, in RFC 3339.
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
}

/// Work that is under way for as long as this is held.
#[must_use = "the work counts as ended when this is dropped"]
pub(crate) struct Task<'p> {
    progress: &'p Progress,
    number: u64,
}

impl Progress {
    /// Some work begins.
    pub(crate) fn begin(&self, what: &'static str) -> Task<'_> {
        let mut under = self.locked();
        under.next += 1;
        let number = under.next;
        under.tasks.push((number, TaskView { what, since: Timestamp::now() }));
        Task { progress: self, number }
    }

    /// What is under way, the oldest first.
    pub(crate) fn tasks(&self) -> Vec<TaskView> {
        self.locked().tasks.iter().map(|(_, task)| task.clone()).collect()
    }

    fn locked(&self) -> MutexGuard<'_, Under> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Task<'_> {
    fn drop(&mut self) {
        self.progress.locked().tasks.retain(|(number, _)| *number != self.number);
    }
}
