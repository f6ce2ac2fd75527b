//! The whole configuration: read, and changed by patches.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::applied;
use super::changing::unchanged;
use super::patching::Patch;
use crate::answer::Answer;
use crate::auth::{Caller, Read, Write};
use crate::context::Context;
use crate::dialect::Operation;
use crate::problem::Problem;
use crate::request::{Body, Intent, Words};
use crate::wire::AppliedView;

pub(super) fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::new().routes(routes!(get_config, patch_config, put_config, post_config))
}

/// Which configuration is meant.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Which {
    /// What the program runs with, instead of what is desired: the two differ where a change waits for a restart.
    #[serde(default)]
    running: bool,
}

/// The effective configuration
///
/// Secrets are `{"$secret": true}`.
#[utoipa::path(get, path = "/config", tag = "configuration", params(Which), responses(
    (status = 200, description = "Every desired value", body = serde_json::Value),
    (status = 304, description = "The configuration is still the one of `If-None-Match`"),
))]
async fn get_config(
    _caller: Caller<Read>,
    State(context): State<Context>,
    Words(which): Words<Which>,
    headers: HeaderMap,
) -> Response {
    let current = context.app.current();
    if let Some(response) = unchanged(&current, &headers) {
        return response;
    }
    if which.running {
        return Answer::of_text(Operation::Config, current.running_text.clone()).etag(&current.etag).into_response();
    }
    Answer::config(&current).into_response()
}

/// Patch the configuration
///
/// A merge patch (RFC 7396): maps merge, everything else replaces, null unsets. Or a JSON patch (RFC 6902), whose
/// pointers lead into the answer of `GET /config`.
#[utoipa::path(patch, path = "/config", tag = "configuration", request_body(content(
    (serde_json::Value = "application/merge-patch+json"),
    (serde_json::Value = "application/json"),
    (Vec<serde_json::Value> = "application/json-patch+json"),
)), responses(
    (status = 200, description = "What became of the change", body = AppliedView),
    (status = 409, description = "An operation of the JSON patch does not fit the configuration"),
))]
async fn patch_config(
    caller: Caller<Write>,
    State(context): State<Context>,
    intent: Intent,
    body: Body,
) -> Result<Answer, Problem> {
    let patch = Patch::read(&body, Operation::UpdateConfig, &context)?;
    let done = patch.apply(&context, &intent, || intent.actor(&caller, &context)).await?;
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
    body: Body,
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
    body: Body,
) -> Result<Answer, Problem> {
    patch_config(caller, context, intent, body).await
}
