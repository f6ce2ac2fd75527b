//! What goes over the wire: shapes of their own, apart from the library's types.

mod applied;
mod entry;
mod finding;
mod flag;
mod snapshot;
mod value;
mod webhook;

pub(crate) use applied::{AppliedView, ChangeView};
pub(crate) use entry::{EntryView, NotificationView};
pub(crate) use finding::{FindingView, pointer};
pub(crate) use flag::{FlagView, Seen};
pub(crate) use snapshot::SnapshotView;
pub(crate) use value::{LastChangeView, OriginView, ValueView};
pub(crate) use webhook::WebhookView;
