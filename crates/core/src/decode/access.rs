//! Lists, maps, enums and text that holds them, as serde's access traits ask for them.

use serde::Deserializer;
use serde::de::value::SeqDeserializer;
use serde::de::{DeserializeSeed, EnumAccess, IntoDeserializer, MapAccess, SeqAccess, VariantAccess, Visitor};

use super::key::KeyDecoder;
use super::{DecodeContext, DecodeError, Decoder, Result_};
use crate::leaf::{LeafKind, ShapeProbe};
use crate::raw::{Children, Raw};
use crate::report::code;

pub(super) fn list<'de, V: Visitor<'de>>(decoder: Decoder<'_>, visitor: V) -> Result_<V::Value> {
    let (context, without) = apart(decoder.context);
    let mut items = Items { children: decoder.raw.children(), context, without, index: 0 };
    let value = visitor.visit_seq(&mut items).map_err(|error| error.at(decoder.raw))?;
    match items.children.next() {
        None => Ok(value),
        Some(_) => Err(DecodeError::new(code::INVALID, "the list has too many items").at(decoder.raw)),
    }
}

pub(super) fn map<'de, V: Visitor<'de>>(decoder: Decoder<'_>, visitor: V) -> Result_<V::Value> {
    let (context, without) = apart(decoder.context);
    let entries = Entries { children: decoder.raw.children(), context, without, value: None };
    visitor.visit_map(entries).map_err(|error| error.at(decoder.raw))
}

/// What is left out is left out here, not below.
fn apart<'a>(context: &DecodeContext<'a>) -> (DecodeContext<'a>, &'a [String]) {
    (DecodeContext { without: &[], ..*context }, context.without)
}

struct Items<'a> {
    children: Children<'a>,
    context: DecodeContext<'a>,
    without: &'a [String],
    index: usize,
}

impl<'de> SeqAccess<'de> for &mut Items<'_> {
    type Error = DecodeError;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result_<Option<T::Value>> {
        let (raw, index) = loop {
            let Some((_, raw)) = self.children.next() else { return Ok(None) };
            let index = self.index;
            self.index += 1;
            if self.without.is_empty() || !self.without.contains(&index.to_string()) {
                break (raw, index);
            }
        };
        let decoder = Decoder::new(raw, &self.context);
        seed.deserialize(decoder).map(Some).map_err(|error| error.at(raw).under(&index.to_string()))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.children.clone().count())
    }
}

struct Entries<'a> {
    children: Children<'a>,
    context: DecodeContext<'a>,
    without: &'a [String],
    value: Option<(&'a str, Raw<'a>)>,
}

impl<'de> MapAccess<'de> for Entries<'_> {
    type Error = DecodeError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result_<Option<K::Value>> {
        let without = self.without;
        let mut left = self.children.by_ref().filter(|(key, _)| !without.iter().any(|other| other == key));
        let Some((key, raw)) = left.next() else { return Ok(None) };
        self.value = Some((key, raw));
        seed.deserialize(KeyDecoder(key)).map(Some).map_err(|error| error.at_key(raw).under(key))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result_<V::Value> {
        let Some((key, raw)) = self.value.take() else {
            return Err(DecodeError::new(code::INVALID, "a value was asked for before its key"));
        };
        let decoder = Decoder::new(raw, &self.context);
        seed.deserialize(decoder).map_err(|error| error.at(raw).under(key))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.children.clone().count())
    }
}

/// An integer by the narrowest visit that serde's own types understand.
pub(super) fn visit_integer<'de, V: Visitor<'de>>(value: i128, visitor: V) -> Result_<V::Value> {
    if let Ok(value) = u64::try_from(value) {
        return visitor.visit_u64(value);
    }
    match i64::try_from(value) {
        Ok(value) => visitor.visit_i64(value),
        Err(_) => visitor.visit_i128(value),
    }
}

pub(super) fn visit_duration<'de, V: Visitor<'de>>(value: std::time::Duration, visitor: V) -> Result_<V::Value> {
    let parts = [value.as_secs(), u64::from(value.subsec_nanos())];
    visitor.visit_seq(SeqDeserializer::new(parts.into_iter()))
}

