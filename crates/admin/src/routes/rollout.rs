//! The rollout of a system that has one: how it is going, how far it goes, and the emergency.

use std::sync::Arc;

use axum::extract::State;
use strata_config_core::Value;
use strata_config_reload::{Actor, Applied};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::Answer;
use crate::auth::{Caller, ChangeFlags, Read};
use crate::context::Context;
use crate::dialect::Operation;
use crate::problem::Problem;
use crate::request::{Intent, JsonBody};
use crate::rollout::Rollout;
use crate::wire::AppliedView;

pub(super) fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::new()
        .routes(routes!(get_rollout, update_rollout))
        .routes(routes!(emergency_disable))
        .routes(routes!(emergency_restore))
}

/// How the rollout is going
#[utoipa::path(get, path = "/rollout", tag = "rollout", responses(
    (status = 200, description = "The system's own figures", body = serde_json::Value),
))]
async fn get_rollout(_caller: Caller<Read>, State(context): State<Context>) -> Result<Answer, Problem> {
    let current = context.app.current();
    let rollout = rollout(&context)?;
    let statistics = context.app.blocking(move |_| rollout.statistics()).await?;
    Ok(Answer::new(Operation::Rollout, &statistics).etag(&current.etag))
}

/// Change how far the rollout goes
#[utoipa::path(post, path = "/rollout", tag = "rollout", request_body = serde_json::Value, responses(
    (status = 200, description = "What became of the change", body = AppliedView),
))]
async fn update_rollout(
    caller: Caller<ChangeFlags>,
    State(context): State<Context>,
    intent: Intent,
    body: JsonBody,
) -> Result<Answer, Problem> {
    let body = body.of(Operation::UpdateRollout, &context)?;
    let patch = Value::from_serialize(&rollout(&context)?.patch(&body)?);
    let actor = intent.actor(&caller, &context)?;
    let applied = context.app.write(move |live| live.update(&patch, actor)).await?;
    Ok(told(Operation::UpdateRollout, &context, &intent, &applied))
}

/// Turn everything off at once
#[utoipa::path(post, path = "/emergency-disable", tag = "rollout", responses(
    (status = 200, description = "What became of the change", body = AppliedView),
    (status = 409, description = "The configuration does not permit it"),
))]
async fn emergency_disable(
    caller: Caller<ChangeFlags>,
    State(context): State<Context>,
    intent: Intent,
) -> Result<Answer, Problem> {
    turn(Operation::EmergencyDisable, &caller, &context, &intent, |rollout, actor| rollout.disable(actor)).await
}

/// Go back to what was before the emergency
#[utoipa::path(post, path = "/emergency-restore", tag = "rollout", responses(
    (status = 200, description = "What became of the change", body = AppliedView),
    (status = 409, description = "There is no emergency"),
))]
async fn emergency_restore(
    caller: Caller<ChangeFlags>,
    State(context): State<Context>,
    intent: Intent,
) -> Result<Answer, Problem> {
    turn(Operation::EmergencyRestore, &caller, &context, &intent, |rollout, actor| rollout.restore(actor)).await
}

async fn turn(
    operation: Operation,
    caller: &Caller<ChangeFlags>,
    context: &Context,
    intent: &Intent,
    turn: fn(&dyn Rollout, Actor) -> Result<Applied, Problem>,
) -> Result<Answer, Problem> {
    let actor = intent.actor(caller, context)?;
    let rollout = rollout(context)?;
    let applied = context.app.blocking(move |_| turn(&*rollout, actor)).await??;
    Ok(told(operation, context, intent, &applied))
}

fn told(operation: Operation, context: &Context, intent: &Intent, applied: &Applied) -> Answer {
    let current = context.app.current();
    Answer::new(operation, &AppliedView::of(applied, &current.etag, intent.is_dry())).etag(&current.etag)
}

/// These routes are mounted where there is one.
fn rollout(context: &Context) -> Result<Arc<dyn Rollout>, Problem> {
    context.app.rollout.clone().ok_or_else(|| Problem::not_found("the system has no rollout"))
}
