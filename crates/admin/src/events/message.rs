//! One message: its JSON and its frame are made once, whoever listens.

use axum::body::Bytes;
use serde::Serialize;
use serde_json::Value as Json;
use strata_config_core::FieldPath;
use strata_config_store::{Entry, Timestamp};
use utoipa::ToSchema;

use super::position::Position;
use crate::current::text;
use crate::wire::{ChangeView, FindingView};

/// Something that happened.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct EventView {
    /// Where to go on from, as the stream's own `id`; null where nobody can.
    pub(crate) id: Option<String>,
    /// Its number in this process; 0 where it is told from the history, or to one client alone.
    pub(crate) number: u64,
    /// When.
    #[schema(value_type = String)]
    pub(crate) at: Timestamp,
    /// `committed`, `reloaded`, `failed`, `recovered`, `flags`, `alert`, `reset` or `shutdown`.
    pub(crate) kind: String,
    /// The store's revision that is in effect.
    pub(crate) revision: u64,
    /// This process's count of changes; null where it is told from the history.
    pub(crate) generation: Option<u64>,
    /// The ETag of the configuration in effect; null where a newer one is in effect by now.
    pub(crate) etag: Option<String>,
    /// Who did it.
    pub(crate) actor: Option<String>,
    /// By what way; or the name of the source that was read, or can't be.
    pub(crate) source: Option<String>,
    /// Why.
    pub(crate) reason: Option<String>,
    /// The request's own name.
    pub(crate) request: Option<String>,
    /// The settings whose value differs, secrets masked.
    pub(crate) changes: Vec<ChangeView>,
    /// What is wrong with a source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) report: Option<Vec<FindingView>>,
    /// What happened around the flags.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Json>)]
    pub(crate) flags: Option<Json>,
    /// The alert that begins or ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Json>)]
    pub(crate) alert: Option<Json>,
}

/// What a message will say, before it has a number.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) about: About,
    pub(crate) view: EventView,
}

/// What a message is about: whether somebody who listens to one section hears of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum About {
    /// Something that concerns everybody.
    Everything,
    /// These settings.
    Paths(Vec<FieldPath>),
}

impl About {
    /// Whether this happens at, below or above a section.
    pub(crate) fn touches(&self, section: Option<&FieldPath>) -> bool {
        match (self, section) {
            (Self::Everything, _) | (_, None) => true,
            (Self::Paths(paths), Some(section)) => {
                section.is_root() || paths.iter().any(|path| section.contains(path) || path.contains(section))
            }
        }
    }
}

impl Draft {
    /// Something of this kind, now; the hub says what is in effect.
    pub(crate) fn new(kind: &str) -> Self {
        let view = EventView {
            id: None,
            number: 0,
            at: Timestamp::now(),
            kind: kind.to_owned(),
            revision: 0,
            generation: None,
            etag: None,
            actor: None,
            source: None,
            reason: None,
            request: None,
            changes: Vec::new(),
            report: None,
            flags: None,
            alert: None,
        };
        Self { about: About::Everything, view }
    }

    pub(crate) fn reason(mut self, reason: impl Into<String>) -> Self {
        self.view.reason = Some(reason.into());
        self
    }

    /// A commit.
    pub(crate) fn of_entry(entry: &Entry) -> Self {
        let mut draft = Self::new("committed");
        draft.view.at = entry.at;
        draft.view.revision = entry.revision;
        draft.view.actor = Some(entry.actor.clone());
        draft.view.source = Some(entry.source.clone());
        draft.view.reason.clone_from(&entry.reason);
        draft.view.request.clone_from(&entry.request);
        draft
    }

    /// A commit as the history has it, with what it changed.
    pub(crate) fn of_past(entry: &Entry) -> Self {
        let mut draft = Self::of_entry(entry);
        draft.view.changes = entry.changes.iter().map(ChangeView::of_recorded).collect();
        draft.about_changes()
    }

    /// It is about one setting.
    pub(crate) fn about(mut self, path: FieldPath) -> Self {
        self.about = About::Paths(vec![path]);
        self
    }

    /// It is about what it changes.
    pub(crate) fn about_changes(mut self) -> Self {
        // A path that can't be read would be a key outside the struct; the whole configuration is above it.
        let path = |change: &ChangeView| FieldPath::parse(&change.path).unwrap_or_default();
        self.about = About::Paths(self.view.changes.iter().map(path).collect());
        self
    }

    /// The message; without a position it is one that nobody can go on from.
    pub(crate) fn seal(mut self, position: Option<&Position>) -> Message {
        self.view.id = position.map(ToString::to_string);
        let (kind, reason) = (self.view.kind.clone(), self.view.reason.clone());
        let data = String::from_utf8_lossy(&text(&self.view)).into_owned();
        let id = self.view.id.iter().fold(String::new(), |_, id| format!("id: {id}\n"));
        let frame = Bytes::from(format!("{id}event: {kind}\ndata: {data}\n\n"));
        let number = self.view.number;
        Message { number, kind, reason, about: self.about, data, frame }
    }
}

/// A message, ready to be sent.
#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) number: u64,
    pub(crate) kind: String,
    pub(crate) reason: Option<String>,
    pub(crate) about: About,
    /// JSON on one line.
    pub(crate) data: String,
    /// The same as an event of a stream.
    pub(crate) frame: Bytes,
}

impl Message {
    /// About how much memory it takes.
    pub(crate) fn size(&self) -> usize {
        self.data.len() + self.frame.len() + 200
    }

    pub(crate) fn is_commit(&self) -> bool {
        self.kind == "committed"
    }
}
