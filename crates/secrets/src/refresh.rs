//! Remote secrets of a running configuration, read again ahead of time.

use std::sync::{Arc, Weak};
use std::time::Duration;

use strata_config_core::LayeredConfig;
use strata_config_reload::Live;

use crate::remote::{Fetch, Remote};

/// Asks again for the secrets that a running configuration uses before they are no longer fresh, and puts those that changed in
/// effect, each as a change like any other; while their source is away, their origins say so. It looks this often, for as
/// long as both live.
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
        let mut told = None;
        loop {
            std::thread::sleep(every);
            let (Some(live), Some(remote)) = (live.upgrade(), remote.upgrade()) else { return };
            let began = remote.now();
            remote.refresh();
            let standing = Some(remote.standing());
            // What can't be used stays out of effect; the configuration has told everybody, and it is tried again.
            if standing != told && live.refresh_secrets().is_ok() {
                remote.forget_unwanted(began);
                told = standing;
            }
        }
    };
    std::thread::Builder::new().name("secrets".to_owned()).spawn(look).map(drop)
}
