//! What went wrong, as RFC 9457 has it: a problem document with every finding.

use std::time::Duration;

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value as Json, json};
use strata_config_core::Report;
use strata_config_reload::UpdateError;
use strata_config_store::StoreError;

use crate::current::Current;
use crate::wire::FindingView;

/// A problem document: its status, its members, and headers that belong to it.
#[derive(Debug, Clone)]
pub struct Problem {
    status: StatusCode,
    members: Map<String, Json>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

/// What a response was made of, for the mount that writes it in its own words.
#[derive(Debug, Clone)]
pub(crate) struct Made {
    pub(crate) status: StatusCode,
    pub(crate) members: Map<String, Json>,
}

impl Problem {
    /// A problem of a kind that programs tell apart by its name: `conflict`, `invalid`, …
    #[must_use]
    pub fn new(status: StatusCode, kind: &str, detail: impl Into<String>) -> Self {
        let mut members = Map::new();
        members.insert("type".to_owned(), format!("urn:strata:problem:{kind}").into());
        members.insert("title".to_owned(), status.canonical_reason().unwrap_or("Error").into());
        members.insert("status".to_owned(), status.as_u16().into());
        members.insert("detail".to_owned(), detail.into().into());
        Self { status, members, headers: Vec::new() }
    }

    /// The request can't be read.
    #[must_use]
    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "malformed", detail)
    }

    /// There is no such thing.
    #[must_use]
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", detail)
    }

    /// The interface can't do what it should.
    #[must_use]
    pub fn internal(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail)
    }

    /// The configuration would be wrong: every finding, with its JSON pointer.
    #[must_use]
    pub fn invalid(report: &Report) -> Self {
        let errors: Vec<FindingView> = report.errors().map(FindingView::of).collect();
        let detail = match errors.as_slice() {
            [only] => only.message.clone(),
            several => format!("{} mistakes; nothing was changed", several.len()),
        };
        let warnings: Vec<FindingView> = report.warnings().map(FindingView::of).collect();
        let problem = Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", detail);
        problem.with("errors", json!(errors)).with("warnings", json!(warnings))
    }

    /// The configuration is another one than the change was meant for.
    #[must_use]
    pub(crate) fn stale(current: &Current) -> Self {
        let detail = "the configuration has changed since: read it again, and decide anew";
        Self::new(StatusCode::PRECONDITION_FAILED, "stale", detail)
            .with("revision", current.version.revision())
            .with("etag", current.etag.as_str())
            .header(header::ETAG, current.etag.header())
    }

    /// Why a change was not made.
    #[must_use]
    pub fn of_update(error: &UpdateError) -> Self {
        if let Some(report) = error.report() {
            return Self::invalid(report);
        }
        let (status, kind) = match error {
            error if error.is_vetoed() => (StatusCode::UNPROCESSABLE_ENTITY, "vetoed"),
            error if error.is_conflict() => {
                let detail = "the configuration has changed since: read it again, and decide anew";
                return Self::new(StatusCode::PRECONDITION_FAILED, "stale", detail);
            }
            error if error.is_missing() => (StatusCode::NOT_FOUND, "not-found"),
            error if error.is_unknown() => (StatusCode::SERVICE_UNAVAILABLE, "unknown"),
            error if error.is_store() => (StatusCode::SERVICE_UNAVAILABLE, "store"),
            _ => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
        };
        Self::new(status, kind, error.to_string())
    }

    /// Why the store could not be read or written.
    #[must_use]
    pub fn of_store(error: &StoreError) -> Self {
        if error.is_invalid() {
            return Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", error.to_string());
        }
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "store", error.to_string())
    }

    /// Says when to come again, in whole seconds.
    pub(crate) fn retry_after(self, wait: Duration) -> Self {
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        self.header(header::RETRY_AFTER, seconds.max(1).into())
    }

    /// Adds a member.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Json>) -> Self {
        self.members.insert(name.to_owned(), value.into());
        self
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }
}

/// The kind of problem that a response tells.
#[derive(Debug, Clone)]
pub(crate) struct Kind(pub(crate) String);

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = document(self.status, &self.members);
        let kind = self.members["type"].as_str().and_then(|kind| kind.strip_prefix("urn:strata:problem:"));
        response.extensions_mut().insert(Kind(kind.unwrap_or_default().to_owned()));
        response.headers_mut().extend(self.headers);
        let made = Made { status: self.status, members: self.members };
        response.extensions_mut().insert(made);
        response
    }
}

/// A problem document's response.
pub(crate) fn document(status: StatusCode, members: &Map<String, Json>) -> Response {
    let body = Json::Object(members.clone()).to_string();
    (status, [(header::CONTENT_TYPE, "application/problem+json"), (header::CACHE_CONTROL, "no-store")], body)
        .into_response()
}
