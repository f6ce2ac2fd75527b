//! A running configuration: [`Live`] changes it safely, while readers never wait.
//!
//! ```
//! use strata_config::LayeredConfig;
//! use strata_config_reload::{Actor, Live};
//!
//! #[derive(LayeredConfig, Debug)]
//! struct AppConfig {
//!     /// Requests a client may have open.
//!     #[config(default = 8, validate(range(min = 1, max = 64)))]
//!     parallel: u32,
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let live = Live::of(AppConfig::loader().env_from([("PARALLEL", "16")])).open()?;
//! assert_eq!(live.get().parallel, 16);
//!
//! // One write: checked, stored, then seen by every reader.
//! live.set("parallel", 32, Actor::new("ann").because("the launch"))?;
//! assert_eq!(live.get().parallel, 32);
//!
//! // A mistake changes nothing, and the error says what is wrong.
//! let error = live.set("parallel", 100, "ann").unwrap_err();
//! assert!(error.report().unwrap().to_string().contains("parallel"));
//! assert_eq!((live.get().parallel, live.status().revision), (32, 1));
//! # Ok(())
//! # }
//! ```
//!
//! # How a change is made
//!
//! One writer at a time: the patch is merged into the run-time values, the whole configuration is built from all layers
//! and checked, vetoes are asked, the store commits the documents together with the history entry, and only then
//! readers see it and listeners are told, in the order of the revisions. A failure at any step leaves everything as it
//! was. Readers load one pointer and never wait for any of this.
//!
//! All code of the program's that has a part in it (checks, rules, vetoes, serde's traits) runs before the store commits.
//! What panics there refuses the change; a call that comes back to change the configuration is
//! [an error](UpdateError::is_reentrant), and nobody waits for himself.
//!
//! # Watching
//!
//! [`LiveBuilder::watch`] and [`Live::watch`] follow files, SIGHUP and the commits of other processes. What the system
//! tells is only a hint: content decides, seen twice alike, and only a source whose content differs is read again. Folders
//! are watched, also those that links lead through, so that renames, Kubernetes' swaps and replaced folders are seen. What
//! is wrong, half-written or absent leaves what was in effect, and stands in the [`Status`] until it is mended. A file
//! that is gone or empty is believed after a second, since editors remove and create.
//!
//! NFS and some containers' mounts tell of nothing, nor does a folder that is replaced further above than the one above a
//! file's own: there the sweep every few seconds sees it. Content that stands still half-written for longer than the
//! quiet, and would be right as it is, is taken; programs that rename into place never leave such. Pipes and devices are
//! read once. The environment is not watched, nor are the files that `*_FILE` variables name.
//!
//! # Limits
//!
//! Every subscription has a thread of its own, so that a slow listener harms nobody; hundreds of them want one
//! subscription that passes events on. An entry of a map that a file sets can't be removed at run time, only changed.
//! A listener that holds the [`Live`] which it listens to keeps it alive, until its subscription ends.

mod actor;
#[cfg(feature = "async")]
mod asynchronous;
mod builder;
mod bus;
mod commit;
mod declared;
mod derived;
mod dynamic;
mod edit;
mod error;
mod event;
mod global;
mod held;
mod listen;
mod live;
mod past;
mod preset;
mod reader;
mod reload;
mod secrets;
mod status;
mod stored;
mod sync;
mod version;
mod versioned;
mod watch;
mod write;
mod writer;

pub use actor::Actor;
#[cfg(feature = "async")]
pub use asynchronous::AsyncLive;
pub use builder::LiveBuilder;
pub use commit::{Applied, Batch, Preview, Proposal};
pub use declared::{Declaration, Declared};
pub use derived::{Candidate, Derived};
pub use dynamic::{DynEvent, DynEvents, DynLive, DynVersion};
pub use error::{OpenError, UpdateError};
pub use event::{Event, EventKind};
pub use global::Global;
#[cfg(feature = "stream")]
pub use listen::ChangeStream;
pub use listen::{Changes, Subscription};
pub use live::{Live, WeakLive};
pub use past::Point;
pub use preset::Preset;
pub use reader::{Guard, Projected, Projection, Reader};
pub use status::{Condition, CopyStatistics, SourceStatus, Statistics, Status};
pub use version::Version;
pub use watch::{WatchError, WatchOptions, WatchStatus, Watching};
