//! Processes that share a store.

use std::collections::BTreeMap;
use std::process::Command;
use std::time::Duration;

use strata_config_store::conformance::Place;
use strata_config_store::{Store, Watched};

use super::places::{Database, Directory};

const PROCESSES: u64 = 4;
const COMMITS: u64 = 25;

/// All commits of other processes are there, each of them was seen by a watch of this one, and the chain holds.
fn processes_lose_nothing(store: &dyn Store) {
    let mut watch = store.watch(0).unwrap();
    let writer = || Command::new(env!("CARGO_BIN_EXE_store_writer")).args([store.url(), COMMITS.to_string()]).spawn();
    let writers: Vec<_> = (0..PROCESSES).map(|_| writer().unwrap()).collect();
    let mut seen = Vec::new();
    while seen.len() < (PROCESSES * COMMITS) as usize {
        match watch.next(Duration::from_secs(60)).unwrap() {
            Watched::Entries(entries) => seen.extend(entries),
            other => panic!("{other:?} after {} entries", seen.len()),
        }
    }
    for mut writer in writers {
        assert!(writer.wait().unwrap().success());
    }
    assert!(seen.iter().zip(1..).all(|(entry, revision)| entry.revision == revision));
    let mut of_each = BTreeMap::new();
    seen.iter().for_each(|entry| *of_each.entry(&entry.actor).or_default() += 1);
    assert_eq!(of_each.into_values().collect::<Vec<u64>>(), [COMMITS; PROCESSES as usize]);
    assert_eq!(store.load().unwrap().revision, PROCESSES * COMMITS);
    assert!(store.verify().unwrap().is_intact());
}

#[test]
fn processes_on_one_directory_lose_nothing() {
    let place = Directory::new();
    processes_lose_nothing(&*place.open());
}

#[test]
fn processes_on_one_database_lose_nothing() {
    let place = Database::new();
    processes_lose_nothing(&*place.open());
}
