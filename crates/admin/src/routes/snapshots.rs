//! States that are kept, and the way back to them.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use strata_config_reload::{Actor, Point};
use strata_config_store::Snapshot;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::applied;
use crate::answer::Answer;
use crate::auth::{Caller, Read, Rollback, Write};
use crate::context::Context;
use crate::dialect::Operation;
use crate::problem::Problem;
use crate::request::{Intent, JsonBody, Page, PageOf, Words};
use crate::wire::{AppliedView, ChangeView, FindingView, SnapshotView};

pub(super) fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::new()
        .routes(routes!(list_snapshots, create_snapshot))
        .routes(routes!(get_snapshot, delete_snapshot))
        .routes(routes!(roll_back_to_snapshot))
}

/// The page.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct Paged {
    /// The most items of a page: from 1 to 1,000, 100 where nothing is said.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 1000)]
    limit: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// Snapshots, the newest first.
#[derive(Serialize, ToSchema)]
struct SnapshotsView {
    snapshots: Vec<SnapshotView>,
    /// The cursor of the next page; null where this is the last.
    next: Option<String>,
}

/// What a snapshot is for.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
struct NewSnapshot {
    /// What it is for.
    description: String,
    /// Words to find it by; with one it is never cleaned up.
    tags: Vec<String>,
}

/// A snapshot, and what going back to it would do now.
#[derive(Serialize, ToSchema)]
struct SnapshotDetailView {
    #[serde(flatten)]
    snapshot: SnapshotView,
    /// What going back would change.
    changes: Vec<ChangeView>,
    /// Why one could not go back.
    errors: Vec<FindingView>,
}

/// A snapshot that is gone.
#[derive(Serialize, ToSchema)]
struct DeletedView {
    id: String,
    deleted: bool,
}

/// The snapshots, the newest first
#[utoipa::path(get, path = "/snapshots", tag = "snapshots", params(Paged), responses(
    (status = 200, description = "A page of snapshots", body = SnapshotsView),
))]
async fn list_snapshots(
    _caller: Caller<Read>,
    State(context): State<Context>,
    Words(paged): Words<Paged>,
) -> Result<Answer, Problem> {
    let page: PageOf<String> = Page::new(paged.limit, paged.cursor).of()?;
    let mut found = context.app.read(|live| live.snapshots()).await?;
    found.reverse();
    found.retain(|snapshot| page.after.as_ref().is_none_or(|after| snapshot.id < *after));
    let (found, next) = page.cut(found, |snapshot| snapshot.id.clone());
    let snapshots = found.iter().map(SnapshotView::of).collect();
    Ok(Answer::new(Operation::Snapshots, &SnapshotsView { snapshots, next }))
}

/// Keep what is stored now
#[utoipa::path(post, path = "/snapshots", tag = "snapshots", request_body = Option<NewSnapshot>, responses(
    (status = 201, description = "The snapshot", body = SnapshotView),
))]
async fn create_snapshot(
    caller: Caller<Write>,
    State(context): State<Context>,
    intent: Intent,
    body: JsonBody,
) -> Result<Answer, Problem> {
    let NewSnapshot { description, tags } = body.read(Operation::CreateSnapshot, &context)?;
    let actor = intent.actor(&caller, &context)?;
    if intent.is_dry() {
        return Err(Problem::malformed("a snapshot changes nothing, so there is nothing to try: leave `dry_run` out"));
    }
    let snapshot = context.app.read(move |live| live.snapshot(description, tags, actor)).await?;
    Ok(Answer::new(Operation::CreateSnapshot, &SnapshotView::of(&snapshot)).status(StatusCode::CREATED))
}

/// One snapshot, and what going back to it would change
#[utoipa::path(get, path = "/snapshots/{id}", tag = "snapshots", params(
    ("id" = String, Path, description = "The snapshot's id"),
), responses(
    (status = 200, description = "The snapshot", body = SnapshotDetailView),
    (status = 404, description = "There is no such snapshot"),
))]
async fn get_snapshot(
    caller: Caller<Read>,
    State(context): State<Context>,
    Path(id): Path<String>,
) -> Result<Answer, Problem> {
    let snapshot = find(&context, &id).await?;
    let actor = Actor::new(&caller.token.actor).dry_run();
    let tried = context.app.blocking(move |live| live.rollback(&Point::Snapshot(id), actor)).await?;
    let mut view =
        SnapshotDetailView { snapshot: SnapshotView::of(&snapshot), changes: Vec::new(), errors: Vec::new() };
    match &tried {
        Ok(applied) => view.changes = applied.changes.iter().map(ChangeView::of).collect(),
        Err(error) => match error.report() {
            Some(report) => view.errors = report.errors().map(FindingView::of).collect(),
            None => return Err(Problem::of_update(error)),
        },
    }
    Ok(Answer::new(Operation::Snapshot, &view))
}

/// Remove a snapshot
#[utoipa::path(delete, path = "/snapshots/{id}", tag = "snapshots", params(
    ("id" = String, Path, description = "The snapshot's id"),
), responses(
    (status = 200, description = "It is gone", body = DeletedView),
    (status = 404, description = "There is no such snapshot"),
))]
async fn delete_snapshot(
    caller: Caller<Rollback>,
    State(context): State<Context>,
    intent: Intent,
    Path(id): Path<String>,
) -> Result<Answer, Problem> {
    intent.actor(&caller, &context)?;
    if intent.is_dry() {
        find(&context, &id).await?;
        return Ok(Answer::new(Operation::DeleteSnapshot, &DeletedView { id, deleted: false }));
    }
    let name = id.clone();
    match context.app.read(move |live| live.delete_snapshot(&name)).await? {
        true => Ok(Answer::new(Operation::DeleteSnapshot, &DeletedView { id, deleted: true })),
        false => Err(missing(&id)),
    }
}

/// Go back to a snapshot
///
/// What it keeps becomes a new revision.
#[utoipa::path(post, path = "/snapshots/{id}/rollback", tag = "snapshots", params(
    ("id" = String, Path, description = "The snapshot's id"),
), responses(
    (status = 200, description = "What became of the change", body = AppliedView),
    (status = 404, description = "There is no such snapshot"),
    (status = 422, description = "What it keeps is no longer valid"),
))]
async fn roll_back_to_snapshot(
    caller: Caller<Rollback>,
    State(context): State<Context>,
    intent: Intent,
    Path(id): Path<String>,
) -> Result<Answer, Problem> {
    let actor = intent.actor(&caller, &context)?;
    let done = context.app.write(move |live| live.rollback(&Point::Snapshot(id), actor)).await?;
    Ok(applied(&context, &intent, Operation::Rollback, &done))
}

async fn find(context: &Context, id: &str) -> Result<Snapshot, Problem> {
    let found = context.app.read(|live| live.snapshots()).await?;
    found.into_iter().find(|snapshot| snapshot.id == id).ok_or_else(|| missing(id))
}

fn missing(id: &str) -> Problem {
    Problem::not_found(format!("there is no snapshot `{id}`"))
}
