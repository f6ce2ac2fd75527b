//! The suite that every store has to pass, as functions that panic where a store does not keep what [`Store`] says.
//!
//! A backend implements [`Place`] and calls [`store_conformance_tests!`](crate::store_conformance_tests), which makes
//! a test of each. What is stored is of such a kind that the suite runs in seconds on a disk.

mod backups;
mod commits;
mod concurrent;
mod documents;
mod history;
mod pruning;
mod snapshots;
mod watching;

use std::sync::Arc;

use crate::{Documents, Draft, Entry, Json, Store, Timestamp};

pub use backups::{
    a_backup_makes_an_empty_store_the_same_again, a_backup_over_a_history_is_a_new_revision,
    a_damaged_backup_is_refused, snapshots_are_restored_once,
};
pub use commits::{
    a_commit_is_seen_by_every_handle, a_known_request_is_not_carried_out_again, a_new_store_is_empty,
    a_stale_writer_conflicts, a_store_that_is_opened_again_has_everything, entries_are_chained,
};
pub use concurrent::{many_writers_lose_nothing, one_request_from_many_threads_is_one_entry};
pub use documents::documents_come_back_as_they_were_written;
pub use history::{an_entry_is_found_by_revision_and_by_request, history_is_narrowed, history_is_the_newest_first};
pub use pruning::{
    a_pruned_history_stays_verifiable, a_pruned_store_takes_commits_from_every_handle, old_entries_are_pruned,
    the_last_entry_is_never_pruned,
};
pub use snapshots::{
    a_snapshot_keeps_what_was_stored, a_tagged_snapshot_is_never_pruned, old_snapshots_are_pruned,
    snapshots_have_ids_that_sort,
};
pub use watching::{
    a_watch_behind_the_history_is_reset, a_watch_is_idle_where_nothing_happens,
    a_watch_sees_every_commit_once_in_order, a_watch_sees_what_came_before_it,
};

/// A place where a store can be: at first with nothing in it.
pub trait Place: Sync {
    /// A handle of its own on the store at this place.
    fn open(&self) -> Arc<dyn Store>;
}

/// One test for each case of the suite, in a module of a name: `store_conformance_tests!(memory, MyPlace::new())`. The
/// expression is evaluated for each test.
#[macro_export]
macro_rules! store_conformance_tests {
    ($module:ident, $place:expr) => {
        $crate::store_conformance_tests! { $module, $place;
            a_new_store_is_empty
            a_commit_is_seen_by_every_handle
            a_stale_writer_conflicts
            a_known_request_is_not_carried_out_again
            a_store_that_is_opened_again_has_everything
            entries_are_chained
            many_writers_lose_nothing
            one_request_from_many_threads_is_one_entry
            documents_come_back_as_they_were_written
            history_is_the_newest_first
            history_is_narrowed
            an_entry_is_found_by_revision_and_by_request
            a_pruned_history_stays_verifiable
            the_last_entry_is_never_pruned
            old_entries_are_pruned
            a_pruned_store_takes_commits_from_every_handle
            a_snapshot_keeps_what_was_stored
            snapshots_have_ids_that_sort
            a_tagged_snapshot_is_never_pruned
            old_snapshots_are_pruned
            a_watch_sees_every_commit_once_in_order
            a_watch_sees_what_came_before_it
            a_watch_behind_the_history_is_reset
            a_watch_is_idle_where_nothing_happens
            a_backup_makes_an_empty_store_the_same_again
            a_backup_over_a_history_is_a_new_revision
            a_damaged_backup_is_refused
            snapshots_are_restored_once
        }
    };
    ($module:ident, $place:expr; $($case:ident)*) => {
        mod $module {
            #[allow(unused_imports, reason = "the place is an expression of the caller's")]
            use super::*;
            $(
                #[test]
                fn $case() {
                    $crate::conformance::$case(&$place);
                }
            )*
        }
    };
}

/// Documents whose runtime layer is `{"value":NUMBER}`.
fn documents(value: u64) -> Documents {
    let runtime = Json::parse(format!(r#"{{"value":{value}}}"#)).expect("an object");
    Documents { runtime, ..Documents::default() }
}

/// A draft at a time in milliseconds.
fn draft(at: u64) -> Draft {
    Draft::new("ada", "suite", Timestamp::from_millis(at))
}

/// Commits [`documents`] on top, at a time that is the revision.
fn commit(store: &dyn Store) -> Entry {
    let at = store.load().expect("loads").revision;
    store.commit(at, &documents(at + 1), draft(at + 1)).expect("commits").into_entry()
}

/// Commits so many times.
fn commit_many(store: &dyn Store, count: usize) {
    for _ in 0..count {
        commit(store);
    }
}

/// The revisions of the history, the oldest first.
fn revisions(store: &dyn Store) -> Vec<u64> {
    let entries = store.history(&crate::HistoryQuery::default()).expect("has a history");
    entries.iter().rev().map(|entry| entry.revision).collect()
}

/// Panics where the store finds itself damaged.
fn assert_intact(store: &dyn Store) {
    let verified = store.verify().expect("can be verified");
    assert!(verified.is_intact(), "{:?}", verified.damages);
}
