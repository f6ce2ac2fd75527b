//! Colours, and values as one line of a terminal.

use std::fmt::Write;

use strata_config_core::{Explained, LayerKind, Origin, Value};

/// Colours, or none.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Paint(pub(crate) bool);

impl Paint {
    pub(crate) fn bold(self, text: &str) -> String {
        self.with("1", text)
    }

    pub(crate) fn dim(self, text: &str) -> String {
        self.with("2", text)
    }

    pub(super) fn green(self, text: &str) -> String {
        self.with("32", text)
    }

    pub(super) fn red(self, text: &str) -> String {
        self.with("31", text)
    }

    fn with(self, code: &str, text: &str) -> String {
        if self.0 && !text.is_empty() { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

/// A value in one line, with nothing in it that moves a cursor.
pub(crate) fn printable(value: &Value) -> String {
    match value {
        Value::String(text) if text.is_empty() => "\"\"".to_owned(),
        value => escaped(&value.to_text()),
    }
}

/// A text without control characters.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        if char.is_control() {
            // Writing to a string cannot fail.
            let _ = write!(out, "{}", char.escape_default());
        } else {
            out.push(char);
        }
    }
    out
}

/// An origin in a few words.
pub(crate) fn place(origin: &Origin) -> String {
    match origin.layer {
        LayerKind::Default => "default".to_owned(),
        _ => escaped(&origin.describe()),
    }
}

/// A value's origin in a few words; `None` where it is required and missing.
pub(super) fn place_of(value: &Explained) -> Option<String> {
    value.origin.as_ref().map(place)
}
