//! Raw values to typed ones: a serde `Deserializer` that knows the grammar of text, durations, sizes and secrets.
//!
//! A document's value must have the type it claims (a quoted `"5"` is no number); text (variables, arguments, plain
//! YAML) is read as what the type asks for.

mod access;
mod error;
mod key;
mod probe;
mod scalar;

use serde::de::{DeserializeOwned, Deserializer, IntoDeserializer, Visitor};

use crate::leaf::LeafKind;
use crate::raw::{Raw, View};
use crate::report::code;
use crate::resolve;
use crate::secret::SECRET_NEWTYPE;
use crate::size::SIZE_NEWTYPE;
use crate::text;

pub use error::DecodeError;
pub(crate) use error::choices;
use error::excerpt;
pub(crate) use probe::probe;

/// What a field's attributes say about reading its value.
#[derive(Debug, Clone, Copy, Default)]
pub struct DecodeContext<'a> {
    /// The unit of bare numbers.
    pub unit: &'a str,
    /// The folder that relative paths start from, where the field is a path.
    pub base: Option<&'a str>,
    /// Items and entries of a list or map that are left out: they were found to be wrong.
    pub(crate) without: &'a [String],
}

/// Reads a raw value as a `T`.
///
/// # Errors
/// What does not fit, with the innermost place of it.
pub(crate) fn decode<T: DeserializeOwned>(raw: Raw<'_>, context: &DecodeContext<'_>) -> Result<T, DecodeError> {
    T::deserialize(Decoder::new(raw, context))
}

#[derive(Clone, Copy)]
struct Decoder<'a> {
    raw: Raw<'a>,
    context: &'a DecodeContext<'a>,
}

type Result_<T> = Result<T, DecodeError>;

impl<'a> Decoder<'a> {
    #[inline]
    fn new(raw: Raw<'a>, context: &'a DecodeContext<'a>) -> Self {
        Self { raw, context }
    }

    /// What the raw value is.
    fn view(self) -> View<'a> {
        self.raw.view()
    }

    #[cold]
    fn mismatch(self, expected: &str) -> DecodeError {
        let view = self.view();
        let code = if view == View::Null { code::NULL } else { code::TYPE };
        let found = match view {
            View::Str(text) | View::Text(text) | View::Plain(text) => format!("`{}`", excerpt(text)),
            View::Integer(text) | View::Float(text) | View::Datetime(text) => format!("`{text}`"),
            View::Int(value) => format!("`{value}`"),
            View::Number(value) => format!("`{value}`"),
            View::Bool(value) => format!("`{value}`"),
            other => other.noun().to_owned(),
        };
        let kind = if matches!(view, View::Str(_)) { "the string " } else { "" };
        DecodeError::new(code, format!("expected {expected}, found {kind}{found}")).at(self.raw)
    }
}

macro_rules! integers {
    ($($method:ident $visit:ident $type:ty;)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result_<V::Value> {
            let value = self.integer(<$type>::MIN as i128, <$type>::MAX as i128)?;
            visitor.$visit(value as $type)
        }
    )*};
}

