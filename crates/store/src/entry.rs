//! The history: one entry a revision, chained by hashes.

use serde::{Deserialize, Deserializer, Serialize};

use crate::documents::{Documents, State};
use crate::hash::Hash;
use crate::json::Json;
use crate::timestamp::Timestamp;

/// One change within an entry. Secrets arrive here masked already.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// The setting's path.
    pub path: String,
    /// What it was; nothing where it was not set. JSON's `null` is a value.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub old: Option<Json>,
    /// What it is; nothing where it was removed.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub new: Option<Json>,
    /// When the change counts: `live` or `restart`.
    pub reload: String,
}

/// What the writer says of a commit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Draft {
    /// Who did it.
    pub actor: String,
    /// By what way: `console`, `cli`, `api`, ….
    pub source: String,
    /// Why, where somebody said so.
    pub reason: Option<String>,
    /// A name of the request, by which a repeated one is recognised.
    pub request: Option<String>,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// What changes.
    pub changes: Vec<Recorded>,
    /// When.
    pub at: Timestamp,
}

impl Draft {
    /// A draft that says who, by what way, and when.
    pub fn new(actor: impl Into<String>, source: impl Into<String>, at: Timestamp) -> Self {
        Self { actor: actor.into(), source: source.into(), at, ..Self::default() }
    }
}

/// One entry of the history: a commit, for ever as it was written.
///
/// Its JSON has a fixed order of fields, and an entry that was read is written with the same bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The revision that the commit made, from 1.
    pub revision: u64,
    /// When.
    pub at: Timestamp,
    /// Who did it.
    pub actor: String,
    /// By what way.
    pub source: String,
    /// Why, where somebody said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The request's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// What changed.
    pub changes: Vec<Recorded>,
    /// The documents after the commit.
    pub documents: Documents,
    /// The hash of the entry before, or [`Hash::ZERO`].
    pub previous: Hash,
    /// SHA-256 of [`body`](Self::body).
    pub hash: Hash,
}

impl Entry {
    /// The entry that follows a state.
    #[must_use]
    pub fn seal(after: &State, documents: &Documents, draft: Draft) -> Self {
        let Draft { actor, source, reason, request, tags, changes, at } = draft;
        let mut entry = Self {
            revision: after.revision + 1,
            at,
            actor,
            source,
            reason,
            request,
            tags,
            changes,
            documents: documents.clone(),
            previous: after.head,
            hash: Hash::ZERO,
        };
        entry.hash = Hash::of(entry.body().as_bytes());
        entry
    }

    /// What the hash is taken of: the entry's JSON without the hash. The hash of the entry before is a part of it.
    #[must_use]
    pub fn body(&self) -> String {
        let mut text = self.line();
        text.truncate(text.len() - Self::seal_text(self.hash).len());
        text.push('}');
        text
    }

    /// Whether the hash fits the content.
    #[must_use]
    pub fn is_intact(&self) -> bool {
        Hash::of(self.body().as_bytes()) == self.hash
    }

    /// What the store holds after this entry.
    #[must_use]
    pub fn state(&self) -> State {
        State { revision: self.revision, documents: self.documents.clone(), head: self.hash }
    }

    /// The entry's JSON, on one line.
    pub(crate) fn line(&self) -> String {
        serde_json::to_string(self).expect("an entry has no map whose keys could be anything but text")
    }

    /// The end of an entry's JSON.
    fn seal_text(hash: Hash) -> String {
        format!(",\"hash\":\"{hash}\"}}")
    }
}

/// A value that is there; `null` is one.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Json>, D::Error> {
    Json::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Entry {
        let mut draft = Draft::new("ada", "cli", Timestamp::from_millis(1));
        let null = Json::parse("null").unwrap();
        draft.changes = vec![
            Recorded { path: "a".into(), old: None, new: Some(null.clone()), reload: "live".into() },
            Recorded { path: "b".into(), old: Some(null), new: None, reload: "restart".into() },
        ];
        Entry::seal(&State::default(), &Documents::default(), draft)
    }

    #[test]
    fn an_entry_that_was_read_is_written_with_the_same_bytes() {
        let read: Entry = serde_json::from_str(&entry().line()).unwrap();
        assert_eq!(read, entry());
        assert_eq!(read.line(), entry().line());
    }

    #[test]
    fn the_body_is_canonical_and_holds_the_hash_before() {
        let zeros = "0".repeat(64);
        let expected = r#"{"revision":1,"at":"1970-01-01T00:00:00.001Z","actor":"ada","source":"cli","tags":[],"changes":[{"path":"a","new":null,"reload":"live"},{"path":"b","old":null,"reload":"restart"}],"documents":{"base":{},"runtime":{},"marks":{}},"previous":"ZEROS"}"#;
        assert_eq!(entry().body(), expected.replace("ZEROS", &zeros));
    }

    #[test]
    fn any_change_breaks_the_seal() {
        let mut changed = entry();
        assert!(changed.is_intact());
        changed.actor = "eve".into();
        assert!(!changed.is_intact());
    }
}
