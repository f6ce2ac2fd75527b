//! Everything that is wrong, at once: findings with code, path, place, advice.

pub mod code;
mod json;
mod text;

use std::fmt;

use crate::document::Span;
use crate::layer::Origin;
use crate::path::FieldPath;
pub use crate::text::nearest;

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Severity {
    /// The configuration is refused.
    Error,
    /// The configuration is accepted.
    Warning,
}

/// One thing that is wrong, or questionable.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// How much it weighs.
    pub severity: Severity,
    /// The stable code, one of [`code`]'s.
    pub code: &'static str,
    /// The setting that it is about; the root for a whole source.
    pub path: FieldPath,
    /// What is wrong, in a sentence without its full stop. Never holds a secret.
    pub message: String,
    /// Where the value came from.
    pub origin: Option<Origin>,
    /// What to do.
    pub help: Option<String>,
    /// Other settings or places that have a part in it.
    pub related: Vec<Related>,
    /// The layers that the value shadows, strongest first.
    pub shadows: Vec<Origin>,
    /// The line of the source, where it may be shown.
    pub excerpt: Option<Excerpt>,
    /// The bytes that are meant, until the excerpt is made.
    pub(crate) spot: Option<Spot>,
    /// An unknown key is near to one that is known, so it is hardly anything but a key.
    pub(crate) is_near: bool,
}

/// Another place of a finding.
#[derive(Debug, Clone, PartialEq)]
pub struct Related {
    /// The setting.
    pub path: FieldPath,
    /// Its value's origin.
    pub origin: Option<Origin>,
}

/// The bytes of a source that a finding is about; the excerpt is made when all findings are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Spot {
    /// The layer's number in the stack.
    pub(crate) layer: usize,
    pub(crate) span: Span,
}

/// A line of a source, with the part that is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// The line's number, from 1.
    pub line: usize,
    /// The line; values that must not be shown are replaced.
    pub text: String,
    /// The column in characters, from 1.
    pub column: usize,
    /// Characters that are meant.
    pub width: usize,
}

/// A check that could not run, since values that it needs are invalid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// The struct whose check it is.
    pub path: FieldPath,
    /// The struct's type.
    pub check: String,
}

/// All findings of a load, an update or a check.
///
/// `Debug` is the same redacted text as `Display`, since `main -> Result<_, Report>` prints that.
#[derive(Clone, PartialEq, Default)]
pub struct Report {
    findings: Vec<Finding>,
    skipped: Vec<Skipped>,
}

impl Report {
    /// An empty report.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an error about these settings: the first is the finding's path, the others are related.
    ///
    /// In a struct's `validate` the paths are that struct's own constants.
    pub fn error(&mut self, paths: impl IntoIterator<Item = FieldPath>, message: impl Into<String>) -> &mut Finding {
        self.cross_field(Severity::Error, paths, message.into())
    }

    /// Adds a warning about these settings.
    pub fn warn(&mut self, paths: impl IntoIterator<Item = FieldPath>, message: impl Into<String>) -> &mut Finding {
        self.cross_field(Severity::Warning, paths, message.into())
    }

    fn cross_field(
        &mut self,
        severity: Severity,
        paths: impl IntoIterator<Item = FieldPath>,
        message: String,
    ) -> &mut Finding {
        let mut paths = paths.into_iter();
        let mut finding = Finding::new(severity, code::CROSS_FIELD, paths.next().unwrap_or_default(), message);
        finding.related = paths.map(|path| Related { path, origin: None }).collect();
        self.push(finding)
    }

    /// Adds a finding.
    pub fn push(&mut self, finding: Finding) -> &mut Finding {
        self.findings.push(finding);
        self.findings.last_mut().expect("one was just pushed")
    }

    pub(crate) fn skip(&mut self, path: FieldPath, check: &str) {
        self.skipped.push(Skipped { path, check: check.to_owned() });
    }

    /// All findings, in the order in which they were found.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The errors.
    pub fn errors(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.severity == Severity::Error)
    }

    /// The warnings.
    pub fn warnings(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.severity == Severity::Warning)
    }

    /// Checks that could not run.
    #[must_use]
    pub fn skipped(&self) -> &[Skipped] {
        &self.skipped
    }

    /// Whether nothing is wrong; warnings may be there.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.errors().next().is_none()
    }

    /// Whether there is nothing to say.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }

    /// Takes all findings of another report.
    pub fn append(&mut self, other: Self) {
        self.findings.extend(other.findings);
        self.skipped.extend(other.skipped);
    }

    /// Turns warnings into errors, as strict mode does.
    pub(crate) fn make_strict(&mut self) {
        self.refuse(|_| true);
    }

    /// Turns those warnings into errors that the caller does not accept.
    pub fn refuse(&mut self, unacceptable: impl Fn(&Finding) -> bool) {
        for finding in &mut self.findings {
            if unacceptable(finding) {
                finding.severity = Severity::Error;
            }
        }
    }

    pub(crate) fn findings_mut(&mut self) -> &mut Vec<Finding> {
        &mut self.findings
    }

    pub(crate) fn clear_skipped(&mut self) {
        self.skipped.clear();
    }

    pub(crate) fn take_findings(&mut self) -> Vec<Finding> {
        std::mem::take(&mut self.findings)
    }

    /// The report as people read it; `colour` adds ANSI colours.
    #[must_use]
    pub fn render(&self, colour: bool) -> String {
        text::render(self, colour)
    }
}

impl Finding {
    /// A finding without a place.
    pub fn new(severity: Severity, code: &'static str, path: FieldPath, message: impl Into<String>) -> Self {
        Self {
            severity,
            code,
            path,
            message: message.into(),
            origin: None,
            help: None,
            related: Vec::new(),
            shadows: Vec::new(),
            excerpt: None,
            spot: None,
            is_near: false,
        }
    }

    /// Says what to do.
    pub fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.help = Some(help.into());
        self
    }

    /// The origin's layer, as in JSON; empty where there is none.
    #[must_use]
    pub fn layer(&self) -> &'static str {
        self.origin.as_ref().map_or("", |origin| origin.layer.as_str())
    }

    /// The origin's place, as in JSON; empty where there is none.
    #[must_use]
    pub fn at(&self) -> &str {
        self.origin.as_ref().map_or("", |origin| &origin.at)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl fmt::Debug for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Report {}
