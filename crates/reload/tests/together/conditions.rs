//! What a change is bound to, and what a change or a way back would lead to before it is made.

use std::fs;
use std::sync::Arc;

use serde_json::json;
use strata_config::{FieldPath, LayeredConfig, Secret, Value};
use strata_config_reload::{Actor, Declaration, DynVersion, Live, Point};
use strata_config_store::{HistoryQuery, MemoryStore};
use tempfile::TempDir;

#[derive(LayeredConfig, Debug)]
struct Config {
    #[config(default = 8, validate(range(min = 1, max = 64)))]
    threads: u32,
    #[config(default = 80, reload = "restart")]
    port: u16,
    #[config(default = "info")]
    log: String,
    #[config(secret)]
    token: Option<Secret<String>>,
}

/// A configuration whose file can be written anew.
fn open() -> (TempDir, Live<Config>) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("app.toml");
    fs::write(&file, "log = \"warn\"\n").unwrap();
    let loader = Config::loader().file(file).env_from(vec![("TOKEN", "hunter2")]);
    let declared = Declaration::new("extra", 1).rule(|value| match value {
        Value::Int(_) => Ok(()),
        _ => Err("a number is needed".to_owned()),
    });
    let live = Live::of(loader).store(Arc::new(MemoryStore::new())).declare(declared).open().unwrap();
    (folder, live)
}

fn at(values: &Value, path: &str) -> Value {
    values.at(&FieldPath::parse(path).unwrap()).unwrap().clone()
}

fn commits(live: &Live<Config>) -> usize {
    live.history(&HistoryQuery::default()).unwrap().len()
}

#[test]
fn a_change_that_is_bound_to_a_generation_is_not_made_after_a_reload() {
    let (folder, live) = open();
    let generation = live.version().generation();
    let bound = || Actor::new("ann").if_revision(live.store_revision()).if_generation(generation);
    fs::write(folder.path().join("app.toml"), "log = \"debug\"\n").unwrap();
    assert!(live.reload_all().unwrap());
    assert_eq!(live.store_revision(), 0, "the store knows nothing of it");
    for actor in [bound(), bound().dry_run(), Actor::new("ann").if_generation(generation)] {
        let error = live.update(&json!({"threads": 9}), actor).unwrap_err();
        assert!(error.is_conflict(), "{error}");
    }
    assert!(live.reset(bound()).unwrap_err().is_conflict());
    assert_eq!((live.get().threads, commits(&live)), (8, 0));
    let now = live.version().generation();
    live.update(&json!({"threads": 9}), Actor::new("ann").if_generation(now)).unwrap();
    assert_eq!((live.get().threads, commits(&live)), (9, 1));
}

#[test]
fn a_reload_that_finds_nothing_new_leaves_the_generation() {
    let (_folder, live) = open();
    let generation = live.version().generation();
    assert!(!live.reload_all().unwrap());
    live.update(&json!({"threads": 9}), Actor::new("ann").if_generation(generation)).unwrap();
    let again = live.update(&json!({"threads": 10}), Actor::new("bob").if_generation(generation)).unwrap_err();
    assert!(again.is_conflict(), "one's own change is one as well: {again}");
    assert_eq!(live.get().threads, 9);
}

#[test]
fn of_two_that_are_bound_to_one_generation_one_is_made() {
    let (_folder, live) = open();
    let generation = live.version().generation();
    let made: usize = std::thread::scope(|scope| {
        let change = |threads: u32| {
            let live = live.clone();
            move || live.update(&json!({"threads": threads}), Actor::new("ann").if_generation(generation)).is_ok()
        };
        let threads: Vec<_> = (10..18).map(|number| scope.spawn(change(number))).collect();
        threads.into_iter().map(|thread| usize::from(thread.join().unwrap())).sum()
    });
    assert_eq!((made, commits(&live)), (1, 1));
}

#[test]
fn who_only_tries_says_so() {
    assert!(!Actor::new("ann").is_dry_run());
    assert!(Actor::new("ann").if_generation(1).dry_run().is_dry_run());
}

