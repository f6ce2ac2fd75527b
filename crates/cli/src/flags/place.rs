//! Where imported flags go in a configuration, and our own format on its way in.

use std::collections::{BTreeMap, BTreeSet};

use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use strata_config_core::{FieldPath, Section, leaves_of};
use strata_config_flags::interchange::Imported;
use strata_config_flags::model::{Definitions, Flag, Segment, Trip};
use strata_config_flags::{Collected, KillSwitch};
use strata_config_reload::Batch;

/// Where a configuration has room for flags, and for what belongs to them.
pub(super) struct Rooms<'v> {
    /// Settings that are a flag, by its key.
    flags: BTreeMap<&'static str, FieldPath>,
    flag_maps: Vec<Map>,
    segment_maps: Vec<Map>,
    trip_maps: Vec<Map>,
    kill_switch: Option<FieldPath>,
    collected: &'v Collected,
}

/// A setting that holds things by name.
struct Map {
    path: FieldPath,
    names: BTreeSet<String>,
}

impl<'v> Rooms<'v> {
    /// The rooms of a configuration whose flags are these.
    pub(super) fn of(config: &dyn Section, collected: &'v Collected) -> Self {
        let mut flags = BTreeMap::new();
        leaves_of::<Flag>(config, &mut |leaf| drop(flags.insert(leaf.key(), leaf.path().clone())));
        leaves_of::<Option<Flag>>(config, &mut |leaf| drop(flags.insert(leaf.key(), leaf.path().clone())));
        let mut kill_switch = None;
        leaves_of::<KillSwitch>(config, &mut |leaf| kill_switch = Some(leaf.path().clone()));
        Self {
            flags,
            flag_maps: maps::<Flag>(config),
            segment_maps: maps::<Segment>(config),
            trip_maps: maps::<Trip>(config),
            kill_switch,
            collected,
        }
    }

    fn flag(&self, key: &str) -> Result<FieldPath, String> {
        if let Some(path) = self.flags.get(key) {
            return Ok(path.clone());
        }
        let is_made = |path: &&FieldPath| !self.flag_maps.iter().any(|map| map.path.contains(path));
        if let Some(path) = self.collected.flag_path(key).filter(is_made) {
            return Err(format!("the program makes this flag of `{path}`; change that setting instead"));
        }
        room(&self.flag_maps, key).ok_or_else(|| {
            let own: Vec<&str> = self.flags.keys().copied().collect();
            match own.is_empty() {
                true => "the configuration has no place for flags".to_owned(),
                false => format!("the configuration has no place for it: its flags are {}", own.join(", ")),
            }
        })
    }

    /// Takes what the configuration has no place for out of the definitions, and refuses it by name.
    pub(super) fn refuse_homeless(&self, imported: &mut Imported) {
        let definitions = std::mem::take(&mut imported.definitions);
        let Definitions { kill_switch, flags, segments, trips, .. } = definitions;
        for (key, flag) in flags {
            match self.flag(&key) {
                Ok(_) => drop(imported.definitions.flags.insert(key, flag)),
                Err(problem) => imported.refuse(&key, [problem]),
            }
        }
        let nowhere = |what| format!("the configuration has no place for {what}");
        for (name, segment) in segments {
            match room(&self.segment_maps, &name) {
                Some(_) => drop(imported.definitions.segments.insert(name, segment)),
                None => imported.refuse(&format!("segment {name}"), [nowhere("segments")]),
            }
        }
        for (key, trip) in trips {
            match room(&self.trip_maps, &key) {
                Some(_) => drop(imported.definitions.trips.insert(key, trip)),
                None => imported.refuse(&format!("trip {key}"), [nowhere("trips of guards")]),
            }
        }
        if kill_switch && self.kill_switch.is_none() {
            imported.refuse("", [nowhere("a kill switch")]);
        }
        imported.definitions.kill_switch = kill_switch && self.kill_switch.is_some();
    }

    /// The change that stores the definitions; what has no place is not in it.
    pub(super) fn batch(&self, definitions: &Definitions) -> Batch {
        let mut batch = Batch::new();
        for (name, segment) in &definitions.segments {
            if let Some(path) = room(&self.segment_maps, name) {
                batch = batch.set(path.as_str(), segment);
            }
        }
        for (key, flag) in &definitions.flags {
            if let Ok(path) = self.flag(key) {
                batch = batch.set(path.as_str(), flag);
            }
        }
        for (key, trip) in &definitions.trips {
            if let Some(path) = room(&self.trip_maps, key) {
                batch = batch.set(path.as_str(), trip);
            }
        }
        match &self.kill_switch {
            Some(path) if definitions.kill_switch => batch.set(path.as_str(), true),
            _ => batch,
        }
    }
}

/// The maps of this type. The first that has a name is where it goes, or else the first of all.
fn maps<T: 'static>(config: &dyn Section) -> Vec<Map> {
    let mut maps = Vec::new();
    leaves_of::<BTreeMap<String, T>>(config, &mut |leaf| {
        maps.push(Map { path: leaf.path().clone(), names: leaf.value().keys().cloned().collect() });
    });
    maps
}

fn room(maps: &[Map], name: &str) -> Option<FieldPath> {
    let map = maps.iter().find(|map| map.names.contains(name)).or(maps.first())?;
    Some(map.path.child(name))
}

/// Our own format, part by part, so that each mistake has a name.
pub(super) fn definitions_from(document: &Json) -> Imported {
    let mut imported = Imported::default();
    let Some(object) = document.as_object() else {
        imported.refuse("", ["definitions are an object with `flags`".to_owned()]);
        return imported;
    };
    for (part, value) in object {
        match part.as_str() {
            "flags" => imported.definitions.flags = parts("flags", "", value, &mut imported),
            "segments" => imported.definitions.segments = parts("segments", "segment ", value, &mut imported),
            "trips" => imported.definitions.trips = parts("trips", "trip ", value, &mut imported),
            "metadata" => imported.definitions.metadata = parts("metadata", "metadata ", value, &mut imported),
            "kill_switch" => match value.as_bool() {
                Some(killed) => imported.definitions.kill_switch = killed,
                None => imported.refuse("", ["`kill_switch` is true or false".to_owned()]),
            },
            other => imported.refuse(
                "",
                [format!(
                    "unknown key `{other}`; there are `flags`, `segments`, `trips`, `metadata` and `kill_switch`"
                )],
            ),
        }
    }
    if !object.contains_key("flags") {
        imported.refuse("", ["`flags` has to be there".to_owned()]);
    }
    imported
}

fn parts<T: DeserializeOwned>(part: &str, word: &str, value: &Json, imported: &mut Imported) -> BTreeMap<String, T> {
    let mut read = BTreeMap::new();
    let Some(entries) = value.as_object() else {
        imported.refuse("", [format!("`{part}` is an object")]);
        return read;
    };
    for (name, value) in entries {
        match T::deserialize(value) {
            Ok(value) => drop(read.insert(name.clone(), value)),
            Err(error) => imported.refuse(&format!("{word}{name}"), [error.to_string()]),
        }
    }
    read
}
