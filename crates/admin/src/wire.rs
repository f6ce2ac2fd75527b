//! What goes over the wire: shapes of their own, apart from the library's types.

mod applied;
#[cfg_attr(not(feature = "pi-profile"), allow(dead_code, reason = "without the feature nobody looks at the board"))]
mod board;
mod entry;
mod finding;
mod flag;
mod profile;
mod snapshot;
mod value;
mod webhook;

pub(crate) use applied::{AppliedView, ChangeView};
#[cfg(feature = "pi-profile")]
pub(crate) use board::BoardView;
pub(crate) use entry::{EntryView, NotificationView};
pub(crate) use finding::{FindingView, pointer};
pub(crate) use flag::{FlagView, Seen};
pub(crate) use profile::ProfileView;
pub(crate) use snapshot::SnapshotView;
pub(crate) use value::{LastChangeView, OriginView, ValueView};
pub(crate) use webhook::WebhookView;
