//! Typed values to documents: a serde `Serializer` into the arena.

use serde::ser::{self, Serialize, Serializer};

use crate::document::{Document, DocumentBuilder, Kind, NodeId, Span};
use crate::secret;
use crate::text;

/// The value as a document; secrets are in it as they are, so the document must not be shown without its schema.
///
/// A value that its `Serialize` refuses to write, or that no document can hold, becomes null.
pub(crate) fn to_document<T: Serialize + ?Sized>(value: &T) -> Document {
    let mut builder = DocumentBuilder::new("", String::new());
    let written = secret::revealed(|| value.serialize(Encoder { builder: &mut builder, parent: None, key: None }));
    if written.is_err() {
        builder = DocumentBuilder::new("", String::new());
        builder.push(None, Kind::Null, Span::default());
    }
    builder.finish()
}

struct Encoder<'a> {
    builder: &'a mut DocumentBuilder,
    parent: Option<NodeId>,
    key: Option<&'a str>,
}

/// Why a value cannot be written.
#[derive(Debug)]
pub(crate) struct EncodeError(String);

impl std::fmt::Display for EncodeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for EncodeError {}

impl ser::Error for EncodeError {
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

impl<'a> Encoder<'a> {
    fn push(self, kind: Kind) -> (&'a mut DocumentBuilder, NodeId) {
        let node = self.builder.push(self.parent, kind, Span::default());
        if let Some(key) = self.key {
            self.builder.set_key(node, key, Span::default());
        }
        (self.builder, node)
    }

    fn scalar(self, kind: Kind, text: &str) -> Result<(), EncodeError> {
        let (builder, node) = self.push(kind);
        builder.set_scalar(node, text);
        Ok(())
    }

    fn container(self, kind: Kind) -> Container<'a> {
        let (builder, node) = self.push(kind);
        Container { builder, node, key: String::new(), duration: false }
    }

    fn variant(self, variant: &'static str, kind: Kind) -> Container<'a> {
        let (builder, outer) = self.push(Kind::Table);
        Encoder { builder, parent: Some(outer), key: Some(variant) }.container(kind)
    }
}

macro_rules! integers {
    ($($method:ident $type:ty;)*) => {$(
        fn $method(self, value: $type) -> Result<(), EncodeError> {
            self.scalar(Kind::Integer, &value.to_string())
        }
    )*};
}

impl<'a> Serializer for Encoder<'a> {
    type Ok = ();
    type Error = EncodeError;
    type SerializeSeq = Container<'a>;
    type SerializeTuple = Container<'a>;
    type SerializeTupleStruct = Container<'a>;
    type SerializeTupleVariant = Container<'a>;
    type SerializeMap = Container<'a>;
    type SerializeStruct = Container<'a>;
    type SerializeStructVariant = Container<'a>;

    integers! {
        serialize_i8 i8; serialize_i16 i16; serialize_i32 i32; serialize_i64 i64; serialize_i128 i128;
        serialize_u8 u8; serialize_u16 u16; serialize_u32 u32; serialize_u64 u64; serialize_u128 u128;
    }

    fn serialize_bool(self, value: bool) -> Result<(), EncodeError> {
        self.scalar(Kind::Bool, if value { "true" } else { "false" })
    }

    fn serialize_f32(self, value: f32) -> Result<(), EncodeError> {
        self.scalar(Kind::Float, &format!("{value:?}"))
    }

    fn serialize_f64(self, value: f64) -> Result<(), EncodeError> {
        self.scalar(Kind::Float, &format!("{value:?}"))
    }

    fn serialize_char(self, value: char) -> Result<(), EncodeError> {
        self.scalar(Kind::String, value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<(), EncodeError> {
        self.scalar(Kind::String, value)
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), EncodeError> {
        let mut list = self.container(Kind::Array);
        value.iter().try_for_each(|byte| list.item(byte))
    }

    fn serialize_none(self) -> Result<(), EncodeError> {
        self.scalar(Kind::Null, "")
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), EncodeError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), EncodeError> {
        self.serialize_none()
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<(), EncodeError> {
        self.serialize_none()
    }

    fn serialize_unit_variant(self, _name: &'static str, _: u32, variant: &'static str) -> Result<(), EncodeError> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        value: &T,
    ) -> Result<(), EncodeError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), EncodeError> {
        let (builder, outer) = self.push(Kind::Table);
        value.serialize(Encoder { builder, parent: Some(outer), key: Some(variant) })
    }

