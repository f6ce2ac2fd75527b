//! Collects what is wrong with one document, up to a limit that keeps a report readable.

use super::{Fault, Span};

/// The most faults that one document reports; the rest are mostly consequences.
pub(super) const MAX_FAULTS: usize = 20;

pub(super) const SYNTAX: &str = "document.syntax";
pub(super) const DUPLICATE_KEY: &str = "document.duplicate_key";
pub(super) const TOO_DEEP: &str = "document.too_deep";
pub(super) const TOO_LARGE: &str = "document.too_large";
pub(super) const ENCODING: &str = "document.encoding";
pub(super) const FORMAT: &str = "document.format";
pub(super) const EXPANSION: &str = "env.expansion";

/// The faults of one document, appended to those of others.
pub(super) struct Sink<'a> {
    faults: &'a mut Vec<Fault>,
    start: usize,
}

impl<'a> Sink<'a> {
    pub(super) fn new(faults: &'a mut Vec<Fault>) -> Self {
        let start = faults.len();
        Self { faults, start }
    }

    /// Records a fault, unless the limit is reached.
    #[cold]
    pub(super) fn push(&mut self, code: &'static str, message: impl Into<String>, span: Span) {
        self.add(Fault { code, message: message.into(), span, related: None });
    }

    /// Records a key that was set before, at `first`.
    #[cold]
    pub(super) fn duplicate(&mut self, second: Span, first: Span) {
        let message = "this key is already set above; keep one of the two".to_owned();
        self.add(Fault { code: DUPLICATE_KEY, message, span: second, related: Some(first) });
    }

    /// Records a fault that another place has a part in.
    #[cold]
    pub(super) fn related(&mut self, code: &'static str, message: &str, span: Span, related: Span) {
        self.add(Fault { code, message: message.to_owned(), span, related: Some(related) });
    }

    /// Records a document of more nodes than [`super::MAX_NODES`].
    #[cold]
    pub(super) fn too_many_nodes(&mut self, span: Span) {
        self.push(TOO_LARGE, "the document has more than a million values; split it", span);
    }

    /// Records tables or lists nested beyond [`super::MAX_DEPTH`].
    #[cold]
    pub(super) fn too_deep(&mut self, span: Span) {
        self.push(TOO_DEEP, "tables and lists are nested more than 128 deep here; flatten them", span);
    }

    /// Whether any more would be dropped, so that the parser may stop.
    pub(super) fn is_full(&self) -> bool {
        self.count() >= MAX_FAULTS
    }

    /// How many faults there are.
    pub(super) fn count(&self) -> usize {
        self.faults.len() - self.start
    }

    fn add(&mut self, fault: Fault) {
        if !self.is_full() {
            self.faults.push(fault);
        }
    }
}

/// The span of two byte offsets; documents are bounded well below 4 GB.
pub(super) fn span(start: usize, end: usize) -> Span {
    Span { start: start as u32, end: end as u32 }
}

/// The span of a text that its decoder borrowed from the source; `None` for one in memory of its own.
#[cfg(any(feature = "toml", feature = "yaml"))]
pub(super) fn span_within(source: &str, text: &str) -> Option<Span> {
    let start = (text.as_ptr() as usize).checked_sub(source.as_ptr() as usize)?;
    let within = !text.is_empty() && source.get(start..start + text.len()) == Some(text);
    within.then(|| span(start, start + text.len()))
}
