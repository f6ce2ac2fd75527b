//! Why a document was not migrated.

use std::error::Error;
use std::fmt;

use strata_config_core::{Report, Span};

/// Why a document was not migrated. It is as it was, with its backup and its history, unless
/// [`is_unknown`](Self::is_unknown).
#[derive(Debug)]
pub struct MigrateError {
    kind: Kind,
    message: String,
    step: Option<String>,
    /// What of the document's text it is about.
    pub(crate) place: Option<Span>,
    report: Option<Box<Report>>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Version,
    Newer,
    Unreachable,
    Irreversible,
    Step,
    Invalid,
    Changed,
    Conflict,
    #[cfg(feature = "files")]
    Lossy,
    Failed,
    Unknown,
}

impl MigrateError {
    pub(crate) fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), step: None, place: None, report: None, source: None }
    }

    pub(crate) fn at_step(mut self, id: &str) -> Self {
        self.step = Some(id.to_owned());
        self
    }

    pub(crate) fn at(mut self, place: Option<Span>) -> Self {
        self.place = place;
        self
    }

    pub(crate) fn with_report(mut self, report: Report) -> Self {
        self.report = Some(Box::new(report));
        self
    }

    pub(crate) fn because(mut self, source: impl Error + Send + Sync + 'static) -> Self {
        self.source = Some(Box::new(source));
        self
    }

    pub(crate) fn prepend(&mut self, text: &str) {
        self.message.insert_str(0, text);
    }

    /// What it is in one word, for programs: `version`, `newer`, `unreachable`, `irreversible`, `step`, `invalid`,
    /// `changed`, `conflict`, `lossy`, `failed`, `unknown`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self.kind {
            Kind::Version => "version",
            Kind::Newer => "newer",
            Kind::Unreachable => "unreachable",
            Kind::Irreversible => "irreversible",
            Kind::Step => "step",
            Kind::Invalid => "invalid",
            Kind::Changed => "changed",
            Kind::Conflict => "conflict",
            #[cfg(feature = "files")]
            Kind::Lossy => "lossy",
            Kind::Failed => "failed",
            Kind::Unknown => "unknown",
        }
    }

    /// The id of the step that it is about.
    #[must_use]
    pub fn step(&self) -> Option<&str> {
        self.step.as_deref()
    }

    /// What is wrong with the document that the migration would lead to.
    #[must_use]
    pub fn report(&self) -> Option<&Report> {
        self.report.as_deref()
    }

    /// The document is of a later version than the program knows: it is only read.
    #[must_use]
    pub fn is_newer(&self) -> bool {
        self.kind == Kind::Newer
    }

    /// No steps lead there, or the version of the document or of the target is none of the chain's.
    #[must_use]
    pub fn is_unreachable(&self) -> bool {
        matches!(self.kind, Kind::Unreachable | Kind::Version)
    }

    /// A step on the way back can't be taken back.
    #[must_use]
    pub fn is_irreversible(&self) -> bool {
        self.kind == Kind::Irreversible
    }

    /// A step refused, failed or panicked.
    #[must_use]
    pub fn is_step(&self) -> bool {
        self.kind == Kind::Step
    }

    /// The document that the migration leads to is wrong; [`report`](Self::report) says how.
    #[must_use]
    pub fn is_invalid(&self) -> bool {
        self.kind == Kind::Invalid
    }

    /// A step that was taken once is another one now.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        self.kind == Kind::Changed
    }

    /// Somebody else changed the document meanwhile.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        self.kind == Kind::Conflict
    }

    /// The file can't be rewritten without losing its comments.
    #[cfg(feature = "files")]
    #[must_use]
    pub fn is_lossy(&self) -> bool {
        self.kind == Kind::Lossy
    }

    /// Whether the store holds the migrated documents is not known.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.kind == Kind::Unknown
    }
}

impl fmt::Display for MigrateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match (&self.report, &self.source) {
            (Some(report), _) => write!(f, ":\n{report}"),
            (None, Some(source)) => write!(f, ": {source}"),
            (None, None) => Ok(()),
        }
    }
}

impl Error for MigrateError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_ref().map(|source| &**source as _)
    }
}
