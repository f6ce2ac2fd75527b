//! What a client sends: whom flags are evaluated for.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use serde_json::{Map, Value as Json};
use strata_config_flags::TARGETING_KEY;
use utoipa::ToSchema;

use super::errors::failed;
use crate::context::Context;
use crate::problem::Problem;

/// Whom flags are evaluated for. Nobody in particular, where nothing is said.
#[derive(Debug, Default, ToSchema)]
#[schema(as = OfrepRequest)]
pub(super) struct Asked {
    /// Attributes; `targetingKey` is the unit.
    pub(super) context: Map<String, Json>,
}

impl FromRequest<Context> for Asked {
    type Rejection = Problem;

    async fn from_request(request: Request, context: &Context) -> Result<Self, Problem> {
        let bytes = Bytes::from_request(request, context).await.map_err(|refused| match refused.status() {
            StatusCode::PAYLOAD_TOO_LARGE => {
                Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", refused.body_text())
            }
            _ => failed("PARSE_ERROR", refused.body_text()),
        })?;
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Ok(Self::default());
        }
        let body = serde_json::from_slice(&bytes);
        let body = body.map_err(|error| failed("PARSE_ERROR", format!("the body is not JSON: {error}")))?;
        let Json::Object(mut body) = body else { return Err(failed("PARSE_ERROR", "the body is not a JSON object")) };
        let mut context = match body.remove("context") {
            None | Some(Json::Null) => Map::new(),
            Some(Json::Object(context)) => context,
            Some(_) => return Err(failed("INVALID_CONTEXT", "`context` is not a JSON object")),
        };
        match context.remove(TARGETING_KEY) {
            None | Some(Json::Null) => {}
            // A number is as good a key as a text, for whoever keeps users by number.
            Some(Json::Number(number)) => drop(context.insert(TARGETING_KEY.to_owned(), number.to_string().into())),
            Some(key @ Json::String(_)) => drop(context.insert(TARGETING_KEY.to_owned(), key)),
            Some(_) => return Err(failed("INVALID_CONTEXT", "`targetingKey` is not a text")),
        }
        Ok(Self { context })
    }
}
