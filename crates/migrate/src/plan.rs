//! What a migration would do: a dry run of every step, with its time and its changes.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use strata_config_core::schema::Schema;
use strata_config_core::{Document, FieldPath, Layer, LayerKind, LayeredConfig, NodeId, Report, Value};
use strata_config_store::Timestamp;

use crate::chain::{Link, Migrations};
use crate::edit::{Edit, Op, Refusal};
use crate::error::{Kind, MigrateError};
use crate::patch::{Mask, Patch};
use crate::tree::Node;
use crate::version::Version;

/// Any document, whatever it says.
static ANY: Schema = {
    let mut schema = Schema::new("Document", "", &[]);
    schema.allow_unknown = true;
    schema
};

/// Reads a document of any version. A report of it quotes no line: nobody knows its secrets.
pub(crate) fn read(name: &str, text: &str) -> Result<Layer, Report> {
    Layer::parse(name, text, &ANY).map_err(|report| unquoted(&report))
}

/// Which way a migration goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// To a later version.
    Up,
    /// Back to an earlier version.
    Down,
}

impl Direction {
    /// The name, as commands and JSON have it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
        }
    }
}

/// What a migration would do to a document, and the document that it leads to.
///
/// Every step was carried out on a copy, so that what the plan says is what happens, and the times are measured.
#[derive(Debug)]
pub struct Plan {
    pub(crate) from: Version,
    pub(crate) to: Version,
    pub(crate) direction: Direction,
    pub(crate) steps: Vec<PlannedStep>,
    before: Node,
    pub(crate) after: Node,
    mask: Mask,
}

/// One step of a plan.
#[derive(Debug)]
pub struct PlannedStep {
    id: String,
    description: String,
    from: Version,
    to: Version,
    checksum: String,
    irreversible: Option<String>,
    pub(crate) ops: Vec<Op>,
    took: Duration,
}

/// Checks the document that a migration leads to.
pub type FinalCheck<'a> = &'a dyn Fn(&Document) -> Result<(), Report>;

impl Migrations {
    /// What a migration to a version would do, or to the program's own.
    ///
    /// # Errors
    /// Where the version can't be reached, with the reason; and as each step says.
    pub fn plan(&self, document: &Document, to: Option<&str>) -> Result<Plan, MigrateError> {
        self.plan_checked(document, to, &|_| Ok(()))
    }

    /// As [`plan`](Self::plan); where the migration leads to the program's own version, the document is checked as the
    /// settings of `C` that it is: types, rules and unknown keys, without what it leaves to other sources.
    ///
    /// # Errors
    /// As `plan`; and where the document that it leads to is wrong.
    pub fn plan_for<C: LayeredConfig>(&self, document: &Document, to: Option<&str>) -> Result<Plan, MigrateError> {
        let plan = self.plan_checked(document, to, &|document| self.check_settings::<C>(placed(document)))?;
        Ok(plan.masked_for::<C>(self))
    }

    /// As [`plan`](Self::plan), with a check of the program's for the document of its own version.
    ///
    /// # Errors
    /// As `plan`; and what the check finds.
    pub fn plan_checked(
        &self,
        document: &Document,
        to: Option<&str>,
        check: FinalCheck<'_>,
    ) -> Result<Plan, MigrateError> {
        self.plan_at(document, to, check, None)
    }

