//! How much of the past is kept.

use std::time::Duration;

use crate::snapshot::Snapshot;
use crate::timestamp::Timestamp;

/// How much of the past is kept. By default everything.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Retention {
    /// The moment that ages are measured at.
    pub now: Timestamp,
    /// Of the history; the last entry stays always.
    pub history: Limit,
    /// Of the snapshots; those with a tag stay always, and do not count.
    pub snapshots: Limit,
}

/// What is beyond the count, or older than the age, goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Limit {
    /// The most.
    pub count: Option<usize>,
    /// The oldest.
    pub age: Option<Duration>,
}

/// What was removed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pruned {
    /// The number of history entries.
    pub entries: usize,
    /// The ids of the snapshots.
    pub snapshots: Vec<String>,
}

impl Retention {
    /// How many of so many entries go, given their times from the oldest. The history stays without gaps, so that an
    /// entry stays where one before it does.
    pub(crate) fn expired_entries(&self, total: usize, times: impl Iterator<Item = Timestamp>) -> usize {
        let beyond = self.history.count.map_or(0, |count| total.saturating_sub(count));
        let old = times.take_while(|&at| self.is_old(self.history, at)).count();
        beyond.max(old).min(total.saturating_sub(1))
    }

    /// The ids of the snapshots that go, of all from the oldest.
    pub(crate) fn expired_snapshots(&self, snapshots: &[Snapshot]) -> Vec<String> {
        let untagged: Vec<_> = snapshots.iter().filter(|snapshot| snapshot.tags.is_empty()).collect();
        let beyond = self.snapshots.count.map_or(0, |count| untagged.len().saturating_sub(count));
        let expired = untagged.iter().enumerate();
        let expired = expired.filter(|&(at, snapshot)| at < beyond || self.is_old(self.snapshots, snapshot.at));
        expired.map(|(_, snapshot)| snapshot.id.clone()).collect()
    }

    fn is_old(&self, limit: Limit, at: Timestamp) -> bool {
        limit.age.is_some_and(|age| self.now.since(at) > age)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expired(history: Limit, times: &[u64]) -> usize {
        let retention = Retention { now: Timestamp::from_millis(100), history, ..Retention::default() };
        retention.expired_entries(times.len(), times.iter().copied().map(Timestamp::from_millis))
    }

    #[test]
    fn the_last_entry_stays() {
        assert_eq!(expired(Limit { count: Some(0), age: None }, &[1, 2, 3]), 2);
        assert_eq!(expired(Limit { count: None, age: Some(Duration::ZERO) }, &[1, 2]), 1);
        assert_eq!(expired(Limit { count: Some(0), age: None }, &[]), 0);
    }

    #[test]
    fn count_and_age_both_remove() {
        let age = Some(Duration::from_millis(50));
        assert_eq!(expired(Limit { count: Some(3), age }, &[10, 60, 70, 80]), 1);
        assert_eq!(expired(Limit { count: Some(4), age }, &[10, 20, 70, 80]), 2);
        assert_eq!(expired(Limit::default(), &[1, 2]), 0);
    }

    #[test]
    fn an_old_entry_behind_a_young_one_stays() {
        assert_eq!(expired(Limit { count: None, age: Some(Duration::from_millis(50)) }, &[90, 10, 95]), 0);
    }
}
