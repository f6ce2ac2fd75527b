//! Questions to the history.

use super::{Place, commit_many, documents, draft, revisions};
use crate::{Draft, HistoryQuery, Recorded, Store, Timestamp};

/// The newest entry comes first, and a limit keeps the newest.
pub fn history_is_the_newest_first(place: &dyn Place) {
    let store = place.open();
    commit_many(&*store, 5);
    assert_eq!(found(&*store, &HistoryQuery::default()), [5, 4, 3, 2, 1]);
    assert_eq!(found(&*store, &HistoryQuery::newest(2)), [5, 4]);
    assert!(found(&*store, &HistoryQuery::newest(0)).is_empty());
    assert_eq!(revisions(&*place.open()), [1, 2, 3, 4, 5]);
}

/// Each field of a query narrows it.
pub fn history_is_narrowed(place: &dyn Place) {
    let store = place.open();
    let drafts = [("ada", "db.url", "a"), ("eve", "dbx", "b"), ("ada", "db", "b"), ("eve", "db.url.host", "c")];
    for ((actor, path, tag), at) in drafts.into_iter().zip(0..) {
        let change = Recorded { path: path.into(), old: None, new: None, reload: "live".into() };
        let said = Draft { actor: actor.into(), tags: vec![tag.into()], changes: vec![change], ..draft(10 * (at + 1)) };
        store.commit(at, &documents(at), said).unwrap();
    }
    let some = |text: &str| Some(text.to_owned());
    let time = |at| Some(Timestamp::from_millis(at));
    let all = HistoryQuery::default;
    assert_eq!(found(&*store, &HistoryQuery { from: Some(2), to: Some(3), ..all() }), [3, 2]);
    assert!(found(&*store, &HistoryQuery { from: Some(5), ..all() }).is_empty());
    assert_eq!(found(&*store, &HistoryQuery { actor: some("ada"), ..all() }), [3, 1]);
    assert_eq!(found(&*store, &HistoryQuery { tag: some("b"), ..all() }), [3, 2]);
    assert_eq!(found(&*store, &HistoryQuery { path: some("db"), ..all() }), [4, 3, 1]);
    assert_eq!(found(&*store, &HistoryQuery { path: some("db.url"), ..all() }), [4, 1]);
    assert_eq!(found(&*store, &HistoryQuery { since: time(20), until: time(30), ..all() }), [3, 2]);
    assert_eq!(found(&*store, &HistoryQuery { actor: some("eve"), path: some("db"), limit: Some(1), ..all() }), [4]);
    assert_eq!(found(&*store, &HistoryQuery { actor: some("ada"), limit: Some(1), ..all() }), [3]);
}

/// Revisions and requests are found however long ago they were, also by a new handle.
pub fn an_entry_is_found_by_revision_and_by_request(place: &dyn Place) {
    const COUNT: u64 = 150;
    let store = place.open();
    for at in 0..COUNT {
        let draft = Draft { request: (at % 2 == 0).then(|| format!("request {at}")), ..draft(at) };
        store.commit(at, &documents(at), draft).unwrap();
    }
    for store in [store, place.open()] {
        for at in 0..COUNT {
            let entry = store.entry(at + 1).unwrap().unwrap();
            assert_eq!((entry.revision, &entry.documents), (at + 1, &documents(at)));
            let by_request = store.by_request(&format!("request {at}")).unwrap();
            assert_eq!(by_request, (at % 2 == 0).then_some(entry));
        }
        assert_eq!(store.entry(0).unwrap(), None);
        assert_eq!(store.entry(COUNT + 1).unwrap(), None);
        assert_eq!(store.by_request("").unwrap(), None);
        assert_eq!(store.load().unwrap().revision, COUNT);
    }
}

fn found(store: &dyn Store, query: &HistoryQuery) -> Vec<u64> {
    store.history(query).unwrap().iter().map(|entry| entry.revision).collect()
}
