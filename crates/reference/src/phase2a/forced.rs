//! Requests for which somebody has forced the features on or off: a table that is read without a lock.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use arc_swap::ArcSwap;

/// How many requests are remembered; the oldest makes way, so that no caller can fill memory.
const MOST: usize = 1_000;
/// The longest id in bytes that is taken for one.
const LONGEST: usize = 256;

/// Forced requests.
#[derive(Debug, Default)]
pub(super) struct ForcedRequests(ArcSwap<Table>);

#[derive(Debug, Clone, Default)]
struct Table {
    decisions: HashMap<Arc<str>, bool>,
    /// The oldest first.
    order: VecDeque<Arc<str>>,
}

impl ForcedRequests {
    /// Remembers what a request is to get; the last word counts. Whether that is a request's id.
    pub(super) fn force(&self, request: &str, on: bool) -> bool {
        if request.is_empty() || request.len() > LONGEST {
            return false;
        }
        let request: Arc<str> = request.into();
        self.0.rcu(|before| {
            let mut table = Table::clone(before);
            if table.decisions.insert(Arc::clone(&request), on).is_some() {
                table.order.retain(|known| *known != request);
            }
            table.order.push_back(Arc::clone(&request));
            if table.order.len() > MOST {
                table.order.pop_front().map(|oldest| table.decisions.remove(&oldest));
            }
            table
        });
        true
    }

    /// What a request is to get, where somebody has said so.
    pub(super) fn decision(&self, request: &str) -> Option<bool> {
        self.0.load().decisions.get(request).copied()
    }

    /// Forgets all of them.
    pub(super) fn clear(&self) {
        self.0.store(Arc::default());
    }

    /// How many requests are forced on, and how many off.
    pub(super) fn counts(&self) -> (usize, usize) {
        let table = self.0.load();
        let on = table.decisions.values().filter(|on| **on).count();
        (on, table.decisions.len() - on)
    }
}
