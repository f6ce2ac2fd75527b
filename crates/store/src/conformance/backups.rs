//! Backup and restore.

use super::{Place, assert_intact, commit, commit_many, draft, revisions};
use crate::{Backup, Draft, Limit, MemoryStore, NewSnapshot, Retention, Store};

/// A store with a pruned history and a snapshot, in memory.
fn origin() -> MemoryStore {
    let store = MemoryStore::new();
    commit_many(&store, 8);
    let snapshot = NewSnapshot { description: "kept".into(), ..NewSnapshot::default() };
    store.create_snapshot(snapshot).unwrap();
    store.prune(&Retention { history: Limit { count: Some(3), age: None }, ..Retention::default() }).unwrap();
    store
}

/// An empty store takes over history and snapshots; the restoring itself is the last entry.
pub fn a_backup_makes_an_empty_store_the_same_again(place: &dyn Place) {
    let origin = origin();
    let backup = Backup::from_json(&origin.backup().unwrap().to_json()).unwrap();
    let store = place.open();
    let before = place.open();
    let state = store.restore(&backup, Draft { request: Some("r".into()), ..draft(100) }).unwrap();
    assert_eq!((state.revision, &state.documents), (9, &origin.load().unwrap().documents));
    for store in [&store, &before, &place.open()] {
        assert_eq!(store.load().unwrap(), state);
        assert_eq!(revisions(&**store), [6, 7, 8, 9]);
        assert_eq!(store.entry(7).unwrap(), origin.entry(7).unwrap());
        assert_eq!(store.snapshots().unwrap(), origin.snapshots().unwrap());
        assert_intact(&**store);
    }
    // A repeated request restores nothing.
    assert_eq!(store.restore(&backup, Draft { request: Some("r".into()), ..draft(101) }).unwrap(), state);
    assert_eq!(commit(&*before).revision, 10);

    let again = MemoryStore::new();
    again.restore(&store.backup().unwrap(), draft(102)).unwrap();
    assert_eq!(again.entry(10).unwrap(), store.entry(10).unwrap());
}

/// A store with a history of its own keeps it: revisions never go back.
pub fn a_backup_over_a_history_is_a_new_revision(place: &dyn Place) {
    let store = place.open();
    commit_many(&*store, 2);
    let backup = store.backup().unwrap();
    commit_many(&*store, 2);
    let state = store.restore(&backup, draft(100)).unwrap();
    assert_eq!((state.revision, &state.documents), (5, &backup.state().documents));
    assert_eq!(revisions(&*place.open()), [1, 2, 3, 4, 5]);
    assert_eq!(store.entry(5).unwrap().unwrap().state(), state);
    assert_intact(&*store);
}

/// A text that was altered is no backup, and a store takes none whose chain is broken.
pub fn a_damaged_backup_is_refused(place: &dyn Place) {
    let origin = origin();
    let text = origin.backup().unwrap().to_json();
    for (from, to) in [("\"ada\"", "\"eve\""), ("\"value\":8", "\"value\":9"), ("\"kept\"", "\"lost\""), ("]", "")] {
        let error = Backup::from_json(&text.replacen(from, to, 1)).unwrap_err();
        assert!(error.is_invalid(), "{error}");
    }
    assert!(Backup::from_json(&text.replacen("\"format\":1", "\"format\":2", 1)).unwrap_err().is_newer());

    let backup = origin.backup().unwrap();
    let mut entries = backup.entries().to_vec();
    entries.remove(1);
    let broken = Backup::new(backup.anchor(), entries, vec![]);
    let store = place.open();
    assert!(store.restore(&broken, draft(1)).unwrap_err().is_invalid());
    assert_eq!(store.load().unwrap().revision, 0);
}

/// A snapshot that is there already is not added again.
pub fn snapshots_are_restored_once(place: &dyn Place) {
    let store = place.open();
    commit(&*store);
    let one = store.create_snapshot(NewSnapshot::default()).unwrap();
    let backup = store.backup().unwrap();
    let other = store.create_snapshot(NewSnapshot { tags: vec!["t".into()], ..NewSnapshot::default() }).unwrap();
    store.restore(&backup, draft(1)).unwrap();
    assert_eq!(place.open().snapshots().unwrap(), [one.clone(), other.clone()]);
    assert!(store.delete_snapshot(&one.id).unwrap());
    store.restore(&backup, draft(1)).unwrap();
    assert_eq!(store.snapshots().unwrap(), [one, other]);
}
