//! A profile: what a board or a container carries, as data. It gives defaults, limits, and the memory there is.
//!
//! Where the values come from is no concern of this crate: `strata-config-pi-profile` detects boards, has the known ones
//! and reads a user's own from files.

mod applied;
mod budget;
mod said;

use crate::layer::Layer;
use crate::schema::Lit;
use crate::size::ByteSize;

pub(crate) use applied::{Applied, Limit, PathOf, breaks};
pub(crate) use budget::of as budget_of;
pub use budget::{Budget, Share};
pub use said::{Because, Said};

/// What a board or a container carries: defaults, limits by class of resource and by setting, and its memory.
///
/// A bare name is a profile as well: then only what the settings' own attributes say of it counts.
#[derive(Debug, Clone, Default)]
pub struct Profile {
    name: String,
    bases: Vec<String>,
    memory: Option<Memory>,
    resources: Vec<(String, Limits)>,
    settings: Vec<(String, Limits)>,
    defaults: Option<Layer>,
}

/// The memory of a board.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Memory {
    /// All of it: what needs more can't run, so that is an error unless the mode is lenient.
    pub total: ByteSize,
    /// What the program may use; the rest is the system's. What needs more is advised against.
    pub ceiling: ByteSize,
}

/// What a profile says of a setting, or of all settings of a class of resource. Numbers are in the setting's own unit.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Limits {
    /// The value where no source sets one. For a class, it lowers a setting's own default and never raises it.
    pub default: Option<Bound>,
    /// The least that the board carries.
    pub min: Option<Bound>,
    /// The most that it carries.
    pub max: Option<Bound>,
    /// Whether a value beyond the limits can't work at all: an error also in normal mode, where it is a warning else.
    pub hard: bool,
}

/// A number of a profile.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bound {
    /// An integer.
    Int(i128),
    /// A number with a fraction.
    Float(f64),
}

impl Profile {
    /// A profile that is its name: what attributes say of it counts.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// Takes over what attributes say of another profile, where they say nothing of this one; of several bases the
    /// first named counts first.
    #[must_use]
    pub fn extends(mut self, base: impl Into<String>) -> Self {
        self.bases.push(base.into());
        self
    }

    /// Says what memory there is.
    #[must_use]
    pub fn with_memory(mut self, memory: Memory) -> Self {
        self.memory = Some(memory);
        self
    }

    /// Limits every setting of a class: `memory_mb`, `connections`, `threads`, `cache_entries`.
    #[must_use]
    pub fn resource(mut self, class: impl Into<String>, limits: Limits) -> Self {
        let class = class.into();
        self.resources.retain(|(known, _)| *known != class);
        self.resources.push((class, limits));
        self
    }

    /// Limits one setting by its path, above what its class and its attributes say.
    #[must_use]
    pub fn setting(mut self, path: impl Into<String>, limits: Limits) -> Self {
        let path = path.into();
        self.settings.retain(|(known, _)| *known != path);
        self.settings.push((path, limits));
        self
    }

    /// Values of settings, weaker than every source and stronger than all defaults: a layer of the kind
    /// [`Profile`](crate::LayerKind::Profile).
    #[must_use]
    pub fn defaults(mut self, layer: Layer) -> Self {
        self.defaults = Some(layer);
        self
    }

    /// Its name, which is what origins say.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The profiles whose attributes count as well.
    #[must_use]
    pub fn bases(&self) -> &[String] {
        &self.bases
    }

    /// The memory there is, where it says so.
    #[must_use]
    pub fn memory(&self) -> Option<Memory> {
        self.memory
    }

    /// The limits of each class that it names.
    pub fn resources(&self) -> impl Iterator<Item = (&str, &Limits)> {
        self.resources.iter().map(|(class, limits)| (class.as_str(), limits))
    }

    /// The limits of each setting that it names by its path.
    pub fn settings(&self) -> impl Iterator<Item = (&str, &Limits)> {
        self.settings.iter().map(|(path, limits)| (path.as_str(), limits))
    }

    /// The layer of its values.
    #[must_use]
    pub fn layer(&self) -> Option<&Layer> {
        self.defaults.as_ref()
    }
}

impl From<&str> for Profile {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

impl From<String> for Profile {
    fn from(name: String) -> Self {
        Self::new(name)
    }
}

impl From<&String> for Profile {
    fn from(name: &String) -> Self {
        Self::new(name)
    }
}

impl From<Bound> for Lit {
    fn from(bound: Bound) -> Self {
        match bound {
            Bound::Int(number) => Self::Int(number),
            Bound::Float(number) => Self::Float(number),
        }
    }
}
