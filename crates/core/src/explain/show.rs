//! Explanations as text and as JSON: the values of `explain --format json`.

use std::fmt;

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::{Explained, Shadow};
use crate::layer::Origin;

/// `app.toml:14:13, shadows the default 8`.
impl fmt::Display for Explained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.origin {
            Some(origin) => write!(f, "{}", origin.describe())?,
            None => write!(f, "no source")?,
        }
        for (index, shadow) in self.shadows.iter().enumerate() {
            let word = if index == 0 { ", shadows" } else { " and" };
            write!(f, "{word} {} {}", shadow.origin.describe(), shadow.value.to_text())?;
        }
        Ok(())
    }
}

impl Serialize for Explained {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("path", self.path.as_str())?;
        map.serialize_entry("value", &self.value)?;
        map.serialize_entry("type", self.kind)?;
        map.serialize_entry("secret", &self.secret)?;
        map.serialize_entry("default", &self.default)?;
        map.serialize_entry("doc", self.doc)?;
        map.serialize_entry("reload", self.reload.as_str())?;
        map.serialize_entry("origin", &self.origin)?;
        map.serialize_entry("shadows", &self.shadows)?;
        if !self.merged.is_empty() {
            map.serialize_entry("merged", &self.merged)?;
        }
        map.end()
    }
}

impl Serialize for Origin {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("layer", self.layer.as_str())?;
        map.serialize_entry("at", &self.at)?;
        if let Some(secret) = &self.leads_to {
            map.serialize_entry("leads_to", secret)?;
        }
        map.end()
    }
}

impl Serialize for Shadow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("layer", self.origin.layer.as_str())?;
        map.serialize_entry("at", &self.origin.at)?;
        map.serialize_entry("value", &self.value)?;
        map.end()
    }
}
