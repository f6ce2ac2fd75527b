//! A value, and all that is known of it.

use serde::Serialize;
use serde_json::Value as Json;
use strata_config_core::{Explained, Origin};
use strata_config_reload::Declared;
use utoipa::ToSchema;

use crate::current::json;

/// Where a value came from.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct OriginView {
    /// The kind of source: `default`, `profile`, `store`, `file`, `dotenv`, `env`, `args`, `runtime`, `program`, `fallback`.
    pub(crate) layer: String,
    /// The place in it: `default`, a position in a file, a variable's name, an actor and a time.
    pub(crate) at: String,
}

impl OriginView {
    pub(crate) fn of(origin: &Origin) -> Self {
        Self { layer: origin.layer.as_str().to_owned(), at: origin.at.clone() }
    }
}

/// A weaker value that is hidden.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ShadowView {
    /// The kind of source.
    pub(crate) layer: String,
    /// The place in it.
    pub(crate) at: String,
    /// The value, masked if it is secret.
    pub(crate) value: Json,
}

/// A value, and all that is known of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ValueView {
    /// Its path.
    pub(crate) path: String,
    /// The value; `{"$secret": true}` where it is secret.
    pub(crate) value: Json,
    /// The kind of value, in a word.
    #[serde(rename = "type")]
    pub(crate) kind: String,
    /// Whether it is secret: it may be written, never read.
    pub(crate) secret: bool,
    /// The default; null where there is none.
    pub(crate) default: Json,
    /// Its documentation.
    pub(crate) doc: String,
    /// `live`, or `restart` where a change waits for the program's next start.
    pub(crate) reload: String,
    /// Where it came from.
    pub(crate) origin: Option<OriginView>,
    /// The weaker values that it hides, strongest first.
    pub(crate) shadows: Vec<ShadowView>,
    /// The origins of its parts, where it was merged from several.
    pub(crate) merged: Vec<OriginView>,
    /// The program still runs with another value, until it is started anew.
    pub(crate) pending: bool,
    /// The value that the program runs with, where that is another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) running: Option<Json>,
}

impl ValueView {
    pub(crate) fn of(explained: &Explained) -> Self {
        let shadow = |shadow: &strata_config_core::Shadow| ShadowView {
            layer: shadow.origin.layer.as_str().to_owned(),
            at: shadow.origin.at.clone(),
            value: json(&shadow.value),
        };
        Self {
            path: explained.path.to_string(),
            value: json(&explained.value),
            kind: explained.kind.to_owned(),
            secret: explained.secret,
            default: json(&explained.default),
            doc: explained.doc.to_owned(),
            reload: explained.reload.as_str().to_owned(),
            origin: explained.origin.as_ref().map(OriginView::of),
            shadows: explained.shadows.iter().map(shadow).collect(),
            merged: explained.merged.iter().map(OriginView::of).collect(),
            pending: false,
            running: None,
        }
    }

    pub(crate) fn of_declared(declared: &Declared) -> Self {
        Self {
            path: strata_config_core::FieldPath::ROOT.child(&declared.key).to_string(),
            value: json(&declared.value),
            kind: "any".to_owned(),
            secret: false,
            default: Json::Null,
            doc: declared.doc.clone(),
            reload: "live".to_owned(),
            origin: Some(OriginView::of(&declared.origin)),
            shadows: Vec::new(),
            merged: Vec::new(),
            pending: false,
            running: None,
        }
    }
}
