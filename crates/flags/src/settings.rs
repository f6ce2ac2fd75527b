//! A section of a configuration that holds flags by any name, segments, and what guards have done.

use std::collections::BTreeMap;

use strata_config_derive::LayeredConfig;

use crate::collect::KillSwitch;
use crate::model::{Flag, Segment, Trip};

/// Flags by any name, for a field `#[config(nested)] flags: FlagSettings`; flags that the program knows may as well be
/// fields of their own, of type [`Flag`].
#[derive(LayeredConfig, Debug, Clone, PartialEq, Default)]
#[config(crate = strata_config_core)]
pub struct FlagSettings {
    /// Turns every flag off, also those that stand elsewhere in the configuration.
    #[config(default)]
    pub kill_switch: KillSwitch,

    /// Groups of units by name, for the conditions of all flags.
    #[config(default)]
    pub segments: BTreeMap<String, Segment>,

    /// Flags by key.
    #[config(default)]
    pub flags: BTreeMap<String, Flag>,

    /// The guards that have tripped, by their flag's key; guards write it.
    #[config(default)]
    pub trips: BTreeMap<String, Trip>,
}
