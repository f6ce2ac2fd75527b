//! What was changed, by whom and why; and the way back to a revision.

use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use strata_config_reload::Point;
use strata_config_store::{Entry, HistoryQuery, Timestamp};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::applied;
use crate::answer::Answer;
use crate::auth::{Caller, Read, Rollback};
use crate::context::Context;
use crate::dialect::Operation;
use crate::problem::Problem;
use crate::request::{Intent, Page, PageOf, Words};
use crate::wire::{AppliedView, EntryView, NotificationView};

pub(super) fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::new()
        .routes(routes!(list_history))
        .routes(routes!(get_entry))
        .routes(routes!(roll_back_to_revision))
        .routes(routes!(list_notifications))
}

/// Which entries are asked for; each that is said narrows it.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// A setting or a section that was changed.
    path: Option<String>,
    /// Who made the change.
    actor: Option<String>,
    /// A tag of the change.
    tag: Option<String>,
    /// The earliest time, in RFC 3339.
    since: Option<String>,
    /// The latest time, in RFC 3339.
    until: Option<String>,
    /// The lowest revision.
    #[param(value_type = Option<u64>)]
    from: Option<String>,
    /// The highest revision.
    #[param(value_type = Option<u64>)]
    to: Option<String>,
    /// The most items of a page: from 1 to 1,000, 100 where nothing is said.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 1000)]
    limit: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
}

impl Filter {
    fn page(&self) -> Page {
        Page::new(self.limit.clone(), self.cursor.clone())
    }

    /// The question to the store, for no more than these entries.
    fn query(self, before: Option<u64>, limit: usize) -> Result<HistoryQuery, Problem> {
        let Self { path, actor, tag, since, until, from, to, .. } = self;
        let to = revision("to", to)?;
        let below = before.map(|before| before.saturating_sub(1));
        Ok(HistoryQuery {
            from: revision("from", from)?,
            to: to.into_iter().chain(below).min(),
            path: path.filter(|path| !path.is_empty()),
            actor,
            tag,
            since: time("since", since)?,
            until: time("until", until)?,
            limit: Some(limit),
        })
    }
}

fn revision(name: &str, text: Option<String>) -> Result<Option<u64>, Problem> {
    let read = |text: String| text.parse().map_err(|_| Problem::malformed(format!("`{name}` is a revision's number")));
    text.map(read).transpose()
}

fn time(name: &str, text: Option<String>) -> Result<Option<Timestamp>, Problem> {
    let read = |text: String| {
        let example = "2026-11-21T08:00:00Z";
        text.parse().map_err(|_| Problem::malformed(format!("`{name}` is a time in RFC 3339, such as `{example}`")))
    };
    text.map(read).transpose()
}

/// Entries of the history, the newest first.
#[derive(Serialize, ToSchema)]
struct HistoryView {
    entries: Vec<EntryView>,
    /// The cursor of the next page; null where this is the last.
    next: Option<String>,
}

/// Changed settings, the newest first.
#[derive(Serialize, ToSchema)]
struct NotificationsView {
    notifications: Vec<NotificationView>,
    /// The cursor of the next page; null where this is the last.
    next: Option<String>,
}

/// The changes that were made, the newest first
#[utoipa::path(get, path = "/history", tag = "history", params(Filter), responses(
    (status = 200, description = "A page of entries", body = HistoryView),
))]
async fn list_history(
    _caller: Caller<Read>,
    State(context): State<Context>,
    Words(filter): Words<Filter>,
) -> Result<Answer, Problem> {
    let page: PageOf<u64> = filter.page().of()?;
    let query = filter.query(page.after, page.limit + 1)?;
    let found = context.app.read(move |live| live.history(&query)).await?;
    let (found, next) = page.cut(found, |entry| entry.revision);
    let entries = found.iter().map(EntryView::of).collect();
    Ok(Answer::new(Operation::History, &HistoryView { entries, next }))
}

/// One change
#[utoipa::path(get, path = "/history/{revision}", tag = "history", params(
    ("revision" = u64, Path, description = "The revision that the change made"),
), responses(
    (status = 200, description = "The entry", body = EntryView),
    (status = 404, description = "The history has no such revision"),
))]
async fn get_entry(
    _caller: Caller<Read>,
    State(context): State<Context>,
    Path(revision): Path<String>,
) -> Result<Answer, Problem> {
    let revision = number(&revision)?;
    let query = HistoryQuery { from: Some(revision), to: Some(revision), ..HistoryQuery::newest(1) };
    let found = context.app.read(move |live| live.history(&query)).await?;
    let entry = found.first().ok_or_else(|| missing(revision))?;
    Ok(Answer::new(Operation::History, &EntryView::of(entry)))
}

