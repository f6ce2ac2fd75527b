//! A rewriting that fails at any call, or whose process ends there.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use strata_config::LayeredConfig;

use super::disk::{Disk, Stopped};
use crate::{Migrations, Step};

#[derive(LayeredConfig)]
struct Config {
    #[config(default = 1)]
    #[allow(dead_code, reason = "documents are checked with it")]
    newest: u8,
}

fn migrations() -> Migrations {
    Migrations::to("3")
        .step(Step::new("a", "1", "2").rename("old", "new"))
        .step(Step::new("b", "2", "3").rename("new", "newest"))
        .build()
        .unwrap()
}

/// Every file of a folder.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let file = |path: std::path::PathBuf| {
        (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(path).unwrap())
    };
    entries.map(file).collect()
}

/// A disk whose call of a number does not happen, and the calls so far.
fn disk(number: usize, stopped: fn() -> Stopped) -> (Disk, std::rc::Rc<Cell<usize>>) {
    let calls = std::rc::Rc::new(Cell::new(0));
    let counted = std::rc::Rc::clone(&calls);
    let gate = move |_: &'static str| {
        counted.set(counted.get() + 1);
        if counted.get() == number { Err(stopped()) } else { Ok(()) }
    };
    (Disk::failing(gate), calls)
}

const TEXT: &str = "# The one setting.\nold = 5 # five\n";

/// A file with a history: a first migration and its way back.
fn with_history(folder: &Path) -> std::path::PathBuf {
    let path = folder.join("app.toml");
    fs::write(&path, TEXT).unwrap();
    let plan = |to: &str| migrations().plan_file::<Config>(&path, Some(to)).unwrap();
    plan("2").write("ada", false).unwrap();
    plan("1").write("ada", false).unwrap();
    path
}

#[test]
fn a_call_that_fails_leaves_file_backup_and_history_as_before() {
    let folder = tempfile::tempdir().unwrap();
    let path = with_history(folder.path());
    let before = files(folder.path());
    let records = Migrations::file_history(&path).unwrap();
    for number in 1.. {
        let (disk, calls) = disk(number, || Stopped::Failed(io::Error::other("no space left")));
        let plan = migrations().plan_file::<Config>(&path, None).unwrap();
        match plan.write_on(&disk, "bob", false) {
            Ok(_) => {
                assert_eq!(calls.get(), number - 1);
                assert!(number > 15, "every call failed once: {number}");
                break;
            }
            // The file is replaced, and only its durability is open.
            Err(error) if error.is_unknown() => {
                assert!(fs::read_to_string(&path).unwrap().contains("newest = 5"));
                fs::write(&path, &before["app.toml"]).unwrap();
                let history = folder.path().join("app.toml.migrations.jsonl");
                fs::write(history, &before["app.toml.migrations.jsonl"]).unwrap();
                files(folder.path()).keys().filter(|name| !before.contains_key(*name)).for_each(|name| {
                    fs::remove_file(folder.path().join(name)).unwrap();
                });
            }
            Err(error) => assert!(error.to_string().contains("no space left"), "{error}"),
        }
        assert_eq!(files(folder.path()), before, "call {number}");
        assert_eq!(Migrations::file_history(&path).unwrap(), records);
    }
}

#[test]
fn a_process_that_ends_at_any_call_has_migrated_all_or_nothing() {
    for number in 1..=16 {
        let folder = tempfile::tempdir().unwrap();
        let path = with_history(folder.path());
        let before = files(folder.path());
        let records = Migrations::file_history(&path).unwrap();
        let (disk, calls) = disk(number, || Stopped::Crashed);
        let ended = migrations().plan_file::<Config>(&path, None).unwrap().write_on(&disk, "bob", false).is_err();
        assert!(ended && calls.get() == number, "there are 16 calls: {number}");
        let text = fs::read_to_string(&path).unwrap();
        let now = Migrations::file_history(&path).unwrap();
        if text == before["app.toml"] {
            assert_eq!(now, records, "call {number}");
        } else {
            assert!(text.contains("newest = 5 # five") && now.len() == records.len() + 2, "call {number}: {text}");
            let backups = files(folder.path()).into_iter().filter(|(name, _)| name.ends_with(".bak"));
            assert!(backups.into_iter().any(|(_, backup)| backup == before["app.toml"]));
        }
        // The next one goes on from there, and leaves nothing over but what a kill left unfinished.
        let plan = migrations().plan_file::<Config>(&path, None).unwrap();
        plan.write("bob", false).unwrap();
        assert_eq!(Migrations::file_history(&path).unwrap().len(), records.len() + 2);
        assert!(fs::read_to_string(&path).unwrap().contains("newest = 5 # five"));
    }
}