    /// As [`plan_checked`](Self::plan_checked), of a migration that is written at a time.
    pub(crate) fn plan_at(
        &self,
        document: &Document,
        to: Option<&str>,
        check: FinalCheck<'_>,
        at: Option<Timestamp>,
    ) -> Result<Plan, MigrateError> {
        let target = match to {
            None => self.current().clone(),
            Some(text) => Version::parse(text)
                .map_err(|error| MigrateError::new(Kind::Version, format!("the version to migrate to: {error}")))?,
        };
        let before = Node::of(document);
        let (from, place) = self.version_in(&before)?;
        let first = self.rank(&from).ok_or_else(|| self.unknown(&from).at(place))?;
        let last = self.rank(&target).ok_or_else(|| match self.unknown(&target) {
            error if error.is_newer() => MigrateError::new(
                Kind::Unreachable,
                format!("version {target} can't be reached: the program knows {} and older", self.current()),
            ),
            error => error,
        })?;
        let direction = if first <= last { Direction::Up } else { Direction::Down };
        let links: Vec<&Link> = match direction {
            Direction::Up => self.0.links[first..last].iter().collect(),
            Direction::Down => self.0.links[last..first].iter().rev().collect(),
        };
        if direction == Direction::Down
            && let Some((link, why)) = links.iter().find_map(|link| Some((link, link.step.why_irreversible()?)))
        {
            let id = link.step.id();
            let message = format!("version {target} can't be reached: step `{id}` can't be taken back, since {why}");
            return Err(MigrateError::new(Kind::Irreversible, message).at_step(id));
        }
        let mut root = before.clone();
        let mut steps = Vec::new();
        let count = links.len();
        for (index, link) in links.into_iter().enumerate() {
            let at = at.filter(|_| index + 1 == count);
            let (after, planned) = self.run(link, direction, root, at)?;
            root = after;
            steps.push(planned);
        }
        if target == *self.current() {
            check(&root.to_document(document)).map_err(|report| {
                let message = format!("the document would be wrong as one of version {target}");
                MigrateError::new(Kind::Invalid, message).with_report(report)
            })?;
        }
        let mask = Mask::of_paths(&before, &root, &steps, &self.0.secrets);
        Ok(Plan { from, to: target, direction, steps, before, after: root, mask })
    }

    /// Carries one step out.
    fn run(
        &self,
        link: &Link,
        direction: Direction,
        root: Node,
        at: Option<Timestamp>,
    ) -> Result<(Node, PlannedStep), MigrateError> {
        let Link { step, from, to, checksum } = link;
        let (from, to) = match direction {
            Direction::Up => (from, to),
            Direction::Down => (to, from),
        };
        let started = Instant::now();
        let mut edit = Edit::new(root);
        let done = catch_unwind(AssertUnwindSafe(|| match direction {
            Direction::Up => step.up(&mut edit),
            Direction::Down => step.down(&mut edit),
        }));
        let done = done.unwrap_or_else(|_| Err(Refusal::new("it panicked")));
        done.map_err(|reason| {
            let way = if direction == Direction::Up { "" } else { " (on the way back)" };
            let message = format!("step `{}` from {from} to {to}{way}: {reason}", step.id());
            MigrateError::new(Kind::Step, message).at_step(step.id())
        })?;
        self.stamp(&mut edit, to)?;
        if let (Some(key), Some(at)) = (&self.0.time, at) {
            let failed = |error| MigrateError::new(Kind::Step, format!("the time can't be written: {error}"));
            edit.set(FieldPath::ROOT.child(key).as_str(), at.to_string()).map_err(failed)?;
        }
        let (root, ops) = edit.finish();
        let planned = PlannedStep {
            id: step.id().to_owned(),
            description: step.description().to_owned(),
            from: from.clone(),
            to: to.clone(),
            checksum: checksum.clone(),
            irreversible: step.why_irreversible().map(str::to_owned),
            ops,
            took: started.elapsed(),
        };
        Ok((root, planned))
    }

    /// Checks a document as settings of `C`; what it leaves out other sources say.
    pub(crate) fn check_settings<C: LayeredConfig>(&self, layer: Layer) -> Result<(), Report> {
        let mut root = Node::of(layer.document());
        let key = FieldPath::ROOT.child(&self.0.key);
        if C::SCHEMA.find(&key).is_err() {
            root.children.retain(|child| child.key != self.0.key);
        }
        // The loader's own keys, where no setting has them.
        for own in ["include", "$schema"] {
            if C::SCHEMA.find(&FieldPath::ROOT.child(own)).is_err() {
                root.children.retain(|child| child.key != own);
            }
        }
        let document = root.to_document(layer.document());
        layer.with_document(document).settings::<C>().map(drop).map_err(|report| unquoted(&report))
    }
}

/// A report without the lines of the text: they may hold a secret of an older version, which the settings do not know.
fn unquoted(report: &Report) -> Report {
    let mut told = Report::new();
    for finding in report.findings() {
        told.push(finding.clone()).excerpt = None;
    }
    told
}

