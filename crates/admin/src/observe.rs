//! What is observed of every request: its figures, and a span that names it.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::HeaderMap;
use axum::middleware::Next;
use axum::response::Response;
use tracing::field::Empty;
use tracing::{Instrument, Span};

use crate::context::App;
use crate::request::NAMES;

/// Counts a request and names it to `tracing`: method, route, status, actor, revision, the request's id and the
/// trace's. Never a token, nor a body.
pub(crate) async fn requests(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let in_flight = app.requests.begin();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let method = request.method().clone();
    let span = span(&request, route.as_ref());
    let response = next.run(request).instrument(span.clone()).await;
    let (status, took) = (response.status(), begun.elapsed());
    drop(in_flight);
    app.requests.answered(route.as_ref().map(MatchedPath::as_str), &method, status, took);
    if !span.is_disabled() {
        span.record("status", status.as_u16());
        span.record("revision", app.live.current().revision());
        let milliseconds = took.as_secs_f64() * 1_000.0;
        span.in_scope(|| {
            if status.is_server_error() {
                tracing::warn!(milliseconds, "the request failed");
            } else {
                tracing::debug!(milliseconds, "the request was answered");
            }
        });
    }
    response
}

/// Says whose request it is that is being answered.
pub(crate) fn is_by(actor: &str) {
    Span::current().record("actor", actor);
}

fn span(request: &Request, route: Option<&MatchedPath>) -> Span {
    let span = tracing::info_span!(
        "request",
        method = request.method().as_str(),
        route = route.map(MatchedPath::as_str),
        status = Empty,
        actor = Empty,
        revision = Empty,
        request_id = Empty,
        trace_id = Empty,
    );
    if !span.is_disabled() {
        let headers = request.headers();
        if let Some(name) = NAMES.iter().find_map(|name| headers.get(*name)?.to_str().ok()) {
            span.record("request_id", name.get(..200).unwrap_or(name));
        }
        if let Some(trace) = trace_id(headers) {
            span.record("trace_id", trace);
        }
    }
    span
}

/// The trace that a request is part of (W3C Trace Context, section 3.2).
fn trace_id(headers: &HeaderMap) -> Option<&str> {
    let mut parts = headers.get("traceparent")?.to_str().ok()?.split('-');
    let (version, trace) = (parts.next()?, parts.next()?);
    let digits = |text: &str| text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let is_known = version.len() == 2 && version != "ff" && digits(version);
    (is_known && trace.len() == 32 && digits(trace) && trace.bytes().any(|byte| byte != b'0')).then_some(trace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_is_known_by_its_32_digits() {
        let of = |text: &str| {
            let headers = HeaderMap::from_iter([("traceparent".parse().unwrap(), text.parse().unwrap())]);
            trace_id(&headers).map(str::to_owned)
        };
        let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        assert_eq!(of(&format!("00-{trace}-00f067aa0ba902b7-01")).as_deref(), Some(trace));
        for wrong in ["", "00", "00-0-0-0", "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"] {
            assert_eq!(of(wrong), None, "{wrong}");
        }
        assert_eq!(of(&format!("00-{}-00f067aa0ba902b7-01", "0".repeat(32))), None);
    }
}
