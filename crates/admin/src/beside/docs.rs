//! The page that explains the interface, and its parts. It needs no network, and nothing is written into it.

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::etag::ETag;
use crate::problem::Problem;

const PAGE: &str = include_str!("../../assets/docs/index.html");

/// Its parts: name, content and kind.
const PARTS: [(&str, &str, &str); 4] = [
    ("docs.css", include_str!("../../assets/docs/docs.css"), "text/css; charset=utf-8"),
    ("docs.js", include_str!("../../assets/docs/docs.js"), "text/javascript; charset=utf-8"),
    ("schema.js", include_str!("../../assets/docs/schema.js"), "text/javascript; charset=utf-8"),
    ("try.js", include_str!("../../assets/docs/try.js"), "text/javascript; charset=utf-8"),
];

/// A page that explains this interface
#[utoipa::path(get, path = "/docs", tag = "operation", responses(
    (status = 200, description = "The page", body = String, content_type = "text/html; charset=utf-8"),
    (status = 304, description = "It is still the one of `If-None-Match`"),
))]
pub(super) async fn docs_page(headers: HeaderMap) -> Response {
    said(&headers, PAGE, "text/html; charset=utf-8")
}

/// A part of that page
#[utoipa::path(get, path = "/docs/{file}", tag = "operation",
    params(("file" = String, Path, description = "Its name, such as `docs.css`")),
    responses(
        (status = 200, description = "The part", content(
            (String = "text/css; charset=utf-8"),
            (String = "text/javascript; charset=utf-8"),
        )),
        (status = 304, description = "It is still the one of `If-None-Match`"),
    ))]
pub(super) async fn docs_part(headers: HeaderMap, Path(file): Path<String>) -> Result<Response, Problem> {
    let part = PARTS.iter().find(|(name, ..)| *name == file);
    let (_, content, kind) = part.ok_or_else(|| Problem::not_found(format!("the page has no part `{file}`")))?;
    Ok(said(&headers, content, kind))
}

fn said(headers: &HeaderMap, content: &'static str, kind: &'static str) -> Response {
    let etag = ETag::of(&[content.as_bytes()]);
    let tag = (header::ETAG, etag.header());
    if etag.matches(headers, header::IF_NONE_MATCH, true) == Some(true) {
        return (StatusCode::NOT_MODIFIED, [tag]).into_response();
    }
    let kind = (header::CONTENT_TYPE, HeaderValue::from_static(kind));
    let cache = (header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    ([tag, kind, cache], content).into_response()
}
