//! A handle for a hot loop: it keeps the snapshot at hand, and looks only whether there is another.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use arc_swap::{ArcSwap, Cache};

use super::{Flags, Inner, Snapshot};

/// The flags, for one thread that asks very often. It keeps the last snapshot that it saw alive.
pub struct FlagsReader(Cache<Current, Arc<Snapshot>>);

struct Current(Arc<Inner>);

impl Deref for Current {
    type Target = ArcSwap<Snapshot>;

    fn deref(&self) -> &Self::Target {
        &self.0.current
    }
}

impl FlagsReader {
    /// The flags as they are now.
    #[inline]
    pub fn snapshot(&mut self) -> &Arc<Snapshot> {
        self.0.load()
    }
}

impl Flags {
    /// A handle for a hot loop, which loads no pointer as long as the set is the same.
    #[must_use]
    pub fn reader(&self) -> FlagsReader {
        FlagsReader(Cache::new(Current(Arc::clone(&self.0))))
    }
}

impl fmt::Debug for FlagsReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FlagsReader").finish_non_exhaustive()
    }
}
