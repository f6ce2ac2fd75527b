//! Decodes a map's key.

use serde::de::{Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::error::excerpt;
use super::{DecodeError, Result_};
use crate::report::code;

/// Decodes a map's key: text, whatever the type asks for.
pub(super) struct KeyDecoder<'a>(pub(super) &'a str);

macro_rules! key_numbers {
    ($($method:ident $visit:ident $type:ty;)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result_<V::Value> {
            match self.0.parse::<$type>() {
                Ok(value) => visitor.$visit(value),
                Err(_) => Err(DecodeError::new(code::TYPE, format!("the key `{}` is no {}", excerpt(self.0), stringify!($type)))),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for KeyDecoder<'_> {
    type Error = DecodeError;

    key_numbers! {
        deserialize_i8 visit_i8 i8; deserialize_i16 visit_i16 i16; deserialize_i32 visit_i32 i32;
        deserialize_i64 visit_i64 i64; deserialize_u8 visit_u8 u8; deserialize_u16 visit_u16 u16;
        deserialize_u32 visit_u32 u32; deserialize_u64 visit_u64 u64; deserialize_bool visit_bool bool;
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result_<V::Value> {
        visitor.visit_str(self.0)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _name: &'static str, visitor: V) -> Result_<V::Value> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result_<V::Value> {
        let exact = variants.iter().find(|name| name.eq_ignore_ascii_case(self.0));
        visitor.visit_enum(exact.copied().unwrap_or(self.0).into_deserializer())
    }

    forward_to_deserialize_any! {
        i128 u128 f32 f64 char str string bytes byte_buf option unit unit_struct seq tuple tuple_struct map struct
        identifier ignored_any
    }
}
