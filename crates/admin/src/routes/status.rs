//! `GET /status`: how everything is doing.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use serde::Serialize;
use strata_config_flags::Places;
use strata_config_reload::{Condition, SourceStatus, Statistics, Status, WatchStatus};
use strata_config_store::Timestamp;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::alerts::AlertView;
use crate::answer::Answer;
use crate::audit::FileStatus;
use crate::auth::{Caller, Read, Scope};
use crate::context::{App, Context};
use crate::current::Current;
use crate::dialect::Operation;
use crate::events::Way;
use crate::problem::Problem;
use crate::progress::TaskView;
use crate::wire::{ChangeView, FindingView, ProfileView, WebhookView};

pub(super) fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::new().routes(routes!(get_status))
}

/// How everything is doing.
#[derive(Serialize, ToSchema)]
struct StatusView {
    /// What the configuration is called.
    name: String,
    /// The store's commit that is in effect.
    revision: u64,
    /// The store's newest commit that this process knows; another one than `revision` where that can't be used.
    store_revision: u64,
    /// This process's count of changes.
    generation: u64,
    /// When the configuration in effect took effect, in RFC 3339.
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
    /// The ETag of the configuration in effect.
    etag: String,
    /// `healthy`, `degraded` or `critical`.
    #[schema(value_type = String)]
    condition: Condition,
    /// Why it is not healthy; also what is wrong with the interface's own files.
    reasons: Vec<String>,
    /// The store's address, without passwords.
    store: String,
    /// How many values come from each kind of source.
    sources: BTreeMap<&'static str, usize>,
    /// The sources, weakest first, and whether what they say now is in effect.
    #[schema(value_type = Vec<serde_json::Value>)]
    source_status: Vec<SourceStatus>,
    /// What waits for a restart.
    pending: Vec<ChangeView>,
    /// What is questionable, though accepted.
    warnings: Vec<FindingView>,
    /// How the watching is doing; null where nothing is watched.
    #[schema(value_type = Option<serde_json::Value>)]
    watch: Option<WatchStatus>,
    /// Figures since the start.
    #[schema(value_type = serde_json::Value)]
    statistics: Statistics,
    /// The flags; null where the application has none.
    flags: Option<FlagsView>,
    /// How every rule of alerts stands.
    alerts: Vec<AlertView>,
    /// How many listen to events.
    streams: StreamsView,
    /// The file of the audit, where there is one.
    #[schema(value_type = Option<serde_json::Value>)]
    audit: Option<FileStatus>,
    /// What is wrong with the file of tokens, where something is: those that it named before are accepted.
    tokens: Option<TokensView>,
    /// Who asks.
    caller: CallerView,
    /// The profile that is applied, the board, and the memory; null where there is neither.
    profile: Option<ProfileView>,
    /// Long work that is under way, the oldest first.
    progress: Vec<TaskView>,
}

/// The flags as a whole.
#[derive(Serialize, ToSchema)]
#[schema(as = FlagsStatus)]
struct FlagsView {
    /// How many there are.
    count: usize,
    /// The configuration's revision that they belong to.
    revision: u64,
    /// Whether every flag is off.
    kill_switch: bool,
    /// The setting that turns every flag off; null where there is none.
    kill_switch_path: Option<String>,
    /// How many have outlived their use.
    stale: usize,
}

/// How many listen to events.
#[derive(Serialize, ToSchema)]
struct StreamsView {
    /// As server-sent events.
    sse: usize,
    /// Over WebSocket.
    websocket: usize,
    /// Who is sent what happens, and how that goes.
    webhooks: Vec<WebhookView>,
}

/// What is wrong with the file of tokens.
#[derive(Serialize, ToSchema)]
struct TokensView {
    /// Since when, in RFC 3339.
    #[schema(value_type = String, format = DateTime)]
    failing_since: Timestamp,
    /// What.
    problem: String,
}

/// Who asks.
#[derive(Serialize, ToSchema)]
struct CallerView {
    /// The name that history has for them.
    actor: String,
    /// What their token permits.
    scopes: Vec<&'static str>,
    /// When it ends, in RFC 3339.
    #[schema(value_type = Option<String>, format = DateTime)]
    expires: Option<Timestamp>,
}

/// How everything is doing
#[utoipa::path(get, path = "/status", tag = "status", responses(
    (status = 200, description = "Condition, sources, figures", body = StatusView),
))]
async fn get_status(caller: Caller<Read>, State(context): State<Context>) -> Result<Answer, Problem> {
    let app = &context.app;
    // A store may look at its files to say how it feels.
    let status: Status = app.blocking(|live| live.status()).await?;
    let current = app.current();
    let token = &caller.token;
    let troubles = app.troubles();
    let condition = match status.condition {
        Condition::Healthy if !troubles.is_empty() => Condition::Degraded,
        condition => condition,
    };
    let tokens = app.tokens.file_problem();
    let tokens = tokens.map(|found| TokensView { failing_since: found.since, problem: found.text.clone() });
    let profile = profile(app, &current).await?;
    let view = StatusView {
        name: app.name.clone(),
        revision: status.revision,
        store_revision: status.store_revision,
        generation: status.generation,
        since: status.since,
        etag: current.etag.as_str().to_owned(),
        condition,
        reasons: status.reasons.into_iter().chain(troubles).collect(),
        store: status.store,
        sources: current.counts().iter().copied().collect(),
        source_status: status.sources,
        pending: status.pending.iter().map(ChangeView::of).collect(),
        warnings: current.version.warnings().findings().iter().map(FindingView::of).collect(),
        watch: status.watch,
        statistics: status.statistics,
        flags: flags(app),
        alerts: app.reports.views(),
        streams: streams(app),
        audit: app.audit.file_status(),
        tokens,
        caller: CallerView {
            actor: token.actor.clone(),
            scopes: token.scopes.iter().map(Scope::as_str).collect(),
            expires: token.expires,
        },
        profile,
        progress: app.progress.tasks(),
    };
    Ok(Answer::new(Operation::Status, &view).etag(&current.etag))
}

#[cfg(feature = "pi-profile")]
async fn profile(app: &App, current: &Current) -> Result<Option<ProfileView>, Problem> {
    let Some(machine) = app.machine.clone() else { return Ok(ProfileView::of(current, None, None)) };
    let chosen_by = machine.chosen_by.as_str();
    let board = app.blocking(move |_| machine.board()).await?;
    Ok(ProfileView::of(current, Some(board), Some(chosen_by)))
}

#[cfg(not(feature = "pi-profile"))]
async fn profile(_: &App, current: &Current) -> Result<Option<ProfileView>, Problem> {
    Ok(ProfileView::of(current, None, None))
}

fn streams(app: &App) -> StreamsView {
    #[cfg(feature = "webhooks")]
    let webhooks = app.webhooks.get().map(crate::webhooks::Webhooks::views).unwrap_or_default();
    #[cfg(not(feature = "webhooks"))]
    let webhooks = Vec::new();
    StreamsView { sse: app.hub.listeners(Way::Sse), websocket: app.hub.listeners(Way::WebSocket), webhooks }
}

fn flags(app: &Arc<App>) -> Option<FlagsView> {
    let flags = app.flags.as_ref()?;
    let snapshot = flags.snapshot();
    let places = flags.places();
    Some(FlagsView {
        count: snapshot.set().keys().len(),
        revision: snapshot.revision(),
        kill_switch: snapshot.set().is_killed(),
        kill_switch_path: places.as_deref().and_then(Places::kill_switch).map(ToString::to_string),
        stale: flags.stale(flags.clock().now()).len(),
    })
}
