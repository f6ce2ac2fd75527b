//! What somebody gets of a flag, and why.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use strata_config_flags::model::{FlagType, FlagValue, Moment};
use strata_config_flags::{Answer as Served, Context as Whom, EvaluationError, TARGETING_KEY, TraceStep};
use utoipa::ToSchema;

use super::{flags_of, no_flag};
use crate::answer::Answer;
use crate::auth::{Caller, Read};
use crate::context::Context;
use crate::dialect::Operation;
use crate::problem::Problem;
use crate::request::JsonBody;

/// Whom a flag is evaluated for.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
struct EvaluateBody {
    /// Attributes; `targetingKey` is the unit.
    context: Map<String, Json>,
    /// What the program uses where the flag has no answer.
    #[schema(value_type = Option<Json>)]
    default: Json,
    /// Whether every step is told. Then the answer does not count as served.
    trace: bool,
    /// The moment to evaluate at; now, where nothing is said.
    #[schema(value_type = Option<String>, format = DateTime)]
    at: Option<Moment>,
}

/// What somebody gets, and why.
#[derive(Debug, Serialize, ToSchema)]
struct EvaluatedView {
    key: String,
    /// The value; the default that was given, or null, where the flag has none to serve.
    value: Json,
    /// The variant; null where the program's own default is served.
    variant: Option<String>,
    /// OpenFeature's reason.
    reason: String,
    /// The flag's own, and `why`, `rule_id`, `bucket`.
    metadata: Map<String, Json>,
    /// OpenFeature's code, where the default is of another type than the flag.
    #[serde(rename = "errorCode", skip_serializing_if = "Option::is_none")]
    error_code: Option<String>,
    /// The same for people.
    #[serde(rename = "errorDetails", skip_serializing_if = "Option::is_none")]
    error_details: Option<String>,
    /// Every step, where a trace was asked for: the last one decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    steps: Option<Vec<StepView>>,
}

/// One thing that was asked.
#[derive(Debug, Serialize, ToSchema)]
struct StepView {
    /// The flag that was asked: that of the question, or one that it depends on.
    flag: String,
    /// What was asked: `status`, `rule beta`, `segment staff`.
    asked: String,
    /// What came out.
    outcome: String,
}

/// Evaluate a flag for somebody
#[utoipa::path(post, path = "/feature-flags/{key}/evaluate", tag = "flags", request_body = EvaluateBody,
    params(("key" = String, Path, description = "The flag's key")), responses(
        (status = 200, description = "What somebody gets", body = EvaluatedView),
        (status = 400, description = "The body is not as it should be"),
        (status = 404, description = "There is no such flag: `key`, `errorCode`, `errorDetails`"),
))]
pub(super) async fn evaluate_flag(
    _caller: Caller<Read>,
    State(context): State<Context>,
    Path(key): Path<String>,
    body: JsonBody,
) -> Result<Answer, Problem> {
    let EvaluateBody { context: mut attributes, default, trace, at } = body
        .read(Operation::EvaluateFlag, &context)
        .map_err(|problem| told(problem, &key, "INVALID_CONTEXT", "the context can't be read"))?;
    let flags = flags_of(&context.app)?;
    text_key(&mut attributes);
    let whom = Whom::from_json(&attributes);
    let snapshot = flags.snapshot();
    let evaluated = if trace {
        let whom = whom.at(at.unwrap_or_else(|| flags.clock().now()));
        snapshot.set().explain(&key, &whom).map(|(served, trace)| view(&served, default, Some(trace.steps)))
    } else {
        let whom = if let Some(at) = at { whom.at(at) } else { whom };
        snapshot.evaluate(&key, &whom).map(|served| view(&served, default, None))
    };
    let view = evaluated.map_err(|error| told(no_flag(flags, &key), &key, error.code(), &error.to_string()))?;
    Ok(Answer::new(Operation::EvaluateFlag, &view))
}

/// A number is as good a key as a text, for whoever keeps users by number.
pub(crate) fn text_key(attributes: &mut Map<String, Json>) {
    if let Some(key) = attributes.get_mut(TARGETING_KEY).filter(|key| key.is_number()) {
        *key = Json::String(key.to_string());
    }
}

fn view(served: &Served<'_>, default: Json, steps: Option<Vec<TraceStep>>) -> EvaluatedView {
    let key = served.key().to_owned();
    let step = |step: TraceStep| StepView { flag: step.flag, asked: step.asked, outcome: step.outcome };
    let mut view = EvaluatedView {
        value: served.value().map(FlagValue::to_json).unwrap_or_default(),
        variant: served.variant().map(str::to_owned),
        reason: served.reason.as_str().to_owned(),
        metadata: served.metadata_json(),
        error_code: None,
        error_details: None,
        steps: steps.map(|steps| steps.into_iter().map(step).collect()),
        key,
    };
    let found = served.kind();
    if !default.is_null() && FlagValue::from_json(found, &default).is_none() {
        let asked = FlagType::of_all([&default]).unwrap_or(FlagType::String);
        let error = EvaluationError::TypeMismatch { key: view.key.clone(), asked, found };
        view.error_code = Some(error.code().to_owned());
        view.error_details = Some(error.to_string());
        (view.value, view.variant, view.reason) = (default, None, "ERROR".to_owned());
    } else if served.value().is_none() {
        view.value = default;
    }
    view
}

fn told(problem: Problem, key: &str, code: &str, details: &str) -> Problem {
    let problem = problem.with("key", key).with("errorCode", code);
    match problem.status() {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => problem,
        _ => problem.with("errorDetails", details),
    }
}
