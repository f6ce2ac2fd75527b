//! The figures, for Prometheus.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::auth::{Caller, Read};
use crate::context::Context;
use crate::metrics::exposition;
use crate::problem::Problem;

/// Every figure, in the text format of Prometheus
///
/// Open to everybody where the application says so.
#[utoipa::path(get, path = "/metrics", tag = "operation", responses(
    (status = 200, description = "The figures", body = String,
        content_type = "text/plain; version=0.0.4; charset=utf-8"),
))]
pub(super) async fn metrics(
    caller: Result<Caller<Read>, Problem>,
    State(context): State<Context>,
) -> Result<Response, Problem> {
    if !context.app.open_metrics {
        caller?;
    }
    let app = Arc::clone(&context.app);
    let text = context.app.read(move |_| Ok(exposition(&app))).await?;
    let kind =
        [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    Ok((kind, text).into_response())
}
