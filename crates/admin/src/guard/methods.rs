//! Which methods a route has: for `OPTIONS`, and for pages of other origins that ask beforehand.

use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tower::{Layer, ServiceExt};
use tower_http::cors::CorsLayer;

/// No route has a handler for `OPTIONS`: the refusal of a method that is not there becomes an answer, to which axum adds
/// `Allow` on the way out. It tells nothing of the configuration, so that it needs no token.
pub(super) fn told(response: Response, method: &Method) -> Response {
    match response.status() {
        StatusCode::METHOD_NOT_ALLOWED if method == Method::OPTIONS => StatusCode::NO_CONTENT.into_response(),
        _ => response,
    }
}

/// Tells browsers what pages of other origins may do. An `OPTIONS` that asks nothing of the kind is one like any other,
/// which `CorsLayer` would answer as well.
pub(super) async fn cross_origin(State(cors): State<CorsLayer>, request: Request, next: Next) -> Response {
    let asks = request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    if request.method() == Method::OPTIONS && !asks {
        return next.run(request).await;
    }
    cors.layer(next).oneshot(request).await.unwrap_or_else(|never| match never {})
}