/// Go back to a revision
///
/// What was stored then becomes a new revision; 0 is the empty store.
#[utoipa::path(post, path = "/history/{revision}/rollback", tag = "history", params(
    ("revision" = u64, Path, description = "The revision to go back to"),
), responses(
    (status = 200, description = "What became of the change", body = AppliedView),
    (status = 404, description = "The history has no such revision"),
    (status = 422, description = "What was stored then is no longer valid"),
))]
async fn roll_back_to_revision(
    caller: Caller<Rollback>,
    State(context): State<Context>,
    intent: Intent,
    Path(revision): Path<String>,
) -> Result<Answer, Problem> {
    let to = Point::Revision(number(&revision)?);
    let actor = intent.actor(&caller, &context)?;
    let done = context.app.write(move |live| live.rollback(&to, actor)).await?;
    Ok(applied(&context, &intent, Operation::Rollback, &done))
}

/// The settings that were changed, the newest first
#[utoipa::path(get, path = "/notifications", tag = "history", params(Filter), responses(
    (status = 200, description = "A page of notifications", body = NotificationsView),
))]
async fn list_notifications(
    _caller: Caller<Read>,
    State(context): State<Context>,
    Words(filter): Words<Filter>,
) -> Result<Answer, Problem> {
    let page: PageOf<Place> = filter.page().of()?;
    // The page may begin within an entry, and every entry may have changed nothing, so that more of them are asked for
    // until there is enough.
    let wanted = page.limit + 1;
    let mut found: Vec<(Place, NotificationView)> = Vec::new();
    let mut before = page.after.as_ref().map(|place| place.revision.saturating_add(1));
    let path = filter.path.clone();
    let base = filter.query(None, wanted)?;
    while found.len() < wanted {
        let below = before.map(|before| before - 1);
        let query = HistoryQuery { to: base.to.into_iter().chain(below).min(), ..base.clone() };
        let entries = context.app.read(move |live| live.history(&query)).await?;
        let Some(last) = entries.last() else { break };
        let is_last = entries.len() < wanted;
        before = Some(last.revision);
        found.extend(
            entries
                .iter()
                .flat_map(|entry| placed(entry, path.as_deref()))
                .filter(|(place, _)| page.after.as_ref().is_none_or(|after| place.is_after(after))),
        );
        if is_last {
            break;
        }
    }
    let (found, next) = page.cut(found, |(place, _)| place.clone());
    let notifications = found.into_iter().map(|(_, notification)| notification).collect();
    Ok(Answer::new(Operation::Notifications, &NotificationsView { notifications, next }))
}

/// Where a notification stands: in which entry, as which of it.
#[derive(Debug, Clone)]
struct Place {
    revision: u64,
    index: usize,
}

impl Place {
    fn is_after(&self, other: &Self) -> bool {
        self.revision < other.revision || (self.revision == other.revision && self.index > other.index)
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.revision, self.index)
    }
}

impl std::str::FromStr for Place {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (revision, index) = text.split_once('.').ok_or(())?;
        Ok(Self { revision: revision.parse().map_err(drop)?, index: index.parse().map_err(drop)? })
    }
}

/// The notifications of an entry, each with its place; of a path, those at or below it.
fn placed(entry: &Entry, path: Option<&str>) -> Vec<(Place, NotificationView)> {
    let is_asked_for = |key: &str| {
        path.is_none_or(|path| {
            key.strip_prefix(path).is_some_and(|rest| path.is_empty() || rest.is_empty() || rest.starts_with('.'))
        })
    };
    let all = NotificationView::of(entry).into_iter().enumerate();
    let all = all.filter(|(_, notification)| is_asked_for(&notification.key));
    all.map(|(index, notification)| (Place { revision: entry.revision, index }, notification)).collect()
}

fn number(text: &str) -> Result<u64, Problem> {
    text.parse().map_err(|_| Problem::not_found(format!("`{text}` is no revision")))
}

fn missing(revision: u64) -> Problem {
    Problem::not_found(format!("the history has no revision {revision}"))
}
