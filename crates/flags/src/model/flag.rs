//! A flag as configuration holds it: in a word, or in full.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};

use super::{Definition, Serve, Share};

/// A flag: `true`, `"25%"`, `"canary"`, or a [`Definition`].
///
/// It is a leaf of a configuration like a number or a text, so it has layers, an origin, limits and a history.
#[derive(Debug, Clone, PartialEq)]
pub enum Flag {
    /// On or off for everybody.
    Switch(bool),
    /// On for a share of all units.
    Share(Share),
    /// On for a share that has a name.
    Strategy(Strategy),
    /// Everything said.
    Defined(Box<Definition>),
}

impl Flag {
    /// The flag in full.
    #[must_use]
    pub fn definition(&self) -> Cow<'_, Definition> {
        let serve = |on: bool| Serve::Variant(if on { "on" } else { "off" }.to_owned());
        Cow::Owned(Definition::boolean(match self {
            Self::Switch(on) => serve(*on),
            Self::Share(share) => Serve::share(*share),
            Self::Strategy(strategy) => Serve::share(strategy.share()),
            Self::Defined(definition) => return Cow::Borrowed(definition),
        }))
    }
}

impl Default for Flag {
    /// Off.
    fn default() -> Self {
        Self::Switch(false)
    }
}

impl From<bool> for Flag {
    fn from(on: bool) -> Self {
        Self::Switch(on)
    }
}

impl From<Share> for Flag {
    fn from(share: Share) -> Self {
        Self::Share(share)
    }
}

impl From<Definition> for Flag {
    fn from(definition: Definition) -> Self {
        Self::Defined(Box::new(definition))
    }
}

/// The named shares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Strategy {
    /// Nobody.
    Disabled,
    /// 5 %.
    Canary,
    /// 25 %.
    Gradual,
    /// 75 %.
    Majority,
    /// Everybody.
    Full,
}

impl Strategy {
    /// All, from nobody to everybody.
    pub const ALL: [Self; 5] = [Self::Disabled, Self::Canary, Self::Gradual, Self::Majority, Self::Full];

    /// The strategy's name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Disabled => "disabled",
            Self::Canary => "canary",
            Self::Gradual => "gradual",
            Self::Majority => "majority",
            Self::Full => "full",
        }
    }

    /// Its share of all units.
    #[must_use]
    pub const fn share(self) -> Share {
        let steps = match self {
            Self::Disabled => 0,
            Self::Canary => 5_000,
            Self::Gradual => 25_000,
            Self::Majority => 75_000,
            Self::Full => return Share::EVERYBODY,
        };
        match Share::from_steps(steps) {
            Some(share) => share,
            None => Share::EVERYBODY,
        }
    }
}

/// A text that is no flag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidFlag(String);

impl fmt::Display for InvalidFlag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidFlag {}

impl FromStr for Flag {
    type Err = InvalidFlag;

    /// Reads what variables and command lines say: `true`, `25%`, `canary`, or a definition as JSON.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        if text.ends_with('%') {
            return text.parse().map(Self::Share).map_err(|error| InvalidFlag(format!("{error}")));
        }
        if text.starts_with('{') {
            return serde_json::from_str(text).map_err(|error| InvalidFlag(error.to_string()));
        }
        let is = |word: &&&str| word.eq_ignore_ascii_case(text);
        if let Some(strategy) = Strategy::ALL.iter().find(|strategy| is(&&strategy.as_str())) {
            return Ok(Self::Strategy(*strategy));
        }
        if ["true", "yes", "on", "1", "enabled"].iter().find(is).is_some() {
            return Ok(Self::Switch(true));
        }
        if ["false", "no", "off", "0"].iter().find(is).is_some() {
            return Ok(Self::Switch(false));
        }
        Err(InvalidFlag(match text.parse::<f64>() {
            Ok(_) => bare_number(text),
            Err(_) => format!(
                "`{}` is no flag: write `true`, `false`, a share such as `25%`, one of `disabled`, `canary`, `gradual`, \
                 `majority`, `full`, or a definition",
                text.escape_debug()
            ),
        }))
    }
}

/// Is it a share of one, or percent? Nobody can tell, so nobody has to.
fn bare_number(text: &str) -> String {
    format!("a bare `{text}` may be a share or a percentage: write `{text}%`, or what it is in percent")
}

impl Serialize for Flag {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Switch(on) => serializer.serialize_bool(*on),
            Self::Share(share) => share.serialize(serializer),
            Self::Strategy(strategy) => serializer.serialize_str(strategy.as_str()),
            Self::Defined(definition) => definition.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FlagVisitor;

        impl<'de> Visitor<'de> for FlagVisitor {
            type Value = Flag;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a boolean, a share such as `25%`, a strategy such as `canary`, or a definition")
            }

            fn visit_bool<E>(self, on: bool) -> Result<Flag, E> {
                Ok(Flag::Switch(on))
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Flag, E> {
                // The two numbers that a variable's text may say for a boolean.
                match number {
                    0 => Ok(Flag::Switch(false)),
                    1 => Ok(Flag::Switch(true)),
                    _ => Err(E::custom(bare_number(&number.to_string()))),
                }
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Flag, E> {
                self.visit_i64(i64::try_from(number).unwrap_or(i64::MAX))
            }

            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Flag, E> {
                Err(E::custom(bare_number(&number.to_string())))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Flag, E> {
                text.parse().map_err(E::custom)
            }

            fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<Flag, M::Error> {
                let definition = Definition::deserialize(MapAccessDeserializer::new(map))?;
                crate::compile::sound_flag(Flag::Defined(Box::new(definition)))
            }
        }

        deserializer.deserialize_any(FlagVisitor)
    }
}
