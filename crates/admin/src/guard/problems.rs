//! Every error is a problem document, also those that no handler of ours has made.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Attempt;
use crate::problem::{Made, Problem, document};

/// The most bytes of a plain refusal that are read for the problem's detail.
const DETAIL: usize = 4096;

/// There is nothing there.
pub(crate) async fn unknown_route() -> Problem {
    Problem::not_found("there is no such route; /openapi.json lists what there is")
}

/// Makes problem documents of errors before a mount writes them in its own words.
pub(crate) async fn documents(request: Request, next: Next) -> Response {
    let attempt = request.extensions().get::<Arc<Attempt>>().cloned();
    let response = next.run(request).await;
    match attempt {
        Some(attempt) => as_problem(response, &attempt).await,
        None => response,
    }
}

/// Makes a problem document of an error that is not one yet. Its headers stay: `Allow`, `Retry-After`.
pub(crate) async fn as_problem(response: Response, attempt: &Attempt) -> Response {
    let status = response.status();
    if attempt.was_late() && !status.is_success() && status != StatusCode::REQUEST_TIMEOUT {
        return late().into_response();
    }
    let is_error = status.is_client_error() || status.is_server_error();
    if !is_error || has_document(response.headers()) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let said = said(&parts.headers, body).await;
    let (kind, detail) = kind(status);
    let problem = Problem::new(status, kind, said.unwrap_or_else(|| detail.to_owned()));
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.remove(header::CONTENT_TYPE);
    let mut response = problem.into_response();
    response.headers_mut().extend(parts.headers);
    response
}

/// Says where a problem occurred that no mount has written.
pub(super) fn located(mut response: Response, attempt: &Attempt) -> Response {
    let Some(Made { status, mut members }) = response.extensions_mut().remove::<Made>() else { return response };
    members.insert("instance".to_owned(), attempt.path.as_str().into());
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, document(status, &members).into_body())
}

fn late() -> Problem {
    Problem::new(StatusCode::REQUEST_TIMEOUT, "timeout", "the request's body did not come in time")
}

/// A problem, or a shape that another protocol demands.
fn has_document(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).map_or(&b""[..], |kind| kind.as_bytes());
    kind.starts_with(b"application/problem+json") || kind.starts_with(b"application/json")
}

/// What a refusal says in plain text.
async fn said(headers: &HeaderMap, body: Body) -> Option<String> {
    let kind = headers.get(header::CONTENT_TYPE)?;
    if !kind.as_bytes().starts_with(b"text/plain") {
        return None;
    }
    let bytes = to_bytes(body, DETAIL).await.ok()?;
    String::from_utf8(bytes.to_vec()).ok().filter(|text| !text.is_empty())
}

/// The kind of a status, and what is said where nothing else is known.
fn kind(status: StatusCode) -> (&'static str, &'static str) {
    match status.as_u16() {
        400 => ("malformed", "the request can't be read"),
        401 => ("unauthorized", "a token is needed"),
        403 => ("forbidden", "the token does not permit this"),
        404 => ("not-found", "there is nothing of this name"),
        405 => ("method-not-allowed", "this route has other methods; the header `Allow` lists them"),
        408 => ("timeout", "the request did not come in time"),
        413 => ("too-large", "the request's body is too large"),
        415 => ("unsupported-media-type", "the body is of a media type that this route does not take"),
        422 => ("invalid", "the request is not as it should be"),
        429 => ("too-many-requests", "too many requests"),
        431 => ("headers-too-large", "the request's headers are too large"),
        503 => ("unavailable", "not now"),
        _ if status.is_client_error() => ("malformed", "the request can't be answered"),
        _ => ("internal", "the interface can't do what it should"),
    }
}
