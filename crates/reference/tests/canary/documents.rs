//! Documents in every language, written from what stands at which path.

use serde_json::{Map, Value as Json};
use strata_config::FieldPath;

use crate::case::Case;

/// A language of documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    Toml,
    Yaml,
    Json,
}

impl Language {
    pub(crate) const ALL: [Self; 3] = [Self::Toml, Self::Yaml, Self::Json];

    pub(crate) fn extension(self) -> &'static str {
        match self {
            Self::Toml => "toml",
            Self::Yaml => "yaml",
            Self::Json => "json",
        }
    }

    /// A document, each value on a line of its own.
    pub(crate) fn write(self, document: &Json) -> String {
        let mut text = String::new();
        match self {
            Self::Toml => toml(document, "", &mut text),
            Self::Yaml => yaml(document, "", &mut text),
            Self::Json => text = serde_json::to_string_pretty(document).unwrap(),
        }
        text
    }
}

impl Case {
    /// All secrets as a document, each as `write` says it.
    pub(crate) fn document_of(&self, write: impl Fn(&str) -> String) -> Json {
        let mut document = Json::Object(Map::new());
        for secret in &self.secrets {
            *place(&mut document, &secret.path) = Json::String(write(&secret.given));
        }
        document
    }

    /// All secrets as a document.
    pub(crate) fn document(&self) -> Json {
        self.document_of(str::to_owned)
    }
}

/// The place of a path, made where it is not there. A number is an item of a list.
pub(crate) fn place<'d>(document: &'d mut Json, path: &FieldPath) -> &'d mut Json {
    path.segments().iter().fold(document, |at, segment| match segment.parse::<usize>() {
        Ok(index) => {
            if !at.is_array() {
                *at = Json::Array(Vec::new());
            }
            let items = at.as_array_mut().expect("it was made one");
            items.resize(items.len().max(index + 1), Json::Null);
            &mut items[index]
        }
        Err(_) => {
            if !at.is_object() {
                *at = Json::Object(Map::new());
            }
            at.as_object_mut().expect("it was made one").entry(segment.clone()).or_insert(Json::Null)
        }
    })
}

/// `a.b.c = "text"`: lists and what they hold stand inline.
fn toml(value: &Json, path: &str, text: &mut String) {
    match value {
        Json::Object(entries) => {
            for (key, value) in entries {
                toml(value, &if path.is_empty() { key.clone() } else { format!("{path}.{key}") }, text);
            }
        }
        value => *text += &format!("{path} = {}\n", inline(value)),
    }
}

fn inline(value: &Json) -> String {
    match value {
        Json::Array(items) => format!("[{}]", items.iter().map(inline).collect::<Vec<_>>().join(", ")),
        Json::Object(entries) => {
            let entries: Vec<_> = entries.iter().map(|(key, value)| format!("{key} = {}", inline(value))).collect();
            format!("{{ {} }}", entries.join(", "))
        }
        value => value.to_string(),
    }
}

fn yaml(value: &Json, indent: &str, text: &mut String) {
    let deeper = format!("{indent}  ");
    let below = |value: &Json, text: &mut String| match value {
        Json::Object(_) | Json::Array(_) => {
            *text += "\n";
            yaml(value, &deeper, text);
        }
        value => *text += &format!(" {value}\n"),
    };
    match value {
        Json::Object(entries) => {
            for (key, value) in entries {
                *text += &format!("{indent}{key}:");
                below(value, text);
            }
        }
        Json::Array(items) => {
            for item in items {
                *text += &format!("{indent}-");
                below(item, text);
            }
        }
        value => *text += &value.to_string(),
    }
}
