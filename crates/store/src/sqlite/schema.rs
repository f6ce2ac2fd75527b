//! Opening a database: made if there is none, refused if it is not ours.

use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};

use super::failed;
use crate::error::{Kind, StoreError};
use crate::file::durable::{create_directory, create_file, directory_of};

/// How long to wait for somebody who holds the database: a commit takes milliseconds, so this one hangs.
const PATIENCE: Duration = Duration::from_secs(30);

/// The number by which a database says whose it is: `Stra` in ASCII.
const APPLICATION: i32 = 0x5374_7261;

/// The version of the tables that this library makes, and the only one that it reads.
const VERSION: i32 = 1;

const TABLES: &str = "
    -- One row: where the history begins and where it ends.
    CREATE TABLE chain (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        anchor_revision INTEGER NOT NULL,
        anchor_hash TEXT NOT NULL,
        head_revision INTEGER NOT NULL,
        head_hash TEXT NOT NULL
    ) STRICT;
    -- The history; `entry` is the JSON whose hash is taken, the other columns are for finding it.
    CREATE TABLE entries (revision INTEGER PRIMARY KEY, at INTEGER NOT NULL, request TEXT, entry TEXT NOT NULL) STRICT;
    CREATE INDEX entries_by_request ON entries (request) WHERE request IS NOT NULL;
    CREATE TABLE snapshots (id TEXT PRIMARY KEY, snapshot TEXT NOT NULL) STRICT;
";

/// Opens a database and makes it ours.
pub(super) fn open(path: &Path) -> Result<Connection, StoreError> {
    if !path.exists() {
        create_directory(directory_of(path))?;
        create_file(path)?;
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connect = || {
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(PATIENCE)?;
        Ok(connection)
    };
    let mut connection = connect().map_err(|error| failed("open", path, error))?;
    // Where it can't write, SQLite opens for reading, and would refuse each commit.
    if connection.is_readonly(rusqlite::MAIN_DB).map_err(|error| failed("open", path, error))? {
        return Err(StoreError::new(Kind::Denied, format!("could not open {} for writing", path.display())));
    }
    let owner = connection.query_row("PRAGMA application_id", [], |row| row.get(0));
    let (owner, tables): (i32, i64) = owner
        .and_then(|owner| {
            Ok((owner, connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?))
        })
        .map_err(|error| failed("read", path, error))?;
    if owner != APPLICATION && (owner != 0 || tables != 0) {
        let message = format!("{} is the database of another program", path.display());
        return Err(StoreError::new(Kind::Address, message));
    }
    write_ahead(&connection).map_err(|error| failed("open", path, error))?;
    let version = prepare(&mut connection).map_err(|error| failed("prepare", path, error))?;
    if version != VERSION {
        let message = format!("{} has format {version}, and this version reads {VERSION}", path.display());
        return Err(StoreError::new(Kind::Newer, message));
    }
    // After a crash the log holds what nobody synced; a checkpoint syncs it before it is believed.
    let synced = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
    synced.map_err(|error| failed("sync", path, error))?;
    Ok(connection)
}

/// Turns on the log, synced at each commit. Two who do so at once do not wait for each other by themselves.
fn write_ahead(connection: &Connection) -> rusqlite::Result<()> {
    let start = Instant::now();
    loop {
        let mode = connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()));
        match mode {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) && start.elapsed() < PATIENCE => {
                sleep(Duration::from_millis(5));
            }
            outcome => return outcome.and_then(|()| connection.execute_batch("PRAGMA synchronous = FULL")),
        }
    }
}

/// Makes the tables where there are none; the version of those that there are.
fn prepare(connection: &mut Connection) -> rusqlite::Result<i32> {
    let version = |connection: &Connection| connection.query_row("PRAGMA user_version", [], |row| row.get(0));
    let found = version(connection)?;
    if found != 0 {
        return Ok(found);
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Somebody else may have been faster.
    if version(&transaction)? == 0 {
        transaction.execute_batch(TABLES)?;
        let zero = crate::Hash::ZERO.to_string();
        transaction.execute("INSERT INTO chain VALUES (1, 0, ?1, 0, ?1)", [zero])?;
        transaction.pragma_update(None, "application_id", APPLICATION)?;
        transaction.pragma_update(None, "user_version", VERSION)?;
    }
    let version = version(&transaction)?;
    transaction.commit()?;
    Ok(version)
}