/// Text of a variable as a list: JSON, or values between commas.
pub(super) fn list_from_text<'de, V: Visitor<'de>>(decoder: Decoder<'_>, text: &str, visitor: V) -> Result_<V::Value> {
    if text.trim_start().starts_with('[') {
        return in_json(decoder, text, |inner| inner.deserialize_seq(visitor));
    }
    let mut builder = crate::document::DocumentBuilder::table("");
    let list = builder.push(Some(crate::document::NodeId::ROOT), crate::document::Kind::Array, Default::default());
    for item in split_list(text)? {
        let node = builder.push(Some(list), crate::document::Kind::Text, Default::default());
        builder.set_scalar(node, item.trim());
    }
    let document = builder.finish();
    self::list(Decoder::new(Raw::Node(&document, list), decoder.context), visitor).map_err(DecodeError::unplaced)
}

#[cfg(feature = "envy")]
fn split_list(text: &str) -> Result_<Vec<String>> {
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    type One = std::collections::BTreeMap<String, Vec<String>>;
    let read: One = envy::from_iter([("list".to_owned(), text.to_owned())])
        .map_err(|error| DecodeError::new(code::TYPE, format!("expected a list: {error}")))?;
    Ok(read.into_values().flatten().collect())
}

#[cfg(not(feature = "envy"))]
fn split_list(text: &str) -> Result_<Vec<String>> {
    Ok(if text.trim().is_empty() { Vec::new() } else { text.split(',').map(str::to_owned).collect() })
}

/// Text of a variable as a map: JSON, or `key=value` between commas.
pub(super) fn map_from_text<'de, V: Visitor<'de>>(decoder: Decoder<'_>, text: &str, visitor: V) -> Result_<V::Value> {
    if text.trim_start().starts_with('{') {
        return in_json(decoder, text, |inner| inner.deserialize_map(visitor));
    }
    let mut builder = crate::document::DocumentBuilder::table("");
    let mut known = crate::document::Index::new();
    for entry in split_list(text)? {
        let Some((key, value)) = entry.split_once('=') else {
            return Err(decoder.mismatch("`key=value` pairs between commas, or JSON"));
        };
        let key = key.trim();
        let root = crate::document::NodeId::ROOT;
        let node = builder.push(Some(root), crate::document::Kind::Text, Default::default());
        if known.insert(key.into(), node).is_some() {
            let message = format!("the key `{}` is set twice", super::error::excerpt(key));
            return Err(DecodeError::new(code::DUPLICATE_KEY, message).at(decoder.raw));
        }
        builder.set_key(node, key, Default::default());
        builder.set_scalar(node, value.trim());
    }
    let document = builder.finish();
    let raw = Raw::Node(&document, crate::document::NodeId::ROOT);
    map(Decoder::new(raw, decoder.context), visitor).map_err(DecodeError::unplaced)
}

/// Text for a type that takes anything: JSON where it is that, otherwise a string.
pub(super) fn untyped<'de, V: Visitor<'de>>(decoder: Decoder<'_>, text: &str, visitor: V) -> Result_<V::Value> {
    if text.trim_start().starts_with(['{', '[']) {
        return in_json(decoder, text, |inner| inner.deserialize_any(visitor));
    }
    if let Ok(value) = crate::text::parse_int(text) {
        return visit_integer(value, visitor);
    }
    if let Ok(value) = crate::text::parse_float(text) {
        return visitor.visit_f64(value);
    }
    match text {
        "true" => visitor.visit_bool(true),
        "false" => visitor.visit_bool(false),
        _ => visitor.visit_str(text),
    }
}

