//! A history that does not grow for ever.

use std::time::Duration;

use super::{Place, assert_intact, commit, commit_many, documents, draft, revisions};
use crate::{Anchor, Committed, Draft, Limit, Pruned, Retention, Timestamp};

/// Keeps so many entries.
fn newest(count: usize) -> Retention {
    Retention { history: Limit { count: Some(count), age: None }, ..Retention::default() }
}

/// What is kept continues the last entry that is not; revisions go on as if nothing had happened.
pub fn a_pruned_history_stays_verifiable(place: &dyn Place) {
    let store = place.open();
    commit_many(&*store, 100);
    let last = store.entry(96).unwrap().unwrap();
    assert_eq!(store.prune(&newest(4)).unwrap(), Pruned { entries: 96, snapshots: vec![] });
    for store in [&store, &place.open()] {
        assert_eq!(revisions(&**store), [97, 98, 99, 100]);
        assert_eq!(store.entry(96).unwrap(), None);
        assert_eq!(store.entry(97).unwrap().unwrap().previous, last.hash);
        let verified = store.verify().unwrap();
        assert_eq!((verified.entries, verified.anchor), (4, Anchor { revision: 96, hash: last.hash }));
        assert_intact(&**store);
    }
    assert_eq!(commit(&*store).revision, 101);
    assert_eq!(store.prune(&newest(2)).unwrap().entries, 3);
    assert_eq!(revisions(&*place.open()), [100, 101]);
    assert_intact(&*store);
}

/// However little is to be kept, the last entry is.
pub fn the_last_entry_is_never_pruned(place: &dyn Place) {
    let store = place.open();
    assert_eq!(store.prune(&newest(0)).unwrap(), Pruned::default());
    commit_many(&*store, 3);
    let state = store.load().unwrap();
    assert_eq!(store.prune(&newest(0)).unwrap().entries, 2);
    assert_eq!(store.prune(&newest(0)).unwrap().entries, 0);
    assert_eq!(place.open().load().unwrap(), state);
    assert_eq!(revisions(&*store), [3]);
}

/// By age, entries go up to the first that is young enough.
pub fn old_entries_are_pruned(place: &dyn Place) {
    let store = place.open();
    commit_many(&*store, 6);
    let age = Some(Duration::from_millis(2));
    let history = Limit { count: None, age };
    let retention = Retention { now: Timestamp::from_millis(6), history, ..Retention::default() };
    assert_eq!(store.prune(&retention).unwrap().entries, 3);
    assert_eq!(revisions(&*store), [4, 5, 6]);
    assert_eq!(store.prune(&Retention::default()).unwrap(), Pruned::default());
}

/// A handle that was open before goes on, and a request whose entry was removed is new again.
pub fn a_pruned_store_takes_commits_from_every_handle(place: &dyn Place) {
    let (one, other) = (place.open(), place.open());
    let draft = Draft { request: Some("r".into()), ..draft(1) };
    one.commit(0, &documents(1), draft.clone()).unwrap();
    commit_many(&*other, 80);
    one.prune(&newest(1)).unwrap();
    assert_eq!(other.by_request("r").unwrap(), None);
    assert_eq!(commit(&*other).revision, 82);
    assert_eq!(commit(&*one).revision, 83);
    assert!(matches!(other.commit(83, &documents(1), draft).unwrap(), Committed::New(entry) if entry.revision == 84));
    assert_eq!(revisions(&*other), [81, 82, 83, 84]);
    assert_intact(&*one);
}
