//! Who has tried to change something, and what became of it: kept in memory, told to `tracing`, and appended to a file.

mod file;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::response::Response;
use serde::Serialize;
use strata_config_store::Timestamp;
use utoipa::ToSchema;

pub(crate) use file::{AuditFile, FileStatus};

use crate::guard::{Attempt, Revision};
use crate::problem::Kind;

/// The most entries that are kept in memory.
const MOST: usize = 2000;

/// The most of them that are of nobody known: whoever has no token can't wash out what others did.
const STRANGERS: usize = 500;

/// One attempt to change something. What was to be changed, and to what, is not in it: history knows that of those that
/// succeeded, and the rest might hold a secret.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct AuditEntry {
    /// When the request came.
    #[schema(value_type = String, format = DateTime)]
    pub(crate) at: Timestamp,
    /// Who asked; null where no token was accepted.
    pub(crate) actor: Option<String>,
    /// The id of their token.
    pub(crate) token: Option<String>,
    pub(crate) method: String,
    pub(crate) path: String,
    /// The status that it was answered with.
    pub(crate) status: u16,
    /// The revision that it made.
    pub(crate) revision: Option<u64>,
    /// The request's own name.
    pub(crate) request: Option<String>,
    /// The kind of problem, where it was refused.
    pub(crate) problem: Option<String>,
    /// Where it came from, as far as that is known.
    pub(crate) address: Option<String>,
}

impl AuditEntry {
    /// Of an attempt to change something that was answered so.
    pub(crate) fn of(attempt: &Attempt, response: &Response) -> Option<Self> {
        let status = response.status().as_u16();
        // No route, no method: nothing that could have been changed.
        let is_nothing = attempt.changes.get().is_none() && matches!(status, 404 | 405);
        if !attempt.is_change() || is_nothing {
            return None;
        }
        let token = attempt.token.get();
        Some(Self {
            at: attempt.at,
            actor: token.map(|token| token.actor.clone()),
            token: token.map(|token| token.id.clone()),
            method: attempt.method.to_string(),
            path: attempt.path.clone(),
            status,
            revision: response.extensions().get::<Revision>().map(|revision| revision.0),
            request: attempt.request.get().cloned(),
            problem: response.extensions().get::<Kind>().map(|kind| kind.0.clone()),
            address: attempt.address.map(|address| address.to_string()),
        })
    }
}

/// The entries, newest last, each with its number.
#[derive(Default)]
pub(crate) struct Audit {
    kept: Mutex<Kept>,
    file: Option<AuditFile>,
}

#[derive(Default)]
struct Kept {
    next: u64,
    entries: VecDeque<(u64, Arc<AuditEntry>)>,
}

impl Audit {
    /// With a file beside the memory.
    pub(crate) fn new(file: Option<AuditFile>) -> Self {
        Self { kept: Mutex::default(), file }
    }

    /// Records an attempt. Of what was changed the entry is in the file when this ends; where the file can't be written the
    /// change has been made nevertheless, the entry waits, and the status tells it.
    pub(crate) async fn record(&self, entry: Option<AuditEntry>) {
        let Some(entry) = entry.map(Arc::new) else { return };
        tell(&entry);
        self.keep(Arc::clone(&entry));
        if let Some(file) = &self.file {
            file.append(&entry, (200..300).contains(&entry.status)).await;
        }
    }

    fn keep(&self, entry: Arc<AuditEntry>) {
        let mut kept = self.kept.lock().unwrap_or_else(|held| held.into_inner());
        let number = kept.next;
        kept.next += 1;
        let is_strangers = |(_, entry): &(u64, Arc<AuditEntry>)| entry.actor.is_none();
        if entry.actor.is_none() && kept.entries.iter().filter(|known| is_strangers(known)).count() >= STRANGERS {
            let oldest = kept.entries.iter().position(is_strangers);
            oldest.and_then(|oldest| kept.entries.remove(oldest));
        } else if kept.entries.len() >= MOST {
            kept.entries.pop_front();
        }
        kept.entries.push_back((number, entry));
    }

    /// Entries before a number, newest first, that are wanted; and whether there are more.
    pub(crate) fn page(
        &self,
        before: Option<u64>,
        limit: usize,
        wanted: impl Fn(&AuditEntry) -> bool,
    ) -> (Vec<Arc<AuditEntry>>, Option<u64>) {
        let kept = self.kept.lock().unwrap_or_else(|held| held.into_inner());
        let below = before.unwrap_or(u64::MAX);
        let mut found: Vec<_> = kept
            .entries
            .iter()
            .rev()
            .filter(|(number, entry)| *number < below && wanted(entry))
            .take(limit + 1)
            .collect();
        let more = found.len() > limit;
        found.truncate(limit);
        let next = if more { found.last().map(|(number, _)| *number) } else { None };
        (found.into_iter().map(|(_, entry)| Arc::clone(entry)).collect(), next)
    }

    /// How the file is doing, where there is one.
    pub(crate) fn file_status(&self) -> Option<FileStatus> {
        self.file.as_ref().map(AuditFile::status)
    }
}

fn tell(entry: &AuditEntry) {
    tracing::info!(
        target: "strata::audit",
        actor = entry.actor.as_deref(),
        token = entry.token.as_deref(),
        method = entry.method,
        path = entry.path,
        status = entry.status,
        revision = entry.revision,
        request = entry.request.as_deref(),
        problem = entry.problem.as_deref(),
        address = entry.address.as_deref(),
        "write"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(actor: Option<&str>) -> Arc<AuditEntry> {
        Arc::new(AuditEntry {
            at: Timestamp::now(),
            actor: actor.map(str::to_owned),
            token: None,
            method: "PATCH".to_owned(),
            path: "/api/v1/config".to_owned(),
            status: 200,
            revision: None,
            request: None,
            problem: None,
            address: None,
        })
    }

    #[test]
    fn strangers_do_not_wash_out_what_others_did() {
        let audit = Audit::default();
        audit.keep(entry(Some("ann")));
        for _ in 0..3 * MOST {
            audit.keep(entry(None));
        }
        let all = audit.page(None, 10_000, |_| true).0;
        assert_eq!((all.len(), all.last().unwrap().actor.as_deref()), (STRANGERS + 1, Some("ann")));
        for _ in 0..3 * MOST {
            audit.keep(entry(Some("bob")));
        }
        assert_eq!(audit.page(None, 10_000, |_| true).0.len(), MOST);
    }
}
