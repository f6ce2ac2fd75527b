//! Configuration experiments: defined, read with their exposures, and assigned.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use serde::Serialize;
use serde_json::{Map, Value as Json};
use strata_config_flags::Context as Unit;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::Answer;
use crate::auth::{Caller, Read, Write};
use crate::context::Context;
use crate::dialect::Operation;
use crate::experiments::{Arm, Definition, Experiments, store};
use crate::problem::Problem;
use crate::request::{Intent, JsonBody};
use crate::wire::{AppliedView, FindingView};

pub(super) fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::new()
        .routes(routes!(list_experiments))
        .routes(routes!(get_experiment, put_experiment, delete_experiment))
        .routes(routes!(assign_experiment))
}

/// The longest name of an experiment.
const LONGEST: usize = 100;

/// Experiments.
#[derive(Serialize, ToSchema)]
struct ExperimentsView {
    experiments: Vec<ExperimentView>,
}

/// An experiment, and how often each of its presets was served.
#[derive(Debug, Serialize, ToSchema)]
struct ExperimentView {
    name: String,
    /// What is to be found out.
    description: String,
    /// Whether it runs.
    enabled: bool,
    /// The presets and their weights.
    arms: Vec<Arm>,
    /// The percentage of units that take part.
    share: f64,
    /// How often each preset was served by this process.
    exposures: BTreeMap<String, u64>,
    /// The store's revision that is in effect.
    revision: u64,
}

/// What became of a change of an experiment.
#[derive(Serialize, ToSchema)]
struct ExperimentAppliedView {
    #[serde(flatten)]
    applied: AppliedView,
    /// The experiment as it is now.
    experiment: Option<ExperimentView>,
}

/// What a unit is given.
#[derive(Serialize, ToSchema)]
struct AssignmentView {
    experiment: String,
    /// The preset; null for those who have no part in it.
    preset: Option<String>,
    /// `SPLIT`, also for those whom the share leaves out; `DEFAULT` where there is no targeting key; `DISABLED`; or
    /// `ERROR` where the preset can't be used as the configuration is.
    reason: String,
    /// The unit's place in the split, 0 to 99,999.
    bucket: Option<u32>,
    /// The effective configuration with the preset's values.
    #[schema(value_type = Object)]
    values: Json,
    /// Why the preset can't be used.
    errors: Vec<FindingView>,
}

/// The experiments that this configuration has.
fn experiments(context: &Context) -> Result<&Experiments, Problem> {
    let experiments = context.app.experiments.as_ref();
    experiments.ok_or_else(|| Problem::not_found("this configuration has no experiments"))
}

fn find(experiments: &Experiments, name: &str) -> Result<ExperimentView, Problem> {
    all(experiments)
        .into_iter()
        .find(|experiment| experiment.name == name)
        .ok_or_else(|| Problem::not_found(format!("there is no experiment `{name}`")))
}

fn all(experiments: &Experiments) -> Vec<ExperimentView> {
    let (definitions, revision) = experiments.definitions();
    let mut counted = experiments.exposures();
    let view = |(name, definition): (String, Definition)| {
        let exposures = counted.remove(&name).unwrap_or_default();
        let Definition { description, enabled, arms, share } = definition;
        ExperimentView { name, description, enabled, arms, share, exposures, revision }
    };
    definitions.into_iter().map(view).collect()
}

/// The experiments, with exposures
#[utoipa::path(get, path = "/experiments", tag = "experiments", responses(
    (status = 200, description = "The experiments by name", body = ExperimentsView),
))]
async fn list_experiments(_caller: Caller<Read>, State(context): State<Context>) -> Answer {
    // A configuration without experiments has none to list.
    let experiments = context.app.experiments.as_ref().map(all).unwrap_or_default();
    Answer::new(Operation::Other, &ExperimentsView { experiments })
}

/// One experiment, with exposures
#[utoipa::path(get, path = "/experiments/{name}", tag = "experiments",
    params(("name" = String, Path, description = "The experiment's name")),
    responses((status = 200, description = "The experiment", body = ExperimentView)))]
