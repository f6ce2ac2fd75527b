//! A report as JSON: the shape of `check --format json`.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::{Finding, Related, Report, Skipped};

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(4))?;
        map.serialize_entry("valid", &self.is_valid())?;
        map.serialize_entry("errors", &self.errors().collect::<Vec<_>>())?;
        map.serialize_entry("warnings", &self.warnings().collect::<Vec<_>>())?;
        map.serialize_entry("skipped", self.skipped())?;
        map.end()
    }
}

impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(7))?;
        map.serialize_entry("code", self.code)?;
        map.serialize_entry("path", self.path.as_str())?;
        map.serialize_entry("message", &self.message)?;
        map.serialize_entry("layer", self.layer())?;
        map.serialize_entry("at", self.at())?;
        map.serialize_entry("help", self.help.as_deref().unwrap_or_default())?;
        map.serialize_entry("related", &self.related)?;
        map.end()
    }
}

impl Serialize for Related {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("path", self.path.as_str())?;
        map.serialize_entry("at", self.origin.as_ref().map_or("", |origin| &origin.at))?;
        map.end()
    }
}

impl Serialize for Skipped {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("path", self.path.as_str())?;
        map.serialize_entry("check", &self.check)?;
        map.end()
    }
}
