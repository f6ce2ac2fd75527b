//! Feature flags: what there is, what they served, how they are changed, and what somebody gets.

mod change;
mod evaluate;
mod write;

use std::sync::Arc;

use axum::extract::{Path, State};
use serde::Serialize;
use strata_config_core::report::nearest;
use strata_config_flags::{Flags, Places, Snapshot};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::Answer;
use crate::auth::{Caller, Read};
use crate::context::{App, Context};
use crate::dialect::Operation;
use crate::problem::Problem;
use crate::wire::{FlagView, Seen};

pub(super) fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::new()
        .routes(routes!(list_flags))
        .routes(routes!(get_flag, write::put_flag, write::post_flag, write::delete_flag))
        .routes(routes!(evaluate::evaluate_flag))
}

/// All flags.
#[derive(Serialize, ToSchema)]
struct FlagsView {
    /// The configuration's revision that they belong to.
    revision: u64,
    /// Whether every flag is off; null where the application has no flags.
    kill_switch: Option<bool>,
    /// The setting that turns every flag off, to be changed like any other value; null where there is none.
    kill_switch_path: Option<String>,
    flags: Vec<FlagView>,
}

/// Every flag
///
/// What flags served counts on while the configuration stays the same, so this is always answered in full, also where
/// `If-None-Match` names the ETag.
#[utoipa::path(get, path = "/feature-flags", tag = "flags", responses(
    (status = 200, description = "The flags, in the order of the alphabet", body = FlagsView),
))]
async fn list_flags(_caller: Caller<Read>, State(context): State<Context>) -> Answer {
    let current = context.app.current();
    let Some(flags) = &context.app.flags else {
        let revision = current.version.revision();
        let view = FlagsView { revision, kill_switch: None, kill_switch_path: None, flags: Vec::new() };
        return Answer::new(Operation::Flags, &view).etag(&current.etag);
    };
    let Known { snapshot, places } = Known::of(flags);
    let seen = Seen::new(flags, &snapshot, places.as_deref(), current.explained());
    let view = FlagsView {
        revision: snapshot.revision(),
        kill_switch: Some(snapshot.set().is_killed()),
        kill_switch_path: places.as_deref().and_then(Places::kill_switch).map(ToString::to_string),
        flags: snapshot.set().keys().filter_map(|key| seen.flag(key)).collect(),
    };
    Answer::new(Operation::Flags, &view).etag(&current.etag)
}

/// One flag
#[utoipa::path(get, path = "/feature-flags/{key}", tag = "flags", params(("key" = String, Path, description = "The flag's key")),
    responses(
        (status = 200, description = "The flag", body = FlagView),
        (status = 404, description = "There is no such flag"),
))]
async fn get_flag(
    _caller: Caller<Read>,
    State(context): State<Context>,
    Path(key): Path<String>,
) -> Result<Answer, Problem> {
    let flags = flags_of(&context.app)?;
    let view = view(&context.app, flags, &key).ok_or_else(|| no_flag(flags, &key))?;
    Ok(Answer::new(Operation::Flag, &view).etag(&context.app.current().etag))
}

/// The flags at one moment, and where they stand.
struct Known {
    snapshot: Arc<Snapshot>,
    places: Option<Arc<Places>>,
}

impl Known {
    fn of(flags: &Flags) -> Self {
        Self { snapshot: flags.snapshot(), places: flags.places() }
    }
}

/// A flag as it is now.
fn view(app: &App, flags: &Flags, key: &str) -> Option<FlagView> {
    let Known { snapshot, places } = Known::of(flags);
    Seen::new(flags, &snapshot, places.as_deref(), app.current().explained()).flag(key)
}

fn flags_of(app: &App) -> Result<&Flags, Problem> {
    app.flags.as_ref().ok_or_else(|| Problem::not_found("the application has no flags"))
}

fn no_flag(flags: &Flags, key: &str) -> Problem {
    let snapshot = flags.snapshot();
    let problem = Problem::not_found(format!("there is no flag `{}`", key.escape_debug()));
    match nearest(key, snapshot.set().keys()) {
        Some(known) => problem.with("suggestion", known),
        None => problem,
    }
}
