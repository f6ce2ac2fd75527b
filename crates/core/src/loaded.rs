//! What a load gives: the configuration, and of every value where it came from.

use std::ops::Deref;

use crate::diff::{self, Change};
use crate::document::{Kind, NodeId};
use crate::explain::{Explained, Explainer};
use crate::gather::Gathered;
use crate::layer::{Layer, LayerKind, Origin};
use crate::layered::LayeredConfig;
use crate::load_info::LoadInfo;
use crate::mode::Mode;
use crate::path::FieldPath;
use crate::plan::Plan;
use crate::profile::{self, Budget, Profile};
use crate::report::{Report, Severity};
use crate::typed::{self, Contents};
use crate::validator::Added;
use crate::value::Value;

/// A configuration that passed every rule, with the layers that it came from.
#[derive(Clone)]
pub struct Loaded<C> {
    config: C,
    provenance: Provenance,
}

/// Where the values of a configuration came from, apart from the configuration: for those who keep that elsewhere.
#[derive(Clone)]
pub struct Provenance {
    pub(crate) sources: Sources,
    pub(crate) warnings: Report,
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
    /// Warnings are errors.
    pub(crate) strict: bool,
}

impl<C: LayeredConfig> Outcome<C> {
    /// Builds the configuration; in lenient mode again, until no fallback is wanted any more.
    pub(crate) fn build(mut gathered: Gathered, added: Option<&Added<C>>, strict_if: Option<fn(&C) -> bool>) -> Self {
        if let Some(resolving) = gathered.resolving.clone() {
            (resolving.resolve)(&mut gathered, &resolving);
        }
        let walked = std::mem::take(&mut gathered.run.report);
        let mut config;
        loop {
            let before = gathered.run.replaced.len();
            gathered.run.report = Report::new();
            config = gathered.pass::<C>();
            if let (Some(config), Some(applied)) = (&config, gathered.run.profile.clone()) {
                (applied.does.budget)(&mut gathered, config, &applied.profile);
            }
            // A field's own fallback is in place already; one that a cross-field check asked for needs another pass.
            if gathered.run.replaced.len() == before {
                break;
            }
        }
        let mut report = walked;
        report.append(std::mem::take(&mut gathered.run.replacements));
        report.append(std::mem::take(&mut gathered.run.report));
        if let (Some(config), Some(added)) = (&config, added) {
            let mut found = added.validator.validate(config);
            (added.place)(&gathered, &mut found);
            report.append(found);
        }
        let strict = |config: &C| strict_if.is_some_and(|strict_if| strict_if(config));
        let strict = gathered.run.mode == Mode::Strict || config.as_ref().is_some_and(strict);
        if strict {
            report.make_strict();
        }
        crate::excerpt::add(&mut report, &gathered.layers, C::SCHEMA, gathered.upgrade.is_some());
        if !report.is_valid() {
            config = None;
        }
        Self { config, sources: Sources { gathered: std::sync::Arc::new(gathered), strict }, report }
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
        self.sources.explain(self.config.as_ref(), paths)
    }

    /// How the other's values differ from these, as far as both could be read; computed ones are left out.
    #[must_use]
    pub fn changes_to(&self, other: &Self) -> Vec<Change> {
        let values = |outcome: &Self| Explainer::of(&outcome.sources.gathered, C::SCHEMA).revealed();
        diff::of_explained(values(self), values(other))
    }

    /// The memory that the configuration will need, where it is valid.
    #[must_use]
    pub fn budget(&self) -> Option<Budget> {
        self.config.as_ref().map(|config| profile::budget_of(&self.sources.gathered, config))
    }

    /// The profile that was applied.
    #[must_use]
    pub fn profile(&self) -> Option<&Profile> {
        self.sources.profile()
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
            Some(config) => {
                Ok(Loaded { config, provenance: Provenance { sources: self.sources, warnings: self.report } })
            }
            None => Err(self.report),
        }
    }
}

impl Sources {
    fn profile(&self) -> Option<&Profile> {
        self.gathered.run.profile.as_ref().map(|applied| &*applied.profile)
    }

