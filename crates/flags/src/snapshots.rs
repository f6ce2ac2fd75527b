//! Where the current set of flags comes from, for those who evaluate it without counting.

use std::sync::Arc;

use crate::set::FlagSet;

/// Something that knows the current set of flags.
pub trait Snapshots: Send + Sync {
    /// The set as it is now. It never changes; ask again for the next.
    fn current(&self) -> Arc<FlagSet>;
}

impl Snapshots for Arc<FlagSet> {
    fn current(&self) -> Arc<FlagSet> {
        Self::clone(self)
    }
}
