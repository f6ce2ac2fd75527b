//! All flags for one context, as clients in browsers and on phones ask, with an ETag and the stream of changes.

use axum::Json as AsJson;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use strata_config_flags::Context as Whom;
use strata_config_store::Timestamp;
use utoipa::ToSchema;

use super::body::Asked;
use super::errors::Failures;
use super::evaluated::EvaluatedView;
use super::{EVENTS, feed};
use crate::auth::{Caller, Read};
use crate::context::Context;
use crate::etag::ETag;
use crate::problem::Problem;

/// All flags for one context.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OfrepEvaluations)]
struct BulkView {
    flags: Vec<EvaluatedView>,
    /// Where changes are told.
    #[serde(rename = "eventStreams")]
    event_streams: [StreamView; 1],
}

/// Where changes are told.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OfrepEventStream)]
struct StreamView {
    /// `sse`
    #[serde(rename = "type")]
    kind: &'static str,
    endpoint: EndpointView,
    /// After so many seconds in which nobody looks, the client should leave.
    #[serde(rename = "inactivityDelaySec")]
    inactivity_delay_sec: u32,
}

/// The address, from the origin that the client knows: what stands between may call this server by any name.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OfrepEventStreamEndpoint)]
struct EndpointView {
    /// With a ticket of one minute: to be used now, and to be kept from logs.
    #[serde(rename = "requestUri")]
    request_uri: String,
}

/// Evaluate all flags (OFREP)
///
/// The answers do not count as served: the client uses a few of them, if any, and knows of which. The ETag stays the
/// same as long as everything in the answer does: the configuration as far as it matters for this context, the context,
/// and what time brings.
#[utoipa::path(post, path = "/ofrep/v1/evaluate/flags", tag = "ofrep", request_body = Asked,
    params(
        ("flagConfigEtag" = Option<String>, Query, description = "The `etag` of the event that led here"),
        ("flagConfigLastModified" = Option<String>, Query, description = "The `lastModified` of that event"),
    ),
    responses(
        (status = 200, description = "What somebody gets", body = BulkView,
            headers(("ETag" = String, description = "For `If-None-Match`"))),
        (status = 304, description = "It is what it was"),
        Failures,
))]
pub(super) async fn evaluate_all(
    caller: Caller<Read>,
    State(context): State<Context>,
    headers: HeaderMap,
    asked: Asked,
) -> Result<Response, Problem> {
    let remote = &context.app.ofrep;
    let snapshot = remote.flags.snapshot();
    let whom = Whom::from_json(&asked.context).at(remote.flags.clock().now());
    let answers = snapshot.set().keys().filter_map(|key| snapshot.peek(key, &whom).ok());
    let flags: Vec<EvaluatedView> = answers.map(|answer| EvaluatedView::of(&answer)).collect();
    let text = |value: Result<Vec<u8>, serde_json::Error>| {
        value.map_err(|error| Problem::internal(format!("the answer can't be written: {error}")))
    };
    let (asked, told) = (text(serde_json::to_vec(&asked.context))?, text(serde_json::to_vec(&flags))?);
    let content = ETag::of(&[&remote.process, &asked, &told]);
    if let Some(known) = remote.known(&headers, &content) {
        let headers = [(header::ETAG, known), (header::CACHE_CONTROL, feed::private())];
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    // It lasts as long as the process, and is not begun before somebody wants to hear of changes.
    let stand = remote.stand();
    let ticket = context.app.tickets.issue(&caller.token, Timestamp::now());
    let view = BulkView {
        flags,
        event_streams: [StreamView {
            kind: "sse",
            endpoint: EndpointView { request_uri: format!("{EVENTS}?ticket={}&since={}", ticket.text, stand.etag) },
            inactivity_delay_sec: 120,
        }],
    };
    let etag = feed::tag(&content, &ticket.text);
    Ok(([(header::ETAG, etag), (header::CACHE_CONTROL, feed::private())], AsJson(view)).into_response())
}
