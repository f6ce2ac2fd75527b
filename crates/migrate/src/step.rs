//! One step of a chain: from one version to the next, and back.

use std::fmt;
use std::fmt::Write as _;
use std::sync::Arc;

use serde::Serialize;
use strata_config_core::{FieldPath, LayeredConfig, Value};
use strata_config_store::Hash;

use crate::edit::{Edit, Refusal};
use crate::renames;
use crate::version::{InvalidVersion, Version};

/// A change of a document.
pub(crate) type Change = Arc<dyn Fn(&mut Edit) -> Result<(), Refusal> + Send + Sync>;

/// Says what is wrong with a document after a step.
pub(crate) type Check = Arc<dyn Fn(&Edit) -> Result<(), Refusal> + Send + Sync>;

/// A change of one value.
type Map = fn(Value) -> Result<Value, Refusal>;

/// One step of a chain: what turns a document of one version into one of the next, and back.
///
/// A step is a pure function of the document: it reads no file, no clock and no variable, so that the plan of a migration
/// is the migration. It takes documents as they are, also those that hold a part of the settings alone: what is not there
/// is not moved, and what a program has a default for is better left out than added.
#[derive(Clone)]
pub struct Step {
    id: String,
    from: String,
    to: String,
    description: String,
    actions: Vec<Action>,
    irreversible: Option<String>,
    check: Option<Check>,
    check_before: Option<Check>,
    edition: u32,
}

/// One part of a step, with its way back.
#[derive(Clone)]
enum Action {
    /// Other keys in the same table, and back.
    Rename { pattern: String, key: String },
    /// Another place, and back.
    Move { from: String, to: String },
    /// A value that older versions do not know.
    Add { path: String, value: Value },
    /// A value that newer versions do not know.
    Remove { path: String },
    /// Another value in the same place.
    Map { pattern: String, up: Map, down: Map },
    /// Functions of the program's.
    Functions { up: Change, down: Change },
}

impl Step {
    /// A step between two versions; its id is what the history knows it by, for ever.
    pub fn new(id: impl Into<String>, from: impl Into<String>, to: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            from: from.into(),
            to: to.into(),
            description: String::new(),
            actions: Vec::new(),
            irreversible: None,
            check: None,
            check_before: None,
            edition: 1,
        }
    }

    /// What it does, for people.
    #[must_use]
    pub fn describe(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    /// Gives a value another key in its table: `.rename("db.host", "address")`. A segment `*` is every key and item.
    #[must_use]
    pub fn rename(self, path: impl Into<String>, key: impl Into<String>) -> Self {
        self.action(Action::Rename { pattern: path.into(), key: key.into() })
    }

    /// Moves a value, with all below it: `.moves("timeout", "http.timeout")`.
    #[must_use]
    pub fn moves(self, from: impl Into<String>, to: impl Into<String>) -> Self {
        self.action(Action::Move { from: from.into(), to: to.into() })
    }

    /// Adds a value where the document has none; on the way back the value is removed, whatever it is by then. A document
    /// that holds a part of the settings gets it, too, and then hides what weaker sources say: prefer a default.
    #[must_use]
    pub fn adds(self, path: impl Into<String>, value: impl Serialize) -> Self {
        self.action(Action::Add { path: path.into(), value: Value::from_serialize(&value) })
    }

    /// Removes a value. Nobody knows it on the way back, so the step can't be taken back.
    #[must_use]
    pub fn removes(mut self, path: impl Into<String>) -> Self {
        let path = path.into();
        if self.irreversible.is_none() {
            self.irreversible = Some(format!("it removes `{path}`, and nothing keeps what that said"));
        }
        self.action(Action::Remove { path })
    }

    /// Makes another value of one, and back: seconds to milliseconds. A segment `*` of the path is every key and item.
    #[must_use]
    pub fn maps(self, path: impl Into<String>, up: Map, down: Map) -> Self {
        self.action(Action::Map { pattern: path.into(), up, down })
    }

    /// Does anything else, and undoes it. What the functions do is not a part of the checksum: when they change, say so
    /// by [`edition`](Self::edition).
    #[must_use]
    pub fn does(
        self,
        up: impl Fn(&mut Edit) -> Result<(), Refusal> + Send + Sync + 'static,
        down: impl Fn(&mut Edit) -> Result<(), Refusal> + Send + Sync + 'static,
    ) -> Self {
        self.action(Action::Functions { up: Arc::new(up), down: Arc::new(down) })
    }

    /// Renames every field that says `renamed_from` with this step's version as its `since`, wherever in the struct.
    #[must_use]
    pub fn renames_of<C: LayeredConfig>(mut self) -> Self {
        let found = Version::parse(&self.to).map(|to| renames::since(C::SCHEMA, &to)).unwrap_or_default();
        self.prepend(found);
        self
    }

    /// Says that the step can't be taken back, and why, in words that follow "since": "the keys were thrown away".
    #[must_use]
    pub fn irreversible(mut self, why: impl Into<String>) -> Self {
        self.irreversible = Some(why.into());
        self
    }

    /// Checks the document of the step's new version, also before the step is taken back.
    #[must_use]
    pub fn check(mut self, check: impl Fn(&Edit) -> Result<(), Refusal> + Send + Sync + 'static) -> Self {
        self.check = Some(Arc::new(check));
        self
    }

    /// Checks the document of the version before, also after the step was taken back.
    #[must_use]
    pub fn check_before(mut self, check: impl Fn(&Edit) -> Result<(), Refusal> + Send + Sync + 'static) -> Self {
        self.check_before = Some(Arc::new(check));
        self
    }

    /// Counts how often the step's functions were changed, from 1: it is a part of the checksum.
    #[must_use]
    pub fn edition(mut self, edition: u32) -> Self {
        self.edition = edition;
        self
    }

    /// What the history knows it by.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What it does, for people.
    #[must_use]
    pub fn description(&self) -> &str {
        &self.description
    }

    /// Why it can't be taken back, where that is so.
    #[must_use]
    pub fn why_irreversible(&self) -> Option<&str> {
        self.irreversible.as_deref()
    }

    /// SHA-256 of what the step says it does, in hexadecimal digits: by it a step is recognised that was changed after
    /// somebody took it.
    #[must_use]
    pub fn checksum(&self) -> String {
        let mut content = format!("step {:?} {:?} {:?} edition {}\n", self.id, self.from, self.to, self.edition);
        for action in &self.actions {
            // Writing to a text does not fail.
            let _ = writeln!(content, "{action}");
        }
        let _ = write!(content, "irreversible {}", self.irreversible.is_some());
        Hash::of(content.as_bytes()).to_string()
    }

    pub(crate) fn versions(&self) -> (Result<Version, InvalidVersion>, Result<Version, InvalidVersion>) {
        (Version::parse(&self.from), Version::parse(&self.to))
    }

    pub(crate) fn prepend(&mut self, renames: Vec<(FieldPath, String)>) {
        let renames = renames.into_iter().map(|(path, key)| Action::Rename { pattern: path.to_string(), key });
        self.actions.splice(..0, renames);
    }

    pub(crate) fn up(&self, edit: &mut Edit) -> Result<(), Refusal> {
        run_check(&self.check_before, edit)?;
        self.actions.iter().try_for_each(|action| action.up(edit))?;
        run_check(&self.check, edit)
    }

    pub(crate) fn down(&self, edit: &mut Edit) -> Result<(), Refusal> {
        run_check(&self.check, edit)?;
        self.actions.iter().rev().try_for_each(|action| action.down(edit))?;
        run_check(&self.check_before, edit)
    }

    fn action(mut self, action: Action) -> Self {
        self.actions.push(action);
        self
    }
}

