//! A store's documents: planned together, and migrated in one commit, with a snapshot before and records after.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use strata_config_core::report::code;
use strata_config_core::schema::{FieldKind, Schema};
use strata_config_core::{Document, FieldPath, Layer, LayerKind, LayeredConfig, Report, Value};
use strata_config_store::{
    CommitError, Documents, Draft, Entry, Json as Text, NewSnapshot, Recorded, Snapshot, Store, StoreError, Timestamp,
};

use crate::chain::Migrations;
use crate::edit::Op;
use crate::error::{Kind, MigrateError};
use crate::history::Record;
use crate::plan::{self, Plan};
use crate::tree::Node;

/// The tag of a migration's commit, and of the snapshot before it.
const TAG: &str = "migration";

/// How the description of that snapshot begins.
const BEFORE: &str = "before the migration: ";

/// Where the marks of a store keep the records, beside who set which value.
const RECORDS: &str = "migrations";

/// What a migration would do to a store's documents.
#[derive(Debug)]
pub struct StorePlan {
    revision: u64,
    before: Documents,
    /// The plan of each document that holds anything, under its name.
    plans: Vec<(&'static str, Plan)>,
}

/// A store that was migrated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Committed {
    /// The revision that holds the migrated documents.
    pub revision: u64,
    /// The snapshot of the documents as they were.
    pub snapshot: String,
    /// What was added to the history.
    pub records: Vec<Record>,
}

impl Migrations {
    /// What a migration of a store would do: to a version, or to the program's own. Each document has its version; one
    /// that holds nothing has none. Documents of the program's own version are checked as settings of `C`, but for
    /// secrets, which are sealed, and for keys outside the struct.
    ///
    /// # Errors
    /// Why the store can't be read; where a step that was taken before is another one now; and as
    /// [`plan_for`](Self::plan_for).
    pub fn plan_store<C: LayeredConfig>(&self, store: &dyn Store, to: Option<&str>) -> Result<StorePlan, MigrateError> {
        let state = store.load().map_err(|error| failed("the store can't be read", error))?;
        self.check_history(&records(&marks(&state.documents)?)?)?;
        let mut plans = Vec::new();
        for (name, text) in [("base", &state.documents.base), ("runtime", &state.documents.runtime)] {
            let document = read(name, text)?;
            let named = |error: MigrateError| error.in_document(name);
            // What says nothing has no version, but what holds a version alone does.
            if Node::of(&document).children.is_empty() {
                continue;
            }
            let check = |document: &Document| self.check_stored::<C>(document);
            let plan = self.plan_at(&document, to, &check, Some(Timestamp::now())).map_err(named)?;
            plans.push((name, plan.masked_for::<C>(self)));
        }
        Ok(StorePlan { revision: state.revision, before: state.documents, plans })
    }

    /// What was done to a store, the oldest first.
    ///
    /// # Errors
    /// Why the store can't be read.
    pub fn store_history(store: &dyn Store) -> Result<Vec<Record>, MigrateError> {
        let state = store.load().map_err(|error| failed("the store can't be read", error))?;
        records(&marks(&state.documents)?)
    }

    fn check_stored<C: LayeredConfig>(&self, document: &Document) -> Result<(), Report> {
        let mut root = Node::of(document);
        remove_secrets(C::SCHEMA, &mut root);
        let layer = Layer::new(LayerKind::File, document.name(), root.to_document(document));
        self.check_settings::<C>(layer).or_else(|report| {
            let mut known = Report::new();
            for finding in report.errors().filter(|finding| finding.code != code::UNKNOWN_KEY) {
                known.push(finding.clone());
            }
            if known.is_valid() { Ok(()) } else { Err(known) }
        })
    }
}

impl StorePlan {
    /// The revision that it was made for.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// The plan of each document that holds anything: `base` and `runtime`.
    pub fn plans(&self) -> impl Iterator<Item = (&'static str, &Plan)> {
        self.plans.iter().map(|(name, plan)| (*name, plan))
    }

