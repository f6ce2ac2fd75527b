//! The way in for documents that were written for an older version of the program: what brings them up to date.

use std::fmt::Debug;

use crate::document::{Document, Span};
use crate::excerpt;
use crate::gather::Gathered;
use crate::layer::{Layer, Places};
use crate::path::FieldPath;
use crate::report::{Finding, Severity, Spot, code};

/// Brings a document that was written for an older version of the program up to date, before its settings are read.
///
/// It sees one document at a time, which may be a part of the configuration alone. What it moves keeps its place: a node
/// of the new document has the span of the node that it was, and the document keeps name and text.
pub trait Upgrade: Debug + Send + Sync {
    /// The key that says the document's version. Where no setting has it, it belongs to the loader.
    fn key(&self) -> &str;

    /// The version that the program writes.
    fn version(&self) -> &str;

    /// What becomes of a document.
    fn upgrade(&self, document: &Document) -> Upgraded;
}

/// What became of a document.
#[derive(Debug, Default)]
pub struct Upgraded {
    /// The document to read in its place; `None` where it stays what it is.
    pub document: Option<Document>,
    /// It is of a later version than the program: what it says is read as far as it is known, and is not to be written.
    pub is_newer: bool,
    /// What is to be told, with [`code::OUTDATED`], [`code::NEWER`] or [`code::MIGRATION`].
    pub notes: Vec<UpgradeNote>,
}

/// Something to tell of a document's version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpgradeNote {
    /// How much it weighs.
    pub severity: Severity,
    /// One of [`code`]'s.
    pub code: &'static str,
    /// What is wrong, without a value of the document (it may be a secret).
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// The part of the document that it is about; its begin where there is none.
    pub place: Option<Span>,
}

impl Gathered {
    /// The key of a document's version, as a path.
    pub(crate) fn version_key(&self) -> Option<String> {
        self.upgrade.as_ref().map(|upgrade| FieldPath::ROOT.child(upgrade.key()).to_string())
    }

    /// Takes a layer that may be of an older version; where its text is damaged, what its version leads to is not told.
    pub(crate) fn push_upgraded(&mut self, mut layer: Layer, is_whole: bool, includes: bool) {
        let Some(upgrade) = self.upgrade.clone() else { return self.push_walked(layer, includes) };
        let Upgraded { document, is_newer, notes } = upgrade.upgrade(&layer.document);
        let is_refused = notes.iter().any(|note| note.severity == Severity::Error);
        self.run.suppress_missing |= is_refused;
        for UpgradeNote { severity, code, message, help, place } in notes {
            if !is_whole && severity == Severity::Error {
                continue;
            }
            let mut finding = Finding::new(severity, code, FieldPath::ROOT.child(upgrade.key()), message);
            finding.help = help;
            finding.origin = Some(layer.origin_at(place.unwrap_or_default()));
            finding.spot = place.map(|span| Spot { layer: self.layers.len(), span });
            if let (true, Places::Position, Some(span)) = (is_whole, &layer.places, place) {
                finding.excerpt = excerpt::of_value_alone(&layer.document, span);
            }
            self.run.report.push(finding);
        }
        let is_another_versions = is_refused || is_newer || document.is_some();
        if let Some(document) = document {
            layer.document = document;
        }
        layer.document.unquoted |= is_another_versions;
        if is_refused {
            // In the layout of another version a secret may stand where the program now has an open setting.
            self.push_unread(layer);
            return;
        }
        let before = self.run.report.findings().len();
        self.push_walked(layer, includes);
        if is_newer {
            for finding in &mut self.run.report.findings_mut()[before..] {
                if finding.code == code::UNKNOWN_KEY {
                    finding.severity = Severity::Warning;
                }
            }
        }
    }
}
