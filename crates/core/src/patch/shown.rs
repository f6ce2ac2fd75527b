//! What `Debug` shows of edits: what is wrong with them, and no value.

use std::fmt;

use super::{Edited, Edits};

/// Values may be secrets, on their way to be sealed.
impl fmt::Debug for Edits<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Edits").field("report", &self.report).finish_non_exhaustive()
    }
}

/// Values may be secrets that nothing sealed.
impl fmt::Debug for Edited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Edited").field("report", &self.report).finish_non_exhaustive()
    }
}
