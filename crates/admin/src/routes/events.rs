//! What happens, as server-sent events.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderName, header};
use axum::response::{IntoResponse, Response};
use futures_lite::stream::unfold;
use serde::Deserialize;
use strata_config_core::FieldPath;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::auth::Watcher;
use crate::context::Context;
use crate::events::{Ask, EventView, Feed, Next, Way, open};
use crate::problem::Problem;

/// How often something is said where nothing happens, so that nobody between takes the silence for an end.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// The id that a client of the standard comes back with.
const LAST_ID: HeaderName = HeaderName::from_static("last-event-id");

pub(super) fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::new().routes(routes!(get_events))
}

/// What somebody wants to hear.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Wish {
    /// The id of the last message that the client has, where it can't send the header `Last-Event-ID`.
    last_event_id: Option<String>,
    /// Only changes at, below or above this path.
    path: Option<String>,
}

impl Wish {
    /// The section that is asked for.
    pub(super) fn section(&self) -> Result<Option<FieldPath>, Problem> {
        let read = |text: &String| {
            FieldPath::parse(text).map_err(|why| Problem::malformed(format!("`path` is no path: {why}")))
        };
        self.path.as_ref().map(read).transpose()
    }

    /// Where the client goes on: the header counts, since a browser sends it with an old address.
    pub(super) fn since(self, headers: &HeaderMap) -> Option<String> {
        let header = headers.get(LAST_ID).map(|id| String::from_utf8_lossy(id.as_bytes()).into_owned());
        header.or(self.last_event_id).filter(|id| !id.is_empty())
    }
}

/// What happens, as server-sent events
///
/// Each message's id leads on from there: in this process exactly; after a restart by the commits that the history has.
/// Where neither is possible, a `reset` comes first: read everything again. A stream ends with `shutdown` and a reason.
#[utoipa::path(get, path = "/events", tag = "events", params(
    Wish,
    ("last-event-id" = Option<String>, Header, description = "The id of the last message that the client has"),
), responses(
    (status = 200, description = "The stream; each `data` is one message", body = EventView, content_type = "text/event-stream"),
    (status = 400, description = "The path is none"),
    (status = 429, description = "Too many listen with this token"),
    (status = 503, description = "Too many listen"),
))]
async fn get_events(
    watcher: Watcher,
    State(context): State<Context>,
    headers: HeaderMap,
    wish: Result<Query<Wish>, axum::extract::rejection::QueryRejection>,
) -> Result<Response, Problem> {
    let Query(wish) = wish.map_err(|refused| Problem::malformed(refused.body_text()))?;
    let section = wish.section()?;
    let since = wish.since(&headers);
    let feed = open(&context.app, Ask { way: Way::Sse, token: watcher.token, section, since }).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-store"),
        // A proxy that collects answers would hold messages back.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    let body = unfold((feed, true), |(mut feed, is_first)| async move {
        let frame = if is_first { Some(greeting(&feed)) } else { frame(feed.next(KEEP_ALIVE).await) };
        frame.map(|frame| (Ok::<_, Infallible>(frame), (feed, false)))
    });
    Ok((headers, Body::from_stream(body)).into_response())
}

/// How soon to come back, and from where: who has missed nothing can go on from here without having had a message.
fn greeting(feed: &Feed) -> Bytes {
    let id = feed.here.as_ref().map(|here| format!("id: {here}\n")).unwrap_or_default();
    Bytes::from(format!(": strata\nretry: 2000\n{id}\n"))
}

fn frame(next: Next) -> Option<Bytes> {
    match next {
        Next::Message(message) => Some(message.frame.clone()),
        Next::Last(message) => Some(message.frame),
        Next::Nothing => Some(Bytes::from_static(b": keep-alive\n\n")),
        Next::End => None,
    }
}
