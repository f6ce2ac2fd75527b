//! The whole configuration: read, and changed by patches.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use strata_config_core::Value;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::applied;
use crate::answer::Answer;
use crate::auth::{Caller, Read, Write};
use crate::context::Context;
use crate::dialect::Operation;
use crate::problem::Problem;
use crate::request::{Intent, JsonBody};
use crate::wire::AppliedView;

pub(super) fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::new().routes(routes!(get_config, patch_config, put_config, post_config))
}

/// The effective configuration
///
/// Secrets are `{"$secret": true}`.
#[utoipa::path(get, path = "/config", tag = "configuration", responses(
    (status = 200, description = "Every desired value", body = serde_json::Value),
    (status = 304, description = "The configuration is still the one of `If-None-Match`"),
))]
async fn get_config(_caller: Caller<Read>, State(context): State<Context>, headers: HeaderMap) -> Response {
    let current = context.app.current();
    if current.etag.matches(&headers, header::IF_NONE_MATCH, true) == Some(true) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, current.etag.header())]).into_response();
    }
    Answer::config(&current).into_response()
}

/// Merge a patch into the configuration
#[utoipa::path(patch, path = "/config", tag = "configuration", request_body = serde_json::Value, responses(
    (status = 200, description = "What became of the change", body = AppliedView),
))]
async fn patch_config(
    caller: Caller<Write>,
    State(context): State<Context>,
    intent: Intent,
    body: JsonBody,
) -> Result<Answer, Problem> {
    let patch = body.of(Operation::UpdateConfig, &context)?;
    let actor = intent.actor(&caller, &context)?;
    let patch = Value::from_serialize(&patch);
    let done = context.app.write(move |live| live.update(&patch, actor)).await?;
    Ok(applied(&context, &intent, Operation::UpdateConfig, &done))
}

/// Merge a patch into the configuration
#[utoipa::path(put, path = "/config", tag = "configuration", request_body = serde_json::Value, responses(
    (status = 200, description = "What became of the change", body = AppliedView),
))]
async fn put_config(
    caller: Caller<Write>,
    context: State<Context>,
    intent: Intent,
    body: JsonBody,
) -> Result<Answer, Problem> {
    patch_config(caller, context, intent, body).await
}

/// Merge a patch into the configuration
#[utoipa::path(post, path = "/config", tag = "configuration", request_body = serde_json::Value, responses(
    (status = 200, description = "What became of the change", body = AppliedView),
))]
async fn post_config(
    caller: Caller<Write>,
    context: State<Context>,
    intent: Intent,
    body: JsonBody,
) -> Result<Answer, Problem> {
    patch_config(caller, context, intent, body).await
}
