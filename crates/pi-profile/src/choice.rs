//! Which profile counts: the board's own, the one that was named, or none.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use strata_config_core::report::nearest;
use strata_config_core::schema::{Field, FieldKind};
use strata_config_core::{ByteSize, Profile, Schema};

use crate::board::Board;
use crate::builtin::{BUILTIN, for_board};
use crate::own::Own;

/// What somebody asks for: `auto`, `none`, or a name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Choice {
    /// The board's own profile, where the device tree names a board that has one.
    #[default]
    Auto,
    /// No profile.
    None,
    /// This one, whatever the machine is.
    Named(String),
}

/// The profiles that there are: those that are built in, and a user's own.
#[derive(Debug, Clone, Default)]
pub struct Profiles {
    pub(crate) own: Vec<Own>,
}

/// What came of a choice.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// The profile, for [`Loader::profile`](strata_config_core::Loader::profile).
    pub profile: Option<Profile>,
    /// Why it is this one.
    pub by: ChosenBy,
}

/// Why a profile is the one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChosenBy {
    /// It is the board's own, or the board has none.
    Auto,
    /// It was named.
    Option,
    /// None was asked for.
    None,
}

/// A name that no profile has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownProfile {
    /// The name.
    pub name: String,
    /// The name that was most likely meant.
    pub nearest: Option<String>,
    /// All names.
    pub known: Vec<String>,
}

impl Profiles {
    /// The names of all profiles: the built-in ones, a user's own, and those that the settings' attributes know.
    #[must_use]
    pub fn names(&self, schema: &'static Schema) -> Vec<String> {
        let mut names: Vec<String> = BUILTIN.into_iter().map(str::to_owned).collect();
        let mut add = |name: &str| {
            if !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        };
        self.own.iter().for_each(|own| add(&own.name));
        of_attributes(schema, &mut add);
        names
    }

    /// What a user's own profile says that it is for.
    #[must_use]
    pub fn description(&self, name: &str) -> Option<&str> {
        let own = self.own.iter().find(|own| own.name == name)?;
        Some(own.description.as_str()).filter(|description| !description.is_empty())
    }

    /// Finds the profile that somebody asks for. Hyphens, spaces and capitals of a name are forgiven.
    ///
    /// `auto` takes the board's own profile with the board's memory, or what the control group leaves of it; a name
    /// wins over what was detected, so that the profile of a board can be tried on any machine.
    ///
    /// # Errors
    /// A name that neither a profile nor an attribute has, with the nearest one.
    pub fn choose(&self, choice: &Choice, board: &Board, schema: &'static Schema) -> Result<Chosen, UnknownProfile> {
        let name = match choice {
            Choice::None => return Ok(Chosen { profile: None, by: ChosenBy::None }),
            Choice::Auto => {
                let limit = board.cgroup.and_then(|group| group.limit);
                let profile = board.kind().and_then(|kind| self.get(kind, board, limit));
                return Ok(Chosen { profile, by: ChosenBy::Auto });
            }
            Choice::Named(name) => name,
        };
        let known = self.names(schema);
        let wanted = plain(name);
        match known.iter().find(|known| *known == name).or_else(|| known.iter().find(|known| plain(known) == wanted)) {
            Some(name) => {
                let profile = self.get(name, board, None).unwrap_or_else(|| Profile::new(name));
                Ok(Chosen { profile: Some(profile), by: ChosenBy::Option })
            }
            None => {
                let near = nearest(&wanted, known.iter().map(String::as_str).chain(["auto", "none"]));
                Err(UnknownProfile { name: name.clone(), nearest: near.map(str::to_owned), known })
            }
        }
    }

    /// A user's own profile, or a built-in one, with no more memory than `limit`.
    fn get(&self, name: &str, board: &Board, limit: Option<ByteSize>) -> Option<Profile> {
        let own = self.own.iter().find(|own| own.name == name);
        own.map(|own| own.profile(board, limit)).or_else(|| for_board(name, board, limit))
    }
}

impl ChosenBy {
    /// The name, as JSON has it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Option => "option",
            Self::None => "none",
        }
    }
}

impl From<&str> for Choice {
    fn from(text: &str) -> Self {
        match &*plain(text) {
            "auto" => Self::Auto,
            "none" => Self::None,
            _ => Self::Named(text.trim().to_owned()),
        }
    }
}

impl FromStr for Choice {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self::from(text))
    }
}

impl fmt::Display for UnknownProfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no profile is called `{}`", self.name)?;
        if let Some(nearest) = &self.nearest {
            write!(f, "; did you mean `{nearest}`?")?;
        }
        write!(f, " (known: auto, none, {})", self.known.join(", "))
    }
}

impl std::error::Error for UnknownProfile {}

/// A name as it is compared: small letters, words joined by `_`.
pub(crate) fn plain(name: &str) -> String {
    name.trim().to_ascii_lowercase().replace(['-', ' '], "_")
}

/// Calls for every profile that an attribute of the schema names.
pub(crate) fn of_attributes(schema: &'static Schema, found: &mut impl FnMut(&'static str)) {
    let variants = schema.variants.iter().flat_map(|variant| variant.fields);
    for field in schema.fields.iter().chain(variants) {
        field.meta.rare().profiles.iter().for_each(|profile| found(profile.name));
        if let Some(schema) = below(field) {
            of_attributes(schema, found);
        }
    }
}

fn below(field: &Field) -> Option<&'static Schema> {
    match field.kind {
        FieldKind::Leaf(_) => None,
        FieldKind::Nested(schema) | FieldKind::Optional(schema) | FieldKind::List(schema) | FieldKind::Map(schema) => {
            Some(schema)
        }
    }
}
