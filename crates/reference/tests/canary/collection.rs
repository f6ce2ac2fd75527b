//! What was printed: each piece is searched as it comes, and at the end nothing may have shown a marker.

use std::fmt::{Debug, Display};

use serde::Serialize;

use crate::search::Search;

/// Outputs, and which of them show a marker.
#[derive(Debug)]
pub(crate) struct Collection {
    search: Search,
    outputs: usize,
    bytes: usize,
    leaks: Vec<String>,
}

impl Collection {
    pub(crate) fn new(search: Search) -> Self {
        Self { search, outputs: 0, bytes: 0, leaks: Vec::new() }
    }

    /// Takes an output.
    pub(crate) fn take(&mut self, what: impl Display, bytes: impl AsRef<[u8]>) {
        let bytes = bytes.as_ref();
        self.outputs += 1;
        self.bytes += bytes.len();
        if let Some(found) = self.search.find(bytes) {
            let around = &bytes[found.at.saturating_sub(120)..(found.at + 60).min(bytes.len())];
            let (name, form) = (found.name, found.form);
            self.leaks.push(format!("{what} shows `{name}` ({form:?}): …{}…", String::from_utf8_lossy(around)));
        }
    }

    /// Takes a value as `Debug` writes it, in a line and in lines.
    pub(crate) fn debug<T: Debug + ?Sized>(&mut self, what: impl Display, value: &T) {
        self.take(format!("{what}, Debug"), format!("{value:?}"));
        self.take(format!("{what}, Debug in lines"), format!("{value:#?}"));
    }

    /// Takes a value as `Display` and `Debug` write it.
    pub(crate) fn text<T: Debug + Display + ?Sized>(&mut self, what: impl Display, value: &T) {
        self.take(format!("{what}, Display"), value.to_string());
        self.debug(what, value);
    }

    /// Takes a value as JSON, and as `Debug` writes it.
    pub(crate) fn json<T: Debug + Serialize + ?Sized>(&mut self, what: impl Display, value: &T) {
        self.take(format!("{what}, JSON"), serde_json::to_vec(value).expect("it is JSON"));
        self.debug(what, value);
    }

    /// Takes an error with all that stands behind it.
    pub(crate) fn error(&mut self, what: impl Display, error: &dyn std::error::Error) {
        let mut next = Some(error);
        while let Some(error) = next {
            self.text(format!("{what}, error"), error);
            next = error.source();
        }
    }

    /// How many outputs showed a marker.
    pub(crate) fn leaks(&self) -> usize {
        self.leaks.len()
    }

    /// Nothing showed a marker, and there were as many outputs as it takes to say so.
    #[track_caller]
    pub(crate) fn is_silent(&self, least: usize) {
        assert!(
            self.leaks.is_empty(),
            "{} of {} outputs:\n{}",
            self.leaks.len(),
            self.outputs,
            self.leaks.join("\n\n")
        );
        assert!(self.outputs >= least, "{} outputs were collected, and {least} would show something", self.outputs);
        assert!(self.bytes >= 16 * least, "the {} outputs are almost empty: {} bytes", self.outputs, self.bytes);
    }
}