/// A document as a layer that tells where its values stand, if it was read from a text.
pub(crate) fn placed(document: &Document) -> Layer {
    let layer = read(document.name(), document.text());
    let layer = layer.unwrap_or_else(|_| Layer::new(LayerKind::File, document.name(), document.clone()));
    layer.with_document(document.clone())
}

impl Plan {
    /// The same, which shows no secret of `C`.
    pub(crate) fn masked_for<C: LayeredConfig>(mut self, migrations: &Migrations) -> Self {
        self.mask = Mask::of::<C>(&self.before, &self.after, &self.steps, &migrations.0.secrets);
        self
    }

    /// The values of the document as it was, by path; secrets are masked.
    pub(crate) fn values_before(&self) -> BTreeMap<String, Value> {
        self.mask.leaves(&self.before)
    }

    /// The values that it leads to, by path; secrets are masked.
    pub(crate) fn values_after(&self) -> BTreeMap<String, Value> {
        self.mask.leaves(&self.after)
    }

    /// The version of the document.
    #[must_use]
    pub fn from(&self) -> &Version {
        &self.from
    }

    /// The version that it would have.
    #[must_use]
    pub fn to(&self) -> &Version {
        &self.to
    }

    /// Which way it goes.
    #[must_use]
    pub fn direction(&self) -> Direction {
        self.direction
    }

    /// The steps, in the order in which they are taken.
    #[must_use]
    pub fn steps(&self) -> &[PlannedStep] {
        &self.steps
    }

    /// Whether the document is of that version already.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Whether a step changes more than the version.
    pub(crate) fn changes_settings(&self, key: &str) -> bool {
        let is_version = |op: &Op| match op {
            Op::Add { path, .. } | Op::Replace { path, .. } => path.len() == 1 && path[0] == key,
            Op::Move { .. } | Op::Remove { .. } => false,
        };
        self.steps.iter().any(|step| !step.ops.iter().all(is_version))
    }

    /// Changes of all steps.
    #[must_use]
    pub fn changes(&self) -> usize {
        self.steps.iter().map(PlannedStep::changes).sum()
    }

    /// Nodes of the document: what the measured times are about.
    #[must_use]
    pub fn nodes(&self) -> usize {
        self.before.count()
    }

    /// How long all steps took on the copy.
    #[must_use]
    pub fn took(&self) -> Duration {
        self.steps.iter().map(|step| step.took).sum()
    }

    /// What would change, as RFC 6902 says it; secrets are masked.
    #[must_use]
    pub fn patch(&self) -> Patch {
        Patch::new(self.steps.iter().flat_map(|step| &step.ops), &self.mask)
    }

    /// The document that the migration leads to, over the text of the one that it was planned for.
    #[must_use]
    pub fn document(&self, of: &Document) -> Document {
        self.after.to_document(of)
    }

    /// The changes, one after the other.
    #[cfg(feature = "files")]
    pub(crate) fn ops(&self) -> impl Iterator<Item = &Op> {
        self.steps.iter().flat_map(|step| &step.ops)
    }
}

impl PlannedStep {
    /// The step's id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What it does, for people.
    #[must_use]
    pub fn description(&self) -> &str {
        &self.description
    }

    /// The version before.
    #[must_use]
    pub fn from(&self) -> &Version {
        &self.from
    }

    /// The version after.
    #[must_use]
    pub fn to(&self) -> &Version {
        &self.to
    }

    /// What the step declares to do, as a hash.
    #[must_use]
    pub fn checksum(&self) -> &str {
        &self.checksum
    }

    /// Why it can't be taken back, where that is so.
    #[must_use]
    pub fn why_irreversible(&self) -> Option<&str> {
        self.irreversible.as_deref()
    }

    /// What it changes: values added, replaced, moved and removed.
    #[must_use]
    pub fn changes(&self) -> usize {
        self.ops.len()
    }

    /// How long it took on a copy.
    #[must_use]
    pub fn took(&self) -> Duration {
        self.took
    }
}

/// The root of a document, where it is a table.
pub(crate) fn is_table(document: &Document) -> bool {
    document.kind(NodeId::ROOT) == strata_config_core::Kind::Table
}
