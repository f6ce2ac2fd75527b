//! One answer on the wire.

use serde::Serialize;
use serde_json::{Map, Value as Json};
use strata_config_flags::Answer;
use strata_config_flags::model::FlagValue;
use utoipa::ToSchema;

/// What somebody gets of a flag, and why.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = OfrepEvaluation)]
pub(super) struct EvaluatedView {
    pub(super) key: String,
    /// The value; not there where the program's own default is to be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) value: Option<Json>,
    /// The variant; empty where the program's own default is to be used, for clients that need one.
    pub(super) variant: String,
    /// OpenFeature's reason.
    pub(super) reason: String,
    /// Texts, numbers and booleans: the flag's own, and `why`, `rule_id`, `bucket`.
    pub(super) metadata: Map<String, Json>,
}

impl EvaluatedView {
    pub(super) fn of(answer: &Answer<'_>) -> Self {
        Self {
            key: answer.key().to_owned(),
            value: answer.value().map(FlagValue::to_json),
            variant: answer.variant().unwrap_or_default().to_owned(),
            reason: answer.reason.as_str().to_owned(),
            metadata: answer.metadata_json(),
        }
    }
}
