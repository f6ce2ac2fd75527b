//! What went right: an answer in JSON, which the mount may add its own words to.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value as Json;

use crate::context::Context;
use crate::current::{Current, text as written};
use crate::dialect::Operation;
use crate::etag::ETag;
use crate::exact;
use crate::guard::{Attempt, Revision};
use crate::problem::{Made, document};

/// An answer to an operation, written already: numbers stay what they are.
#[derive(Debug)]
pub(crate) struct Answer {
    operation: Operation,
    status: StatusCode,
    etag: Option<ETag>,
    text: Bytes,
}

impl Answer {
    /// An answer of this content.
    pub(crate) fn new(operation: Operation, body: &impl Serialize) -> Self {
        Self::of_text(operation, written(body))
    }

    /// An answer whose text is there already.
    pub(crate) fn of_text(operation: Operation, text: Bytes) -> Self {
        Self { operation, status: StatusCode::OK, etag: None, text }
    }

    /// The whole configuration.
    pub(crate) fn config(current: &Current) -> Self {
        Self::of_text(Operation::Config, current.config_text.clone()).etag(&current.etag)
    }

    pub(crate) fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// Says of which configuration it is.
    pub(crate) fn etag(mut self, etag: &ETag) -> Self {
        self.etag = Some(etag.clone());
        self
    }
}

/// An answer's text, kept in the response for a mount with words of its own.
#[derive(Debug, Clone)]
struct Said {
    operation: Operation,
    text: Bytes,
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let Self { operation, status, etag, text } = self;
        let kind = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "private, no-cache")];
        let mut response = (status, kind, text.clone()).into_response();
        if let Some(etag) = etag {
            response.headers_mut().insert(header::ETAG, etag.header());
        }
        if let Some(revision) = revision(&text) {
            response.extensions_mut().insert(Revision(revision));
        }
        response.extensions_mut().insert(Said { operation, text });
        response
    }
}

/// The revision of what became of a change: such an answer begins with it.
fn revision(text: &[u8]) -> Option<u64> {
    let rest = text.strip_prefix(b"{\"revision\":")?;
    let end = rest.iter().position(|byte| !byte.is_ascii_digit())?;
    str::from_utf8(&rest[..end]).ok()?.parse().ok()
}

/// Writes answers and problems in the words of their mount.
pub(crate) async fn in_words(State(context): State<Context>, request: Request, next: Next) -> Response {
    // Below a mount the request's own path lacks the prefix.
    let attempt = request.extensions().get::<Arc<Attempt>>();
    let path = attempt.map_or_else(|| request.uri().path().to_owned(), |attempt| attempt.path.clone());
    let mut response = next.run(request).await;
    let dialect = &context.mount.dialect;
    if let Some(Said { operation, text }) = response.extensions_mut().remove::<Said>()
        && dialect.has_words()
        && let Some(Json::Object(mut members)) = read(&text)
    {
        dialect.answer(operation, &context, &mut members);
        return rewritten(response, written(&exact::value(&Json::Object(members))));
    }
    if let Some(Made { status, mut members }) = response.extensions_mut().remove::<Made>() {
        members.insert("instance".to_owned(), path.into());
        dialect.problem(&mut members);
        let document = document(status, &members);
        let (mut parts, _) = response.into_parts();
        parts.headers.remove(header::CONTENT_LENGTH);
        return Response::from_parts(parts, document.into_body());
    }
    response
}

/// An answer of our own, every number exact.
fn read(answer: &[u8]) -> Option<Json> {
    exact::read(str::from_utf8(answer).ok()?).ok().map(|value| exact::json(&value))
}

fn rewritten(response: Response, body: Bytes) -> Response {
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, body.into())
}
