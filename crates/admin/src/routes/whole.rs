//! The store as a whole: its backup, the way back from one, its check; the sources read again; the schema.

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use strata_config_codegen::{Coverage, json_schema};
use strata_config_store::Backup;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::applied;
use crate::answer::Answer;
use crate::auth::{Administer, Caller, Read, Write};
use crate::context::Context;
use crate::dialect::Operation;
use crate::problem::Problem;
use crate::request::{Intent, JsonBody};
use crate::wire::AppliedView;

/// The most bytes of a backup, which holds every revision that the store kept.
const LARGEST: usize = 64 << 20;

pub(super) fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::new()
        .routes(routes!(restore))
        .layer(DefaultBodyLimit::max(LARGEST))
        .routes(routes!(get_backup))
        .routes(routes!(verify))
        .routes(routes!(reload))
        .routes(routes!(get_schema))
}

/// Whether the store's history hangs together.
#[derive(Serialize, ToSchema)]
struct VerifiedView {
    /// Whether nothing is wrong.
    intact: bool,
    /// The revision that the history begins after.
    from: u64,
    /// Entries that were checked.
    entries: usize,
    /// Snapshots that were checked.
    snapshots: usize,
    /// What is wrong.
    damages: Vec<DamageView>,
}

/// A place where the history does not hang together.
#[derive(Serialize, ToSchema)]
struct DamageView {
    revision: Option<u64>,
    message: String,
}

/// What is read again.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
struct Source {
    /// A source's name, as the status tells it; all of them where nothing is said.
    source: Option<String>,
}

/// What reading again found.
#[derive(Serialize, ToSchema)]
struct ReloadedView {
    /// Whether anything differed.
    changed: bool,
    /// The store's revision that is in effect.
    revision: u64,
}

/// Everything that the store holds
#[utoipa::path(get, path = "/backup", tag = "store", responses(
    (status = 200, description = "One document, which `POST /restore` takes", body = serde_json::Value),
))]
async fn get_backup(_caller: Caller<Administer>, State(context): State<Context>) -> Result<Response, Problem> {
    let backup = context.app.read(|live| live.backup().map(|backup| backup.to_json())).await?;
    let name = format!("attachment; filename=\"{}-backup.json\"", plain(&context.app.name));
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, backup).into_response())
}

/// Take the documents of a backup
///
/// They become a new revision; where the store is new, it takes the backup's history, too.
#[utoipa::path(post, path = "/restore", tag = "store", request_body = serde_json::Value, responses(
    (status = 200, description = "What became of the change", body = AppliedView),
    (status = 422, description = "The backup is damaged, or its documents are no longer valid"),
))]
async fn restore(
    caller: Caller<Administer>,
    State(context): State<Context>,
    intent: Intent,
    body: Bytes,
) -> Result<Answer, Problem> {
    let actor = intent.actor(&caller, &context)?;
    let text = std::str::from_utf8(&body).map_err(|_| Problem::malformed("the backup is no UTF-8"))?;
    let backup = Backup::from_json(text).map_err(|error| {
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", format!("the body is no whole backup: {error}"))
    })?;
    let done = {
        let _progress = context.app.progress.begin("restore of a backup");
        context.app.write(move |live| live.restore(&backup, actor)).await?
    };
    Ok(applied(&context, &intent, Operation::Other, &done))
}

/// Check that the store's history hangs together
#[utoipa::path(get, path = "/verify", tag = "store", responses(
    (status = 200, description = "What was found", body = VerifiedView),
))]
async fn verify(_caller: Caller<Administer>, State(context): State<Context>) -> Result<Answer, Problem> {
    let verified = {
        let _progress = context.app.progress.begin("check of the store");
        context.app.read(|live| live.verify()).await?
    };
    let damage =
        |damage: &strata_config_store::Damage| DamageView { revision: damage.revision(), message: damage.to_string() };
    let view = VerifiedView {
        intact: verified.is_intact(),
        from: verified.anchor.revision,
        entries: verified.entries,
        snapshots: verified.snapshots,
        damages: verified.damages.iter().map(damage).collect(),
    };
    Ok(Answer::new(Operation::Other, &view))
}

/// Read sources again
#[utoipa::path(post, path = "/reload", tag = "store", request_body = Option<Source>, responses(
    (status = 200, description = "Whether anything differed", body = ReloadedView),
    (status = 404, description = "There is no such source"),
    (status = 422, description = "A source can't be used; what it said before stays in effect"),
))]
async fn reload(_caller: Caller<Write>, State(context): State<Context>, body: JsonBody) -> Result<Answer, Problem> {
    let Source { source } = body.read(Operation::Other, &context)?;
    let changed = context.app.write(move |live| match &source {
        Some(name) => live.reload(name),
        None => live.reload_all(),
    });
    let changed = changed.await?;
    let current = context.app.current();
    let view = ReloadedView { changed, revision: current.version.revision() };
    Ok(Answer::new(Operation::Other, &view).etag(&current.etag))
}

/// The configuration's JSON Schema (2020-12)
#[utoipa::path(get, path = "/schema", tag = "configuration", responses(
    (status = 200, description = "The schema", body = serde_json::Value, content_type = "application/schema+json"),
))]
async fn get_schema(_caller: Caller<Read>, State(context): State<Context>) -> Response {
    let schema = json_schema(context.app.live.schema(), Coverage::Whole);
    ([(header::CONTENT_TYPE, "application/schema+json")], schema).into_response()
}

/// A name for a file: letters and digits, and dashes for all else.
fn plain(name: &str) -> String {
    name.chars().map(|char| if char.is_ascii_alphanumeric() || char == '_' { char } else { '-' }).collect()
}
