//! A user's own profiles, read from files: what they say themselves, and what they take over from those they extend.

mod limits;
mod read;
mod resolve;

use std::path::Path;

use strata_config_core::{Bound, ByteSize, Layer, LayerKind, LayeredConfig, Limits, Memory, Profile, Report, Value};

use crate::board::Board;
use crate::builtin::{self, BUILTIN, CONTAINER_SHARE, share};
use crate::choice::Profiles;

/// A user's own profile, with all that those say which it extends.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Own {
    pub(crate) name: String,
    pub(crate) description: String,
    /// The profiles that it extends, the nearest first.
    bases: Vec<String>,
    total: Option<ByteSize>,
    ceiling: Option<ByteSize>,
    resources: Vec<(String, Part)>,
    settings: Vec<(String, Part)>,
    /// Values of settings, as a map.
    defaults: Vec<(String, Value)>,
}

/// Limits of which some are said.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Part {
    default: Option<Bound>,
    min: Option<Bound>,
    max: Option<Bound>,
    hard: Option<bool>,
}

impl Profiles {
    /// Reads a user's own profiles from TOML, YAML or JSON files, each a table of its own:
    ///
    /// ```toml
    /// [kiosk]
    /// extends = "pi_zero_2w"
    /// memory = "512MiB"
    /// ceiling = "300MiB"
    /// resources.connections = { default = 20, max = 50 }
    /// limits."db.pool_size" = { max = 4, hard = true }
    /// defaults.log.level = "warn"
    /// ```
    ///
    /// One that has the name of a built-in profile changes that one, also where `auto` chooses it.
    ///
    /// # Errors
    /// Everything that is wrong in the files, each with its place: the shape of a profile, a profile to extend that there
    /// is not, a circle of such, a class or a setting that there is not, limits that contradict each other, a value that
    /// its setting's type or rules refuse, a secret.
    pub fn read<'a, C: LayeredConfig>(files: impl IntoIterator<Item = &'a Path>) -> Result<Self, Report> {
        Self::of::<C>(files.into_iter().map(|file| Layer::read(file, C::SCHEMA)))
    }

    /// As [`read`](Self::read), of a text whose name says its format.
    ///
    /// # Errors
    /// As [`read`](Self::read)'s.
    pub fn parse<C: LayeredConfig>(name: &str, text: &str) -> Result<Self, Report> {
        Self::of::<C>([Layer::parse(name, text, C::SCHEMA)])
    }

    fn of<C: LayeredConfig>(layers: impl IntoIterator<Item = Result<Layer, Report>>) -> Result<Self, Report> {
        let mut reader = read::Reader::new(C::SCHEMA, |layer| layer.settings::<C>());
        for layer in layers {
            match layer {
                Ok(layer) => reader.read(&layer),
                Err(mistakes) => reader.report.append(mistakes),
            }
        }
        let own = resolve::all(&mut reader);
        if reader.report.is_valid() { Ok(Self { own }) } else { Err(reader.report) }
    }
}

impl Own {
    /// Whether it is about the board at hand: it is that board's profile, or extends it.
    fn base(&self) -> Option<&str> {
        std::iter::once(&self.name).chain(&self.bases).map(String::as_str).find(|name| BUILTIN.contains(name))
    }

    /// The profile, with the memory of the board where it is the base's, and no more than `limit`.
    pub(crate) fn profile(&self, board: &Board, limit: Option<ByteSize>) -> Profile {
        let base = self.base();
        let memory = base.and_then(|base| builtin::memory(base, Some(board)));
        let memory = self.memory(base, memory).map(|memory| builtin::limited(memory, limit));
        let profile = self.bases.iter().fold(Profile::new(&self.name), Profile::extends);
        let mut profile = builtin::without_limits(profile);
        for (class, limits) in base.map(|base| builtin::resources(base, memory)).unwrap_or_default() {
            profile = profile.resource(class, limits);
        }
        for (class, part) in &self.resources {
            let known = profile.resources().find(|(known, _)| known == class).map(|(_, limits)| *limits);
            profile = profile.resource(class, part.over(known.unwrap_or_default()));
        }
        for (path, part) in &self.settings {
            profile = profile.setting(path, part.over(Limits::default()));
        }
        if let Some(memory) = memory {
            profile = profile.with_memory(memory);
        }
        match self.defaults.is_empty() {
            true => profile,
            false => {
                let values = Value::Map(self.defaults.clone());
                profile.defaults(Layer::marked(LayerKind::Profile, &self.name, &values, |_| None))
            }
        }
    }

    /// What it says of the memory, over what the base has.
    fn memory(&self, base: Option<&str>, below: Option<Memory>) -> Option<Memory> {
        let memory = match (self.total, base) {
            (None, _) => below,
            (Some(total), Some(base)) => builtin::sized(base, total),
            (Some(total), None) => {
                Some(Memory { total, ceiling: ByteSize(total.bytes() - share(total.bytes(), CONTAINER_SHARE)) })
            }
        };
        let ceiling = self.ceiling.or(memory.map(|memory| memory.ceiling))?;
        let total = memory.map_or(ceiling, |memory| memory.total);
        Some(Memory { total, ceiling: ceiling.min(total) })
    }
}

impl Part {
    /// These limits, where they say something, and else those below.
    fn over(self, below: Limits) -> Limits {
        Limits {
            default: self.default.or(below.default),
            min: self.min.or(below.min),
            max: self.max.or(below.max),
            hard: self.hard.unwrap_or(below.hard),
        }
    }

    fn over_part(self, below: Self) -> Self {
        let Limits { default, min, max, .. } = self.over(below.over(Limits::default()));
        Self { default, min, max, hard: self.hard.or(below.hard) }
    }
}
