//! Rules that a program adds at run time, beside those of its struct.

use std::fmt;
use std::sync::Arc;

use crate::gather::Gathered;
use crate::path::FieldPath;
use crate::report::{Finding, Report, Severity, code};

/// A rule over a whole configuration.
type Check<C> = Arc<dyn Fn(&C, &mut Report) + Send + Sync>;

/// Rules that a program adds at run time.
///
/// ```
/// # use strata_config_core::{FieldPath, Validator};
/// # struct Config { batch_size: u32 }
/// let validator = Validator::<Config>::new()
///     .rule("batch_size", "must not exceed 500 for performance reasons", |config| config.batch_size <= 500);
/// assert!(!validator.validate(&Config { batch_size: 600 }).is_valid());
/// ```
pub struct Validator<C> {
    rules: Vec<Rule<C>>,
}

/// Rules that were added to a loader, and what finds the places of their findings: it is large, so that only a program
/// with such rules has it.
#[derive(Debug)]
pub(crate) struct Added<C> {
    pub(crate) validator: Validator<C>,
    pub(crate) place: fn(&Gathered, &mut Report),
}

impl<C> Clone for Added<C> {
    fn clone(&self) -> Self {
        Self { validator: self.validator.clone(), place: self.place }
    }
}

struct Rule<C> {
    /// The settings that the rule reads; none for all.
    paths: Vec<FieldPath>,
    check: Check<C>,
}

impl<C> Clone for Rule<C> {
    fn clone(&self) -> Self {
        Self { paths: self.paths.clone(), check: Arc::clone(&self.check) }
    }
}

impl<C> Clone for Validator<C> {
    fn clone(&self) -> Self {
        Self { rules: self.rules.clone() }
    }
}

impl<C> Default for Validator<C> {
    fn default() -> Self {
        Self { rules: Vec::new() }
    }
}

impl<C> fmt::Debug for Validator<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Validator({} rules)", self.rules.len())
    }
}

impl<C> Validator<C> {
    /// A validator without rules.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a rule about one setting: where the condition is false, the message is an error.
    #[must_use]
    pub fn rule(
        self,
        path: &'static str,
        message: impl Into<String>,
        condition: impl Fn(&C) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.condition(Severity::Error, path, message.into(), condition)
    }

    /// Adds a rule whose breach is a warning.
    #[must_use]
    pub fn warning(
        self,
        path: &'static str,
        message: impl Into<String>,
        condition: impl Fn(&C) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.condition(Severity::Warning, path, message.into(), condition)
    }

    fn condition(
        mut self,
        severity: Severity,
        path: &'static str,
        message: String,
        condition: impl Fn(&C) -> bool + Send + Sync + 'static,
    ) -> Self {
        let path = FieldPath::new(path);
        let paths = vec![path.clone()];
        let check: Check<C> = Arc::new(move |config, report| {
            if !condition(config) {
                report.push(Finding::new(severity, code::ADDED, path.clone(), message.clone()));
            }
        });
        self.rules.push(Rule { paths, check });
        self
    }

    /// Adds a check across settings, which says itself what is wrong; `paths` are the settings that it reads.
    #[must_use]
    pub fn cross_field(
        mut self,
        paths: impl IntoIterator<Item = FieldPath>,
        check: impl Fn(&C, &mut Report) + Send + Sync + 'static,
    ) -> Self {
        self.rules.push(Rule { paths: paths.into_iter().collect(), check: Arc::new(check) });
        self
    }

    /// Applies all rules.
    #[must_use]
    pub fn validate(&self, config: &C) -> Report {
        self.run(config, |_| true)
    }

    /// Applies the rules that read any of these settings, or settings above or below them: for a change of a part.
    #[must_use]
    pub fn validate_partial(&self, config: &C, changed: &[FieldPath]) -> Report {
        self.run(config, |rule| {
            rule.paths.is_empty()
                || rule
                    .paths
                    .iter()
                    .any(|path| changed.iter().any(|other| path.contains(other) || other.contains(path)))
        })
    }

    fn run(&self, config: &C, applies: impl Fn(&Rule<C>) -> bool) -> Report {
        let mut report = Report::new();
        for rule in self.rules.iter().filter(|rule| applies(rule)) {
            (rule.check)(config, &mut report);
        }
        report
    }
}
