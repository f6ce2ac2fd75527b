//! Where imported flags go in a configuration, and our own format on its way in.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use strata_config_flags::Places;
use strata_config_flags::interchange::Imported;
use strata_config_flags::model::Definitions;
use strata_config_reload::Batch;

/// The room that a configuration has for what is imported.
pub(super) struct Rooms<'p>(pub(super) &'p Places);

impl Rooms<'_> {
    /// Takes what the configuration has no place for out of the definitions, and refuses it by name.
    pub(super) fn refuse_homeless(&self, imported: &mut Imported) {
        let definitions = std::mem::take(&mut imported.definitions);
        let Definitions { kill_switch, flags, segments, trips, .. } = definitions;
        for (key, flag) in flags {
            match self.0.for_flag(&key) {
                Ok(_) => drop(imported.definitions.flags.insert(key, flag)),
                Err(problem) => imported.refuse(&key, [problem.to_string()]),
            }
        }
        let nowhere = |what| format!("the configuration has no place for {what}");
        for (name, segment) in segments {
            match self.0.for_segment(&name) {
                Some(_) => drop(imported.definitions.segments.insert(name, segment)),
                None => imported.refuse(&format!("segment {name}"), [nowhere("segments")]),
            }
        }
        for (key, trip) in trips {
            match self.0.for_trip(&key) {
                Some(_) => drop(imported.definitions.trips.insert(key, trip)),
                None => imported.refuse(&format!("trip {key}"), [nowhere("trips of guards")]),
            }
        }
        if kill_switch && self.0.kill_switch().is_none() {
            imported.refuse("", [nowhere("a kill switch")]);
        }
        imported.definitions.kill_switch = kill_switch && self.0.kill_switch().is_some();
    }

    /// The change that stores the definitions; what has no place is not in it.
    pub(super) fn batch(&self, definitions: &Definitions) -> Batch {
        let mut batch = Batch::new();
        for (name, segment) in &definitions.segments {
            if let Some(path) = self.0.for_segment(name) {
                batch = batch.set(path.as_str(), segment);
            }
        }
        for (key, flag) in &definitions.flags {
            if let Ok(path) = self.0.for_flag(key) {
                batch = batch.set(path.as_str(), flag);
            }
        }
        for (key, trip) in &definitions.trips {
            if let Some(path) = self.0.for_trip(key) {
                batch = batch.set(path.as_str(), trip);
            }
        }
        match self.0.kill_switch() {
            Some(path) if definitions.kill_switch => batch.set(path.as_str(), true),
            _ => batch,
        }
    }
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
