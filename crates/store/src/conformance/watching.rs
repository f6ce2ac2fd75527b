//! Watches.

use std::thread;
use std::time::Duration;

use super::{Place, commit, commit_many};
use crate::{Entry, Limit, Retention, Watch, Watched};

/// Long enough for the slowest machine; no test waits for it but where it fails.
const LONG: Duration = Duration::from_secs(60);

/// The entries that a watch sees, up to a revision.
fn see(watch: &mut dyn Watch, last: u64) -> Vec<Entry> {
    let mut seen: Vec<Entry> = Vec::new();
    while seen.last().is_none_or(|entry| entry.revision < last) {
        match watch.next(LONG).unwrap() {
            Watched::Entries(entries) => seen.extend(entries),
            other => panic!("{other:?} after {} entries", seen.len()),
        }
    }
    seen
}

/// Commits of this handle and of another arrive without a gap, and none twice.
pub fn a_watch_sees_every_commit_once_in_order(place: &dyn Place) {
    const COUNT: u64 = 60;
    let (one, other) = (place.open(), place.open());
    let mut watch = one.watch(0).unwrap();
    let seen = thread::scope(|scope| {
        let watcher = scope.spawn(move || see(&mut *watch, COUNT));
        for at in 0..COUNT {
            commit(if at % 3 == 0 { &*one } else { &*other });
        }
        watcher.join().unwrap()
    });
    assert_eq!(seen.iter().map(|entry| entry.revision).collect::<Vec<_>>(), (1..=COUNT).collect::<Vec<_>>());
    assert!(seen.iter().all(|entry| one.entry(entry.revision).unwrap().as_ref() == Some(entry)));
}

/// A watch begins after the revision that it is given, also with many commits behind that.
pub fn a_watch_sees_what_came_before_it(place: &dyn Place) {
    let store = place.open();
    commit_many(&*store, 150);
    let seen = see(&mut *place.open().watch(10).unwrap(), 150);
    assert_eq!(seen.iter().map(|entry| entry.revision).collect::<Vec<_>>(), (11..=150).collect::<Vec<_>>());
}

/// Where the history does not reach back, the watch says what is stored, and goes on from there. So it does where the
/// store is behind it, which another store must have replaced.
pub fn a_watch_behind_the_history_is_reset(place: &dyn Place) {
    let store = place.open();
    commit_many(&*store, 5);
    store.prune(&Retention { history: Limit { count: Some(1), age: None }, ..Retention::default() }).unwrap();
    for from in [0, 3, 9] {
        let mut watch = store.watch(from).unwrap();
        assert_eq!(watch.next(LONG).unwrap(), Watched::Reset(store.load().unwrap()));
        let entry = commit(&*store);
        assert_eq!(watch.next(LONG).unwrap(), Watched::Entries(vec![entry]));
    }
}

/// Without a commit the time passes, and nothing is missed by that.
pub fn a_watch_is_idle_where_nothing_happens(place: &dyn Place) {
    let store = place.open();
    let mut watch = store.watch(0).unwrap();
    assert_eq!(watch.next(Duration::ZERO).unwrap(), Watched::Idle);
    assert_eq!(watch.next(Duration::from_millis(5)).unwrap(), Watched::Idle);
    let entry = commit(&*store);
    assert_eq!(watch.next(LONG).unwrap(), Watched::Entries(vec![entry]));
    assert_eq!(watch.next(Duration::ZERO).unwrap(), Watched::Idle);
}
