//! One version of the configuration as answers need it: made once, shared by every request until the next version.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use axum::body::Bytes;
use serde_json::Value as Json;
use strata_config_core::{Change, Explained, FieldPath, Schema, Value};
use strata_config_reload::DynVersion;

use crate::etag::ETag;

/// A version, its ETag, and what was asked of it so far.
pub(crate) struct Current {
    pub(crate) version: Arc<dyn DynVersion>,
    pub(crate) schema: &'static Schema,
    pub(crate) etag: ETag,
    /// The desired values, declared keys last, secrets masked.
    pub(crate) config: Value,
    /// The same as text.
    pub(crate) config_text: Bytes,
    /// What the program runs with, as text.
    pub(crate) running_text: Bytes,
    explained: OnceLock<(Vec<Explained>, HashMap<String, usize>)>,
    pending: OnceLock<Vec<Change>>,
    counts: OnceLock<Vec<(&'static str, usize)>>,
    /// Answers to questions for one path.
    answers: RwLock<HashMap<String, Bytes>>,
}

impl Current {
    pub(crate) fn new(version: Arc<dyn DynVersion>, schema: &'static Schema) -> Self {
        let config = with_declared(version.values(), &*version);
        let config_text = text(&config);
        let running_text = text(&with_declared(version.running(), &*version));
        let etag = ETag::of(&[&version.revision().to_be_bytes(), &config_text, &running_text]);
        let (explained, pending, counts) = (OnceLock::new(), OnceLock::new(), OnceLock::new());
        let answers = RwLock::new(HashMap::new());
        Self { version, schema, etag, config, config_text, running_text, explained, pending, counts, answers }
    }

    /// Whether it was made of this version.
    pub(crate) fn is_of(&self, version: &Arc<dyn DynVersion>) -> bool {
        Arc::ptr_eq(&self.version, version)
    }

    /// Every value and where it came from.
    pub(crate) fn explained(&self) -> &[Explained] {
        &self.indexed().0
    }

    /// The value at a path.
    pub(crate) fn explained_at(&self, path: &FieldPath) -> Option<&Explained> {
        let (all, index) = self.indexed();
        index.get(path.as_str()).map(|at| &all[*at])
    }

    fn indexed(&self) -> &(Vec<Explained>, HashMap<String, usize>) {
        self.explained.get_or_init(|| {
            let all = self.version.explain(&[]);
            let index = all.iter().enumerate().map(|(at, explained)| (explained.path.to_string(), at)).collect();
            (all, index)
        })
    }

    /// What waits for a restart.
    pub(crate) fn pending(&self) -> &[Change] {
        self.pending.get_or_init(|| self.version.pending())
    }

    /// How many values come from each kind of source.
    pub(crate) fn counts(&self) -> &[(&'static str, usize)] {
        self.counts.get_or_init(|| {
            let mut counts: Vec<(&'static str, usize)> = Vec::new();
            let declared = self.version.declared().iter().map(|declared| &declared.origin);
            let origins = self.explained().iter().filter_map(|explained| explained.origin.as_ref()).chain(declared);
            for origin in origins {
                let layer = origin.layer.as_str();
                match counts.iter_mut().find(|(known, _)| *known == layer) {
                    Some((_, count)) => *count += 1,
                    None => counts.push((layer, 1)),
                }
            }
            counts
        })
    }

    /// An answer that was given before.
    pub(crate) fn answer(&self, path: &FieldPath) -> Option<Bytes> {
        self.answers.read().unwrap_or_else(PoisonError::into_inner).get(path.as_str()).cloned()
    }

    /// Keeps an answer. There are no more than there are paths of values that exist.
    pub(crate) fn keep(&self, path: &FieldPath, answer: Bytes) {
        self.answers.write().unwrap_or_else(PoisonError::into_inner).insert(path.to_string(), answer);
    }
}

/// Values, those of declared keys last.
fn with_declared(mut values: Value, version: &dyn DynVersion) -> Value {
    if let Value::Map(entries) = &mut values {
        entries.extend(version.declared().iter().map(|declared| (declared.key.clone(), declared.value.clone())));
    }
    values
}

/// A value as JSON. Numbers that JSON does not know are null.
pub(crate) fn json<T: serde::Serialize + ?Sized>(value: &T) -> Json {
    serde_json::to_value(value).unwrap_or_default()
}

/// A value as the text of JSON, in which every integer is exact. Numbers that JSON does not know are null.
pub(crate) fn text<T: serde::Serialize + ?Sized>(value: &T) -> Bytes {
    Bytes::from(serde_json::to_vec(value).unwrap_or_else(|_| b"null".to_vec()))
}