async fn get_experiment(
    _caller: Caller<Read>,
    State(context): State<Context>,
    Path(name): Path<String>,
) -> Result<Answer, Problem> {
    let view = find(experiments(&context)?, &name)?;
    Ok(Answer::new(Operation::Other, &view))
}

/// Begin an experiment, or change it
#[utoipa::path(put, path = "/experiments/{name}", tag = "experiments", request_body = Definition,
    params(("name" = String, Path, description = "The experiment's name")),
    responses((status = 200, description = "What became of the change", body = ExperimentAppliedView)))]
async fn put_experiment(
    caller: Caller<Write>,
    State(context): State<Context>,
    Path(name): Path<String>,
    intent: Intent,
    body: JsonBody,
) -> Result<Answer, Problem> {
    let experiments = experiments(&context)?;
    if name.is_empty() || name.chars().count() > LONGEST || name.chars().any(char::is_control) {
        return Err(Problem::malformed(format!(
            "an experiment's name has from 1 to {LONGEST} characters that are seen"
        )));
    }
    let definition: Definition = body.expect(Operation::Other, &context)?;
    let report = experiments.check(&definition);
    if !report.is_valid() {
        return Err(Problem::invalid(&report));
    }
    change(&caller, &context, &intent, &name, Some(definition)).await
}

/// End an experiment
#[utoipa::path(delete, path = "/experiments/{name}", tag = "experiments",
    params(("name" = String, Path, description = "The experiment's name")),
    responses((status = 200, description = "What became of the change", body = ExperimentAppliedView)))]
async fn delete_experiment(
    caller: Caller<Write>,
    State(context): State<Context>,
    Path(name): Path<String>,
    intent: Intent,
) -> Result<Answer, Problem> {
    find(experiments(&context)?, &name)?;
    change(&caller, &context, &intent, &name, None).await
}

async fn change(
    caller: &Caller<Write>,
    context: &Context,
    intent: &Intent,
    name: &str,
    definition: Option<Definition>,
) -> Result<Answer, Problem> {
    let actor = intent.actor(caller, context)?;
    let named = name.to_owned();
    let applied = context.app.write(move |live| store(live, &named, definition.as_ref(), actor)).await?;
    let current = context.app.current();
    let applied = AppliedView::of(&applied, &current.etag, intent.is_dry());
    let view = ExperimentAppliedView { applied, experiment: find(experiments(context)?, name).ok() };
    Ok(Answer::new(Operation::Other, &view).etag(&current.etag))
}

/// What a unit is given by an experiment
///
/// The body is an evaluation context: `{"targetingKey": "user-1", …}`. It counts as an exposure, and changes nothing.
#[utoipa::path(post, path = "/experiments/{name}/assign", tag = "experiments", request_body = Object,
    params(("name" = String, Path, description = "The experiment's name")),
    responses((status = 200, description = "The preset and the configuration under it", body = AssignmentView)))]
async fn assign_experiment(
    _caller: Caller<Read>,
    State(context): State<Context>,
    Path(name): Path<String>,
    body: JsonBody,
) -> Result<Answer, Problem> {
    let experiments = experiments(&context)?.clone();
    let unit: Map<String, Json> = body.read(Operation::Other, &context)?;
    let asked = name.clone();
    // A preset that was not served since the last change is built, which may wait for a change that is being made.
    let assigned = context.app.read(move |_| Ok(experiments.assign(&asked, &Unit::from_json(&unit)))).await?;
    let assigned = assigned.ok_or_else(|| Problem::not_found(format!("there is no experiment `{name}`")))?;
    let view = AssignmentView {
        experiment: assigned.experiment,
        preset: assigned.preset,
        reason: assigned.reason.as_str().to_owned(),
        bucket: assigned.bucket,
        values: Json::clone(&assigned.values),
        errors: assigned.problems.errors().map(FindingView::of).collect(),
    };
    Ok(Answer::new(Operation::Other, &view))
}
