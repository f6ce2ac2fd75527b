//! The parsers by themselves, for this repository's fuzz targets alone: what a load reads, before a schema sees it.

use crate::document::{self, Document, Span, open};

/// How a document is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// TOML.
    Toml,
    /// YAML.
    Yaml,
    /// JSON, with comments.
    Json,
}

/// What is wrong with a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// One of [`crate::report::code`]'s `document.*` codes.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// Where.
    pub span: Span,
    /// The other place, for a duplicate.
    pub related: Option<Span>,
}

/// A document, and what is wrong with it.
pub type Read = (Document, Vec<Fault>);

/// Reads the bytes of a file.
#[must_use]
pub fn read(format: Format, bytes: &[u8]) -> Read {
    let format = match format {
        Format::Toml => open::Format::Toml,
        Format::Yaml => open::Format::Yaml,
        Format::Json => open::Format::Json,
    };
    faults(|found| open::parse(format, "fuzz".into(), bytes.to_vec(), found))
}

/// Reads the bytes of a `.env` file, with `lookup` as its environment.
pub fn read_dotenv(bytes: &[u8], lookup: &dyn Fn(&str) -> Option<String>) -> Read {
    faults(|found| open::parse_dotenv("fuzz".into(), bytes.to_vec(), lookup, found))
}

/// Reads a TOML document that the fast path knows to be plain.
#[cfg(feature = "toml")]
#[must_use]
pub fn read_plain_toml(text: &str) -> Option<Document> {
    document::toml::parse_plain("fuzz".into(), text.to_owned()).ok()
}

/// Reads a TOML document without the fast path.
#[cfg(feature = "toml")]
#[must_use]
pub fn read_any_toml(text: &str) -> Read {
    faults(|found| document::toml::parse_any("fuzz".into(), text.to_owned(), found))
}

fn faults(parse: impl FnOnce(&mut Vec<document::Fault>) -> Document) -> Read {
    let mut found = Vec::new();
    let document = parse(&mut found);
    let public = |document::Fault { code, message, span, related }| Fault { code, message, span, related };
    (document, found.into_iter().map(public).collect())
}
