//! Puts the parser's errors into words, without quoting the document, and drops those that are consequences.

use std::cell::RefCell;

use toml_parser::{ErrorSink, Expected, ParseError};

use super::super::Span;
use super::super::sink::{SYNTAX, Sink, span};
use super::keys::is_bare;

/// What the parser and the reader report, in the order of the text.
pub(super) struct Errors<'t, 'f> {
    text: &'t str,
    sink: Sink<'f>,
    /// Where the last syntax error was: one a line is enough.
    last: Option<usize>,
    /// The inline table in which a comma was missing: it is probably not closed, and once is enough.
    comma: Option<usize>,
    /// The line on which to go on, after a list that is not closed.
    resume: Option<usize>,
    stopped: bool,
}

impl<'t, 'f> Errors<'t, 'f> {
    pub(super) fn new(text: &'t str, sink: Sink<'f>) -> Self {
        Self { text, sink, last: None, comma: None, resume: None, stopped: false }
    }

    pub(super) fn quiet(&self) -> bool {
        self.stopped || self.resume.is_some()
    }

    /// The byte at which to go on, if the parser is to start again.
    pub(super) fn resume(&mut self) -> Option<usize> {
        self.resume.take().filter(|_| !self.stopped)
    }

    /// Records a fault of the reader's.
    pub(super) fn sink(&mut self, report: impl FnOnce(&mut Sink<'f>)) {
        if !self.quiet() {
            report(&mut self.sink);
            self.stopped = self.sink.is_full();
        }
    }

    /// Records a fault after which nothing is read.
    pub(super) fn last(&mut self, report: impl FnOnce(&mut Sink<'f>)) {
        self.sink(report);
        self.stopped = true;
    }

    /// Records a syntax error, unless it is the second one of its line.
    pub(super) fn syntax(&mut self, message: impl Into<String>, place: Span) {
        let start = place.start as usize;
        let same_line = self.last.is_some_and(|last| {
            let (from, to) = (last.min(start), last.max(start));
            !self.text.as_bytes()[from..to].contains(&b'\n')
        });
        if same_line {
            // The bytes between are not searched again: a line may have an error at each of them.
            self.last = self.last.max(Some(start));
        }
        if !same_line && !self.quiet() {
            self.last = Some(start);
            self.sink(|sink| sink.push(SYNTAX, message, place));
        }
    }

    /// Whether there was a syntax error at this byte or after it.
    pub(super) fn since(&self, at: usize) -> bool {
        self.last.is_some_and(|last| last >= at)
    }

    /// Whether what stands at `at`, in the list opened at `open`, begins a `key = value` line: then the list is not
    /// closed, which is recorded, and the parser starts again there.
    pub(super) fn unclosed_list(&mut self, open: usize, at: usize) -> bool {
        let before = self.text[..at].trim_end_matches([' ', '\t']);
        if !before.ends_with('\n') {
            return false;
        }
        let line = before.len();
        let rest = self.text[at..].lines().next().unwrap_or_default();
        let key = rest.find('=').map(|end| rest[..end].trim());
        let is_key = |key: &str| {
            !key.is_empty() && key.bytes().all(|byte| is_bare(byte) || matches!(byte, b'.' | b'"' | b'\'' | b' '))
        };
        if line <= open || !key.is_some_and(is_key) {
            return false;
        }
        self.syntax("this list is not closed; add its `]`", span(open, open + 1));
        self.resume = Some(line);
        true
    }
}

/// The parser's way to the errors, which the reader shares.
pub(super) struct Shared<'e, 't, 'f>(pub(super) &'e RefCell<Errors<'t, 'f>>);

impl ErrorSink for Shared<'_, '_, '_> {
    fn report_error(&mut self, error: ParseError) {
        let mut errors = self.0.borrow_mut();
        if errors.quiet() {
            return;
        }
        let (context, at) =
            (error.context().unwrap_or_default().start(), error.unexpected().unwrap_or_default().start());
        match error.description() {
            "missing comma between array elements" if errors.unclosed_list(context, at) => return,
            "missing comma between key-value pairs" if errors.comma.replace(context) == Some(context) => return,
            _ => {}
        }
        let (message, place) = describe(&error, errors.text);
        errors.syntax(message, place);
    }
}

/// The message and the place of an error.
pub(super) fn describe(error: &ParseError, text: &str) -> (String, Span) {
    let mut message = error.description().to_owned();
    let range = |range: toml_parser::Span| span(range.start().min(text.len()), range.end().min(text.len()));
    if let (Some(context), Some(at)) = (error.context(), error.unexpected())
        && message.ends_with("string")
        && at.is_empty()
        && at.end() == context.end()
    {
        return ("this text is not closed; add its quote".to_owned(), range(context.before()));
    }
    let unclosed = message.starts_with("unclosed");
    let place = if unclosed { error.context().or(error.unexpected()) } else { error.unexpected().or(error.context()) };
    let place = place.unwrap_or_default();
    for (index, expected) in error.expected().unwrap_or_default().iter().enumerate() {
        message.push_str(if index == 0 { "; expected " } else { " or " });
        match expected {
            Expected::Literal("\n") => message.push_str("a line break"),
            Expected::Literal(literal) => message.extend(["`", literal, "`"]),
            Expected::Description(description) => message.push_str(description),
            _ => message.push_str("something else"),
        }
    }
    let message = match error.description() {
        "string values must be quoted" => "this is no value; text stands in quotes".to_owned(),
        _ => message,
    };
    (message, range(place))
}
