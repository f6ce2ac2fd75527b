//! What a value's decoding can fail with.

use std::fmt;

use serde::de::{Error, Expected, Unexpected};

use crate::document::NodeId;
use crate::problems::{self, Heard, Problem};
use crate::raw::Raw;
use crate::report::code;
use crate::text;

/// Why a value does not fit its type, and where inside the value.
#[derive(Debug, Clone)]
pub struct DecodeError(Option<Box<Inner>>);

#[derive(Debug, Clone)]
struct Inner {
    code: &'static str,
    message: String,
    help: Option<String>,
    node: Option<NodeId>,
    /// Whether the place is settled (also where it is no node).
    placed: bool,
    /// Whether the key of the place is meant.
    at_key: bool,
    /// Keys from the value down to the place, innermost first.
    path: Vec<String>,
    /// What the type itself found, each with its place below that.
    heard: Heard,
}

impl Inner {
    const fn new(code: &'static str, message: String) -> Self {
        Self {
            code,
            message,
            help: None,
            node: None,
            placed: false,
            at_key: false,
            path: Vec::new(),
            heard: Heard::NOTHING,
        }
    }
}

/// What an error without contents says.
static NOTHING: Inner = Inner::new(code::INVALID, String::new());

impl DecodeError {
    #[cold]
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self(Some(Box::new(Inner::new(code, message.into()))))
    }

    /// What a type says, which may be more than the text.
    #[cold]
    fn heard(message: &dyn fmt::Display) -> Self {
        let (text, heard) = problems::listen(message);
        Self::new(code::INVALID, text).with(|inner| inner.heard = heard)
    }

    /// Ends a decoding that is no failure: nobody reads it, so it costs nothing.
    pub(crate) const fn end() -> Self {
        Self(None)
    }

    fn inner(&self) -> &Inner {
        self.0.as_deref().unwrap_or(&NOTHING)
    }

    /// The same, changed.
    #[cold]
    fn with(mut self, change: impl FnOnce(&mut Inner)) -> Self {
        if let Some(inner) = &mut self.0 {
            change(inner);
        }
        self
    }

    pub(crate) fn code(&self) -> &'static str {
        self.inner().code
    }

    pub(crate) fn message(&self) -> &str {
        &self.inner().message
    }

    pub(crate) fn help(&self) -> Option<&str> {
        self.inner().help.as_deref()
    }

    pub(crate) fn node(&self) -> Option<NodeId> {
        self.inner().node
    }

    /// Keys from the value down to the place, outermost first.
    pub(crate) fn path(&self) -> impl Iterator<Item = &str> {
        self.inner().path.iter().rev().map(String::as_str)
    }

    /// What the type itself found wrong, each with its place below the path; empty where serde alone speaks.
    pub(crate) fn problems(&self) -> &[Problem] {
        &self.inner().heard.problems
    }

    /// The value counts, once its warnings were told.
    pub(crate) fn only_warns(&self) -> bool {
        self.inner().heard.asked
    }

    pub(crate) fn with_help(self, help: impl Into<String>) -> Self {
        self.with(|inner| inner.help = Some(help.into()))
    }

    /// The innermost place wins: what is placed already stays.
    pub(crate) fn at(self, raw: Raw<'_>) -> Self {
        self.with(|inner| {
            if !inner.placed {
                inner.placed = true;
                inner.node = raw.node();
            }
        })
    }

    /// As [`at`](Self::at), where what is wrong is the key and not what stands under it.
    pub(crate) fn at_key(self, raw: Raw<'_>) -> Self {
        let is_placed = self.inner().placed;
        self.at(raw).with(|inner| inner.at_key |= !is_placed)
    }

    /// Whether the key of its place is meant.
    pub(crate) fn is_at_key(&self) -> bool {
        self.inner().at_key
    }

    /// One step out: the key or item number under which the failing value stands.
    pub(crate) fn under(self, segment: &str) -> Self {
        self.with(|inner| inner.path.push(segment.to_owned()))
    }

    /// The place belongs to another document (JSON inside a variable), so only the path stays.
    pub(crate) fn unplaced(self) -> Self {
        self.with(|inner| {
            inner.node = None;
            inner.placed = true;
        })
    }

    /// Says only that it is wrong: the value is a secret.
    pub(crate) fn withhold(self) -> Self {
        // What is said of a reference never holds what it leads to.
        if self.inner().code.starts_with("secret.") {
            return self;
        }
        self.with(|inner| {
            inner.message = match inner.code {
                _ if inner.heard.asked => "the secret is questionable (its value is withheld)".to_owned(),
                code::NULL => "the secret is null".to_owned(),
                code::TYPE => "the secret has the wrong type (its value is withheld)".to_owned(),
                _ => "the secret is not valid (its value is withheld)".to_owned(),
            };
            inner.help = None;
            inner.path.clear();
            if inner.heard.asked {
                inner.code = code::QUESTIONABLE;
            }
            inner.heard.problems.clear();
        })
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

impl std::error::Error for DecodeError {}

impl Error for DecodeError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::heard(&message)
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(code::TYPE, format!("expected {expected}, found {unexpected}"))
    }

    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(code::INVALID, format!("expected {expected}, found {unexpected}"))
    }

    fn invalid_length(length: usize, expected: &dyn Expected) -> Self {
        Self::new(code::INVALID, format!("expected {expected}, found {length} items"))
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        unknown_choice(variant, expected)
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        let error = Self::new(code::UNKNOWN_KEY, format!("unknown key `{field}`"));
        match text::nearest(field, expected.iter().copied()) {
            Some(name) => error.with_help(format!("did you mean `{name}`?")),
            None => error.with_help(format!("known keys: {}", expected.join(", "))),
        }
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new(code::MISSING, format!("`{field}` is missing"))
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::new(code::DUPLICATE_KEY, format!("`{field}` is set twice"))
    }
}

/// The error for a name that no choice has.
pub(crate) fn unknown_choice(found: &str, known: &[&str]) -> DecodeError {
    let error = DecodeError::new(code::CHOICE, format!("`{}` is not one of {}", excerpt(found), choices(known)));
    match text::nearest(found, known.iter().copied()) {
        Some(name) => error.with_help(format!("did you mean `{name}`?")),
        None => error,
    }
}

/// A text short enough for a message.
pub(super) fn excerpt(text: &str) -> String {
    const LONGEST: usize = 60;
    if text.chars().count() <= LONGEST {
        return text.escape_debug().to_string();
    }
    format!("{}…", text.chars().take(LONGEST).collect::<String>().escape_debug())
}

/// The choices of an enum for a message: `a`, `b` or `c`.
pub(crate) fn choices<S: AsRef<str>>(names: &[S]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{}`", name.as_ref())).collect();
    match quoted.as_slice() {
        [] => "nothing".to_owned(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}
