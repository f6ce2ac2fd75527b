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
use crate::current::{Current, json};
use crate::dialect::Operation;
use crate::etag::ETag;
use crate::guard::{Attempt, Revision};
use crate::problem::{Made, document};

/// An answer to an operation.
#[derive(Debug)]
pub(crate) struct Answer {
    operation: Operation,
    status: StatusCode,
    etag: Option<ETag>,
    body: Arc<Json>,
    text: Option<Bytes>,
}

impl Answer {
    /// An answer of this content.
    pub(crate) fn new(operation: Operation, body: &impl Serialize) -> Self {
        Self { operation, status: StatusCode::OK, etag: None, body: Arc::new(json(body)), text: None }
    }

    /// The whole configuration, whose text is there already.
    pub(crate) fn config(current: &Current) -> Self {
        let text = Some(current.config_text.clone());
        let etag = Some(current.etag.clone());
        Self { operation: Operation::Config, status: StatusCode::OK, etag, body: Arc::clone(&current.config), text }
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

/// An answer as JSON, kept in the response for a mount with words of its own.
#[derive(Debug, Clone)]
struct Said {
    operation: Operation,
    body: Arc<Json>,
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let Self { operation, status, etag, body, text } = self;
        let text = text.unwrap_or_else(|| Bytes::from(body.to_string()));
        let kind = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "private, no-cache")];
        let mut response = (status, kind, text).into_response();
        if let Some(etag) = etag {
            response.headers_mut().insert(header::ETAG, etag.header());
        }
        if let Some(revision) = body.get("revision").and_then(Json::as_u64) {
            response.extensions_mut().insert(Revision(revision));
        }
        response.extensions_mut().insert(Said { operation, body });
        response
    }
}

/// Writes answers and problems in the words of their mount.
pub(crate) async fn in_words(State(context): State<Context>, request: Request, next: Next) -> Response {
    // Below a mount the request's own path lacks the prefix.
    let attempt = request.extensions().get::<Arc<Attempt>>();
    let path = attempt.map_or_else(|| request.uri().path().to_owned(), |attempt| attempt.path.clone());
    let mut response = next.run(request).await;
    let dialect = &context.mount.dialect;
    if let Some(Said { operation, body }) = response.extensions_mut().remove::<Said>()
        && let Json::Object(members) = &*body
        && dialect.has_words()
    {
        let mut members = members.clone();
        dialect.answer(operation, &context, &mut members);
        return rewritten(response, Json::Object(members).to_string());
    }
    if let Some(Made { status, mut members }) = response.extensions_mut().remove::<Made>() {
        members.insert("instance".to_owned(), path.into());
        dialect.problem(&mut members);
        let written = document(status, &members);
        let (mut parts, _) = response.into_parts();
        parts.headers.remove(header::CONTENT_LENGTH);
        return Response::from_parts(parts, written.into_body());
    }
    response
}

fn rewritten(response: Response, body: String) -> Response {
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, body.into())
}
