//! Snapshots.

use std::time::Duration;

use super::{Place, assert_intact, commit};
use crate::{Limit, NewSnapshot, Retention, Snapshot, Store, Timestamp};

/// A snapshot at a time, perhaps with a tag.
fn take(store: &dyn Store, at: u64, tag: Option<&str>) -> Snapshot {
    let tags = tag.into_iter().map(str::to_owned).collect();
    let at = Timestamp::from_millis(at);
    let new = NewSnapshot { description: format!("before {at}"), tags, actor: "ada".into(), at };
    store.create_snapshot(new).unwrap()
}

/// A snapshot is as the store was, whatever is committed later, until it is deleted.
pub fn a_snapshot_keeps_what_was_stored(place: &dyn Place) {
    let store = place.open();
    let empty = take(&*store, 1, None);
    let entry = commit(&*store);
    let first = take(&*store, 2, Some("tag"));
    commit(&*store);
    assert_eq!((empty.revision, first.revision), (0, 1));
    assert_eq!(first.documents, entry.documents);
    assert_eq!((&*first.description, &*first.actor), ("before 1970-01-01T00:00:00.002Z", "ada"));
    assert_eq!(place.open().snapshots().unwrap(), [empty.clone(), first.clone()]);
    assert_eq!(store.verify().unwrap().snapshots, 2);
    assert!(place.open().delete_snapshot(&empty.id).unwrap());
    assert!(!store.delete_snapshot(&empty.id).unwrap());
    assert!(!store.delete_snapshot("../no id").unwrap());
    assert_eq!(store.snapshots().unwrap(), [first]);
    assert_intact(&*store);
}

/// Ids are unique, and sort as the snapshots were taken, also by a clock that stands still or goes back.
pub fn snapshots_have_ids_that_sort(place: &dyn Place) {
    let (one, other) = (place.open(), place.open());
    let taken: Vec<_> = [5, 5, 3].iter().flat_map(|&at| [take(&*one, at, None), take(&*other, at, None)]).collect();
    assert!(taken.is_sorted_by(|a, b| a.id < b.id), "{taken:?}");
    assert_eq!(one.snapshots().unwrap(), taken);
}

/// Neither by count nor by age, and it does not count.
pub fn a_tagged_snapshot_is_never_pruned(place: &dyn Place) {
    let store = place.open();
    let tagged = take(&*store, 1, Some("release"));
    let untagged = [take(&*store, 2, None), take(&*store, 3, None)];
    let limit = |count, age: Option<u64>| {
        let snapshots = Limit { count, age: age.map(Duration::from_millis) };
        Retention { now: Timestamp::from_millis(1000), snapshots, ..Retention::default() }
    };
    assert_eq!(store.prune(&limit(Some(1), None)).unwrap().snapshots, [untagged[0].id.clone()]);
    assert_eq!(store.snapshots().unwrap(), [tagged.clone(), untagged[1].clone()]);
    store.prune(&limit(Some(0), Some(0))).unwrap();
    assert_eq!(place.open().snapshots().unwrap(), [tagged]);
}

/// By age, whatever the order of their times.
pub fn old_snapshots_are_pruned(place: &dyn Place) {
    let store = place.open();
    let [young, old] = [take(&*store, 90, None), take(&*store, 10, None)];
    let snapshots = Limit { count: None, age: Some(Duration::from_millis(50)) };
    let retention = Retention { now: Timestamp::from_millis(100), snapshots, ..Retention::default() };
    assert_eq!(store.prune(&retention).unwrap().snapshots, [old.id]);
    assert_eq!(store.snapshots().unwrap(), [young]);
}
