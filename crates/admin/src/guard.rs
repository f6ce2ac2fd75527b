//! What stands before every route: limits, the host's name, problem documents for all that fails, and the audit.

mod attempt;
mod body;
mod headers;
mod host;
mod limits;
mod methods;
mod problems;
mod security;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tokio::time::timeout;
use tracing::Instrument;

pub use limits::Limits;

pub(crate) use attempt::{Attempt, Revision};
pub(crate) use problems::{documents, unknown_route};
pub(crate) use security::Security;

use crate::audit::AuditEntry;
use crate::context::App;
use crate::problem::Problem;
use problems::{as_problem, located};

/// The routes behind all of it.
pub(crate) fn guarded(router: Router, app: &Arc<App>) -> Router {
    let router = router.layer(DefaultBodyLimit::max(app.security.limits.body));
    let router = router.layer(from_fn_with_state(Arc::clone(app), guard));
    match headers::cors(&app.security.origins) {
        Some(cors) => router.layer(from_fn_with_state(cors, methods::cross_origin)),
        None => router,
    }
}

/// One request, from its first check to its entry in the audit.
async fn guard(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let attempt = Arc::new(Attempt::of(&request, &app.security));
    let checked =
        host::check(&request, app.security.hosts.as_deref()).and_then(|()| app.security.limits.check(&request));
    let mut response = match checked {
        Err(problem) => {
            let response = as_problem(problem.into_response(), &attempt).await;
            app.audit.record(AuditEntry::of(&attempt, &response)).await;
            response
        }
        Ok(()) => {
            request.extensions_mut().insert(Arc::clone(&attempt));
            let request = body::watched(request, &attempt, app.security.limits.body_time);
            match *request.method() {
                Method::GET | Method::HEAD | Method::OPTIONS => read(&app, &attempt, request, next).await,
                _ => write(&app, Arc::clone(&attempt), request, next).await,
            }
        }
    };
    response = located(methods::told(response, &attempt.method), &attempt);
    headers::secure(&mut response);
    response
}

/// Reads end with their time, or with their client.
async fn read(app: &App, attempt: &Attempt, request: Request, next: Next) -> Response {
    let response = match timeout(app.security.limits.handler_time, next.run(request)).await {
        Ok(response) => response,
        Err(_) => overdue("timeout", "the answer took too long").into_response(),
    };
    as_problem(response, attempt).await
}

/// What may change something is never cut off: it goes on where its client is gone or its time is over, and a shutdown
/// waits for it.
async fn write(app: &Arc<App>, attempt: Arc<Attempt>, request: Request, next: Next) -> Response {
    let whole = {
        let app = Arc::clone(app);
        let attempt = Arc::clone(&attempt);
        async move {
            let response = as_problem(next.run(request).await, &attempt).await;
            app.names.settle(&attempt, response.status());
            app.audit.record(AuditEntry::of(&attempt, &response)).await;
            response
        }
    };
    let task = app.work.spawn(whole.in_current_span());
    let response = match timeout(app.security.limits.handler_time, task).await {
        Ok(Ok(response)) => return response,
        Ok(Err(_)) => Problem::internal("the request ended before its time").into_response(),
        Err(_) => {
            let detail = "it takes longer than a request may; whether the change is made will show: ask again with the \
                          same request id";
            overdue("unknown", detail).into_response()
        }
    };
    as_problem(response, &attempt).await
}

fn overdue(kind: &str, detail: &str) -> Problem {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, kind, detail).retry_after(Duration::from_secs(1))
}
