//! Begins to listen, and finds what was missed: in memory, or in the history.

use std::collections::VecDeque;
use std::sync::Arc;

use axum::http::{HeaderValue, StatusCode, header};
use strata_config_core::FieldPath;
use strata_config_store::{Entry, HistoryQuery};

use super::feed::Feed;
use super::hub::{Full, Hub, Missed, Stand, Way};
use super::message::{Draft, Message};
use super::position::Position;
use crate::auth::Token;
use crate::context::App;
use crate::problem::Problem;

/// The most commits that are told from the history. Reading everything again costs less than more.
const MOST_REPLAYED: u64 = 1000;

/// What somebody wants to hear.
#[derive(Debug)]
pub(crate) struct Ask {
    pub(crate) way: Way,
    pub(crate) token: Arc<Token>,
    /// Only of what happens at, below or above this.
    pub(crate) section: Option<FieldPath>,
    /// The id of the last message that it has.
    pub(crate) since: Option<String>,
}

/// Begins to listen.
///
/// # Errors
/// Too many listen already.
pub(crate) async fn open(app: &Arc<App>, ask: Ask) -> Result<Feed, Problem> {
    let Ask { way, token, section, since } = ask;
    let since = since.map(|id| id.parse::<Position>());
    let position = since.as_ref().and_then(|since| since.as_ref().ok());
    // Listening first: what is committed while the history is read waits in the queue, and is newer than what is read.
    let (listener, here, missed) = app.hub.listen(way, &token.id, section.clone(), position).map_err(too_many)?;
    let missed = match &since {
        Some(Err(why)) => Err(*why),
        _ => found(app, missed).await,
    };
    let missed =
        missed.unwrap_or_else(|why| vec![Arc::new(listener.hub.aside(Draft::new("reset").reason(why), Some(&here)))]);
    let of_section = |message: &Arc<Message>| message.about.touches(section.as_ref());
    let missed: VecDeque<_> = missed.into_iter().filter(of_section).collect();
    let here = missed.is_empty().then_some(here);
    Ok(Feed { app: Arc::clone(app), token, here, missed, listener, has_ended: false })
}

/// What was missed; or why nobody can say.
async fn found(app: &App, missed: Missed) -> Result<Vec<Arc<Message>>, &'static str> {
    match missed {
        Missed::Messages(messages) => Ok(messages),
        Missed::Unknown(why) => Err(why),
        Missed::Commits { after, head, stand } if after == stand.revision => {
            if Position::head_of(&stand.head) == head {
                Ok(Vec::new())
            } else {
                Err(OTHER_STORE)
            }
        }
        Missed::Commits { after, head, stand } => {
            let entries = commits(app, after, stand.revision, &head).await?;
            Ok(entries.iter().map(|entry| Arc::new(past(&app.hub, entry, &stand))).collect())
        }
    }
}

/// The commits after one revision up to another, oldest first and without a gap.
async fn commits(app: &App, after: u64, to: u64, head: &str) -> Result<Vec<Entry>, &'static str> {
    if to - after > MOST_REPLAYED {
        return Err("the id is from more commits ago than are told again");
    }
    let query = HistoryQuery { from: Some(after + 1), to: Some(to), ..HistoryQuery::default() };
    let read = app.read(move |live| live.history(&query)).await;
    let mut entries = read.map_err(|_| "the history can't be read")?;
    entries.reverse();
    if !entries.iter().map(|entry| entry.revision).eq(after + 1..=to) {
        return Err("the history no longer has what happened since the id");
    }
    match entries.first() {
        Some(first) if Position::head_of(&first.previous) != head => Err(OTHER_STORE),
        _ => Ok(entries),
    }
}

const OTHER_STORE: &str = "the id is of another store, or of another past of it";

/// A commit that is told from the history. Only the newest is what is in effect.
fn past(hub: &Hub, entry: &Entry, stand: &Stand) -> Message {
    let mut draft = Draft::of_past(entry);
    draft.view.etag = stand.etag.clone().filter(|_| entry.revision == stand.revision);
    draft.seal(Some(&hub.past(entry.revision, &entry.hash)))
}

fn too_many(full: Full) -> Problem {
    let (status, kind, detail) = match full {
        Full::InAll => (StatusCode::SERVICE_UNAVAILABLE, "unavailable", "too many listen already"),
        Full::Token => (StatusCode::TOO_MANY_REQUESTS, "too-many-requests", "too many listen already with this token"),
    };
    Problem::new(status, kind, detail).header(header::RETRY_AFTER, HeaderValue::from_static("10"))
}
