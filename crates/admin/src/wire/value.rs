//! A value, and all that is known of it.

use serde::Serialize;
use strata_config_codegen::{choices, entry_limits, limits};
use strata_config_core::schema::{Field, FieldKind};
use strata_config_core::{Explained, FieldPath, LayerKind, LeafKind, Origin, Shadow, Value};
use strata_config_reload::Declared;
use strata_config_store::{Entry, Timestamp};
use utoipa::ToSchema;

use crate::current::Current;

/// Where a value came from.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct OriginView {
    /// The kind of source: `default`, `profile`, `store`, `file`, `dotenv`, `env`, `args`, `runtime`, `program`, `fallback`.
    pub(crate) layer: String,
    /// The place in it: `default`, a position in a file, a variable's name, an actor and a time.
    pub(crate) at: String,
    /// What a reference there led to, where the value is a secret that stands elsewhere, and whether that is stale.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) leads_to: Option<String>,
}

impl OriginView {
    pub(crate) fn of(origin: &Origin) -> Self {
        Self { layer: origin.layer.as_str().to_owned(), at: origin.at.clone(), leads_to: origin.leads_to.clone() }
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
    #[schema(value_type = serde_json::Value)]
    pub(crate) value: Value,
}

/// Who changed a value last.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct LastChangeView {
    /// The revision that the change made.
    pub(crate) revision: u64,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub(crate) at: Timestamp,
    /// Who.
    pub(crate) actor: String,
    /// By what way.
    pub(crate) source: String,
    /// Why, where somebody said so.
    pub(crate) reason: Option<String>,
}

impl LastChangeView {
    pub(crate) fn of(entry: &Entry) -> Self {
        Self {
            revision: entry.revision,
            at: entry.at,
            actor: entry.actor.clone(),
            source: entry.source.clone(),
            reason: entry.reason.clone(),
        }
    }
}

/// A value, and all that is known of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ValueView {
    /// Its path.
    pub(crate) path: String,
    /// The value; `{"$secret": true}` where it is secret.
    #[schema(value_type = serde_json::Value)]
    pub(crate) value: Value,
    /// The kind of value, in a word.
    #[serde(rename = "type")]
    pub(crate) kind: String,
    /// Whether it is secret: it may be written, never read.
    pub(crate) secret: bool,
    /// The default; null where there is none.
    #[schema(value_type = serde_json::Value)]
    pub(crate) default: Value,
    /// Its documentation.
    pub(crate) doc: String,
    /// `live`, or `restart` where a change waits for the program's next start.
    pub(crate) reload: String,
    /// What it must and had better obey, one phrase each.
    pub(crate) limits: Vec<String>,
    /// The names that it may have, where it is a choice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) choices: Option<Vec<String>>,
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
    #[schema(value_type = Option<serde_json::Value>)]
    pub(crate) running: Option<Value>,
    /// Something was set at run time here, which can be unset.
    pub(crate) set_at_run_time: bool,
    /// Who changed it last; only where one value is asked for. Null where the history has no change of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<LastChangeView>)]
    pub(crate) last_change: Option<Option<LastChangeView>>,
}

impl ValueView {
    /// A value of the current configuration.
    pub(crate) fn of(explained: &Explained, current: &Current) -> Self {
        let shadow = |shadow: &Shadow| ShadowView {
            layer: shadow.origin.layer.as_str().to_owned(),
            at: shadow.origin.at.clone(),
            value: shadow.value.clone(),
        };
        let waiting = current.pending().iter().find(|change| change.path == explained.path);
        let entry = explained.field.filter(|field| is_entry(field, &explained.path));
        let limits = match explained.field {
            Some(field) if entry.is_some() => entry_limits(field),
            Some(field) => limits(field),
            None => Vec::new(),
        };
        let choices = explained.field.and_then(choices);
        Self {
            path: explained.path.to_string(),
            value: explained.value.clone(),
            kind: explained.kind.to_owned(),
            secret: explained.secret,
            default: explained.default.clone().unwrap_or_default(),
            doc: explained.doc.to_owned(),
            reload: explained.reload.as_str().to_owned(),
            limits,
            choices: choices.map(|names| names.iter().map(|name| (*name).to_owned()).collect()),
            origin: explained.origin.as_ref().map(OriginView::of),
            shadows: explained.shadows.iter().map(shadow).collect(),
            merged: explained.merged.iter().map(OriginView::of).collect(),
            pending: waiting.is_some(),
            running: waiting.map(|change| change.before().unwrap_or_default()),
            set_at_run_time: is_set_at_run_time(explained),
            last_change: None,
        }
    }

    /// A key that the program declared.
    pub(crate) fn of_declared(declared: &Declared) -> Self {
        Self {
            path: FieldPath::ROOT.child(&declared.key).to_string(),
            value: declared.value.clone(),
            kind: "any".to_owned(),
            secret: false,
            default: Value::Null,
            doc: declared.doc.clone(),
            reload: "live".to_owned(),
            limits: Vec::new(),
            choices: None,
            origin: Some(OriginView::of(&declared.origin)),
            shadows: Vec::new(),
            merged: Vec::new(),
            pending: false,
            running: None,
            set_at_run_time: is_of_run_time(&declared.origin),
            last_change: None,
        }
    }

    /// A part of a value that is one setting: an item of a list, a member of an object.
    pub(crate) fn part(self, path: &FieldPath, value: &Value) -> Self {
        Self {
            path: path.to_string(),
            kind: word(value).to_owned(),
            value: value.clone(),
            default: Value::Null,
            limits: Vec::new(),
            shadows: Vec::new(),
            running: None,
            ..self
        }
    }
}

/// Whether an explained path is an entry of a map that is one setting.
fn is_entry(field: &Field, path: &FieldPath) -> bool {
    let FieldKind::Leaf(leaf) = field.kind else { return false };
    let segments = path.segments();
    leaf.shape().kind == LeafKind::Map
        && segments.len() > 1
        && segments[segments.len() - 2] == field.key
        && segments[segments.len() - 1] != field.key
}

/// Whether something was set at run time, seen or hidden.
fn is_set_at_run_time(explained: &Explained) -> bool {
    let shadows = explained.shadows.iter().map(|shadow| &shadow.origin);
    explained.origin.iter().chain(shadows).chain(&explained.merged).any(is_of_run_time)
}

fn is_of_run_time(origin: &Origin) -> bool {
    matches!(origin.layer, LayerKind::Runtime | LayerKind::Program)
}

/// The kind of a value, in a word.
fn word(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Int(_) => "integer",
        Value::Float(_) => "number",
        Value::String(_) => "string",
        Value::List(_) => "list",
        Value::Map(_) => "object",
        Value::Secret => "secret",
    }
}