impl<'de> Deserializer<'de> for Decoder<'_> {
    type Error = DecodeError;

    integers! {
        deserialize_i8 visit_i8 i8;
        deserialize_i16 visit_i16 i16;
        deserialize_i32 visit_i32 i32;
        deserialize_i64 visit_i64 i64;
        deserialize_i128 visit_i128 i128;
        deserialize_u8 visit_u8 u8;
        deserialize_u16 visit_u16 u16;
        deserialize_u32 visit_u32 u32;
        deserialize_u64 visit_u64 u64;
    }

    fn deserialize_u128<V: Visitor<'de>>(self, visitor: V) -> Result_<V::Value> {
        // Beyond i128 nothing is read: no setting needs it.
        visitor.visit_u128(self.integer(0, i128::MAX)?.unsigned_abs())
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result_<V::Value> {
        self.asked(LeafKind::Any)?;
        match self.view() {
            View::Null => visitor.visit_unit(),
            View::Bool(value) => visitor.visit_bool(value),
            View::Int(_) | View::Integer(_) => access::visit_integer(self.integer(i128::MIN, i128::MAX)?, visitor),
            View::Float(_) | View::Number(_) => visitor.visit_f64(self.float()?),
            View::Str(text) | View::Datetime(text) => visitor.visit_str(text),
            View::List => access::list(self, visitor),
            View::Map => access::map(self, visitor),
            View::Text(text) | View::Plain(text) => access::untyped(self, text, visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result_<V::Value> {
        visitor.visit_bool(self.boolean()?)
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result_<V::Value> {
        match self.float()? as f32 {
            value if value.is_finite() => visitor.visit_f32(value),
            _ => Err(DecodeError::new(code::OVERFLOW, "the number is too large").at(self.raw)),
        }
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result_<V::Value> {
        visitor.visit_f64(self.float()?)
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result_<V::Value> {
        self.deserialize_str(visitor)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result_<V::Value> {
        let text = self.string()?;
        let visited = match self.based(text) {
            Some(path) => visitor.visit_string(path),
            None => visitor.visit_str(text),
        };
        visited.map_err(|error: DecodeError| error.at(self.raw))
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result_<V::Value> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result_<V::Value> {
        match self.view() {
            View::List => access::list(self, visitor),
            _ => visitor.visit_bytes(self.string()?.as_bytes()),
        }
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result_<V::Value> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result_<V::Value> {
        if let Raw::Probe(probe) = self.raw {
            probe.optional();
            return visitor.visit_some(self);
        }
        match self.view() {
            View::Null => visitor.visit_none(),
            View::Text(text) if text::trim(text).eq_ignore_ascii_case("null") => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result_<V::Value> {
        self.asked(LeafKind::Any)?;
        match self.view() {
            View::Null => visitor.visit_unit(),
            _ => Err(self.mismatch("null")),
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _name: &'static str, visitor: V) -> Result_<V::Value> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result_<V::Value> {
        match name {
            SIZE_NEWTYPE => visitor.visit_u64(self.size()?),
            SECRET_NEWTYPE => {
                if let Raw::Probe(probe) = self.raw {
                    probe.secret();
                } else if let Some(error) = resolve::refused(self.raw) {
                    return Err(error);
                }
                // What a secret's own type has to say may quote it.
                visitor.visit_newtype_struct(self).map_err(DecodeError::withhold)
            }
            _ => visitor.visit_newtype_struct(self),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result_<V::Value> {
        if let Raw::Probe(probe) = self.raw {
            return access::probe_list(probe, self.context, visitor);
        }
        match self.view() {
            View::List => access::list(self, visitor),
            View::Text(text) => access::list_from_text(self, text, visitor),
            _ => Err(self.mismatch("a list")),
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _len: usize, visitor: V) -> Result_<V::Value> {
        let context = DecodeContext { without: &[], ..*self.context };
        Decoder { context: &context, ..self }.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        len: usize,
        visitor: V,
    ) -> Result_<V::Value> {
        self.deserialize_tuple(len, visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result_<V::Value> {
        if let Raw::Probe(probe) = self.raw {
            return access::probe_map(probe, self.context, visitor);
        }
        match self.view() {
            View::Map => access::map(self, visitor),
            // `default = []` is the empty map, too.
            View::List if self.raw.children().next().is_none() => access::map(self, visitor),
            View::Text(text) => access::map_from_text(self, text, visitor),
            _ => Err(self.mismatch("a table")),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result_<V::Value> {
        // The standard library's Duration asks for this shape; we read and write it as `30s` everywhere.
        if name == "Duration" && fields == ["secs", "nanos"] && self.view() != View::Map {
            return access::visit_duration(self.duration()?, visitor);
        }
        self.asked(LeafKind::Struct)?;
        match self.view() {
            View::Map => access::map(self, visitor),
            View::Text(text) => access::map_from_text(self, text, visitor),
            _ => Err(self.mismatch("a table")),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result_<V::Value> {
        self.asked_choices(variants)?;
        match self.view() {
            View::Text(text) if text.trim_start().starts_with('{') => {
                access::in_json(self, text, |inner| access::variant(inner, visitor))
            }
            View::Str(text) | View::Text(text) | View::Plain(text) => {
                // Any case is accepted; serde's derive wants the exact name.
                let text = text::trim(text);
                let name = choice(text, variants).map_or(text, |index| variants[index]);
                visitor.visit_enum(name.into_deserializer()).map_err(|error: DecodeError| error.at(self.raw))
            }
            View::Map => access::variant(self, visitor),
            _ => Err(self.mismatch(&format!("one of {}", choices(variants)))),
        }
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result_<V::Value> {
        self.deserialize_str(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result_<V::Value> {
        visitor.visit_unit()
    }
}

/// The number of the choice that a text names, in any case.
pub(crate) fn choice(text: &str, names: &[&str]) -> Option<usize> {
    let exact = names.iter().position(|name| *name == text);
    exact.or_else(|| names.iter().position(|name| name.eq_ignore_ascii_case(text)))
}
