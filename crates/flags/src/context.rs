//! Whom a flag is evaluated for: the targeting key and the attributes of one request.

use std::borrow::Cow;

use serde_json::Value as Json;

use crate::model::Moment;

/// The name under which conditions and splits find the targeting key.
pub const TARGETING_KEY: &str = "targetingKey";

/// Whom a flag is evaluated for.
///
/// Texts may be borrowed from the request. Evaluation only looks things up in it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Context<'a> {
    targeting_key: Option<Cow<'a, str>>,
    attributes: Vec<(Cow<'a, str>, Attribute<'a>)>,
    forced: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    at: Option<Moment>,
}

/// The value of an attribute.
#[derive(Debug, Clone, PartialEq)]
pub enum Attribute<'a> {
    /// Said to be nothing.
    Null,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A number.
    Float(f64),
    /// A text.
    Text(Cow<'a, str>),
    /// A list.
    List(Vec<Attribute<'a>>),
    /// A map.
    Map(Vec<(Cow<'a, str>, Attribute<'a>)>),
}

impl<'a> Context<'a> {
    /// Nobody in particular.
    #[must_use]
    pub const fn anonymous() -> Self {
        Self { targeting_key: None, attributes: Vec::new(), forced: Vec::new(), at: None }
    }

    /// The unit with this targeting key. An empty one counts as none.
    #[must_use]
    pub fn of(targeting_key: impl Into<Cow<'a, str>>) -> Self {
        let mut context = Self::anonymous();
        context.set_targeting_key(targeting_key);
        context
    }

    /// Sets the targeting key. An empty one counts as none.
    pub fn set_targeting_key(&mut self, key: impl Into<Cow<'a, str>>) {
        self.targeting_key = Some(key.into()).filter(|key| !key.is_empty());
    }

    /// Adds an attribute; one of the same name makes way.
    #[must_use]
    pub fn with(mut self, name: impl Into<Cow<'a, str>>, value: impl Into<Attribute<'a>>) -> Self {
        self.set(name, value);
        self
    }

    /// Adds an attribute; one of the same name makes way. A text as `targetingKey` is the targeting key.
    pub fn set(&mut self, name: impl Into<Cow<'a, str>>, value: impl Into<Attribute<'a>>) {
        let (name, value) = (name.into(), value.into());
        match value {
            Attribute::Text(key) if name == TARGETING_KEY => self.set_targeting_key(key),
            value => {
                self.attributes.retain(|(known, _)| *known != name);
                self.attributes.push((name, value));
            }
        }
    }

    /// Makes a flag serve a variant to this request alone, whatever it says; only the set's kill switch is stronger.
    /// A variant that the flag does not have changes nothing.
    #[must_use]
    pub fn force(mut self, flag: impl Into<Cow<'a, str>>, variant: impl Into<Cow<'a, str>>) -> Self {
        self.forced.push((flag.into(), variant.into()));
        self
    }

    /// The moment to evaluate at. Without it, flags that depend on time ask the system's clock.
    #[must_use]
    pub const fn at(mut self, moment: Moment) -> Self {
        self.at = Some(moment);
        self
    }

    /// A JSON object's entries as attributes, `targetingKey` as the targeting key.
    #[must_use]
    pub fn from_json(object: &'a serde_json::Map<String, Json>) -> Self {
        let mut context = Self { attributes: Vec::with_capacity(object.len()), ..Self::anonymous() };
        for (name, value) in object {
            match value {
                Json::String(key) if name == TARGETING_KEY => context.set_targeting_key(key),
                value => context.attributes.push((name.into(), value.into())),
            }
        }
        context
    }

    /// The targeting key.
    #[must_use]
    pub fn targeting_key(&self) -> Option<&str> {
        self.targeting_key.as_deref()
    }

    /// The attribute of this name.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&Attribute<'a>> {
        lookup(&self.attributes, name)
    }

    /// All attributes, in the order in which they were added.
    pub fn attributes(&self) -> impl Iterator<Item = (&str, &Attribute<'a>)> {
        self.attributes.iter().map(|(name, value)| (&**name, value))
    }

    /// The moment that was given.
    #[must_use]
    pub const fn moment(&self) -> Option<Moment> {
        self.at
    }

    /// Whether this request forces any variant.
    #[inline]
    pub(crate) fn forces(&self) -> bool {
        !self.forced.is_empty()
    }

    /// The variant that this request forces upon a flag.
    #[inline]
    pub(crate) fn forced(&self, flag: &str) -> Option<&str> {
        // The last word counts.
        self.forced.iter().rev().find(|(key, _)| key == flag).map(|(_, variant)| &**variant)
    }
}

impl<'a> Attribute<'a> {
    /// The entry of this name, where it is a map.
    #[must_use]
    pub fn entry(&self, name: &str) -> Option<&Self> {
        if let Self::Map(entries) = self { lookup(entries, name) } else { None }
    }
}

fn lookup<'m, 'a>(entries: &'m [(Cow<'a, str>, Attribute<'a>)], name: &str) -> Option<&'m Attribute<'a>> {
    entries.iter().find(|(known, _)| known == name).map(|(_, value)| value)
}

impl<'a> From<&'a Json> for Attribute<'a> {
    fn from(value: &'a Json) -> Self {
        match value {
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Bool(*value),
            Json::Number(number) => number.clone().into(),
            Json::String(text) => Self::Text(text.into()),
            Json::Array(items) => Self::List(items.iter().map(Self::from).collect()),
            Json::Object(entries) => {
                Self::Map(entries.iter().map(|(name, value)| (name.into(), Self::from(value))).collect())
            }
        }
    }
}

impl From<Json> for Attribute<'_> {
    fn from(value: Json) -> Self {
        match value {
            Json::String(text) => Self::Text(text.into()),
            Json::Array(items) => Self::List(items.into_iter().map(Self::from).collect()),
            Json::Object(entries) => {
                Self::Map(entries.into_iter().map(|(name, value)| (name.into(), Self::from(value))).collect())
            }
            // Scalars borrow nothing.
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Bool(value),
            Json::Number(number) => Self::from(number),
        }
    }
}

impl From<serde_json::Number> for Attribute<'_> {
    fn from(number: serde_json::Number) -> Self {
        match number.as_i64() {
            Some(integer) => Self::Int(integer),
            None => number.as_f64().map_or(Self::Null, Self::Float),
        }
    }
}

impl<'a> From<&'a str> for Attribute<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text.into())
    }
}

impl<'a> From<&'a String> for Attribute<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Attribute<'_> {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl<'a> From<Cow<'a, str>> for Attribute<'a> {
    fn from(text: Cow<'a, str>) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Attribute<'_> {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Attribute<'_> {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<i32> for Attribute<'_> {
    fn from(value: i32) -> Self {
        Self::Int(value.into())
    }
}

impl From<u32> for Attribute<'_> {
    fn from(value: u32) -> Self {
        Self::Int(value.into())
    }
}

impl From<f64> for Attribute<'_> {
    fn from(value: f64) -> Self {
        Self::Float(value)
    }
}

impl<'a, T: Into<Attribute<'a>>> From<Vec<T>> for Attribute<'a> {
    fn from(items: Vec<T>) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }
}