    /// Whether nothing is to be done.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.plans.iter().all(|(_, plan)| plan.is_empty())
    }

    /// Migrates all documents in one commit, if the store still is at the revision of the plan: a snapshot before it,
    /// which is never removed by itself, and the records in it. Nothing where nothing is to be done.
    ///
    /// # Errors
    /// Where somebody else committed meanwhile; and where the store fails. It holds what it held then, unless
    /// [`is_unknown`](MigrateError::is_unknown).
    pub fn apply(&self, store: &dyn Store, actor: &str) -> Result<Option<Committed>, MigrateError> {
        if self.is_empty() {
            return Ok(None);
        }
        let mut marks = marks(&self.before)?;
        let known = records(&marks)?;
        let at = Timestamp::now();
        let mut new = Vec::new();
        let mut documents = self.before.clone();
        let mut changes = Vec::new();
        for (name, plan) in self.plans.iter().filter(|(_, plan)| !plan.is_empty()) {
            let text = json_of(&plan.after)?;
            match *name {
                "base" => documents.base = text,
                _ => documents.runtime = text,
            }
            carry_marks(&mut marks, name, plan);
            changes.extend(recorded(plan));
            new.extend(Record::of(plan, name, actor, at));
        }
        let all: Vec<&Record> = known.iter().chain(&new).collect();
        let all = serde_json::to_value(all).map_err(|error| failed("the records can't be written", error))?;
        marks.insert(RECORDS.to_owned(), all);
        documents.marks = Text::of(&marks).map_err(|error| failed("the records can't be written", error))?;
        let (snapshot, left) = self.snapshot(store, actor, at)?;
        let draft = Draft {
            reason: Some(self.reason()),
            tags: vec![TAG.to_owned()],
            changes,
            ..Draft::new(actor, "migrate", at)
        };
        let done = |entry: &Entry| {
            // A snapshot more harms nobody.
            left.iter().for_each(|left| drop(store.delete_snapshot(&left.id)));
            Committed { revision: entry.revision, snapshot: snapshot.id.clone(), records: new }
        };
        let error = match store.commit(self.revision, &documents, draft) {
            Ok(committed) => return Ok(Some(done(&committed.into_entry()))),
            Err(CommitError::Conflict { current }) => {
                let message = format!("the store is at revision {current}, and was planned at {}", self.revision);
                MigrateError::new(Kind::Conflict, message)
            }
            Err(CommitError::Failed(error)) => failed("nothing was stored", error),
            Err(CommitError::Unknown(error)) => match store.entry(self.revision + 1) {
                Ok(Some(entry)) if entry.documents == documents && entry.actor == actor => {
                    return Ok(Some(done(&entry)));
                }
                // The commit may come back with the next start, and the snapshot is of what was before it.
                told => {
                    let message = match told {
                        Ok(_) => "the store failed and holds nothing of it, and a power cut might bring it back",
                        Err(_) => "the store failed, and whether it holds the migrated documents is not known",
                    };
                    return Err(MigrateError::new(Kind::Unknown, message).because(error));
                }
            },
        };
        // As above.
        let _ = store.delete_snapshot(&snapshot.id);
        Err(error)
    }

    /// The snapshot of what is stored now, and those that migrations have left which were cut off. None of these
    /// serves: nobody knows whether it was on the disk when its writer ended, and the commit must not be there without.
    fn snapshot(
        &self,
        store: &dyn Store,
        actor: &str,
        at: Timestamp,
    ) -> Result<(Snapshot, Vec<Snapshot>), MigrateError> {
        let refused = |error| failed("the snapshot before the migration can't be made", error);
        let is_it = |snapshot: &Snapshot| {
            snapshot.revision == self.revision
                && snapshot.documents == self.before
                && snapshot.tags.iter().any(|tag| tag == TAG)
        };
        let mut left = store.snapshots().map_err(refused)?;
        left.retain(|snapshot| is_it(snapshot) && snapshot.description.starts_with(BEFORE));
        let description = format!("{BEFORE}{}", self.reason());
        let new = NewSnapshot { description, tags: vec![TAG.to_owned()], actor: actor.to_owned(), at };
        let snapshot = store.create_snapshot(new).map_err(refused)?;
        if !is_it(&snapshot) {
            let _ = store.delete_snapshot(&snapshot.id);
            let message = format!("somebody else committed after revision {}; plan again", self.revision);
            return Err(MigrateError::new(Kind::Conflict, message));
        }
        Ok((snapshot, left))
    }

    /// `base: 1.0.0 to 1.3.0; runtime: 1.2.0 to 1.3.0`.
    fn reason(&self) -> String {
        let plans = self.plans.iter().filter(|(_, plan)| !plan.is_empty());
        let said = plans.map(|(name, plan)| format!("{name}: {} to {}", plan.from(), plan.to()));
        said.collect::<Vec<_>>().join("; ")
    }
}

