//! The same messages over WebSocket, for those who speak it.

use std::time::Duration;

use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message as Frame, WebSocket, WebSocketUpgrade, close_code};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use serde::Deserialize;
use strata_config_core::FieldPath;
use tokio::time::timeout;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::events::Wish;
use crate::auth::Watcher;
use crate::context::Context;
use crate::events::{Ask, EventView, Feed, Next, Way, open};
use crate::problem::Problem;

/// How often a client is asked for a sign of life where nothing happens.
const PING: Duration = Duration::from_secs(15);

/// So many pings without an answer, and the client is gone.
const UNANSWERED: u32 = 2;

/// How long a message may take to be sent.
const SENDING: Duration = Duration::from_secs(10);

/// The most bytes of what a client says.
const LONGEST: usize = 4096;

pub(super) fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::new().routes(routes!(get_websocket))
}

/// What a client may say.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    /// The id of the last message that it has.
    resume: String,
}

/// What happens, over WebSocket
///
/// Each text frame is one message as JSON. `{"resume": id}` from the client, best as its first frame, goes on behind the
/// message of that id. A page of another origin is refused.
#[utoipa::path(get, path = "/events/ws", tag = "events", params(Wish), responses(
    (status = 101, description = "The connection speaks WebSocket; each frame is one message"),
    (status = 200, description = "Never: what the frames are", body = EventView),
    (status = 400, description = "No WebSocket is asked for, or the path is none"),
    (status = 403, description = "The page is of another origin"),
    (status = 426, description = "The connection can't become a WebSocket"),
    (status = 429, description = "Too many listen with this token"),
    (status = 503, description = "Too many listen"),
))]
async fn get_websocket(
    watcher: Watcher,
    State(context): State<Context>,
    headers: HeaderMap,
    wish: Result<Query<Wish>, axum::extract::rejection::QueryRejection>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Problem> {
    if !is_of_here(&headers, &context) {
        let detail = "a page of another origin may not listen";
        return Err(Problem::new(StatusCode::FORBIDDEN, "forbidden", detail));
    }
    let Query(wish) = wish.map_err(|refused| Problem::malformed(refused.body_text()))?;
    let upgrade = upgrade.map_err(|refused| {
        let status = refused.status();
        let kind = if status == StatusCode::UPGRADE_REQUIRED { "upgrade-required" } else { "malformed" };
        let status = if status == StatusCode::UPGRADE_REQUIRED { status } else { StatusCode::BAD_REQUEST };
        Problem::new(status, kind, refused.body_text())
    })?;
    let section = wish.section()?;
    let again = Again { context: context.clone(), watcher, section };
    let feed = again.open(wish.since(&headers)).await?;
    let upgrade = upgrade.max_message_size(LONGEST).max_frame_size(LONGEST);
    Ok(upgrade.on_upgrade(move |socket| run(socket, feed, again)))
}

/// Browsers say which page asks; other programs say nothing. A page that CORS lets in may listen too.
fn is_of_here(headers: &HeaderMap, context: &Context) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    if context.app.security.origins.contains(origin) {
        return true;
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let name = origin.to_str().ok().and_then(|origin| origin.split_once("://")).map(|(_, name)| name);
    matches!((name, host), (Some(name), Some(host)) if name.eq_ignore_ascii_case(host))
}

/// What is needed to begin to listen once more.
struct Again {
    context: Context,
    watcher: Watcher,
    section: Option<FieldPath>,
}

impl Again {
    async fn open(&self, since: Option<String>) -> Result<Feed, Problem> {
        let token = self.watcher.token.clone();
        open(&self.context.app, Ask { way: Way::WebSocket, token, section: self.section.clone(), since }).await
    }
}

async fn run(mut socket: WebSocket, mut feed: Feed, again: Again) {
    let mut unanswered = 0;
    let (code, reason) = loop {
        let frame = tokio::select! {
            next = feed.next(PING) => match next {
                Next::Message(message) => Frame::text(message.data.as_str()),
                Next::Last(message) => {
                    let reason = message.reason.clone().unwrap_or_default();
                    let _ = timeout(SENDING, socket.send(Frame::text(message.data))).await;
                    break (close_code::AWAY, reason);
                }
                Next::Nothing if unanswered >= UNANSWERED => break (close_code::AWAY, "no sign of life".to_owned()),
                Next::Nothing => {
                    unanswered += 1;
                    Frame::Ping(Default::default())
                }
                Next::End => return,
            },
            said = socket.recv() => match said {
                // Gone, or what it said was too long or no WebSocket.
                None | Some(Err(_) | Ok(Frame::Close(_))) => return,
                Some(Ok(Frame::Text(text))) => {
                    let Ok(said) = serde_json::from_str::<Said>(&text) else {
                        break (close_code::POLICY, "only {\"resume\": id} is understood".to_owned());
                    };
                    match again.open(Some(said.resume)).await {
                        Ok(resumed) => feed = resumed,
                        Err(_) => break (close_code::AGAIN, "too many listen".to_owned()),
                    }
                    continue;
                }
                Some(Ok(Frame::Binary(_))) => break (close_code::UNSUPPORTED, "only text is understood".to_owned()),
                Some(Ok(Frame::Ping(_) | Frame::Pong(_))) => {
                    unanswered = 0;
                    continue;
                }
            },
        };
        // A client that does not read holds nobody up but itself.
        if !matches!(timeout(SENDING, socket.send(frame)).await, Ok(Ok(()))) {
            return;
        }
    };
    let close = Frame::Close(Some(CloseFrame { code, reason: reason.into() }));
    let _ = timeout(SENDING, socket.send(close)).await;
}
