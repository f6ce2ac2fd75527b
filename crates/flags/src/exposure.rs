//! Who was shown what: counts without a lock on the path of an evaluation, and events for those who want each one.

mod counter;
mod recorder;
mod report;
mod unknown;

pub(crate) use counter::{Counter, MOST_STRIPES, stripes_of_this_machine};
pub(crate) use recorder::Recorder;
pub use report::{Exposures, FlagExposures, Served};

use crate::answer::{Reason, Why};
use crate::model::Moment;

/// That a flag served somebody something: what an analytics system joins with what they did next.
///
/// The targeting key is often personal data; who subscribes decides where it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExposureEvent {
    /// When.
    pub at: Moment,
    /// The flag.
    pub key: String,
    /// What it served; `None` for the program's own default.
    pub variant: Option<String>,
    /// Why.
    pub reason: Reason,
    /// What decided.
    pub why: Why,
    /// Whom.
    pub targeting_key: Option<String>,
    /// The revision of the flags.
    pub revision: u64,
}
