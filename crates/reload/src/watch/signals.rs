//! SIGHUP: everything is read again.

use signal_hook::consts::SIGHUP;
use signal_hook::iterator::{Handle, Signals};

use super::error::WatchError;
use super::{spawn, subject::Subject};

/// Follows the signal until the handle is closed.
pub(crate) fn follow(subject: Box<dyn Subject>) -> Result<Handle, WatchError> {
    let mut signals = Signals::new([SIGHUP]).map_err(WatchError::system)?;
    let handle = signals.handle();
    spawn("strata-signals", move || {
        for _ in signals.forever() {
            let read = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| subject.reload_all()));
            // A check of the program's that panics has had its say; the next signal is another try.
            if matches!(read, Ok(None)) {
                break;
            }
        }
    })?;
    Ok(handle)
}
