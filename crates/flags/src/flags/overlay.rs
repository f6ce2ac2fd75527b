//! Flags of another source, laid over those of the configuration.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Flags;
use crate::model::Flag;
use crate::set::{FlagSet, InvalidFlags, Part, Sources};

/// Flags by key.
type Layer = BTreeMap<String, Arc<Flag>>;

/// What another source says.
#[derive(Debug, Default)]
pub(super) struct Overlay {
    /// What it said last.
    wanted: Layer,
    /// What of it is in use.
    used: Layer,
    /// What is not, and why.
    refused: BTreeMap<String, String>,
    /// Whether it may have changed since.
    pub(super) is_stale: bool,
}

impl Flags {
    /// Lays flags of another source over those of the configuration: of the same key, they win. They stay over every set
    /// to come, until this is called again.
    ///
    /// What does not go together with the rest is left out, flag by flag, and what the source said of that flag before
    /// stays in use, where that goes. What was left out is returned, with the reason.
    pub fn overlay(&self, flags: BTreeMap<String, Arc<Flag>>) -> BTreeMap<String, String> {
        let mut writer = self.writer();
        writer.overlay.wanted = flags;
        self.install_again(&mut writer);
        writer.overlay.refused.clone()
    }

    /// What is left out of the flags that lie over the configuration's, and why; a change of the configuration may change it.
    #[must_use]
    pub fn overlay_refused(&self) -> BTreeMap<String, String> {
        self.writer().overlay.refused.clone()
    }

    /// The flags that lie over the configuration's.
    #[must_use]
    pub fn overlaid(&self) -> BTreeSet<String> {
        self.writer().overlay.used.keys().cloned().collect()
    }

    /// Says that the source of the flags over the configuration's can't be asked, so that they may have changed, or that
    /// it can again. While it is so, answers of these flags have the reason [`Stale`](crate::Reason::Stale); `why` still
    /// tells what decided.
    pub fn overlay_is_stale(&self, is_stale: bool) {
        let mut writer = self.writer();
        if std::mem::replace(&mut writer.overlay.is_stale, is_stale) != is_stale {
            self.install_again(&mut writer);
        }
    }
}

impl Overlay {
    /// The set that a given one makes together with this.
    pub(super) fn over(&mut self, given: &Arc<FlagSet>, before: &FlagSet) -> Arc<FlagSet> {
        self.refused.clear();
        let last = std::mem::take(&mut self.used);
        if self.wanted.is_empty() {
            return Arc::clone(given);
        }
        let sources = given.sources();
        let mut layer = self.wanted.clone();
        loop {
            match compile(&sources, &layer, before) {
                Ok(set) => {
                    self.used = layer;
                    return Arc::new(set);
                }
                // Each turn takes something away, so there is an end.
                Err(invalid) => {
                    for (key, because) in blame(&invalid, &sources, &layer, before) {
                        step_back(&mut layer, &key, &last);
                        self.refused.entry(key).or_insert(because);
                    }
                }
            }
        }
    }

    /// Which flags of a set are stale, by number; nothing where none is.
    pub(super) fn stale(&self, set: &FlagSet) -> Box<[bool]> {
        if !self.is_stale || self.used.is_empty() {
            return Box::default();
        }
        set.keys().map(|key| self.used.contains_key(key)).collect()
    }
}

fn compile(sources: &Sources, layer: &Layer, before: &FlagSet) -> Result<FlagSet, InvalidFlags> {
    let mut sources = sources.clone();
    sources.flags.extend(layer.iter().map(|(key, flag)| (key.clone(), Arc::clone(flag))));
    FlagSet::compile(sources, Some(before))
}

/// The flags of a layer that are to blame, each with the reason; at least one.
fn blame(invalid: &InvalidFlags, sources: &Sources, layer: &Layer, before: &FlagSet) -> BTreeMap<String, String> {
    let mut blamed: BTreeMap<String, String> = BTreeMap::new();
    for invalid in invalid.iter().filter(|invalid| invalid.part == Part::Flag && layer.contains_key(&invalid.name)) {
        let because = invalid.problem.to_string();
        let told = blamed.entry(invalid.name.clone()).or_default();
        *told = if told.is_empty() { because } else { format!("{told}; {because}") };
    }
    if !blamed.is_empty() {
        return blamed;
    }
    // A flag below asks one that lies over another and is no more what it was. Which one is found by trying each alone.
    let because =
        |invalid: &InvalidFlags| format!("with it the others are wrong: {}", format!("{invalid}").replace('\n', "; "));
    let is_replacement = |key: &&String| sources.flags.contains_key(*key);
    for key in layer.keys().filter(is_replacement) {
        let alone = layer.get_key_value(key).map(|(key, flag)| (key.clone(), Arc::clone(flag))).into_iter().collect();
        if let Err(invalid) = compile(sources, &alone, before) {
            blamed.insert(key.clone(), because(&invalid));
        }
    }
    if !blamed.is_empty() {
        return blamed;
    }
    // Only several of them together are wrong, and nothing says which.
    layer.keys().map(|key| (key.clone(), because(invalid))).collect()
}

/// Puts what was used last in a flag's place, or takes the flag away where that is what is wrong.
fn step_back(layer: &mut Layer, key: &str, last: &Layer) {
    match (last.get(key), layer.get(key)) {
        (Some(last), Some(now)) if last != now => drop(layer.insert(key.to_owned(), Arc::clone(last))),
        _ => drop(layer.remove(key)),
    }
}