    fn serialize_seq(self, _len: Option<usize>) -> Result<Container<'a>, EncodeError> {
        Ok(self.container(Kind::Array))
    }

    fn serialize_tuple(self, _len: usize) -> Result<Container<'a>, EncodeError> {
        Ok(self.container(Kind::Array))
    }

    fn serialize_tuple_struct(self, _name: &'static str, _len: usize) -> Result<Container<'a>, EncodeError> {
        Ok(self.container(Kind::Array))
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _: u32,
        variant: &'static str,
        _len: usize,
    ) -> Result<Container<'a>, EncodeError> {
        Ok(self.variant(variant, Kind::Array))
    }

    fn serialize_map(self, _len: Option<usize>) -> Result<Container<'a>, EncodeError> {
        Ok(self.container(Kind::Table))
    }

    fn serialize_struct(self, name: &'static str, len: usize) -> Result<Container<'a>, EncodeError> {
        let mut container = self.container(Kind::Table);
        container.duration = name == "Duration" && len == 2;
        Ok(container)
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _: u32,
        variant: &'static str,
        _len: usize,
    ) -> Result<Container<'a>, EncodeError> {
        Ok(self.variant(variant, Kind::Table))
    }
}

struct Container<'a> {
    builder: &'a mut DocumentBuilder,
    node: NodeId,
    key: String,
    /// The standard library's Duration, which is written as text.
    duration: bool,
}

impl Container<'_> {
    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), EncodeError> {
        value.serialize(Encoder { builder: self.builder, parent: Some(self.node), key: None })
    }

    fn entry<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) -> Result<(), EncodeError> {
        value.serialize(Encoder { builder: self.builder, parent: Some(self.node), key: Some(key) })
    }

    fn finish(self) {
        if !self.duration {
            return;
        }
        let document = self.builder.peek();
        let part = |key| document.get(self.node, key).and_then(|node| document.scalar(node).parse::<u64>().ok());
        if let (Some(seconds), Some(nanos)) = (part("secs"), part("nanos")) {
            let duration = std::time::Duration::new(seconds, u32::try_from(nanos).unwrap_or(0));
            self.builder.make_scalar(self.node, Kind::String, &text::format_duration(duration));
        }
    }
}

macro_rules! sequences {
    ($($trait:ident $method:ident;)*) => {$(
        impl ser::$trait for Container<'_> {
            type Ok = ();
            type Error = EncodeError;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), EncodeError> {
                self.item(value)
            }

            fn end(self) -> Result<(), EncodeError> {
                Ok(())
            }
        }
    )*};
}

sequences! {
    SerializeSeq serialize_element;
    SerializeTuple serialize_element;
    SerializeTupleStruct serialize_field;
    SerializeTupleVariant serialize_field;
}

macro_rules! structs {
    ($($trait:ident)*) => {$(
        impl ser::$trait for Container<'_> {
            type Ok = ();
            type Error = EncodeError;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), EncodeError> {
                self.entry(key, value)
            }

            fn end(self) -> Result<(), EncodeError> {
                self.finish();
                Ok(())
            }
        }
    )*};
}

structs! { SerializeStruct SerializeStructVariant }

impl ser::SerializeMap for Container<'_> {
    type Ok = ();
    type Error = EncodeError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), EncodeError> {
        // A key is any type that writes one scalar.
        let document = to_document(key);
        match document.kind(NodeId::ROOT) {
            Kind::Array | Kind::Table | Kind::Null => Err(ser::Error::custom("a map's key must be text or a number")),
            _ => {
                document.scalar(NodeId::ROOT).clone_into(&mut self.key);
                Ok(())
            }
        }
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), EncodeError> {
        let key = std::mem::take(&mut self.key);
        self.entry(&key, value)
    }

    fn end(self) -> Result<(), EncodeError> {
        Ok(())
    }
}
