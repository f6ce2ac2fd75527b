//! What is wrong, or questionable.

use serde::Serialize;
use strata_config_core::{FieldPath, Finding};
use utoipa::ToSchema;

use super::OriginView;

/// One thing that is wrong, or questionable.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct FindingView {
    /// The JSON pointer of the setting (RFC 6901); empty for the whole configuration.
    pub(crate) pointer: String,
    /// The setting's path.
    pub(crate) path: String,
    /// The stable code.
    pub(crate) code: String,
    /// What is wrong.
    pub(crate) message: String,
    /// Where the value came from.
    pub(crate) origin: Option<OriginView>,
    /// The kind of source that it came from; empty where that is not known.
    pub(crate) layer: String,
    /// The place in it.
    pub(crate) at: String,
    /// What to do.
    pub(crate) help: String,
    /// Other settings that have a part in it.
    pub(crate) related: Vec<RelatedView>,
}

/// Another setting of a finding.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct RelatedView {
    /// Its path.
    pub(crate) path: String,
    /// The place of its value.
    pub(crate) at: String,
}

impl FindingView {
    /// What a veto of the program's says.
    pub(crate) fn of_veto(message: &str) -> Self {
        Self {
            pointer: String::new(),
            path: String::new(),
            code: "vetoed".to_owned(),
            message: message.to_owned(),
            origin: None,
            layer: String::new(),
            at: String::new(),
            help: String::new(),
            related: Vec::new(),
        }
    }

    pub(crate) fn of(finding: &Finding) -> Self {
        let related = finding.related.iter().map(|related| RelatedView {
            path: related.path.to_string(),
            at: related.origin.as_ref().map(|origin| origin.at.clone()).unwrap_or_default(),
        });
        Self {
            pointer: pointer(&finding.path),
            path: finding.path.to_string(),
            code: finding.code.to_owned(),
            message: finding.message.clone(),
            origin: finding.origin.as_ref().map(OriginView::of),
            layer: finding.layer().to_owned(),
            at: finding.at().to_owned(),
            help: finding.help.clone().unwrap_or_default(),
            related: related.collect(),
        }
    }
}

/// A path as a JSON pointer (RFC 6901).
pub(crate) fn pointer(path: &FieldPath) -> String {
    path.segments()
        .iter()
        .fold(String::new(), |pointer, segment| pointer + "/" + &segment.replace('~', "~0").replace('/', "~1"))
}
