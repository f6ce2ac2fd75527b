//! Presets: named sets of values, applied as one change.

use axum::extract::{Path, State};
use serde::Serialize;
use serde_json::Value as Json;
use strata_config_reload::{DynLive, Preset, UpdateError};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::applied;
use crate::answer::Answer;
use crate::auth::{Caller, Read, Write};
use crate::context::Context;
use crate::current::json;
use crate::dialect::Operation;
use crate::problem::Problem;
use crate::request::Intent;
use crate::wire::{AppliedView, ChangeView, FindingView};

pub(super) fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::new().routes(routes!(list_presets)).routes(routes!(get_preset)).routes(routes!(apply_preset))
}

/// A named set of values, and what applying it would do now.
#[derive(Serialize, ToSchema)]
struct PresetView {
    /// Its name.
    name: String,
    /// What it is for.
    description: String,
    /// The values, as a patch; secrets are masked.
    values: Json,
    /// Whether it could be applied now.
    valid: bool,
    /// What applying it would change.
    changes: Vec<ChangeView>,
    /// Why it could not be applied.
    errors: Vec<FindingView>,
}

/// The presets.
#[derive(Serialize, ToSchema)]
struct PresetsView {
    presets: Vec<PresetView>,
}

impl PresetView {
    fn of(live: &dyn DynLive, preset: &Preset) -> Result<Self, UpdateError> {
        let preview = live.validate_preset(preset.name())?;
        Ok(Self {
            name: preset.name().to_owned(),
            description: preset.description().to_owned(),
            values: json(&preset.masked_values(live.schema())),
            valid: preview.report.is_valid(),
            changes: preview.changes.iter().map(ChangeView::of).collect(),
            errors: preview.report.errors().map(FindingView::of).collect(),
        })
    }
}

/// The presets, each tried on the configuration as it is
#[utoipa::path(get, path = "/presets", tag = "presets", responses(
    (status = 200, description = "The presets", body = PresetsView),
))]
async fn list_presets(_caller: Caller<Read>, State(context): State<Context>) -> Result<Answer, Problem> {
    let tried = |live: &dyn DynLive| live.presets().iter().map(|preset| PresetView::of(live, preset)).collect();
    let presets = context.app.write(tried).await?;
    Ok(Answer::new(Operation::Other, &PresetsView { presets }))
}

/// One preset
#[utoipa::path(get, path = "/presets/{name}", tag = "presets", params(
    ("name" = String, Path, description = "The preset's name"),
), responses(
    (status = 200, description = "The preset", body = PresetView),
    (status = 404, description = "There is no such preset"),
))]
async fn get_preset(
    _caller: Caller<Read>,
    State(context): State<Context>,
    Path(name): Path<String>,
) -> Result<Answer, Problem> {
    let found = context.app.write(move |live| {
        let preset = live.presets().iter().find(|preset| preset.name() == name);
        preset.map(|preset| PresetView::of(live, preset)).transpose()
    });
    let view = found.await?.ok_or_else(|| Problem::not_found("there is no such preset"))?;
    Ok(Answer::new(Operation::Other, &view))
}

/// Apply a preset as one change
#[utoipa::path(post, path = "/presets/{name}/apply", tag = "presets", params(
    ("name" = String, Path, description = "The preset's name"),
), responses(
    (status = 200, description = "What became of the change", body = AppliedView),
    (status = 404, description = "There is no such preset"),
))]
async fn apply_preset(
    caller: Caller<Write>,
    State(context): State<Context>,
    intent: Intent,
    Path(name): Path<String>,
) -> Result<Answer, Problem> {
    let actor = intent.actor(&caller, &context)?;
    let done = context.app.write(move |live| live.apply_preset(&name, actor)).await?;
    Ok(applied(&context, &intent, Operation::Other, &done))
}
