//! One version of the configuration as answers need it: made once, shared by every request until the next version.

use std::sync::{Arc, OnceLock};

use axum::body::Bytes;
use serde_json::Value as Json;
use strata_config_core::Explained;
use strata_config_reload::DynVersion;

use crate::etag::ETag;

/// A version, its ETag, and what was asked of it so far.
pub(crate) struct Current {
    pub(crate) version: Arc<dyn DynVersion>,
    pub(crate) etag: ETag,
    /// The desired values, secrets masked.
    pub(crate) config: Arc<Json>,
    /// The same as text.
    pub(crate) config_text: Bytes,
    explained: OnceLock<Vec<Explained>>,
}

impl Current {
    pub(crate) fn new(version: Arc<dyn DynVersion>) -> Self {
        let config = Arc::new(json(&with_declared(&*version)));
        let config_text = Bytes::from(config.to_string());
        let running = json(&version.running()).to_string();
        let etag = ETag::of(&[&version.revision().to_be_bytes(), &config_text, running.as_bytes()]);
        Self { version, etag, config, config_text, explained: OnceLock::new() }
    }

    /// Whether it was made of this version.
    pub(crate) fn is_of(&self, version: &Arc<dyn DynVersion>) -> bool {
        Arc::ptr_eq(&self.version, version)
    }

    /// Every value and where it came from.
    pub(crate) fn explained(&self) -> &[Explained] {
        self.explained.get_or_init(|| self.version.explain(&[]))
    }
}

/// Every desired value, those of declared keys last.
fn with_declared(version: &dyn DynVersion) -> strata_config_core::Value {
    let mut values = version.values();
    if let strata_config_core::Value::Map(entries) = &mut values {
        entries.extend(version.declared().iter().map(|declared| (declared.key.clone(), declared.value.clone())));
    }
    values
}

/// A value as JSON. Numbers that JSON does not know are null.
pub(crate) fn json<T: serde::Serialize + ?Sized>(value: &T) -> Json {
    serde_json::to_value(value).unwrap_or_default()
}