fn run_check(check: &Option<Check>, edit: &Edit) -> Result<(), Refusal> {
    check.as_ref().map_or(Ok(()), |check| check(edit))
}

impl Action {
    fn up(&self, edit: &mut Edit) -> Result<(), Refusal> {
        match self {
            Self::Rename { pattern, key } => rename(edit, pattern, key),
            Self::Move { from, to } => edit.move_to(from, to).map(drop),
            Self::Add { path, value } => edit.set_default(path, value.clone()).map(drop),
            Self::Remove { path } => edit.remove(path).map(drop),
            Self::Map { pattern, up, .. } => map(edit, pattern, *up),
            Self::Functions { up, .. } => up(edit),
        }
    }

    fn down(&self, edit: &mut Edit) -> Result<(), Refusal> {
        match self {
            Self::Rename { pattern, key } => {
                let path = FieldPath::parse(pattern)?;
                let segments = path.segments();
                let Some((old, above)) = segments.split_last() else { return Ok(()) };
                let renamed = above.iter().fold(FieldPath::ROOT, |path, segment| path.child(segment)).child(key);
                rename(edit, renamed.as_str(), old)
            }
            Self::Move { from, to } => edit.move_to(to, from).map(drop),
            Self::Add { path, .. } => edit.remove(path).map(drop),
            Self::Remove { .. } => Ok(()),
            Self::Map { pattern, down, .. } => map(edit, pattern, *down),
            Self::Functions { down, .. } => down(edit),
        }
    }
}

fn rename(edit: &mut Edit, pattern: &str, key: &str) -> Result<(), Refusal> {
    edit.find(pattern)?.iter().try_for_each(|path| edit.rename(path.as_str(), key).map(drop))
}

fn map(edit: &mut Edit, pattern: &str, function: Map) -> Result<(), Refusal> {
    edit.find(pattern)?.iter().try_for_each(|path| edit.map(path.as_str(), function).map(drop))
}

/// What is declared, for the checksum: it must never be written in another way.
impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rename { pattern, key } => write!(f, "rename {pattern:?} {key:?}"),
            Self::Move { from, to } => write!(f, "move {from:?} {to:?}"),
            Self::Add { path, value } => write!(f, "add {path:?} {:?}", value.to_text()),
            Self::Remove { path } => write!(f, "remove {path:?}"),
            Self::Map { pattern, .. } => write!(f, "map {pattern:?}"),
            Self::Functions { .. } => f.write_str("function"),
        }
    }
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, from, to, irreversible, .. } = self;
        let step = (id, from, to, irreversible);
        f.debug_tuple("Step").field(&step).finish()
    }
}
