//! The bytes that stores leave on disk: journals, databases with their logs, copies, backups.

use std::path::{Path, PathBuf};

use strata_config_reload::Point;
use strata_config_store::{HistoryQuery, Store, open};

use crate::case::Subject;
use crate::collection::Collection;
use crate::running::Running;
use crate::subjects::for_every_system;

/// Every file below a folder.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// Takes the bytes of every file below a folder; how many there were.
pub(crate) fn take(shown: &mut Collection, when: &str, folder: &Path) -> usize {
    let files = files(folder);
    let mut count = 0;
    for file in &files {
        // A temporary one may be gone meanwhile.
        if let Ok(bytes) = std::fs::read(file) {
            shown.take(format!("{}, {when}", file.display()), bytes);
            count += 1;
        }
    }
    count
}

fn a_store_holds_no_secret<S: Subject>() {
    for (kind, least) in [("file:", 2), ("sqlite:", 3)] {
        let (mut running, builder) = Running::of::<S>(kind);
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        let address = format!("{kind}{}?copy={}", at("store/"), at("copy.json"));
        let live = builder.store(open(&address).unwrap()).open().unwrap();

        live.update(&running.then.document(), "ann").unwrap();
        live.set_base(&running.first.document(), "ann").unwrap();
        let snapshot = live.snapshot("with them", ["kept"], "ann").unwrap();
        live.reset("ann").unwrap();
        live.rollback(&Point::Snapshot(snapshot.id), "ann").unwrap();
        live.reseal("ann").unwrap();
        for secret in &running.first.secrets {
            // What is refused leaves nothing behind either.
            let _ = live.set(secret.path.as_str(), &secret.given, "ann");
            let _ = live.set(secret.path.as_str(), [&secret.given], "ann");
        }
        std::fs::write(folder.path().join("backup.json"), live.backup().unwrap().to_json()).unwrap();

        let secrets = running.then.free().count();
        let held = live.store().load().unwrap().documents;
        let sealed = held.runtime.as_str().matches("fernet:gAAAA").count();
        assert!(sealed >= secrets, "{sealed} of {secrets} secrets are sealed: {}", held.runtime);
        let open_files = take(&mut running.shown, "open", folder.path());
        let logs = files(folder.path()).iter().filter(|file| file.to_string_lossy().ends_with("-wal")).count();
        assert_eq!(logs, usize::from(kind == "sqlite:"), "the log of changes is read, too");
        assert!(open_files > least, "{open_files} files");
        running.state(kind, &live);
        drop(live);
        take(&mut running.shown, "closed", folder.path());

        // What comes back of it is what was set, so that it was there to be found.
        let store = open(&address).unwrap();
        again::<S>(&mut running, store.as_ref());
        running.shown.is_silent(20);
    }
}

fn again<S: Subject>(running: &mut Running, store: &dyn Store) {
    for entry in store.history(&HistoryQuery::default()).unwrap() {
        running.shown.json("an entry of the store", &entry);
    }
    for snapshot in store.snapshots().unwrap() {
        running.shown.json("a snapshot of the store", &snapshot);
    }
    let documents = store.load().unwrap().documents;
    running.shown.debug("its documents", &documents);
}

for_every_system! {
    a_store_holds_no_secret;
}
