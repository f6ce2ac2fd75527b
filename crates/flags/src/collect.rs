//! The flags of a configuration: every leaf that is one, and everything that is wrong with them together.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use strata_config_core::{FieldPath, LayeredConfig, Report, Section, leaves_of};

use crate::compile::Problem;
use crate::model::{Flag, Segment, Trip};
use crate::set::{FlagSet, InvalidFlags, Part, Sources};

/// The switch that turns every flag off; a leaf of a configuration, which then governs all the flags in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KillSwitch(pub bool);

/// A configuration, and what is known of its origins: what flags are collected from.
#[derive(Clone, Copy)]
pub struct Configured<'a, C> {
    /// The configuration.
    pub config: &'a C,
    set: &'a dyn Fn(&FieldPath) -> bool,
}

impl<'a, C> Configured<'a, C> {
    /// A configuration; the function says whether any layer sets the setting at a path.
    pub fn new(config: &'a C, set: &'a dyn Fn(&FieldPath) -> bool) -> Self {
        Self { config, set }
    }

    /// Whether any layer sets the setting at a path; otherwise it has its default.
    #[must_use]
    pub fn is_set(&self, path: &FieldPath) -> bool {
        (self.set)(path)
    }
}

impl<C> std::fmt::Debug for Configured<'_, C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Configured")
    }
}

/// The flags of a configuration, and where each of them stands in it.
#[derive(Debug, Default)]
pub struct Collected {
    /// What a set of flags is made from.
    pub sources: Sources,
    places: BTreeMap<(Part, String), FieldPath>,
    twice: Vec<(String, FieldPath, FieldPath)>,
}

impl Collected {
    /// Collects every leaf of a configuration that is a [`Flag`] or a map of them, a map of [`Segment`]s or of [`Trip`]s,
    /// or a [`KillSwitch`]. A flag's key is its field's name, or what `#[config(key = "…")]` says, or its key in the map.
    ///
    /// What has not changed is shared with a set that was made before.
    #[must_use]
    pub fn of(config: &dyn Section, before: Option<&FlagSet>) -> Self {
        let mut found = Self::default();
        leaves_of::<Flag>(config, &mut |leaf| found.flag(leaf.key(), leaf.path().clone(), leaf.value(), before));
        leaves_of::<Option<Flag>>(config, &mut |leaf| {
            let flag = leaf.value().iter();
            flag.for_each(|flag| found.flag(leaf.key(), leaf.path().clone(), flag, before));
        });
        leaves_of::<BTreeMap<String, Flag>>(config, &mut |leaf| {
            for (key, flag) in leaf.value() {
                found.flag(key, leaf.path().child(key), flag, before);
            }
        });
        leaves_of::<BTreeMap<String, Segment>>(config, &mut |leaf| {
            for (name, segment) in leaf.value() {
                found.place(Part::Segment, name, leaf.path().child(name));
                let known = before.and_then(|before| before.segment_source(name)).filter(|known| ***known == *segment);
                let segment = known.map_or_else(|| Arc::new(segment.clone()), Arc::clone);
                found.sources.segments.insert(name.clone(), segment);
            }
        });
        leaves_of::<BTreeMap<String, Trip>>(config, &mut |leaf| {
            for (key, trip) in leaf.value() {
                found.place(Part::Trip, key, leaf.path().child(key));
                found.sources.trips.insert(key.clone(), trip.clone());
            }
        });
        leaves_of::<KillSwitch>(config, &mut |leaf| found.sources.kill_switch |= leaf.value().0);
        found
    }

    /// Adds a flag that the program makes of settings that are no flags themselves; `path` is the one that is told where
    /// something is wrong with it.
    pub fn add(&mut self, key: &str, path: FieldPath, flag: impl Into<Flag>) {
        self.flag(key, path, &flag.into(), None);
    }

    /// Adds a segment that the program makes of settings that are no segments themselves; `path` is the one that is told
    /// where something is wrong with it.
    pub fn add_segment(&mut self, name: &str, path: FieldPath, segment: Segment) {
        self.place(Part::Segment, name, path);
        self.sources.segments.insert(name.to_owned(), Arc::new(segment));
    }

    fn flag(&mut self, key: &str, path: FieldPath, flag: &Flag, before: Option<&FlagSet>) {
        self.place(Part::Flag, key, path);
        let known = before.and_then(|before| before.flag_source(key)).filter(|known| ***known == *flag);
        let flag = known.map_or_else(|| Arc::new(flag.clone()), Arc::clone);
        self.sources.flags.insert(key.to_owned(), flag);
    }

    fn place(&mut self, part: Part, name: &str, path: FieldPath) {
        if let Some(before) = self.places.insert((part, name.to_owned()), path.clone()) {
            self.twice.push((format!("{} `{name}`", part.as_str()), before, path));
        }
    }

    /// Where a flag stands in the configuration.
    #[must_use]
    pub fn flag_path(&self, key: &str) -> Option<&FieldPath> {
        self.place_of(Part::Flag, key)
    }

    /// Where a part stands in the configuration.
    pub(crate) fn place_of(&self, part: Part, name: &str) -> Option<&FieldPath> {
        self.places.get(&(part, name.to_owned()))
    }

    /// Makes a set of the flags, and takes over from a set before what has not changed.
    ///
    /// # Errors
    /// Everything that is wrong with them, at the paths where it stands in the configuration.
    pub fn compile(&self, before: Option<&FlagSet>) -> Result<FlagSet, Report> {
        let mut report = Report::new();
        for (what, one, other) in &self.twice {
            report.error([other.clone(), one.clone()], format!("two settings are the {what}"));
        }
        let mut sources = self.sources.clone();
        // A flag may go while its guard's trip stays behind: that is no mistake of whoever removes it.
        let Sources { flags, trips, .. } = &mut sources;
        trips.retain(|key, _| flags.contains_key(key));
        match FlagSet::compile(sources, before) {
            Ok(set) if report.is_valid() => return Ok(set),
            Ok(_) => {}
            Err(invalid) => self.tell(invalid, &mut report),
        }
        Err(report)
    }

    fn tell(&self, invalid: InvalidFlags, report: &mut Report) {
        for invalid in invalid {
            let place = self.places.get(&(invalid.part, invalid.name)).cloned().unwrap_or(FieldPath::ROOT);
            let Problem { path, message, help } = invalid.problem;
            let path = path.iter().fold(place, |path, step| path.child(&step.to_string()));
            report.error([path], message).help = help;
        }
    }
}

/// Checks the flags of a configuration together: keys that two settings have, segments and flags that are named and do not
/// exist, circles. For `#[config(validate = strata_config::flags::check)]` on the struct at the root, so that every load
/// and every command does it.
pub fn check<C: LayeredConfig>(config: &C, report: &mut Report) {
    if let Err(found) = Collected::of(config, None).compile(None) {
        report.append(found);
    }
}
