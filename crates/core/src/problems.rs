//! What a leaf's own `Deserialize` finds wrong: all of it at once, each mistake with its place inside the value.

use std::cell::{Cell, RefCell};
use std::fmt;

use serde::de;

use crate::path::FieldPath;
use crate::report::{Severity, code};

/// Everything that is wrong or questionable in one value, for a type that reads itself with serde.
///
/// A load makes a finding of each: with the setting's path and the path within, and with the file, line and column of
/// that part. Any other serde format gives one error, whose text has a line for each.
///
/// ```
/// use serde::{Deserialize, Deserializer, Serialize};
/// use strata_config_core::{FieldPath, Problems};
///
/// #[derive(Clone, PartialEq, Serialize)]
/// struct Window { from: u32, to: u32 }
///
/// impl<'de> Deserialize<'de> for Window {
///     fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
///         #[derive(Deserialize)]
///         struct Raw { from: u32, to: u32 }
///         let Raw { from, to } = Raw::deserialize(deserializer)?;
///         let mut problems = Problems::new();
///         if from > 23 {
///             problems.error(FieldPath::new("from"), "an hour is at most 23");
///         }
///         if from >= to {
///             problems.error(FieldPath::new("to"), "it ends before it begins").help("write the later hour here");
///         }
///         problems.settle(Self { from, to })
///     }
/// }
///
/// let error = serde_json::from_str::<Window>(r#"{"from": 30, "to": 4}"#).err().unwrap().to_string();
/// assert!(error.starts_with("from: an hour is at most 23\nto: it ends before it begins (write the later hour here)"));
/// ```
///
/// Messages stand in reports and logs: they must not quote what may be a secret. In a secret setting all that is said
/// is that it is not valid.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Problems {
    found: Vec<Problem>,
}

/// One thing that is wrong, or questionable, in a value.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    pub(crate) path: FieldPath,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
    pub(crate) severity: Severity,
    pub(crate) code: &'static str,
    pub(crate) at_key: bool,
}

impl Problems {
    /// Nothing yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { found: Vec::new() }
    }

    /// Adds a mistake: `path` leads from the value to the part that is meant, which may be missing.
    pub fn error(&mut self, path: FieldPath, message: impl Into<String>) -> &mut Problem {
        self.push(path, message.into(), Severity::Error, code::INVALID)
    }

    /// Adds what is questionable, though accepted.
    pub fn warn(&mut self, path: FieldPath, message: impl Into<String>) -> &mut Problem {
        self.push(path, message.into(), Severity::Warning, code::QUESTIONABLE)
    }

    fn push(&mut self, path: FieldPath, message: String, severity: Severity, code: &'static str) -> &mut Problem {
        self.found.push(Problem { path, message, help: None, severity, code, at_key: false });
        self.found.last_mut().expect("one was just pushed")
    }

    /// Takes the problems of a part, which stands at `path`.
    pub fn append(&mut self, path: &FieldPath, part: Self) {
        self.found.extend(part.found.into_iter().map(|found| Problem { path: path.join(&found.path), ..found }));
    }

    /// All of them, in the order in which they were added.
    #[must_use]
    pub fn all(&self) -> &[Problem] {
        &self.found
    }

    /// Whether there is nothing to say.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Whether the value is refused.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.found.iter().any(|found| found.severity == Severity::Error)
    }

    /// The value, or all that is wrong with it: the last line of a `Deserialize`. Warnings refuse nothing; a load tells
    /// them, other formats have no way to.
    ///
    /// # Errors
    /// Where there is a mistake.
    pub fn settle<T, E: de::Error>(self, value: T) -> Result<T, E> {
        if self.is_empty() {
            return Ok(value);
        }
        if self.has_errors() {
            return Err(E::custom(self));
        }
        let asking = Asking { problems: &self, heard: Cell::new(false) };
        let error = E::custom(&asking);
        if asking.heard.get() { Err(error) } else { Ok(value) }
    }
}

impl Problem {
    /// Says what to do.
    pub fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.help = Some(help.into());
        self
    }

    /// Gives it another of [`code`]'s codes than `value.invalid` or `value.questionable`.
    pub fn code(&mut self, code: &'static str) -> &mut Self {
        self.code = code;
        self
    }

    /// The key is wrong, and not what stands under it: the place is the key's.
    pub fn at_key(&mut self) -> &mut Self {
        self.at_key = true;
        self
    }

    /// From the value to the part that is meant.
    #[must_use]
    pub fn path(&self) -> &FieldPath {
        &self.path
    }

    /// What is wrong.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// How much it weighs.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.severity
    }
}

/// A line for each. Our own decoder, which shows an error's text to nobody, hears more than the text.
impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        HEARD.with_borrow_mut(|heard| {
            if let Some(heard) = heard {
                heard.problems.clone_from(&self.found);
                if !self.has_errors() {
                    // Who fails with warnings alone means errors.
                    heard.problems.iter_mut().for_each(|found| found.severity = Severity::Error);
                }
            }
        });
        self.write(f)
    }
}

impl Problems {
    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, found) in self.found.iter().enumerate() {
            let line = if index == 0 { "" } else { "\n" };
            let colon = if found.path.is_root() { "" } else { ": " };
            write!(f, "{line}{}{colon}{}", found.path, found.message)?;
            if let Some(help) = &found.help {
                write!(f, " ({help})")?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

/// Warnings alone, of a value that counts unless somebody wants to hear them first.
struct Asking<'a> {
    problems: &'a Problems,
    heard: Cell<bool>,
}

impl fmt::Display for Asking<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        HEARD.with_borrow_mut(|heard| {
            let Some(heard) = heard else { return };
            match ACCEPTED.get() {
                0 => {
                    heard.problems.clone_from(&self.problems.found);
                    heard.asked = true;
                    self.heard.set(true);
                }
                left => ACCEPTED.set(left - 1),
            }
        });
        self.problems.write(f)
    }
}

/// What an error's text was made of.
#[derive(Debug, Clone, Default)]
pub(crate) struct Heard {
    pub(crate) problems: Vec<Problem>,
    /// They are warnings, and the value counts when it is read again.
    pub(crate) asked: bool,
}

impl Heard {
    pub(crate) const NOTHING: Self = Self { problems: Vec::new(), asked: false };
}

thread_local! {
    /// What our decoder hears while it makes the text of an error: serde lets a type say no more than a text.
    static HEARD: RefCell<Option<Heard>> = const { RefCell::new(None) };
    /// So many values with warnings alone are taken as they are.
    static ACCEPTED: Cell<usize> = const { Cell::new(0) };
}

/// An error's text, and the problems that it was made of.
#[cold]
pub(crate) fn listen(message: &dyn fmt::Display) -> (String, Heard) {
    /// Sets back what was there, also when a `Display` of the user's panics.
    struct Reset(Option<Heard>);
    impl Drop for Reset {
        fn drop(&mut self) {
            HEARD.set(self.0.take());
        }
    }
    let _reset = Reset(HEARD.replace(Some(Heard::default())));
    let text = message.to_string();
    (text, HEARD.take().unwrap_or_default())
}

/// Decodes so that the first of the values which have only warnings are taken as they are.
pub(crate) fn accepting<R>(count: usize, decode: impl FnOnce() -> R) -> R {
    struct Reset(usize);
    impl Drop for Reset {
        fn drop(&mut self) {
            ACCEPTED.set(self.0);
        }
    }
    let _reset = Reset(ACCEPTED.replace(count));
    decode()
}
