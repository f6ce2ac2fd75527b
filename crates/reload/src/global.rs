//! One configuration for a whole process.

use once_cell::sync::OnceCell;

use crate::live::Live;

/// A place for the process's configuration, filled once: a `static` that any part of the program reads.
///
/// ```
/// use strata_config::LayeredConfig;
/// use strata_config_reload::{Global, Live};
///
/// #[derive(LayeredConfig)]
/// struct AppConfig {
///     #[config(default = 8080)]
///     port: u16,
/// }
///
/// static CONFIG: Global<AppConfig> = Global::new();
///
/// # fn main() -> Result<(), strata_config_reload::OpenError> {
/// let live = CONFIG.get_or_try_init(|| Live::of(AppConfig::loader()).open())?;
/// assert_eq!(live.get().port, 8080);
/// assert!(CONFIG.get().is_some());
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Global<C>(OnceCell<Live<C>>);

impl<C> Global<C> {
    /// An empty place.
    #[must_use]
    pub const fn new() -> Self {
        Self(OnceCell::new())
    }

    /// The configuration, where there is one already.
    #[must_use]
    pub fn get(&self) -> Option<&Live<C>> {
        self.0.get()
    }

    /// The configuration; the first who asks opens it, and others wait. Where that fails, the next who asks tries again.
    ///
    /// # Errors
    /// Those of `open`.
    pub fn get_or_try_init<E>(&self, open: impl FnOnce() -> Result<Live<C>, E>) -> Result<&Live<C>, E> {
        self.0.get_or_try_init(open)
    }
}

impl<C> Default for Global<C> {
    fn default() -> Self {
        Self::new()
    }
}
