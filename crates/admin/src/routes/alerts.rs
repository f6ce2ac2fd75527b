//! Figures that an application reports, and the alerts that they raise.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::alerts::AlertView;
use crate::answer::Answer;
use crate::auth::{Caller, Read, Write};
use crate::context::Context;
use crate::dialect::Operation;
use crate::problem::Problem;
use crate::request::JsonBody;

pub(super) fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::new().routes(routes!(report)).routes(routes!(list_alerts))
}

/// Figures of an application.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FiguresBody {
    /// Each figure's name and number.
    #[schema(value_type = std::collections::HashMap<String, f64>)]
    figures: Map<String, Json>,
}

/// What became of a report.
#[derive(Serialize, ToSchema)]
struct ReportedView {
    /// How every rule stands now.
    alerts: Vec<AlertView>,
    /// Figures that no rule watches.
    unknown: Vec<String>,
}

/// How every rule stands.
#[derive(Serialize, ToSchema)]
struct AlertsView {
    alerts: Vec<AlertView>,
}

/// Report figures
///
/// They are compared with the thresholds that the configuration has now. An alert that begins or ends is told as an
/// event.
#[utoipa::path(post, path = "/reports", tag = "alerts", request_body = FiguresBody, responses(
    (status = 200, description = "How the alerts stand", body = ReportedView),
    (status = 422, description = "A figure is no number; none was taken"),
))]
async fn report(_caller: Caller<Write>, State(context): State<Context>, body: JsonBody) -> Result<Answer, Problem> {
    let FiguresBody { figures } = body.expect(Operation::Other, &context)?;
    let mut numbers = Vec::with_capacity(figures.len());
    let mut errors = Vec::new();
    for (name, value) in &figures {
        match value.as_f64().filter(|number| number.is_finite()) {
            Some(number) => numbers.push((name.as_str(), number)),
            None => {
                let pointer = format!("/figures/{}", name.replace('~', "~0").replace('/', "~1"));
                let message = "a figure is a finite number";
                errors.push(json!({
                    "pointer": pointer, "path": name, "code": "value.type", "message": message,
                    "origin": null, "layer": "", "at": "", "help": "", "related": [],
                }));
            }
        }
    }
    if !errors.is_empty() {
        let detail = "a figure is no number; none was taken";
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", detail).with("errors", errors));
    }
    let unknown = context.app.reports.report(numbers);
    Ok(Answer::new(Operation::Other, &ReportedView { alerts: context.app.reports.views(), unknown }))
}

/// The alerts
///
/// Every rule is told, whether it is an alert now or not.
#[utoipa::path(get, path = "/alerts", tag = "alerts", responses(
    (status = 200, description = "How every rule stands", body = AlertsView),
))]
async fn list_alerts(_caller: Caller<Read>, State(context): State<Context>) -> Answer {
    Answer::new(Operation::Other, &AlertsView { alerts: context.app.reports.views() })
}
