//! Hot reload: files are watched while the configuration says so, and as patiently as it says.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use strata_config_reload::{Live, Subscription, WatchError, WatchOptions, Watching};

use super::Phase2aConfig;

/// The watching of a running configuration, which follows its own settings.
pub(super) struct HotReload {
    live: Live<Phase2aConfig>,
    options: WatchOptions,
    current: Arc<Mutex<Current>>,
    _settings: Subscription,
}

/// What is watched now, and how.
type Current = Option<(WatchOptions, Watching)>;

impl HotReload {
    /// Watches by these options, but for what the settings say.
    pub(super) fn follow(live: &Live<Phase2aConfig>, options: WatchOptions) -> Result<Self, WatchError> {
        let current = Arc::new(Mutex::new(None));
        let (changed, base, of_changed) = (live.clone(), options.clone(), Arc::clone(&current));
        // Where no thread can be had later, what is watched stays as it is, and the next change is another try.
        let settings = live.subscribe("hot_reload", move |_| drop(adjust(&changed, &base, &of_changed)));
        let settings = settings.expect("`hot_reload` is a section of the struct");
        let hot_reload = Self { live: live.clone(), options, current, _settings: settings };
        hot_reload.adjust()?;
        Ok(hot_reload)
    }

    /// Watches as the settings say now.
    pub(super) fn adjust(&self) -> Result<(), WatchError> {
        adjust(&self.live, &self.options, &self.current)
    }
}

fn adjust(live: &Live<Phase2aConfig>, base: &WatchOptions, current: &Mutex<Current>) -> Result<(), WatchError> {
    let mut current = current.lock().unwrap_or_else(PoisonError::into_inner);
    let settings = live.get().hot_reload.clone();
    // Other processes' commits are followed in any case: they are updates, and no files.
    let sweep = Duration::from_secs(settings.check_interval);
    let options = base.clone().files(settings.enabled).sweep(sweep);
    if current.as_ref().is_none_or(|(known, _)| *known != options) {
        // The old one ends first, since a configuration is watched once.
        *current = None;
        *current = Some((options.clone(), live.watch(options)?));
    }
    Ok(())
}

impl fmt::Debug for HotReload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HotReload").finish_non_exhaustive()
    }
}
