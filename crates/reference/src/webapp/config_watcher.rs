//! The watching of the web application's files: the seed's `setup_config_watcher` and `reload_config`.

use std::time::Duration;

use strata_config_reload::{Live, Subscription, UpdateError, WatchError, WatchOptions, Watching};

use super::WebappConfig;

/// Quiet after the last hint before files are read: the seed's second.
const DEBOUNCE: Duration = Duration::from_secs(1);

/// Follows the files of a running configuration, that of its environment among them, for as long as it is held.
///
/// ```
/// use std::sync::mpsc;
/// use std::time::Duration;
///
/// use strata_config::LayeredConfig;
/// use strata_config_reference::System;
/// use strata_config_reference::webapp::{ConfigWatcher, WebappConfig};
/// use strata_config_reload::Live;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = tempfile::tempdir()?;
/// # let folder = folder.path();
/// # std::fs::create_dir(folder.join("config"))?;
/// let file = folder.join("config/production.yaml");
/// std::fs::write(&file, "api: {timeout: 10}")?;
/// let variables = [("ENVIRONMENT", "production"), ("SECRET_KEY", "a text of thirty-two characters.")];
/// let live = Live::of(WebappConfig::files(WebappConfig::loader(), folder).env_from(variables)).open()?;
///
/// let watcher = ConfigWatcher::start(&live)?;
/// let (component, told) = mpsc::channel();
/// let _component = watcher.on_change(move |config| component.send(config.api.timeout).unwrap_or_default());
/// std::fs::write(&file, "api: {timeout: 60}")?;
/// assert_eq!(told.recv_timeout(Duration::from_secs(30))?, 60);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct ConfigWatcher {
    live: Live<WebappConfig>,
    _watching: Watching,
}

impl ConfigWatcher {
    /// Watches the files from now on, and waits for a second of quiet before they are read.
    ///
    /// # Errors
    /// Somebody else watches the configuration, or the system has no thread left.
    pub fn start(live: &Live<WebappConfig>) -> Result<Self, WatchError> {
        Ok(Self { live: live.clone(), _watching: live.watch(options())? })
    }

    /// Reads everything again at once: the seed's `reload_config`. Whether anything differs.
    ///
    /// # Errors
    /// What can't be used; there, what was in effect stays in effect.
    pub fn reload_config(&self) -> Result<bool, UpdateError> {
        self.live.reload_all()
    }

    /// Tells a component of every new configuration, for as long as what this returns is held: the seed's
    /// `publish_config_change_event`. A component that fails or takes its time harms no other.
    pub fn on_change(&self, mut component: impl FnMut(&WebappConfig) + Send + 'static) -> Subscription {
        let listener = self.live.subscribe("", move |event| component(event.after.running()));
        listener.expect("the path of the whole configuration names something")
    }
}

/// What a server of the web application watches, and how patiently.
pub(super) fn options() -> WatchOptions {
    crate::system::watch_options().debounce(DEBOUNCE)
}
