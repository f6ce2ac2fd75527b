//! A store with both of its documents, its snapshots and its history.

use std::path::Path;
use std::sync::Arc;

use strata_config_migrate::{MigrateError, Migrations};
use strata_config_store::{Documents, Draft, Json, Limit, Retention, Store, Timestamp, open};

use super::{Config, NEWEST, OLDEST, Outcome, Problem, Seen, Subject, check_left_over, check_records, migrations};

/// The documents of the oldest and of the newest version, as a migration writes them from one another.
const BASE: [&str; 2] =
    [r#"{"listen":9000,"version":"1","timeout":5}"#, r#"{"port":9000,"version":"4","http":{"timeout_ms":5000}}"#];
const RUNTIME: [&str; 2] =
    [r#"{"version":"1","notes":["NOTES"],"listen":9001}"#, r#"{"version":"4","notes":["NOTES"],"port":9001}"#];

/// Letters of the notes: little, since every look hashes the whole history.
const NOTES: usize = 1_000;

/// The tag of a migration's commit, and of the snapshot before it.
const TAG: &str = "migration";

pub(crate) struct Stored {
    store: Arc<dyn Store>,
    url: String,
    notes: String,
}

impl Stored {
    /// The store; where it holds nothing, it gets documents of the oldest version.
    pub(crate) fn open(url: &str) -> Result<Self, Problem> {
        let stored = Self { store: open(url)?, url: url.to_owned(), notes: "x".repeat(NOTES) };
        if stored.store.load()?.revision == 0 {
            stored.begin(0, 0)?;
        }
        Ok(stored)
    }

    /// Commits documents of a version, which nobody has migrated.
    fn begin(&self, revision: u64, version: usize) -> Outcome {
        let text = |text: &str| Json::parse(text.replace("NOTES", &self.notes));
        let [base, runtime] = [text(BASE[version])?, text(RUNTIME[version])?];
        let documents = Documents { base, runtime, marks: Json::parse("{}")? };
        self.store.commit(revision, &documents, Draft::new("worker", "fault", Timestamp::now()))?;
        Ok(())
    }

    /// The version of documents that are both wholly of one: its number, and its name.
    fn version_of(&self, documents: &Documents) -> Result<(usize, &'static str), Problem> {
        let text = |text: &str| text.replace("NOTES", &self.notes);
        let is = |number: usize| {
            documents.base.as_str() == text(BASE[number]) && documents.runtime.as_str() == text(RUNTIME[number])
        };
        match (is(0), is(1)) {
            (true, _) => Ok((0, OLDEST)),
            (_, true) => Ok((1, NEWEST)),
            _ => Err(format!("the documents are of no version: {documents:?}").into()),
        }
    }
}

impl Subject for Stored {
    fn look(&self) -> Result<Seen, Problem> {
        let state = self.store.load()?;
        let verified = self.store.verify()?;
        if let Some(damage) = verified.damages.first() {
            return Err(format!("corrupt: {damage}").into());
        }
        let (_, version) = self.version_of(&state.documents)?;
        let records = Migrations::store_history(&*self.store)?;
        check_records(&records, "base", version)?;
        check_records(&records, "runtime", version)?;
        let snapshots = self.store.snapshots()?;
        for snapshot in &snapshots {
            self.version_of(&snapshot.documents)?;
        }
        if let Some(last) = records.last() {
            let entry = self.store.entry(state.revision)?.ok_or("the last commit has no entry")?;
            if entry.actor != last.actor || entry.tags != [TAG] {
                return Err(format!("the last entry is not that of the migration: {entry:?}").into());
            }
            let before = snapshots.iter().find(|snapshot| snapshot.revision + 1 == state.revision);
            let before = before.ok_or("there is no snapshot of the documents before")?;
            if self.version_of(&before.documents)?.1 == version || before.tags != [TAG] {
                return Err(format!("the snapshot is not of the documents before: {before:?}").into());
            }
        }
        Ok(Seen { version, records })
    }

    fn migrate(&self, actor: &str) -> Result<(), MigrateError> {
        let mut plan = migrations().plan_store::<Config>(&*self.store, None)?;
        if plan.is_empty() {
            plan = migrations().plan_store::<Config>(&*self.store, Some(OLDEST))?;
        }
        plan.apply(&*self.store, actor).map(drop)
    }

    fn left_over(&self) -> Outcome {
        let Some(directory) = self.url.strip_prefix("file:").map(Path::new) else { return Ok(()) };
        check_left_over(directory)?;
        check_left_over(&directory.join("snapshots"))
    }

    fn forget(&self) -> Outcome {
        let state = self.store.load()?;
        self.begin(state.revision, self.version_of(&state.documents)?.0)?;
        for snapshot in self.store.snapshots()? {
            self.store.delete_snapshot(&snapshot.id)?;
        }
        let history = Limit { count: Some(5), age: None };
        self.store.prune(&Retention { history, ..Retention::default() })?;
        Ok(())
    }
}
