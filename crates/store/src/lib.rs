//! Where configuration that changes while a program runs is kept: a [`Store`] holds documents, and a history of who
//! changed them, and loses neither.
//!
//! ```
//! use strata_config_store::{Committed, Documents, Draft, HistoryQuery, Json, Timestamp, open};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let store = open("memory:")?; // or "file:DIRECTORY", or "sqlite:FILE"
//! let state = store.load()?;
//! assert_eq!(state.revision, 0);
//!
//! let documents = Documents { runtime: Json::parse(r#"{"port": 8081}"#)?, ..state.documents };
//! let draft = Draft::new("ada", "console", Timestamp::now());
//! let Committed::New(entry) = store.commit(state.revision, &documents, draft)? else { panic!("never seen before") };
//! assert_eq!(entry.revision, 1);
//!
//! assert_eq!(store.load()?.documents.runtime.as_str(), r#"{"port":8081}"#);
//! assert_eq!(store.history(&HistoryQuery::default())?[0].actor, "ada");
//! # Ok(())
//! # }
//! ```
//!
//! A store is asked rarely and by whoever writes; readers of a configuration never come near it. So the trait blocks,
//! and a backend whose client is asynchronous owns a thread.

mod backup;
#[cfg(feature = "conformance")]
pub mod conformance;
mod documents;
mod entry;
mod error;
mod file;
mod hash;
mod history;
mod json;
mod last_known_good;
mod memory;
mod open;
mod polling;
mod retention;
mod snapshot;
#[cfg(feature = "sqlite")]
mod sqlite;
mod store;
mod timestamp;
mod verify;

pub use backup::Backup;
pub use documents::{Documents, State};
pub use entry::{Draft, Entry, Recorded};
pub use error::{CommitError, StoreError};
pub use file::FileStore;
pub use hash::{Hash, InvalidHash};
pub use history::HistoryQuery;
pub use json::{InvalidJson, Json};
pub use last_known_good::LastKnownGood;
pub use memory::MemoryStore;
pub use open::open;
pub use retention::{Limit, Pruned, Retention};
pub use snapshot::{NewSnapshot, Snapshot};
#[cfg(feature = "sqlite")]
pub use sqlite::SqliteStore;
pub use store::{Committed, CopyStatus, Health, HealthStatus, Store, Watch, Watched};
pub use timestamp::{InvalidTimestamp, Timestamp};
pub use verify::{Anchor, ChainWalk, Damage, Verified};
