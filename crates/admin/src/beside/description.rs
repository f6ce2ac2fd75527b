//! The interface's own description.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::context::Context;
use crate::problem::Problem;

/// The description of this interface, as OpenAPI 3.1
#[utoipa::path(get, path = "/openapi.json", tag = "operation", responses(
    (status = 200, description = "The description", body = Object),
    (status = 304, description = "It is still the one of `If-None-Match`"),
))]
pub(super) async fn openapi(State(context): State<Context>, headers: HeaderMap) -> Result<Response, Problem> {
    let description = context.app.description.get();
    let description = description.ok_or_else(|| Problem::internal("the description is not made yet"))?;
    let tag = (header::ETAG, description.etag.header());
    if description.etag.matches(&headers, header::IF_NONE_MATCH, true) == Some(true) {
        return Ok((StatusCode::NOT_MODIFIED, [tag]).into_response());
    }
    let kind = (header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let cache = (header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(([tag, kind, cache], description.text.clone()).into_response())
}
