//! JSON Schema 2020-12: what editors complete and check files with.

mod leaf;
mod object;
mod pattern;
mod rules;

use strata_config_core::{Schema, Value};

use crate::text;

/// Which documents a JSON Schema is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coverage {
    /// One file among several sources: what it leaves out may come from another, so nothing is required but within the
    /// items of a list.
    Layer,
    /// The only source of all settings: what has no default is required.
    Whole,
}

/// The JSON Schema (2020-12) of documents that the schema reads.
///
/// A document that loads is accepted, whatever case its choices are written in (an enum's tag alone must be written as it
/// is declared); one that is accepted may still break a rule that JSON Schema cannot say (see the crate's limits). Formats are those of the specification (`uri`, `email`,
/// `ipv4`, …), which many validators check only when told to.
///
/// A TOML file names its schema in a first line `#:schema app.schema.json`, a YAML file in
/// `# yaml-language-server: $schema=app.schema.json`; for JSON, the editor's settings do.
#[must_use]
pub fn json_schema(schema: &'static Schema, coverage: Coverage) -> String {
    let mut text = text::pretty(&object::document(schema, coverage), 0);
    text.push('\n');
    text
}

/// The keywords of a schema, in the order in which they are set.
#[derive(Debug, Clone, PartialEq, Default)]
struct Keywords(Vec<(String, Value)>);

impl Keywords {
    /// Sets a keyword, in its place where it is there already.
    fn set(&mut self, key: &str, value: impl Into<Json>) {
        let Json(value) = value.into();
        match self.0.iter_mut().find(|(known, _)| known == key) {
            Some((_, known)) => *known = value,
            None => self.0.push((key.to_owned(), value)),
        }
    }

    fn get(&self, key: &str) -> Option<&Value> {
        self.0.iter().find(|(known, _)| known == key).map(|(_, value)| value)
    }

    /// Demands another schema, too.
    fn demand(&mut self, other: Self) {
        let mut all = match self.get("allOf") {
            Some(Value::List(all)) => all.clone(),
            _ => Vec::new(),
        };
        all.push(other.into_value());
        self.set("allOf", Value::List(all));
    }

    /// Sets keywords here, or demands them beside those that are set already.
    fn merge(&mut self, other: Self) {
        if other.0.iter().any(|(key, _)| self.get(key).is_some()) {
            self.demand(other);
        } else {
            self.0.extend(other.0);
        }
    }

    fn into_value(self) -> Value {
        Value::Map(self.0)
    }
}

/// Something that a keyword may have as its value.
struct Json(Value);

impl From<Value> for Json {
    fn from(value: Value) -> Self {
        Self(value)
    }
}

impl From<Keywords> for Json {
    fn from(keywords: Keywords) -> Self {
        Self(keywords.into_value())
    }
}

impl From<bool> for Json {
    fn from(value: bool) -> Self {
        Self(Value::Bool(value))
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self(Value::String(text.to_owned()))
    }
}

impl From<String> for Json {
    fn from(text: String) -> Self {
        Self(Value::String(text))
    }
}

impl From<usize> for Json {
    fn from(number: usize) -> Self {
        Self(Value::Int(number as i128))
    }
}

/// A list of texts.
fn texts<'a>(texts: impl IntoIterator<Item = &'a str>) -> Value {
    Value::List(texts.into_iter().map(|text| Value::String(text.to_owned())).collect())
}
