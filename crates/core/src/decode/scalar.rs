//! Scalars as types ask for them: the usual ones from their bytes, all others by the grammar of text.

use super::error::excerpt;
use super::{DecodeError, Decoder, Result_};
use crate::leaf::LeafKind;
use crate::raw::View;
use crate::report::code;
use crate::text::{self, NumberError};

impl<'a> Decoder<'a> {
    #[inline]
    pub(super) fn integer(self, min: i128, max: i128) -> Result_<i128> {
        match self.raw.digits().map(i128::from) {
            Some(value) if value <= max => Ok(value),
            _ => self.odd_integer(min, max),
        }
    }

    #[cold]
    fn odd_integer(self, min: i128, max: i128) -> Result_<i128> {
        self.asked(LeafKind::Integer { min, max })?;
        let parsed = match self.view() {
            View::Int(value) => Ok(value),
            View::Integer(text) | View::Text(text) | View::Plain(text) => text::parse_int(text),
            _ => Err(NumberError::Syntax),
        };
        match parsed {
            Ok(value) if (min..=max).contains(&value) => Ok(value),
            Ok(_) | Err(NumberError::Overflow) => {
                Err(DecodeError::new(code::OVERFLOW, self.overflow(min, max)).at(self.raw))
            }
            Err(NumberError::Syntax) => Err(self.mismatch("an integer")),
        }
    }

    fn overflow(self, min: i128, max: i128) -> String {
        let found = match self.view() {
            View::Int(value) => value.to_string(),
            View::Integer(text) | View::Text(text) | View::Plain(text) => excerpt(text),
            _ => String::new(),
        };
        format!("`{found}` is out of range: the type holds {min} to {max}")
    }

    #[inline]
    pub(super) fn float(self) -> Result_<f64> {
        self.raw.decimal().map_or_else(|| self.odd_float(), Ok)
    }

    #[cold]
    fn odd_float(self) -> Result_<f64> {
        self.asked(LeafKind::Number)?;
        let parsed = match self.view() {
            View::Int(value) => Ok(value as f64),
            View::Number(value) => Ok(value),
            View::Integer(text) | View::Float(text) | View::Text(text) | View::Plain(text) => text::parse_float(text),
            _ => Err(NumberError::Syntax),
        };
        parsed.map_err(|error| match error {
            NumberError::Syntax => self.mismatch("a number"),
            NumberError::Overflow => DecodeError::new(code::OVERFLOW, "the number is too large").at(self.raw),
        })
    }

    #[inline]
    pub(super) fn boolean(self) -> Result_<bool> {
        self.raw.boolean().map_or_else(|| self.odd_boolean(), Ok)
    }

    #[cold]
    fn odd_boolean(self) -> Result_<bool> {
        self.asked(LeafKind::Boolean)?;
        match self.view() {
            View::Bool(value) => Ok(value),
            View::Text(text) => {
                text::parse_bool(text).ok_or_else(|| self.mismatch("a boolean (true/false, yes/no, on/off, 1/0)"))
            }
            View::Plain("true" | "True" | "TRUE") => Ok(true),
            View::Plain("false" | "False" | "FALSE") => Ok(false),
            _ => Err(self.mismatch("true or false")),
        }
    }

    pub(super) fn string(self) -> Result_<&'a str> {
        self.asked(LeafKind::String)?;
        match self.view() {
            View::Str(text) | View::Text(text) | View::Plain(text) | View::Datetime(text) => Ok(text),
            _ => Err(self.mismatch("a string")),
        }
    }

    /// The string as a path below the folder of the file that named it.
    pub(super) fn based(self, text: &str) -> Option<String> {
        let base = self.context.base?;
        (!text.is_empty() && !std::path::Path::new(text).is_absolute())
            .then(|| std::path::Path::new(base).join(text).to_string_lossy().into_owned())
    }

    pub(super) fn duration(self) -> Result_<std::time::Duration> {
        self.asked(LeafKind::Duration)?;
        let parsed = match self.view() {
            View::Integer(text) | View::Float(text) | View::Str(text) | View::Text(text) | View::Plain(text) => {
                text::parse_duration(text, self.context.unit)
            }
            View::Int(value) => text::parse_duration(&value.to_string(), self.context.unit),
            View::Number(value) => text::parse_duration(&value.to_string(), self.context.unit),
            _ => None,
        };
        parsed.ok_or_else(|| self.mismatch("a duration such as `30s`, `5m` or `1h30m`"))
    }

    pub(super) fn size(self) -> Result_<u64> {
        self.asked(LeafKind::Size)?;
        let parsed = match self.view() {
            View::Integer(text) | View::Float(text) | View::Str(text) | View::Text(text) | View::Plain(text) => {
                text::parse_size(text, self.context.unit)
            }
            View::Int(value) => text::parse_size(&value.to_string(), self.context.unit),
            _ => None,
        };
        parsed.ok_or_else(|| self.mismatch("a size such as `256MB`, `1GiB` or a number of bytes"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::decode::DecodeContext;
    use crate::document::{Document, DocumentBuilder, Kind, NodeId, Span};
    use crate::raw::Raw;

    fn scalar(kind: Kind, text: &str) -> Document {
        let mut builder = DocumentBuilder::new("", String::new());
        let node = builder.push(None, kind, Span::default());
        builder.set_scalar(node, text);
        builder.finish()
    }

    proptest! {
        /// What is read from its bytes is what the grammar reads, too.
        #[test]
        fn the_usual_scalars_are_read_as_all_others(
            kind in prop::sample::select(vec![Kind::Bool, Kind::Integer, Kind::Float, Kind::String, Kind::Text, Kind::Plain]),
            text in "true|false|[0-9]{1,20}|[0-9]{0,9}[.][0-9]{0,9}|[ 0-9a-fx_.+-]{0,6}",
        ) {
            let text = if kind == Kind::Bool && text != "true" { "false" } else { &text };
            let document = scalar(kind, text);
            let context = DecodeContext::default();
            let decoder = Decoder::new(Raw::Node(&document, NodeId::ROOT), &context);
            let bounds = (i128::from(i64::MIN), i128::from(i64::MAX));
            prop_assert_eq!(decoder.integer(bounds.0, bounds.1).ok(), decoder.odd_integer(bounds.0, bounds.1).ok());
            prop_assert_eq!(decoder.float().ok(), decoder.odd_float().ok());
            prop_assert_eq!(decoder.boolean().ok(), decoder.odd_boolean().ok());
        }
    }
}
