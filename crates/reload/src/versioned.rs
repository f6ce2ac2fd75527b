//! A store's documents of other versions: older ones are brought up to date in memory, and newer ones are not written.

use std::collections::BTreeMap;
use std::sync::Arc;

use strata_config_core::report::code;
use strata_config_core::{
    Document, FieldPath, Finding, Kind, Layer, LayerKind, NodeId, Origin, Report, Severity, Upgrade, Value,
};
use strata_config_store::{Documents, StoreError};

use crate::error::UpdateError;
use crate::stored::{Mark, Stored};

/// What brings documents up to date, where the program has such.
pub(crate) type Upgrader = Option<Arc<dyn Upgrade>>;

impl Stored {
    /// Reads a store's documents as those of the program's own version. What can't be brought up to date stays what it is,
    /// and is reported with the configuration that is built of it.
    pub(crate) fn read(documents: &Documents, upgrade: &Upgrader) -> Result<Self, StoreError> {
        let mut stored = Self::parse(documents)?;
        if let Some(upgrade) = upgrade {
            let newer = [
                bring_up(&**upgrade, &mut stored.base, &mut stored.marks.base),
                bring_up(&**upgrade, &mut stored.runtime, &mut stored.marks.runtime),
            ];
            stored.newer = newer.into_iter().flatten().next();
        }
        Ok(stored)
    }

    /// The same, with the program's version in each document, so that a later program knows what they are. Another
    /// version is reported and not taken: documents that say it would be migrated once more, or not be writable at all.
    pub(crate) fn stamped(mut self, before: &Self, upgrade: &Upgrader, report: &mut Report) -> Self {
        let Some(upgrade) = upgrade else { return self };
        for (values, before) in [(&mut self.base, &before.base), (&mut self.runtime, &before.runtime)] {
            if refuses_version(&**upgrade, values, before) {
                remove(values, upgrade.key());
                report.push(foreign_version(&**upgrade));
            }
            stamp(&**upgrade, values);
        }
        self
    }

    /// Refuses to write over documents of a later version than the program's.
    pub(crate) fn check_writable(&self) -> Result<(), UpdateError> {
        let Some(message) = &self.newer else { return Ok(()) };
        let mut report = Report::new();
        let mut finding = Finding::new(Severity::Error, code::NEWER, FieldPath::ROOT, message.clone());
        finding.origin = Some(Origin::new(LayerKind::Store, "the store"));
        finding.help("run the version of the program that wrote it: this one only reads it");
        report.push(finding);
        Err(UpdateError::invalid(report))
    }
}

/// Writes the program's version into values that have none.
fn stamp(upgrade: &dyn Upgrade, values: &mut Value) {
    let is_said = entry(values, upgrade.key()).is_some();
    if let Value::Map(entries) = values
        && !entries.is_empty()
        && !is_said
    {
        entries.push((upgrade.key().to_owned(), Value::String(upgrade.version().to_owned())));
    }
}

/// Whether values say another version than the program's, which they did not say before.
fn refuses_version(upgrade: &dyn Upgrade, values: &Value, before: &Value) -> bool {
    let key = upgrade.key();
    let Some(said) = entry(values, key).filter(|said| entry(before, key) != Some(said)) else { return false };
    let version = Value::Map(vec![(key.to_owned(), said.clone())]);
    let upgraded = upgrade.upgrade(Layer::marked(LayerKind::Store, "", &version, |_| None).document());
    upgraded.is_newer || upgraded.document.is_some() || !upgraded.notes.is_empty()
}

fn foreign_version(upgrade: &dyn Upgrade) -> Finding {
    let message = "what is stored has the version of the program, and gets another one by its migrations alone";
    let mut finding = Finding::new(Severity::Error, code::MIGRATION, FieldPath::ROOT.child(upgrade.key()), message);
    finding.help(format!("leave it out, or say {}", upgrade.version()));
    finding
}

fn entry<'v>(values: &'v Value, key: &str) -> Option<&'v Value> {
    let Value::Map(entries) = values else { return None };
    entries.iter().find(|(known, _)| known == key).map(|(_, value)| value)
}

fn remove(values: &mut Value, key: &str) {
    if let Value::Map(entries) = values {
        entries.retain(|(known, _)| known != key);
    }
}

/// Brings values up to date, and the marks with them; what is said of values that are of a later version.
fn bring_up(upgrade: &dyn Upgrade, values: &mut Value, marks: &mut BTreeMap<String, Mark>) -> Option<String> {
    // The places are the paths that the values had.
    let layer = Layer::marked(LayerKind::Store, "", values, |path| (!path.is_empty()).then(|| path.to_owned()));
    let upgraded = upgrade.upgrade(layer.document());
    if upgraded.is_newer {
        return Some(upgraded.notes.into_iter().next().map(|note| note.message).unwrap_or_default());
    }
    let document = upgraded.document?;
    *values = Value::of_document(&document);
    // From here on they are of the program's version, and nobody brings them up again.
    stamp(upgrade, values);
    let layer = layer.with_document(document);
    let mut moved = BTreeMap::new();
    carry(&layer, layer.document(), NodeId::ROOT, &FieldPath::ROOT, marks, &mut moved);
    *marks = moved;
    None
}

/// Who set each value, by the path that it has now.
fn carry(
    layer: &Layer,
    document: &Document,
    node: NodeId,
    path: &FieldPath,
    marks: &BTreeMap<String, Mark>,
    moved: &mut BTreeMap<String, Mark>,
) {
    if document.kind(node) == Kind::Table {
        for child in document.children(node) {
            carry(layer, document, child, &path.child(document.key(child)), marks, moved);
        }
    } else if let Some(mark) = marks.get(&layer.origin(node).at) {
        moved.insert(path.to_string(), mark.clone());
    }
}
