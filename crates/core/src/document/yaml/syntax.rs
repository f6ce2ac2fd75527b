//! The parser's places and errors, in our terms.

use granit_parser::{ErrorKind, Marker, ScanError};

use super::super::Span;
use super::super::sink::{SYNTAX, span};
use super::{Reader, Stop};

impl Reader<'_, '_> {
    pub(super) fn place(&self, place: &granit_parser::Span) -> Span {
        let (start, end) = (self.byte(place.start), self.byte(place.end));
        span(start, end.max(start))
    }

    fn byte(&self, marker: Marker) -> usize {
        (self.base + marker.byte_offset().unwrap_or_default()).min(self.text.len())
    }

    /// Records the error that ended the parser; without the characters it may quote.
    pub(super) fn error(&mut self, error: &ScanError) -> Result<(), Stop> {
        let at = self.byte(*error.marker());
        let place = span(at, at);
        match error.kind() {
            ErrorKind::RecursionLimitExceeded => self.sink.too_deep(place),
            kind => {
                let message = kind.to_string();
                let message = message.split(": `").next().unwrap_or_default();
                self.sink.push(SYNTAX, message, place);
            }
        }
        Err(Stop)
    }
}