    fn explain<C: LayeredConfig>(&self, config: Option<&C>, paths: &[FieldPath]) -> Vec<Explained> {
        let mut all = Explainer::of(&self.gathered, C::SCHEMA).explain(paths);
        let computed = |explained: &Explained| explained.field.is_some_and(|field| field.meta.computed);
        if let Some(config) = config.filter(|_| all.iter().any(computed)) {
            // What the program computed stands in the value alone, not in any layer.
            let leaves = typed::leaves(config);
            for explained in all.iter_mut().filter(|explained| computed(explained)) {
                if let Some(leaf) = leaves.iter().find(|leaf| leaf.path == explained.path) {
                    let value = Value::of_document(&leaf.value.to_document());
                    explained.value = if explained.secret { typed::mask(value) } else { value };
                    explained.origin = Some(Origin::new(LayerKind::Program, "computed"));
                }
            }
        }
        all
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

    /// The configuration, and apart from it where its values came from.
    #[must_use]
    pub fn split(self) -> (C, Provenance) {
        (self.config, self.provenance)
    }

    /// What is questionable, though accepted.
    #[must_use]
    pub fn warnings(&self) -> &Report {
        self.provenance.warnings()
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
        self.provenance.explain(&self.config, paths)
    }

    /// The memory that the configuration will need, as far as its settings say what they cost.
    #[must_use]
    pub fn budget(&self) -> Budget {
        self.provenance.budget(&self.config)
    }

    /// The profile that was applied.
    #[must_use]
    pub fn profile(&self) -> Option<&Profile> {
        self.provenance.profile()
    }

    /// What was read.
    #[must_use]
    pub fn info(&self) -> &LoadInfo {
        self.provenance.info()
    }

    /// The whole configuration as an application would write it, without computed values and secrets.
    #[must_use]
    pub fn export(&self) -> Value {
        typed::tree(&self.config, Contents::Exported)
    }

    /// Every value, computed ones too; a secret is only the fact that there is one.
    #[must_use]
    pub fn values(&self) -> Value {
        typed::tree(&self.config, Contents::Masked)
    }
}

impl Provenance {
    /// Every value of the configuration that was loaded together with this, or those at or below these paths.
    #[must_use]
    pub fn explain<C: LayeredConfig>(&self, config: &C, paths: &[FieldPath]) -> Vec<Explained> {
        self.sources.explain(Some(config), paths)
    }

    /// The memory that the configuration that was loaded together with this will need.
    #[must_use]
    pub fn budget<C: LayeredConfig>(&self, config: &C) -> Budget {
        profile::budget_of(&self.sources.gathered, config)
    }

    /// The profile that was applied.
    #[must_use]
    pub fn profile(&self) -> Option<&Profile> {
        self.sources.profile()
    }

    /// What is questionable, though accepted.
    #[must_use]
    pub fn warnings(&self) -> &Report {
        &self.warnings
    }

    /// What was read.
    #[must_use]
    pub fn info(&self) -> &LoadInfo {
        &self.sources.gathered.run.info
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
        f.debug_struct("Loaded").field("sources", &self.provenance.sources).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Provenance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Provenance").field("sources", &self.sources).finish_non_exhaustive()
    }
}

impl<C> std::fmt::Debug for Outcome<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outcome").field("report", &self.report).finish_non_exhaustive()
    }
}

/// Checks a change before anybody applies it: types and rules of the values that it sets, and unknown keys, without the
/// rest of the configuration. A null removes (RFC 7396), so it is no wrong value.
#[must_use]
pub fn check_patch<C: LayeredConfig>(patch: &(impl serde::Serialize + ?Sized)) -> Report {
    let mut gathered = Gathered::new(Plan::default(), C::SCHEMA);
    gathered.run.suppress_missing = true;
    gathered.push(Layer::new(LayerKind::Runtime, "the patch", crate::encode::to_document(patch)));
    let document = &mut gathered.layers[0].document;
    for slot in &mut gathered.slots {
        let Some(node) = slot.some() else { continue };
        match document.kind(node) {
            Kind::Null => *slot = NodeId::NONE,
            _ => document.remove_nulls(node),
        }
    }
    let mut report = Outcome::<C>::build(gathered, None, None).report;
    // Checks across fields belong to the whole that the change leads to, and so does who reads references.
    report.findings_mut().retain(|finding| {
        let is_elsewhere = [crate::report::code::CROSS_FIELD, crate::report::code::SECRET_NO_RESOLVER];
        !is_elsewhere.contains(&finding.code)
            && finding.origin.as_ref().is_none_or(|origin| origin.layer == LayerKind::Runtime)
    });
    report.clear_skipped();
    report
}

/// Checks defaults alone: what an application's own test asserts, so that no bad default ships.
///
/// A required value that is missing is no mistake of the defaults.
#[must_use]
pub fn self_test<C: LayeredConfig>() -> Report {
    let mut gathered = Gathered::new(Plan::default(), C::SCHEMA);
    gathered.run.suppress_missing = true;
    let outcome = Outcome::<C>::build(gathered, None, None);
    let mut report = Report::new();
    for finding in outcome.report.findings() {
        if finding.severity == Severity::Error {
            report.push(finding.clone());
        }
    }
    report
}
