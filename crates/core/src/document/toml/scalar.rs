//! Decides the kind of a scalar and checks that it is well written.

use std::borrow::Cow;

use toml_parser::decoder::{Encoding, ScalarKind};
use toml_parser::{ErrorSink, Raw, Span as Range};

use super::super::Kind;
use super::super::bytes::plain_length;
use super::super::sink::{span, span_within};
use super::{Reader, datetime};

impl<'t> Reader<'t, '_, '_> {
    pub(super) fn scalar_value(&mut self, at: Range, encoding: Option<Encoding>, error: &mut dyn ErrorSink) {
        let place = span(at.start(), at.end());
        let written = &self.text[at.start()..at.end()];
        if written.is_empty() {
            self.syntax("a value is missing here", place);
            self.slot = None;
            return;
        }
        if let Some(kind) = plain_kind(written, encoding) {
            let node = self.value(kind, place);
            let quotes = u32::from(kind == Kind::String);
            self.builder.set_scalar_span(node, super::Span { start: place.start + quotes, end: place.end - quotes });
            return;
        }
        let in_list = self.open.last().filter(|open| open.table.is_none());
        if let (None, Some(list)) = (encoding, in_list)
            && self.errors.borrow_mut().unclosed_list(list.start, at.start())
        {
            return;
        }
        let mut text: Cow<'t, str> = Cow::Borrowed("");
        let found = Raw::new_unchecked(written, encoding, at).decode_scalar(&mut text, error);
        let kind = match found {
            ScalarKind::String => Kind::String,
            ScalarKind::Boolean(_) => Kind::Bool,
            // The decoder lets some through that have no digits.
            ScalarKind::Integer(radix) => {
                let digits = text.strip_prefix(['+', '-']).unwrap_or(&text);
                if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix.value())) {
                    self.syntax("this is not a number; text stands in quotes", place);
                }
                Kind::Integer
            }
            ScalarKind::Float => {
                if text.parse::<f64>().is_err() {
                    self.syntax("this is not a number; text stands in quotes", place);
                }
                Kind::Float
            }
            ScalarKind::DateTime => {
                if let Err(message) = datetime::check(written) {
                    self.syntax(message, place);
                }
                Kind::Datetime
            }
        };
        let node = self.value(kind, place);
        match (kind, span_within(self.text, &text)) {
            (Kind::String, Some(inner)) => self.builder.set_scalar_span(node, inner),
            (Kind::String, None) => self.builder.set_scalar(node, &text),
            // As it is written, it would only be wrong once more.
            _ if !text.is_empty() && self.errors.borrow().since(at.start()) => self.builder.set_scalar(node, &text),
            // Numbers and dates are kept as they are written.
            _ => self.builder.set_scalar_span(node, place),
        }
    }
}

/// The kind of the scalars that need no decoding: most strings, small numbers, booleans.
#[inline]
fn plain_kind(written: &str, encoding: Option<Encoding>) -> Option<Kind> {
    let bytes = written.as_bytes();
    match encoding {
        Some(Encoding::BasicString) => {
            let inner = bytes.get(1..)?;
            let end = plain_length(inner);
            (end + 1 == inner.len() && inner[end] == b'"' && !inner.contains(&0x7f)).then_some(Kind::String)
        }
        Some(_) => None,
        None if written == "true" || written == "false" => Some(Kind::Bool),
        None => {
            let whole = bytes.iter().all(u8::is_ascii_digit) && (bytes[0] != b'0' || bytes.len() == 1);
            whole.then_some(Kind::Integer)
        }
    }
}
