//! Whether the process answers, and whether it can do its work.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use strata_config_reload::Condition;
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::auth::{Caller, Read};
use crate::context::Context;
use crate::dialect::Operation;
use crate::problem::Problem;

/// That the process answers.
#[derive(Serialize, ToSchema)]
pub(super) struct HealthView {
    /// `ok`.
    status: &'static str,
}

/// Whether it can do its work.
#[derive(Serialize, ToSchema)]
pub(super) struct ReadyView {
    /// Whether it can.
    ready: bool,
    /// `healthy`, or `degraded` where the last known good configuration stands in for something.
    condition: String,
    /// Why it is not healthy; in detail only for those who may read.
    reasons: Vec<String>,
}

/// Whether the process answers
///
/// It asks nothing else: a process that answers needs no restart.
#[utoipa::path(get, path = "/healthz", tag = "operation", responses(
    (status = 200, description = "It does", body = HealthView),
))]
pub(super) async fn healthz() -> Answer {
    Answer::new(Operation::Other, &HealthView { status: "ok" })
}

/// Whether the process can do its work
///
/// Its configuration is loaded, and its store takes changes. One that is only degraded is ready.
#[utoipa::path(get, path = "/readyz", tag = "operation", responses(
    (status = 200, description = "It can", body = ReadyView),
    (status = 503, description = "Its store takes no changes"),
))]
pub(super) async fn readyz(
    caller: Result<Caller<Read>, Problem>,
    State(context): State<Context>,
) -> Result<Answer, Problem> {
    // A store that is asked how it is may take its time.
    let status = context.app.read(|live| Ok(live.status())).await?;
    let troubles = context.app.troubles();
    let condition = match status.condition {
        Condition::Healthy if troubles.is_empty() => "healthy",
        Condition::Healthy | Condition::Degraded => "degraded",
        Condition::Critical => "critical",
    };
    let reasons = match (caller.is_ok(), status.condition) {
        (true, _) => status.reasons.into_iter().chain(troubles).collect(),
        (false, Condition::Healthy) if troubles.is_empty() => Vec::new(),
        (false, Condition::Healthy) => vec!["something is wrong with the interface's own files".to_owned()],
        (false, Condition::Degraded) => vec!["the last known good configuration stands in for something".to_owned()],
        (false, Condition::Critical) => vec!["the store takes no changes".to_owned()],
    };
    if status.condition == Condition::Critical {
        let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not-ready", "the store takes no changes");
        return Err(problem.with("ready", false).with("condition", condition).with("reasons", reasons));
    }
    let view = ReadyView { ready: true, condition: condition.to_owned(), reasons };
    Ok(Answer::new(Operation::Other, &view))
}