impl MigrateError {
    fn in_document(mut self, name: &str) -> Self {
        self.prepend(&format!("the store's document `{name}`: "));
        self
    }
}

type Marks = serde_json::Map<String, Json>;

fn marks(documents: &Documents) -> Result<Marks, MigrateError> {
    documents.marks.to().map_err(|error| failed("the store's marks can't be read", error))
}

fn records(marks: &Marks) -> Result<Vec<Record>, MigrateError> {
    match marks.get(RECORDS) {
        None => Ok(Vec::new()),
        Some(records) => serde_json::from_value(records.clone())
            .map_err(|error| failed("the store's history of migrations can't be read", error)),
    }
}

/// Who set a value last goes where the value goes.
fn carry_marks(marks: &mut Marks, name: &str, plan: &Plan) {
    let Some(Json::Object(known)) = marks.get_mut(name) else { return };
    for op in plan.steps().iter().flat_map(|step| &step.ops) {
        let Op::Move { from, to } = op else { continue };
        let (from, to) = (path(from), path(to));
        let moved = |key: String| match FieldPath::parse(&key) {
            Ok(own) if from.contains(&own) => format!("{to}{}", &own.as_str()[from.as_str().len()..]),
            _ => key,
        };
        *known = std::mem::take(known).into_iter().map(|(key, mark)| (moved(key), mark)).collect();
    }
}

/// What history shows of a plan: the values by their paths, before and after.
fn recorded(plan: &Plan) -> Vec<Recorded> {
    let (before, after) = (plan.values_before(), plan.values_after());
    let text = |value: Option<&Value>| value.and_then(|value| Text::of(value).ok());
    let paths: BTreeMap<&String, ()> = before.keys().chain(after.keys()).map(|path| (path, ())).collect();
    let changed = paths.into_keys().filter(|path| before.get(*path) != after.get(*path));
    let record = |path: &String| Recorded {
        path: path.clone(),
        old: text(before.get(path)),
        new: text(after.get(path)),
        reload: "live".to_owned(),
    };
    changed.map(record).collect()
}

fn path(keys: &[String]) -> FieldPath {
    keys.iter().fold(FieldPath::ROOT, |path, key| path.child(key))
}

fn read(name: &str, text: &Text) -> Result<Document, MigrateError> {
    let layer = plan::read(&format!("{name}.json"), text.as_str());
    let layer = layer.map_err(|report| {
        MigrateError::new(Kind::Invalid, format!("the store's document `{name}`")).with_report(report)
    })?;
    Ok(layer.document().clone())
}

/// A document as JSON; numbers and texts stay as they were written.
fn json_of(root: &Node) -> Result<Text, MigrateError> {
    let mut text = String::new();
    root.write_json(&mut text);
    Text::parse(text).map_err(|error| failed("the migrated document is no JSON", error))
}

fn remove_secrets(schema: &'static Schema, node: &mut Node) {
    let variants = schema.variants.iter().flat_map(|variant| variant.fields);
    for field in schema.fields.iter().chain(variants) {
        match field.kind {
            FieldKind::Nested(below) if field.meta.flatten => remove_secrets(below, node),
            _ if field.is_secret() => node.children.retain(|child| child.key != field.key),
            FieldKind::Leaf(_) => {}
            FieldKind::Nested(below) | FieldKind::Optional(below) => {
                let own = node.children.iter_mut().filter(|child| child.key == field.key);
                own.for_each(|child| remove_secrets(below, child));
            }
            FieldKind::List(below) | FieldKind::Map(below) => {
                let own = node.children.iter_mut().filter(|child| child.key == field.key);
                own.flat_map(|child| &mut child.children).for_each(|child| remove_secrets(below, child));
            }
        }
    }
}

fn failed(what: &str, error: impl std::error::Error + Send + Sync + 'static) -> MigrateError {
    MigrateError::new(Kind::Failed, what).because(error)
}

/// A store's failure stays what it is.
impl From<StoreError> for MigrateError {
    fn from(error: StoreError) -> Self {
        failed("the store can't be used", error)
    }
}
