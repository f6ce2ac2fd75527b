//! What is asked of the tables, within one transaction.

use std::ops::RangeInclusive;

use rusqlite::types::Type;
use rusqlite::{OptionalExtension, Row, Transaction, params};
use serde::de::DeserializeOwned;

use crate::backup::Backup;
use crate::documents::State;
use crate::entry::{Draft, Entry};
use crate::history::HistoryQuery;
use crate::retention::{Pruned, Retention};
use crate::snapshot::Snapshot;
use crate::timestamp::Timestamp;
use crate::verify::{Anchor, ChainWalk, Damage, Verified};

/// The tables, within a transaction.
#[derive(Debug)]
pub(super) struct Tables<'a>(pub(super) &'a Transaction<'a>);

type Result<T> = rusqlite::Result<T>;

impl Tables<'_> {
    /// Where the history begins.
    pub(super) fn anchor(&self) -> Result<Anchor> {
        self.0.query_row("SELECT anchor_revision, anchor_hash FROM chain", [], anchor)
    }

    /// Where it ends.
    pub(super) fn head(&self) -> Result<Anchor> {
        self.0.query_row("SELECT head_revision, head_hash FROM chain", [], anchor)
    }

    /// What is stored now: what the last entry has left.
    pub(super) fn state(&self) -> Result<State> {
        let Anchor { revision, hash } = self.head()?;
        if revision == 0 {
            return Ok(State::default());
        }
        match self.entry(revision)?.filter(|entry| entry.hash == hash) {
            Some(entry) => Ok(entry.state()),
            None => Err(damaged(&format!("the last entry, revision {revision}, is missing or was replaced"))),
        }
    }

    pub(super) fn entry(&self, revision: u64) -> Result<Option<Entry>> {
        let mut found = self.0.prepare("SELECT entry FROM entries WHERE revision = ?1")?;
        found.query_row([number(revision)], intact).optional()
    }

    /// The entries of some revisions, the oldest first.
    pub(super) fn range(&self, revisions: RangeInclusive<u64>) -> Result<Vec<Entry>> {
        let sql = "SELECT entry FROM entries WHERE revision BETWEEN ?1 AND ?2 ORDER BY revision";
        let mut found = self.0.prepare(sql)?;
        found.query_map([number(*revisions.start()), number(*revisions.end())], intact)?.collect()
    }

    pub(super) fn history(&self, query: &HistoryQuery) -> Result<Vec<Entry>> {
        let sql = "SELECT entry FROM entries WHERE revision BETWEEN ?1 AND ?2 ORDER BY revision DESC";
        let mut found = self.0.prepare(sql)?;
        let (from, to) = (query.from.unwrap_or(0), query.to.unwrap_or(u64::MAX));
        let entries = found.query_map([number(from), number(to)], intact)?;
        let matching = |entry: &Result<Entry>| entry.as_ref().map_or(true, |entry| query.matches(entry));
        entries.filter(matching).take(query.most()).collect()
    }

    pub(super) fn by_request(&self, request: &str) -> Result<Option<Entry>> {
        let sql = "SELECT entry FROM entries WHERE request = ?1 ORDER BY revision DESC LIMIT 1";
        self.0.prepare(sql)?.query_row([request], intact).optional()
    }

    /// The entry of a draft's request.
    pub(super) fn by_draft(&self, draft: &Draft) -> Result<Option<Entry>> {
        draft.request.as_deref().map_or(Ok(None), |request| self.by_request(request))
    }

    /// Adds the entry that follows the current state.
    pub(super) fn append(&self, entry: &Entry) -> Result<()> {
        self.insert(entry)?;
        let sql = "UPDATE chain SET head_revision = ?1, head_hash = ?2";
        self.0.execute(sql, params![number(entry.revision), entry.hash.to_string()]).map(drop)
    }

    fn insert(&self, entry: &Entry) -> Result<()> {
        let Entry { revision, at, request, .. } = entry;
        let mut insert = self.0.prepare("INSERT INTO entries VALUES (?1, ?2, ?3, ?4)")?;
        insert.execute(params![number(*revision), number(at.millis()), request, entry.line()]).map(drop)
    }

    fn set_anchor(&self, anchor: Anchor) -> Result<()> {
        let sql = "UPDATE chain SET anchor_revision = ?1, anchor_hash = ?2";
        self.0.execute(sql, params![number(anchor.revision), anchor.hash.to_string()]).map(drop)
    }

    /// Writes a page without changing anything.
    pub(super) fn touch(&self) -> Result<()> {
        self.0.execute("UPDATE chain SET one = one", []).map(drop)
    }

    /// The snapshots, the oldest first.
    pub(super) fn snapshots(&self) -> Result<Vec<Snapshot>> {
        let mut found = self.0.prepare("SELECT snapshot FROM snapshots ORDER BY id")?;
        let snapshots = found.query_map([], |row| {
            let snapshot: Snapshot = json(row)?;
            match snapshot.is_intact() {
                true => Ok(snapshot),
                false => Err(damaged(&format!("the snapshot {} was altered", snapshot.id))),
            }
        })?;
        snapshots.collect()
    }

    pub(super) fn newest_snapshot(&self) -> Result<Option<String>> {
        self.0.query_row("SELECT max(id) FROM snapshots", [], |row| row.get(0))
    }

    pub(super) fn add_snapshot(&self, snapshot: &Snapshot) -> Result<()> {
        let sql = "INSERT INTO snapshots VALUES (?1, ?2) ON CONFLICT DO NOTHING";
        self.0.execute(sql, params![snapshot.id, snapshot.line()]).map(drop)
    }

    /// Removes a snapshot; whether there was one.
    pub(super) fn delete_snapshot(&self, id: &str) -> Result<bool> {
        self.0.execute("DELETE FROM snapshots WHERE id = ?1", [id]).map(|count| count > 0)
    }

    pub(super) fn prune(&self, retention: &Retention) -> Result<Pruned> {
        let (anchor, head) = (self.anchor()?, self.head()?);
        let mut found = self.0.prepare("SELECT at FROM entries ORDER BY revision")?;
        let times = found.query_map([], |row| row.get(0))?;
        let times: Vec<i64> = times.collect::<Result<_>>()?;
        let times = times.into_iter().map(|at| Timestamp::from_millis(at.unsigned_abs()));
        let entries = retention.expired_entries((head.revision - anchor.revision) as usize, times);
        if let Some(last) = self.entry(anchor.revision + entries as u64)?.filter(|_| entries > 0) {
            self.0.execute("DELETE FROM entries WHERE revision <= ?1", [number(last.revision)])?;
            self.set_anchor(Anchor { revision: last.revision, hash: last.hash })?;
        }
        let snapshots = retention.expired_snapshots(&self.snapshots()?);
        for id in &snapshots {
            self.delete_snapshot(id)?;
        }
        Ok(Pruned { entries, snapshots })
    }

    pub(super) fn restore(&self, backup: &Backup, draft: Draft) -> Result<State> {
        let mut state = self.state()?;
        if self.by_draft(&draft)?.is_some() {
            return Ok(state);
        }
        if state.revision == 0 {
            self.set_anchor(backup.anchor())?;
            backup.entries().iter().try_for_each(|entry| self.insert(entry))?;
            state = backup.state();
        }
        backup.snapshots().iter().try_for_each(|snapshot| self.add_snapshot(snapshot))?;
        let entry = Entry::seal(&state, &backup.state().documents, draft);
        self.append(&entry)?;
        Ok(entry.state())
    }

    /// Looks at the database and at every row, and is stopped by no damage that can be named.
    pub(super) fn verify(&self) -> Result<Verified> {
        let mut walk = ChainWalk::new(self.anchor()?);
        let mut check = self.0.prepare("PRAGMA integrity_check")?;
        for line in check.query_map([], |row| row.get::<_, String>(0))? {
            match line {
                Ok(line) if line == "ok" => (),
                Ok(detail) => walk.damage(Damage::Storage { detail }),
                Err(error) => walk.damage(Damage::Storage { detail: error.to_string() }),
            }
        }
        let mut last: Option<Entry> = None;
        let mut entries = self.0.prepare("SELECT entry, revision FROM entries ORDER BY revision")?;
        let mut rows = entries.query([])?;
        loop {
            match rows.next() {
                Ok(None) => break,
                Ok(Some(row)) => match json::<Entry>(row) {
                    Ok(entry) => {
                        walk.entry(&entry);
                        last = Some(entry);
                    }
                    Err(error) => {
                        walk.damage(Damage::Storage { detail: format!("row {:?}: {error}", row.get::<_, i64>(1)) })
                    }
                },
                Err(error) => {
                    walk.damage(Damage::Storage { detail: error.to_string() });
                    break;
                }
            }
        }
        let mut snapshots = self.0.prepare("SELECT snapshot, id FROM snapshots ORDER BY id")?;
        let mut rows = snapshots.query([])?;
        while let Some(row) = rows.next()? {
            match json::<Snapshot>(row) {
                Ok(snapshot) => walk.snapshot(&snapshot),
                Err(_) => walk.damage(Damage::Snapshot { id: row.get(1)? }),
            }
        }
        let head = self.head()?;
        let documents = last.as_ref().map(|entry| entry.documents.clone()).unwrap_or_default();
        Ok(walk.finish(&State { revision: head.revision, documents, head: head.hash }, last.as_ref()))
    }
}

fn anchor(row: &Row<'_>) -> Result<Anchor> {
    let hash: String = row.get(1)?;
    let hash =
        hash.parse().map_err(|error| rusqlite::Error::FromSqlConversionFailure(1, Type::Text, Box::new(error)))?;
    Ok(Anchor { revision: row.get::<_, i64>(0)?.unsigned_abs(), hash })
}

/// The first column as an entry whose hash fits.
fn intact(row: &Row<'_>) -> Result<Entry> {
    let entry: Entry = json(row)?;
    match entry.is_intact() {
        true => Ok(entry),
        false => Err(damaged(&format!("the entry of revision {} was altered", entry.revision))),
    }
}

/// The first column, read as JSON.
fn json<T: DeserializeOwned>(row: &Row<'_>) -> Result<T> {
    let text = row.get_ref(0)?.as_str()?;
    serde_json::from_str(text)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(0, Type::Text, Box::new(error)))
}

/// An error that is ours: something is not as it was written.
fn damaged(what: &str) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, Type::Text, what.into())
}

/// A number as SQLite has them.
fn number(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
