//! What went wrong, as OFREP's clients read it: always with a code and details, and with the key of a single flag.

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value as Json};
use utoipa::{IntoResponses, ToSchema};

use crate::context::Context;
use crate::guard::documents;
use crate::problem::{Made, Problem};

/// OFREP's other way to say a token.
const API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// Where a single flag is evaluated.
const FLAGS: &str = "/ofrep/v1/evaluate/flags/";

/// What went wrong.
#[derive(Serialize, ToSchema)]
#[schema(as = OfrepError)]
pub(super) struct ErrorView {
    /// The flag that was asked for, where it was one.
    key: Option<String>,
    /// OpenFeature's code: `PARSE_ERROR`, `INVALID_CONTEXT`, `FLAG_NOT_FOUND`, `GENERAL`.
    #[serde(rename = "errorCode")]
    error_code: String,
    /// The same for people.
    #[serde(rename = "errorDetails")]
    error_details: String,
}

/// What can go wrong with every request of the protocol.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "for the description")]
pub(super) enum Failures {
    /// The body can't be read, or the context is none
    #[response(status = 400)]
    Malformed(#[to_schema] ErrorView),
    /// There is no token, or it is not accepted
    #[response(status = 401)]
    Unauthorized(#[to_schema] ErrorView),
    /// The token does not permit to read
    #[response(status = 403)]
    Forbidden(#[to_schema] ErrorView),
    /// There is no such flag
    #[response(status = 404)]
    NotFound(#[to_schema] ErrorView),
    /// The body is too large
    #[response(status = 413)]
    TooLarge(#[to_schema] ErrorView),
    /// Too many requests: `Retry-After` says in whole seconds when to come again
    #[response(status = 429)]
    TooMany(#[to_schema] ErrorView),
    /// A defect of the interface
    #[response(status = 500)]
    Internal(#[to_schema] ErrorView),
}

/// A request that can't be answered, with OpenFeature's code.
pub(super) fn failed(code: &str, details: impl Into<String>) -> Problem {
    Problem::malformed(details).with("errorCode", code)
}

/// Writes what went wrong as the protocol has it. The members of a problem document are there, too; the media type is the
/// protocol's.
pub(super) async fn in_ofrep(State(_): State<Context>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    if let Some(token) = request.headers().get(API_KEY).filter(|_| !has_token(&request))
        && let Ok(value) = HeaderValue::from_bytes(&[b"Bearer ", token.as_bytes()].concat())
    {
        request.headers_mut().insert(header::AUTHORIZATION, value);
    }
    let mut response = documents(request, next).await;
    let Some(Made { status, mut members }) = response.extensions_mut().remove::<Made>() else { return response };
    members.insert("instance".to_owned(), path.clone().into());
    complete(&mut members, status, &path);
    let kind = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
    let written = (status, kind, Json::Object(members).to_string()).into_response();
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.extend(written.headers().clone());
    Response::from_parts(parts, written.into_body())
}

fn has_token(request: &Request) -> bool {
    request.headers().contains_key(header::AUTHORIZATION)
}

fn complete(members: &mut Map<String, Json>, status: StatusCode, path: &str) {
    let code = if status == StatusCode::BAD_REQUEST { "PARSE_ERROR" } else { "GENERAL" };
    members.entry("errorCode").or_insert_with(|| code.into());
    let details = members.get("detail").cloned().unwrap_or_else(|| "the request can't be answered".into());
    members.insert("errorDetails".to_owned(), details);
    if let Some(key) = path.strip_prefix(FLAGS) {
        members.entry("key").or_insert_with(|| decoded(key).into());
    }
}

/// A path's text, with what is percent-encoded in it read.
fn decoded(path: &str) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let [first, others @ ..] = rest {
        let pair = others.first_chunk::<2>().filter(|_| *first == b'%');
        let byte = pair.and_then(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &others[2..] } else { others };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
