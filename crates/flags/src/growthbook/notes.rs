//! What is found wrong with a feature on the way through it, and the fields that are read on that way.

use serde_json::{Map, Value as Json};

use crate::interchange::Imported;
use crate::model::{Definition, Flag};

/// What is wrong with a feature, and what is to be known about it.
#[derive(Debug, Default)]
pub(super) struct Notes {
    place: Vec<String>,
    problems: Vec<String>,
    warnings: Vec<String>,
}

impl Notes {
    /// Does something one step further into the feature.
    pub(super) fn within<T>(&mut self, step: impl Into<String>, then: impl FnOnce(&mut Self) -> T) -> T {
        self.place.push(step.into());
        let result = then(self);
        self.place.pop();
        result
    }

    pub(super) fn refuse(&mut self, field: &str, message: impl AsRef<str>) {
        let line = self.line(field, message.as_ref());
        self.problems.push(line);
    }

    pub(super) fn warn(&mut self, field: &str, message: impl AsRef<str>) {
        let line = self.line(field, message.as_ref());
        self.warnings.push(line);
    }

    fn line(&self, field: &str, message: &str) -> String {
        let steps = self.place.iter().map(String::as_str).chain(Some(field).filter(|field| !field.is_empty()));
        let place = steps.collect::<Vec<_>>().join(".");
        if place.is_empty() { message.to_owned() } else { format!("{place}: {message}") }
    }

    /// Adds the flag, or refuses it.
    pub(super) fn finish(self, key: &str, definition: Definition, imported: &mut Imported) {
        if !self.problems.is_empty() {
            imported.refuse(key, self.problems);
            return;
        }
        imported.warn(key, self.warnings);
        imported.definitions.flags.insert(key.to_owned(), Flag::from(definition));
    }

    /// A field that GrowthBook leaves out, or sets to what counts as nothing.
    fn field<'j, T>(
        &mut self,
        object: &'j Map<String, Json>,
        name: &str,
        wanted: &str,
        read: impl FnOnce(&'j Json) -> Option<T>,
    ) -> Option<T> {
        let value = object.get(name).filter(|value| !value.is_null())?;
        let found = read(value);
        if found.is_none() {
            self.refuse(name, format!("{wanted} is needed"));
        }
        found
    }

    /// A text; an empty one counts as none.
    pub(super) fn text<'j>(&mut self, object: &'j Map<String, Json>, name: &str) -> Option<&'j str> {
        self.field(object, name, "a text", Json::as_str).filter(|text| !text.is_empty())
    }

    pub(super) fn number(&mut self, object: &Map<String, Json>, name: &str) -> Option<f64> {
        self.field(object, name, "a number", Json::as_f64)
    }

    pub(super) fn boolean(&mut self, object: &Map<String, Json>, name: &str) -> bool {
        self.field(object, name, "a boolean", Json::as_bool).unwrap_or(false)
    }

    pub(super) fn list<'j>(&mut self, object: &'j Map<String, Json>, name: &str) -> Option<&'j [Json]> {
        self.field(object, name, "a list", Json::as_array).map(Vec::as_slice)
    }

    pub(super) fn object<'j>(&mut self, object: &'j Map<String, Json>, name: &str) -> Option<&'j Map<String, Json>> {
        self.field(object, name, "an object", Json::as_object)
    }

    /// Ranges of places, each from its start up to its end.
    pub(super) fn ranges(&mut self, object: &Map<String, Json>, name: &str) -> Option<Vec<(f64, f64)>> {
        let items = self.list(object, name)?;
        let found: Option<Vec<_>> = items.iter().map(range).collect();
        if found.is_none() {
            self.refuse(name, "a list of pairs of numbers is needed");
        }
        found
    }

    pub(super) fn range(&mut self, object: &Map<String, Json>, name: &str) -> Option<(f64, f64)> {
        self.field(object, name, "a pair of numbers", range)
    }
}

/// A range within the places that there are: those beyond them hold nobody.
fn range(json: &Json) -> Option<(f64, f64)> {
    match json.as_array()?.as_slice() {
        [start, end] => Some(within_places(start.as_f64()?, end.as_f64()?)),
        _ => None,
    }
}

pub(super) fn within_places(start: f64, end: f64) -> (f64, f64) {
    let (start, end) = (start.clamp(0.0, 1.0), end.clamp(0.0, 1.0));
    if start < end { (start, end) } else { (0.0, 0.0) }
}
