//! Reads the bytes of a file in any format.

use std::borrow::Cow;
use std::path::Path;

use super::sink::{ENCODING, FORMAT, Sink, TOO_LARGE, span};
use super::{Document, DocumentBuilder, Fault, MAX_BYTES};

/// How a document is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Toml,
    Yaml,
    /// JSON, with comments.
    Json,
}

impl Format {
    /// The format of a file, by its extension in any case.
    pub(crate) fn of_path(path: &Path) -> Option<Self> {
        const KNOWN: [(&str, Format); 5] = [
            ("toml", Format::Toml),
            ("json", Format::Json),
            ("yaml", Format::Yaml),
            ("yml", Format::Yaml),
            ("jsonc", Format::Json),
        ];
        let extension = path.extension()?;
        KNOWN.iter().find(|(known, _)| extension.eq_ignore_ascii_case(known)).map(|(_, format)| *format)
    }
}

type Parser = fn(Cow<'static, str>, String, &mut Vec<Fault>) -> Document;

/// The format's parser, or the feature that brings it.
fn parser(format: Format) -> Result<Parser, &'static str> {
    match format {
        #[cfg(feature = "toml")]
        Format::Toml => Ok(super::toml::parse),
        #[cfg(not(feature = "toml"))]
        Format::Toml => Err("TOML is not built in; turn on the feature `toml` of strata-config"),
        #[cfg(feature = "yaml")]
        Format::Yaml => Ok(super::yaml::parse),
        #[cfg(not(feature = "yaml"))]
        Format::Yaml => Err("YAML is not built in; turn on the feature `yaml` of strata-config"),
        #[cfg(feature = "json")]
        Format::Json => Ok(super::json::parse),
        #[cfg(not(feature = "json"))]
        Format::Json => Err("JSON is not built in; turn on the feature `json` of strata-config"),
    }
}

/// Reads a document; whatever is wrong with it, or with its encoding, is appended to `faults`.
pub(crate) fn parse(format: Format, name: Cow<'static, str>, bytes: Vec<u8>, faults: &mut Vec<Fault>) -> Document {
    let parser = match parser(format) {
        Ok(parser) => parser,
        Err(message) => {
            Sink::new(faults).push(FORMAT, message, span(0, 0));
            return DocumentBuilder::new(name, String::new()).finish();
        }
    };
    match decode(bytes, &mut Sink::new(faults)) {
        Ok(text) => parser(name, text, faults),
        Err(text) => DocumentBuilder::detached(name, "").attach(text),
    }
}

/// Reads a document that is text already.
pub(crate) fn parse_text(format: Format, name: Cow<'static, str>, text: String, faults: &mut Vec<Fault>) -> Document {
    // Text that is longer than any document, or has a NUL, is refused as bytes are.
    match parser(format) {
        Ok(parser) if text.len() <= MAX_BYTES && !has_nul(text.as_bytes()) => parser(name, text, faults),
        _ => parse(format, name, text.into_bytes(), faults),
    }
}

/// Whether a byte is NUL. Nearly no text has one, so all of it is looked at without a branch, which the compiler does
/// sixteen bytes at a time.
fn has_nul(bytes: &[u8]) -> bool {
    bytes.iter().fold(false, |found, byte| found | (*byte == 0))
}

/// Reads the bytes of a `.env` file, as [`super::dotenv::parse`] reads its text.
pub(crate) fn parse_dotenv(
    name: Cow<'static, str>,
    bytes: Vec<u8>,
    lookup: &dyn Fn(&str) -> Option<String>,
    faults: &mut Vec<Fault>,
) -> Document {
    match decode(bytes, &mut Sink::new(faults)) {
        Ok(text) => super::dotenv::parse(name, text, lookup, faults),
        Err(text) => DocumentBuilder::detached(name, "").attach(text),
    }
}

/// The text of a document; or, when something is wrong with it, what can be shown of it.
pub(super) fn decode(bytes: Vec<u8>, sink: &mut Sink<'_>) -> Result<String, String> {
    if bytes.len() > MAX_BYTES {
        sink.push(TOO_LARGE, "the document is larger than 16 MiB; configuration is smaller", span(0, 0));
        return Err(String::new());
    }
    if let Some(encoding) = other_unicode(&bytes) {
        sink.push(ENCODING, format!("the document is written in {encoding}; save it as UTF-8"), span(0, 0));
        return Err(String::new());
    }
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            // Everything up to the bad bytes keeps its offset, so the place is right in this text too.
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            sink.push(ENCODING, "this is not UTF-8; save the document as UTF-8", span(at, at + '\u{fffd}'.len_utf8()));
            return Err(text);
        }
    };
    match text.find('\0') {
        None => Ok(text),
        Some(at) => {
            sink.push(ENCODING, "a NUL byte has no place in a text; remove it", span(at, at + 1));
            Err(text)
        }
    }
}

/// The Unicode encoding other than UTF-8 that the byte-order mark says.
fn other_unicode(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => Some("UTF-32"),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Some("UTF-16"),
        _ => None,
    }
}
