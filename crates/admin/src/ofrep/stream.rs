//! The stream that tells clients to ask for all flags again.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_lite::stream::unfold;
use serde::{Deserialize, Serialize};
use strata_config_store::Timestamp;
use tokio::sync::watch;
use utoipa::{IntoParams, ToSchema};

use super::errors::Failures;
use super::feed::{Place, Stand};
use crate::auth::{Scope, Token, Watcher};
use crate::context::{App, Context};
use crate::problem::Problem;

/// How often something is said where nothing happens, so that nobody between takes the silence for an end.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// How a client comes to follow.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Wish {
    /// A minute of reading, as the answer for all flags gives it.
    ticket: Option<String>,
    /// How the flags stood when the client asked for them: where they have changed since, it is told at once.
    since: Option<String>,
}

/// Flags have changed.
#[derive(Serialize, ToSchema)]
#[schema(as = OfrepEvent)]
struct EventView<'s> {
    /// `refetchEvaluation`
    #[serde(rename = "type")]
    kind: &'static str,
    /// What tells how the flags stand.
    etag: &'s str,
    /// Since when, in seconds since 1970.
    #[serde(rename = "lastModified")]
    last_modified: i64,
}

/// What one client is told.
struct Feed {
    app: Arc<App>,
    token: Arc<Token>,
    stands: watch::Receiver<Stand>,
    /// What the client knows.
    known: String,
    is_first: bool,
    _place: Place,
}

/// Hear when flags change (OFREP)
///
/// `data` is `{"type": "refetchEvaluation", "etag", "lastModified"}`: when a flag, a segment or a guard has changed, and
/// when a schedule or a ramp has gone a step further.
#[utoipa::path(get, path = "/ofrep/v1/events", tag = "ofrep", params(
    Wish, ("last-event-id" = Option<String>, Header, description = "The id of the last event that the client has"),
), responses(
    (status = 200, description = "The stream", body = EventView, content_type = "text/event-stream"),
    (status = 503, description = "Too many listen", body = super::errors::ErrorView),
    Failures,
))]
pub(super) async fn follow(
    watcher: Result<Watcher, Problem>,
    State(context): State<Context>,
    headers: HeaderMap,
    wish: Result<Query<Wish>, axum::extract::rejection::QueryRejection>,
) -> Result<Response, Problem> {
    let Query(wish) = wish.map_err(|refused| Problem::malformed(refused.body_text()))?;
    let app = &context.app;
    let watcher = watcher.inspect_err(|_| {
        if let Some(ticket) = &wish.ticket
            && app.tickets.is_expired(ticket, &app.tokens, Timestamp::now())
        {
            app.ofrep.has_lapsed(ticket);
        }
    })?;
    let place = app.ofrep.place().ok_or_else(|| {
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "too many listen; come again later")
    })?;
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()).map(str::to_owned);
    let mut stands = app.ofrep.follow();
    let now = stands.borrow_and_update().etag.clone();
    let known = last.filter(|id| !id.is_empty()).or(wish.since).unwrap_or(now);
    let feed = Feed { app: Arc::clone(app), token: watcher.token, stands, known, is_first: true, _place: place };
    let body = unfold(feed, |mut feed| async move {
        let frame = feed.next().await?;
        Some((Ok::<_, Infallible>(frame), feed))
    });
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-store"),
        // A proxy that collects answers would hold events back.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    Ok((headers, Body::from_stream(body)).into_response())
}

impl Feed {
    /// What is written next; nothing where the stream ends.
    async fn next(&mut self) -> Option<Bytes> {
        if std::mem::take(&mut self.is_first) {
            return Some(Bytes::from_static(b": strata\nretry: 2000\n\n"));
        }
        if !self.may_listen() {
            return None;
        }
        let stand = self.stands.borrow_and_update().clone();
        if stand.etag != self.known {
            self.known.clone_from(&stand.etag);
            return Some(frame(&stand));
        }
        tokio::select! {
            changed = self.stands.changed() => {
                changed.ok()?;
                let stand = self.stands.borrow_and_update().clone();
                self.known.clone_from(&stand.etag);
                Some(frame(&stand))
            }
            () = self.app.shutdown.wait() => None,
            () = tokio::time::sleep(KEEP_ALIVE) => Some(Bytes::from_static(b": keep-alive\n\n")),
        }
    }

    /// Streams outlive what was checked at their beginning: a token may end, or be replaced.
    fn may_listen(&self) -> bool {
        let token = self.app.tokens.by_id(&self.token.id);
        token.is_some_and(|token| {
            token.hash() == self.token.hash() && token.scopes.permit(Scope::Read) && !token.has_ended(Timestamp::now())
        })
    }
}

fn frame(stand: &Stand) -> Bytes {
    let event = EventView { kind: "refetchEvaluation", etag: &stand.etag, last_modified: stand.since };
    Bytes::from(format!("id: {}\ndata: {}\n\n", stand.etag, crate::current::json(&event)))
}
