//! Reading JSON that others wrote: what is not as it should be is noted with its place, and reading goes on.

use std::fmt::Display;

use serde_json::Value as Json;

/// A JSON object.
pub(super) type Object = serde_json::Map<String, Json>;

/// What is noted on the way through a feature.
#[derive(Debug, Default)]
pub(super) struct Notes {
    path: Vec<String>,
    problems: Vec<String>,
    warnings: Vec<String>,
}

impl Notes {
    /// Problems and warnings.
    pub(super) fn finish(self) -> (Vec<String>, Vec<String>) {
        (self.problems, self.warnings)
    }

    /// Reads something one step further in.
    pub(super) fn within<T>(&mut self, step: impl Display, read: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(step.to_string());
        let found = read(self);
        self.path.pop();
        found
    }

    /// Something for which the flag is refused.
    pub(super) fn problem(&mut self, message: impl Display) {
        self.problems.push(self.here(message));
    }

    /// Something that its owner should look at.
    pub(super) fn warning(&mut self, message: impl Display) {
        self.warnings.push(self.here(message));
    }

    fn here(&self, message: impl Display) -> String {
        if self.path.is_empty() { message.to_string() } else { format!("{}: {message}", self.path.join(".")) }
    }

    /// An entry that is a text, where it is there; null counts as nothing, here and below.
    pub(super) fn text<'j>(&mut self, object: &'j Object, name: &str) -> Option<&'j str> {
        self.entry(object, name, "text", Json::as_str)
    }

    pub(super) fn boolean(&mut self, object: &Object, name: &str) -> Option<bool> {
        self.entry(object, name, "boolean", Json::as_bool)
    }

    pub(super) fn object<'j>(&mut self, object: &'j Object, name: &str) -> Option<&'j Object> {
        self.entry(object, name, "object", Json::as_object)
    }

    /// An entry that is a number from 0 up to 2³² - 1.
    pub(super) fn count(&mut self, object: &Object, name: &str) -> Option<u32> {
        self.entry(object, name, "whole number from 0 to 4294967295", |value| value.as_u64()?.try_into().ok())
    }

    /// A text, or a number or boolean as one.
    pub(super) fn scalar(&mut self, object: &Object, name: &str) -> Option<String> {
        self.entry(object, name, "text", scalar)
    }

    /// A list's texts.
    pub(super) fn scalars(&mut self, object: &Object, name: &str) -> Vec<String> {
        self.items(object, name, "text", scalar).into_iter().map(|(_, text)| text).collect()
    }

    /// A list's objects, with their numbers.
    pub(super) fn objects<'j>(&mut self, object: &'j Object, name: &str) -> Vec<(usize, &'j Object)> {
        self.items(object, name, "object", Json::as_object)
    }

    fn items<'j, T>(
        &mut self,
        object: &'j Object,
        name: &str,
        kind: &str,
        read: impl Fn(&'j Json) -> Option<T>,
    ) -> Vec<(usize, T)> {
        let items = self.entry(object, name, "list", Json::as_array).map_or(&[][..], Vec::as_slice);
        let mut found = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            match read(item) {
                Some(read) => found.push((index, read)),
                None => self.within(name, |notes| notes.within(index, |notes| notes.wrong(item, kind))),
            }
        }
        found
    }

    fn entry<'j, T>(
        &mut self,
        object: &'j Object,
        name: &str,
        kind: &str,
        read: impl FnOnce(&'j Json) -> Option<T>,
    ) -> Option<T> {
        let value = object.get(name).filter(|value| !value.is_null())?;
        let found = read(value);
        if found.is_none() {
            self.within(name, |notes| notes.wrong(value, kind));
        }
        found
    }

    fn wrong(&mut self, value: &Json, kind: &str) {
        let shown: String = value.to_string().chars().take(40).collect();
        self.problem(format_args!("`{shown}` is no {kind}"));
    }
}

/// Unleash has texts where others have numbers; people write either.
pub(super) fn scalar(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.clone()),
        Json::Number(_) | Json::Bool(_) => Some(value.to_string()),
        _ => None,
    }
}
