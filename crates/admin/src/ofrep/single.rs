//! One flag for one context, as clients on servers ask.

use axum::Json as AsJson;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use strata_config_flags::Context as Whom;

use super::body::Asked;
use super::errors::Failures;
use super::evaluated::EvaluatedView;
use crate::auth::{Caller, Read};
use crate::context::Context;
use crate::problem::Problem;

/// Evaluate one flag (OFREP)
///
/// The answer counts as served.
#[utoipa::path(post, path = "/ofrep/v1/evaluate/flags/{key}", tag = "ofrep", request_body = Asked,
    params(("key" = String, Path, description = "The flag's key")),
    responses((status = 200, description = "What somebody gets", body = EvaluatedView), Failures))]
pub(super) async fn evaluate_one(
    _caller: Caller<Read>,
    State(context): State<Context>,
    Path(key): Path<String>,
    asked: Asked,
) -> Result<Response, Problem> {
    let whom = Whom::from_json(&asked.context);
    let snapshot = context.app.ofrep.flags.snapshot();
    let view = snapshot.evaluate(&key, &whom).map(|answer| EvaluatedView::of(&answer)).map_err(|error| {
        Problem::not_found(error.to_string()).with("key", key.as_str()).with("errorCode", error.code())
    })?;
    Ok(([(header::CACHE_CONTROL, "no-store")], AsJson(view)).into_response())
}

/// The same for a key whose slashes are not encoded.
pub(super) async fn evaluate_deep(
    caller: Caller<Read>,
    context: State<Context>,
    Path((key, rest)): Path<(String, String)>,
    asked: Asked,
) -> Result<Response, Problem> {
    evaluate_one(caller, context, Path(format!("{key}/{rest}")), asked).await
}