#[test]
fn the_values_after_a_patch_are_those_that_the_patch_then_makes() {
    let (_folder, live) = open();
    let before = (live.version().generation(), DynVersion::values(&*live.version()));
    for patch in
        [json!({}), json!({"threads": 9, "extra": 5}), json!({"log": null, "port": 81}), json!({"threads": null})]
    {
        let after = live.values_after(&patch).unwrap();
        assert_eq!(at(&after, "token"), Value::Secret);
        assert!(!format!("{after:?}").contains("hunter2"));
        live.update(&patch, "ann").unwrap();
        let version = live.version();
        let Value::Map(mut made) = DynVersion::values(&*version) else { panic!("a map") };
        made.extend(version.declared_keys().iter().map(|key| (key.key.clone(), key.value.clone())));
        assert_eq!(after, Value::Map(made), "{patch}");
    }
    assert_eq!((before.0, at(&before.1, "threads")), (1, Value::Int(8)));
}

#[test]
fn the_values_after_a_wrong_patch_are_its_mistakes_and_nothing_is_changed() {
    let (_folder, live) = open();
    let generation = live.version().generation();
    for patch in [json!({"threads": 900, "prot": 1}), json!({"extra": "x"}), json!({"token": "new"}), json!(5)] {
        let error = live.values_after(&patch).unwrap_err();
        assert!(error.is_invalid(), "{patch}: {error}");
    }
    assert_eq!(
        live.values_after(&json!({"threads": 900, "prot": 1})).unwrap_err().report().unwrap().errors().count(),
        2
    );
    live.values_after(&json!({"threads": 9})).unwrap();
    assert_eq!((live.get().threads, live.version().generation(), commits(&live)), (8, generation, 0));
    let statistics = live.status().statistics;
    assert_eq!((statistics.writes, statistics.refused), (0, 0), "a question is no change");
}

#[test]
fn a_way_back_is_told_as_it_is_then_gone() {
    let (_folder, live) = open();
    live.update(&json!({"threads": 9}), "ann").unwrap();
    let snapshot = live.snapshot("nine", Vec::<String>::new(), "ann").unwrap();
    live.update(&json!({"threads": 10, "port": 81}), "ann").unwrap();
    for point in [Point::Revision(1), Point::Snapshot(snapshot.id), Point::Revision(0), Point::Revision(2)] {
        let (revision, threads) = (live.store_revision(), live.get().threads);
        let preview = live.validate_rollback(&point).unwrap();
        assert!(preview.report.is_valid(), "{}", preview.report);
        assert_eq!((live.store_revision(), live.get().threads), (revision, threads), "nothing is changed");
        let applied = live.rollback(&point, "ann").unwrap();
        let told = |changes: &[strata_config::Change]| -> Vec<_> {
            changes.iter().map(|change| (change.path.to_string(), change.before(), change.after())).collect()
        };
        assert_eq!(told(&preview.changes), told(&applied.changes), "{point:?}");
        assert_eq!(told(&preview.pending), told(&applied.pending), "{point:?}");
    }
}

#[test]
fn a_way_back_to_what_is_wrong_by_now_or_was_never_there_is_refused() {
    let (folder, live) = open();
    live.update(&json!({"threads": 9, "extra": 7}), "ann").unwrap();
    live.update(&json!({"threads": 10, "extra": null}), "ann").unwrap();
    live.declare(Declaration::new("extra", 1).rule(|value| match value {
        Value::Int(1) => Ok(()),
        _ => Err("only one is right".to_owned()),
    }))
    .unwrap();
    let preview = live.validate_rollback(&Point::Revision(1)).unwrap();
    assert!(!preview.report.is_valid() && preview.changes.is_empty(), "{}", preview.report);
    assert!(live.rollback(&Point::Revision(1), "ann").unwrap_err().is_invalid());
    for point in [Point::Revision(99), Point::Snapshot("none".to_owned())] {
        assert!(live.validate_rollback(&point).err().unwrap().is_missing(), "{point:?}");
    }
    assert_eq!((live.get().threads, commits(&live)), (10, 2));
    drop(folder);
}
