//! Watching: files, SIGHUP and the store's commits of other processes are followed without any call.

mod bell;
mod commits;
mod error;
mod files;
#[cfg(feature = "watch")]
mod hub;
mod options;
mod print;
#[cfg(all(feature = "signals", unix))]
mod signals;
mod state;
mod subject;
#[cfg(feature = "watch")]
mod trail;

use std::fmt;
use std::sync::Arc;
use std::thread;

use strata_config_core::LayeredConfig;

use crate::live::Live;
use bell::Bell;
use commits::Commits;
use files::Files;
use subject::Subject;

pub use error::WatchError;
pub use options::WatchOptions;
pub(crate) use state::WatchState;
pub use state::WatchStatus;

impl<C: LayeredConfig> Live<C> {
    /// Follows files and the store from now on, and SIGHUP where it is asked for: what changes there is in effect soon
    /// after, as if [`reload`](Self::reload) had been called. Ends when what it returns is dropped, and with the
    /// configuration.
    ///
    /// ```
    /// # use strata_config::LayeredConfig;
    /// # use strata_config_reload::Live;
    /// use std::time::Duration;
    /// use strata_config_reload::WatchOptions;
    ///
    /// # #[derive(LayeredConfig)]
    /// # struct AppConfig {
    /// #     #[config(default = 8)]
    /// #     parallel: u32,
    /// # }
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("app.toml");
    /// std::fs::write(&path, "parallel = 8")?;
    /// let live = Live::of(AppConfig::loader().file(&path)).open()?;
    /// let mut changes = live.changes();
    /// let watching = live.watch(WatchOptions::new())?;
    ///
    /// std::fs::write(&path, "parallel = 16")?;
    /// let event = changes.next_within(Duration::from_secs(10)).expect("the file is seen");
    /// assert_eq!(event.after.running().parallel, 16);
    /// drop(watching);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Where the configuration is watched already, or the system has no thread or no signal handler left. That it can't
    /// tell of files is no error: they are looked at now and then in any case, and [`Status`](crate::Status) says so.
    pub fn watch(&self, options: WatchOptions) -> Result<Watching, WatchError> {
        let bell = Arc::new(Bell::new());
        let state = &self.shared.watch;
        let subject = || Box::new(Arc::downgrade(&self.shared)) as Box<dyn Subject>;
        let ending = Ending {
            bell: Arc::clone(&bell),
            #[cfg(all(feature = "signals", unix))]
            signals: options.sighup.then(|| signals::follow(subject())).transpose()?,
        };
        let watching = Watching { ending: Some(Arc::new(ending)) };
        // From here on a failure drops `watching`, which ends the threads that have started.
        if !watching.ending.as_ref().is_some_and(|ending| state.begin(ending)) {
            return Err(WatchError::running());
        }
        if options.files {
            let mut files = Files::new(subject(), Arc::clone(state), Arc::clone(&bell), &options);
            files.begin();
            spawn("strata-files", move || files.run())?;
        }
        // Nobody else has a store that was made for this configuration alone.
        if options.store && !self.shared.alone {
            let store = Arc::clone(&self.shared.store);
            let commits = Commits::new(subject(), store, Arc::clone(state), bell);
            spawn("strata-store", move || commits.run())?;
        }
        Ok(watching)
    }
}

fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> Result<(), WatchError> {
    thread::Builder::new().name(name.to_owned()).spawn(run).map(drop).map_err(WatchError::system)
}

/// Files, signals and the store are followed for as long as this is held.
///
/// Dropping it may happen anywhere, also in a listener: it waits for nothing. A change that is being read at that moment
/// still takes effect.
#[must_use = "the watching ends when this is dropped; `forever` keeps it"]
pub struct Watching {
    ending: Option<Arc<Ending>>,
}

impl Watching {
    /// Keeps watching for as long as the configuration lives.
    pub fn forever(mut self) {
        self.ending = None;
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        if let Some(ending) = &self.ending {
            ending.end();
        }
    }
}

impl fmt::Debug for Watching {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watching").finish_non_exhaustive()
    }
}

/// What ends the threads.
pub(crate) struct Ending {
    bell: Arc<Bell>,
    #[cfg(all(feature = "signals", unix))]
    signals: Option<signal_hook::iterator::Handle>,
}

impl Ending {
    /// Tells the threads to end, without waiting for it.
    pub(crate) fn end(&self) {
        self.bell.stop();
        #[cfg(all(feature = "signals", unix))]
        if let Some(signals) = &self.signals {
            signals.close();
        }
    }

    pub(crate) fn is_over(&self) -> bool {
        self.bell.is_stopped()
    }
}
