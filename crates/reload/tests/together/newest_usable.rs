//! A store whose newest revision can't be used any more: what is in effect instead, and how it is mended.

use std::sync::Arc;

use strata_config::LayeredConfig;
use strata_config_reload::{Actor, Condition, Live, OpenError, Point, UpdateError};
use strata_config_store::MemoryStore;

/// The program before: any number of threads.
#[derive(LayeredConfig, Debug)]
struct Before {
    #[config(default = 8)]
    threads: u32,
    #[config(default = "main")]
    name: String,
}

/// The program now, whose rule is stricter.
#[derive(LayeredConfig, Debug)]
struct Now {
    #[config(default = 8, validate(range(max = 64)))]
    threads: u32,
    #[config(default = "main")]
    name: String,
    #[config(default = 3)]
    retries: u32,
}

/// A store whose revisions set 16, 32 and 100 threads: the last one too many.
fn store() -> Arc<MemoryStore> {
    let store = Arc::new(MemoryStore::new());
    let live = Live::of(Before::loader()).store(store.clone()).open().unwrap();
    for threads in [16, 32, 100] {
        live.set("threads", threads, "ann").unwrap();
    }
    assert_eq!((live.get().threads, live.get().name.as_str()), (100, "main"));
    store
}

fn open(store: Arc<MemoryStore>) -> Live<Now> {
    Live::of(Now::loader()).store(store).or_newest_usable().open().unwrap()
}

#[test]
fn without_leave_it_does_not_open() {
    let error = Live::of(Now::loader()).store(store()).open().unwrap_err();
    assert!(matches!(&error, OpenError::Invalid(report) if report.errors().count() == 1), "{error}");
}

#[test]
fn the_newest_revision_that_can_be_used_is_in_effect_and_the_status_says_why() {
    let live = open(store());
    assert_eq!(live.get().threads, 32);
    let status = live.status();
    assert_eq!((status.revision, status.store_revision, status.condition), (2, 3, Condition::Degraded));
    assert_eq!(
        status.reasons,
        ["revision 3 of the store can't be used here, and revision 2 is in effect: must be at most 64, found `100`"]
    );
}

#[test]
fn a_change_that_mends_it_is_made_and_one_that_does_not_is_refused() {
    let live = open(store());
    let refused = live.set("name", "other", "ann").unwrap_err();
    assert!(refused.report().unwrap().to_string().contains("must be at most 64"), "{refused}");
    assert_eq!((live.status().store_revision, live.get().name.as_str()), (3, "main"));

    let applied = live.set("threads", 64, "ann").unwrap();
    assert_eq!((applied.revision, live.get().threads), (4, 64));
    assert_eq!((live.status().condition, live.status().reasons.len()), (Condition::Healthy, 0));
}

#[test]
fn unset_reset_and_rollback_mend_it_as_well() {
    type Mend = fn(&Live<Now>) -> Result<u64, UpdateError>;
    let mends: [(Mend, u32); 3] = [
        (|live| live.unset("threads", "ann").map(|applied| applied.revision), 8),
        (|live| live.reset("ann").map(|applied| applied.revision), 8),
        (|live| live.rollback(&Point::Revision(1), "ann").map(|applied| applied.revision), 16),
    ];
    for (mend, threads) in mends {
        let live = open(store());
        assert_eq!(mend(&live).unwrap(), 4);
        assert_eq!((live.get().threads, live.status().condition), (threads, Condition::Healthy));
    }
}

#[test]
fn a_change_is_meant_for_the_stores_revision_and_not_for_the_one_in_effect() {
    let live = open(store());
    assert_eq!(live.store_revision(), 3);
    assert!(live.set("threads", 4, Actor::new("ann").if_revision(2)).unwrap_err().is_conflict());
    assert!(live.set("threads", 4, Actor::new("ann").if_revision(3)).is_ok());
    assert_eq!(live.store_revision(), 4);
}

#[test]
fn where_no_revision_can_be_used_an_empty_stores_is_in_effect() {
    let store = Arc::new(MemoryStore::new());
    let live = Live::of(Before::loader()).store(store.clone()).open().unwrap();
    live.set("threads", 100, "ann").unwrap();
    let live = open(store);
    assert_eq!((live.get().threads, live.status().revision, live.status().store_revision), (8, 0, 1));
}

#[test]
fn a_mistake_elsewhere_is_an_error_still() {
    let loader = Now::loader().env_from([("RETRIES", "many")]);
    let error = Live::of(loader).store(store()).or_newest_usable().open().unwrap_err();
    assert!(error.to_string().contains("variable RETRIES"), "{error}");
    assert!(matches!(error, OpenError::Invalid(_)));
}
