//! What a load gives: the configuration, and of every value where it came from.

use std::ops::Deref;

use crate::build::Builder;
use crate::explain::{Explained, Explainer};
use crate::layer::Layer;
use crate::layered::LayeredConfig;
use crate::load_info::LoadInfo;
use crate::loader::{Gathered, Mode};
use crate::path::FieldPath;
use crate::report::{Report, Severity};
use crate::typed;
use crate::validator::Validator;
use crate::value::Value;

/// A configuration that passed every rule, with the layers that it came from.
#[derive(Clone)]
pub struct Loaded<C> {
    config: C,
    outcome: Sources,
    warnings: Report,
}

/// What a load read, also where something is wrong.
#[derive(Clone)]
pub struct Outcome<C> {
    config: Option<C>,
    sources: Sources,
    report: Report,
}

/// The layers of a load, their slots, and what lenient mode replaced.
#[derive(Debug, Clone)]
pub(crate) struct Sources {
    pub(crate) gathered: std::sync::Arc<Gathered>,
}

impl<C: LayeredConfig> Outcome<C> {
    /// Builds the configuration; in lenient mode again, until no fallback is wanted any more.
    pub(crate) fn build(mut gathered: Gathered, validator: &Validator<C>) -> Self {
        let walked = std::mem::take(&mut gathered.run.report);
        let mut config;
        loop {
            let before = gathered.run.replaced.len();
            gathered.run.report = Report::new();
            config = gathered.pass::<C>();
            // A field's own fallback is in place already; one that a cross-field check asked for needs another pass.
            if gathered.run.replaced.len() == before {
                break;
            }
        }
        let mut report = walked;
        report.append(std::mem::take(&mut gathered.run.replacements));
        report.append(std::mem::take(&mut gathered.run.report));
        if let Some(config) = &config {
            let mut added = validator.validate(config);
            if !added.is_empty() {
                Explainer::of(&gathered, C::SCHEMA).place(&mut added);
                report.append(added);
            }
        }
        if gathered.run.mode == Mode::Strict {
            report.make_strict();
        }
        crate::excerpt::add(&mut report, &gathered.layers, C::SCHEMA);
        if !report.is_valid() {
            config = None;
        }
        Self { config, sources: Sources { gathered: std::sync::Arc::new(gathered) }, report }
    }

    /// The configuration, where it is valid.
    #[must_use]
    pub fn config(&self) -> Option<&C> {
        self.config.as_ref()
    }

    /// Everything that is wrong or questionable.
    #[must_use]
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// Every value that could be read, or those at or below these paths.
    #[must_use]
    pub fn explain(&self, paths: &[FieldPath]) -> Vec<Explained> {
        self.sources.explain::<C>(paths)
    }

    /// What was read.
    #[must_use]
    pub fn info(&self) -> &LoadInfo {
        &self.sources.gathered.run.info
    }

    /// The configuration with its origins.
    ///
    /// # Errors
    /// The report, where anything is wrong.
    pub fn into_loaded(self) -> Result<Loaded<C>, Report> {
        match self.config {
            Some(config) => Ok(Loaded { config, outcome: self.sources, warnings: self.report }),
            None => Err(self.report),
        }
    }
}

impl Gathered {
    /// One pass over the slots.
    fn pass<C: LayeredConfig>(&mut self) -> Option<C> {
        let scope = crate::scope::Scope {
            schema: self.schema,
            layers: self
                .layers
                .iter()
                .enumerate()
                .map(|(index, layer)| crate::scope::ScopeLayer { layer, index: Some(index) })
                .collect(),
            slots: std::borrow::Cow::Borrowed(&self.slots),
        };
        Builder::new(&mut self.run, &scope, String::with_capacity(64)).run(C::build)
    }

    /// One layer that is the whole configuration: nothing merges with defaults, computed values stand.
    pub(crate) fn exact(layer: Layer, schema: &'static crate::schema::Schema) -> Self {
        let mut gathered = Self::new(crate::loader::Plan::default(), schema);
        gathered.run.exact = true;
        gathered.push(layer);
        gathered
    }

    /// The configuration of an exact layer.
    pub(crate) fn build_exact<C: LayeredConfig>(mut self) -> Result<C, Report> {
        let config = self.pass::<C>();
        let report = std::mem::take(&mut self.run.report);
        match config {
            Some(config) if report.is_valid() => Ok(config),
            _ => Err(report),
        }
    }
}

impl Sources {
    fn explain<C: LayeredConfig>(&self, paths: &[FieldPath]) -> Vec<Explained> {
        Explainer::of(&self.gathered, C::SCHEMA).explain(paths)
    }
}

impl<C: LayeredConfig> Loaded<C> {
    /// The configuration.
    #[must_use]
    pub fn config(&self) -> &C {
        &self.config
    }

    /// The configuration alone.
    #[must_use]
    pub fn into_config(self) -> C {
        self.config
    }

    /// What is questionable, though accepted.
    #[must_use]
    pub fn warnings(&self) -> &Report {
        &self.warnings
    }

    /// Where the value at a path came from, and whom it shadows: `app.toml:14:13, shadows the default 8`.
    #[must_use]
    pub fn origin(&self, path: &str) -> Option<Explained> {
        let path = FieldPath::parse(path).ok()?;
        let mut found = self.explain(std::slice::from_ref(&path));
        let exact = found.iter().position(|explained| explained.path == path)?;
        Some(found.swap_remove(exact))
    }

    /// Every value, or those at or below these paths.
    #[must_use]
    pub fn explain(&self, paths: &[FieldPath]) -> Vec<Explained> {
        self.outcome.explain::<C>(paths)
    }

    /// What was read.
    #[must_use]
    pub fn info(&self) -> &LoadInfo {
        &self.outcome.gathered.run.info
    }

    /// The whole configuration as an application would write it, without computed values and secrets.
    #[must_use]
    pub fn export(&self) -> Value {
        typed::export(&self.config)
    }
}

impl<C> Deref for Loaded<C> {
    type Target = C;

    fn deref(&self) -> &C {
        &self.config
    }
}

impl<C> std::fmt::Debug for Loaded<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Loaded").field("sources", &self.outcome).finish_non_exhaustive()
    }
}

impl<C> std::fmt::Debug for Outcome<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outcome").field("report", &self.report).finish_non_exhaustive()
    }
}

/// Checks defaults alone: what an application's own test asserts, so that no bad default ships.
///
/// A required value that is missing is no mistake of the defaults.
#[must_use]
pub fn self_test<C: LayeredConfig>() -> Report {
    let mut gathered = Gathered::new(crate::loader::Plan::default(), C::SCHEMA);
    gathered.run.suppress_missing = true;
    let outcome = Outcome::<C>::build(gathered, &Validator::new());
    let mut report = Report::new();
    for finding in outcome.report.findings() {
        if finding.severity == Severity::Error {
            report.push(finding.clone());
        }
    }
    report
}

