//! Remote secrets of a running configuration, read again ahead of time.

use std::sync::{Arc, Weak};
use std::time::Duration;

use strata_config_core::LayeredConfig;
use strata_config_reload::Live;

use crate::remote::{Fetch, Remote};

/// Asks again for the secrets that a running configuration uses before they are no longer fresh, and puts those that changed in
/// effect, each as a change like any other. It looks this often, for as long as both live.
///
/// # Errors
/// Where the system has no thread left.
pub fn follow<C: LayeredConfig + Send + Sync, F: Fetch + 'static>(
    live: &Live<C>,
    remote: &Arc<Remote<F>>,
    every: Duration,
) -> std::io::Result<()> {
    let (live, remote): (_, Weak<Remote<F>>) = (live.downgrade(), Arc::downgrade(remote));
    let look = move || {
        loop {
            std::thread::sleep(every);
            let (Some(live), Some(remote)) = (live.upgrade(), remote.upgrade()) else { return };
            if remote.refresh() {
                // What can't be used stays out of effect; the configuration has told everybody.
                let _ = live.refresh_secrets();
            }
        }
    };
    std::thread::Builder::new().name("secrets".to_owned()).spawn(look).map(drop)
}