/// Parses the text as JSON and decodes from there.
#[cfg(feature = "json")]
pub(super) fn in_json<T>(decoder: Decoder<'_>, text: &str, read: impl FnOnce(Decoder<'_>) -> Result_<T>) -> Result_<T> {
    let mut faults = Vec::new();
    let document = crate::document::json::parse_value(text, &mut faults);
    if let Some(fault) = faults.first() {
        return Err(DecodeError::new(code::TYPE, format!("not valid JSON: {}", fault.message)).at(decoder.raw));
    }
    let Some(node) = document.first_child(crate::document::NodeId::ROOT) else {
        return Err(decoder.mismatch("JSON"));
    };
    read(Decoder::new(Raw::Node(&document, node), decoder.context)).map_err(DecodeError::unplaced)
}

#[cfg(not(feature = "json"))]
pub(super) fn in_json<T>(
    decoder: Decoder<'_>,
    _text: &str,
    _read: impl FnOnce(Decoder<'_>) -> Result_<T>,
) -> Result_<T> {
    Err(decoder.mismatch("values between commas (JSON text needs the feature `json`)"))
}

/// An enum with data, written as a table of one entry: `{ variant: … }`.
pub(super) fn variant<'de, V: Visitor<'de>>(decoder: Decoder<'_>, visitor: V) -> Result_<V::Value> {
    let mut children = decoder.raw.children();
    match (children.next(), children.next()) {
        (Some((key, raw)), None) => {
            let inner = Decoder::new(raw, decoder.context);
            visitor.visit_enum(Variant { key, inner }).map_err(|error| error.at(decoder.raw))
        }
        _ => Err(decoder.mismatch("a variant's name, or a table with one entry that it names")),
    }
}

struct Variant<'a> {
    key: &'a str,
    inner: Decoder<'a>,
}

impl<'de, 'a> EnumAccess<'de> for Variant<'a> {
    type Error = DecodeError;
    type Variant = Decoder<'a>;

    fn variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result_<(T::Value, Self::Variant)> {
        let name: serde::de::value::StrDeserializer<'_, DecodeError> = self.key.into_deserializer();
        Ok((seed.deserialize(name)?, self.inner))
    }
}

impl<'de> VariantAccess<'de> for Decoder<'_> {
    type Error = DecodeError;

    fn unit_variant(self) -> Result_<()> {
        serde::Deserialize::deserialize(self)
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result_<T::Value> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _len: usize, visitor: V) -> Result_<V::Value> {
        self.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, _fields: &'static [&'static str], visitor: V) -> Result_<V::Value> {
        self.deserialize_map(visitor)
    }
}

/// Asks a list's type for its items' shape.
pub(super) fn probe_list<'de, V: Visitor<'de>>(
    probe: &ShapeProbe,
    context: &DecodeContext<'_>,
    visitor: V,
) -> Result_<V::Value> {
    let inner = ShapeProbe::default();
    let _ = visitor.visit_seq(ProbeItems { probe: &inner, context });
    Err(probe.note_with(LeafKind::List, inner))
}

/// Asks a map's type for its values' shape.
pub(super) fn probe_map<'de, V: Visitor<'de>>(
    probe: &ShapeProbe,
    context: &DecodeContext<'_>,
    visitor: V,
) -> Result_<V::Value> {
    let inner = ShapeProbe::default();
    let _ = visitor.visit_map(MapAccessProbe { probe: &inner, context });
    Err(probe.note_with(LeafKind::Map, inner))
}

struct ProbeItems<'a> {
    probe: &'a ShapeProbe,
    context: &'a DecodeContext<'a>,
}

impl<'de> SeqAccess<'de> for ProbeItems<'_> {
    type Error = DecodeError;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result_<Option<T::Value>> {
        seed.deserialize(Decoder::new(Raw::Probe(self.probe), self.context)).map(Some)
    }
}

struct MapAccessProbe<'a> {
    probe: &'a ShapeProbe,
    context: &'a DecodeContext<'a>,
}

impl<'de> MapAccess<'de> for MapAccessProbe<'_> {
    type Error = DecodeError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result_<Option<K::Value>> {
        // A key that every key type takes: text that is a number as well.
        seed.deserialize(KeyDecoder("0")).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result_<V::Value> {
        seed.deserialize(Decoder::new(Raw::Probe(self.probe), self.context))
    }
}
