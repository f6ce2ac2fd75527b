//! Where the flags of a configuration stand in it, and where others may be put.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use strata_config_core::{FieldPath, Section, leaves_of};

use crate::collect::{Collected, KillSwitch};
use crate::model::{Flag, Segment, Trip};
use crate::set::Part;

/// Where the flags of a configuration stand in it, and where others may be put.
#[derive(Debug, Default)]
pub struct Places {
    /// Settings that are a flag, by its key.
    settings: BTreeMap<&'static str, FieldPath>,
    flag_maps: Vec<FieldPath>,
    segment_maps: Vec<FieldPath>,
    trip_maps: Vec<FieldPath>,
    kill_switch: Option<FieldPath>,
    collected: Collected,
    revision: u64,
}

/// Why a flag can't be put into a configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoPlace {
    /// The program makes this flag of other settings; this is the first of them.
    Made(FieldPath),
    /// The configuration has settings for these flags alone.
    Only(Vec<&'static str>),
}

impl Places {
    /// The places of a configuration whose flags are these.
    #[must_use]
    pub fn of(config: &dyn Section, collected: Collected) -> Self {
        let mut settings = BTreeMap::new();
        leaves_of::<Flag>(config, &mut |leaf| drop(settings.insert(leaf.key(), leaf.path().clone())));
        leaves_of::<Option<Flag>>(config, &mut |leaf| drop(settings.insert(leaf.key(), leaf.path().clone())));
        let mut kill_switch = None;
        leaves_of::<KillSwitch>(config, &mut |leaf| kill_switch = Some(leaf.path().clone()));
        Self {
            settings,
            flag_maps: maps::<Flag>(config),
            segment_maps: maps::<Segment>(config),
            trip_maps: maps::<Trip>(config),
            kill_switch,
            collected,
            revision: 0,
        }
    }

    /// The same, of the store's revision that the configuration has.
    #[must_use]
    pub fn at(self, revision: u64) -> Self {
        Self { revision, ..self }
    }

    /// The store's revision that the configuration has; 0 where nobody said.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Where a flag stands; of one that the program makes of other settings, the first of them.
    #[must_use]
    pub fn of_flag(&self, key: &str) -> Option<&FieldPath> {
        self.collected.flag_path(key)
    }

    /// A flag as the configuration has it, whatever else lies over it.
    #[must_use]
    pub fn flag(&self, key: &str) -> Option<&Arc<Flag>> {
        self.collected.sources.flags.get(key)
    }

    /// Where a flag of this key is to be written: the setting of this key, or else the map that has it, or else the
    /// first map of flags.
    ///
    /// # Errors
    /// The configuration has no place for it.
    pub fn for_flag(&self, key: &str) -> Result<FieldPath, NoPlace> {
        if let Some(path) = self.settings.get(key) {
            return Ok(path.clone());
        }
        let is_made = |path: &&FieldPath| !self.flag_maps.iter().any(|map| map.contains(path));
        if let Some(path) = self.of_flag(key).filter(is_made) {
            return Err(NoPlace::Made(path.clone()));
        }
        let room = self.room(&self.flag_maps, Part::Flag, key);
        room.ok_or_else(|| NoPlace::Only(self.settings.keys().copied().collect()))
    }

    /// Where a segment of this name is to be written.
    #[must_use]
    pub fn for_segment(&self, name: &str) -> Option<FieldPath> {
        self.room(&self.segment_maps, Part::Segment, name)
    }

    /// Where the trip of a flag's guard is to be written.
    #[must_use]
    pub fn for_trip(&self, key: &str) -> Option<FieldPath> {
        self.room(&self.trip_maps, Part::Trip, key)
    }

    /// The setting that turns every flag off.
    #[must_use]
    pub fn kill_switch(&self) -> Option<&FieldPath> {
        self.kill_switch.as_ref()
    }

    fn room(&self, maps: &[FieldPath], part: Part, name: &str) -> Option<FieldPath> {
        let stands = self.collected.place_of(part, name);
        let map = maps.iter().find(|map| stands.is_some_and(|path| map.contains(path))).or(maps.first())?;
        Some(map.child(name))
    }
}

impl fmt::Display for NoPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Made(path) => write!(f, "the program makes this flag of `{path}`; change that setting instead"),
            Self::Only(known) if known.is_empty() => f.write_str("the configuration has no place for flags"),
            Self::Only(known) => {
                write!(f, "the configuration has no place for it: its flags are {}", known.join(", "))
            }
        }
    }
}

impl std::error::Error for NoPlace {}

fn maps<T: 'static>(config: &dyn Section) -> Vec<FieldPath> {
    let mut maps = Vec::new();
    leaves_of::<BTreeMap<String, T>>(config, &mut |leaf| maps.push(leaf.path().clone()));
    maps
}
