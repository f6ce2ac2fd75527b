//! `POST /reset`: what was set at run time is taken back, so that weaker sources show again.

use axum::extract::State;
use serde::Deserialize;
use strata_config_reload::Batch;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::applied;
use crate::answer::Answer;
use crate::auth::{Caller, Write};
use crate::context::Context;
use crate::dialect::Operation;
use crate::problem::Problem;
use crate::request::{Intent, JsonBody};
use crate::wire::AppliedView;

pub(super) fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::new().routes(routes!(reset))
}

/// What is taken back: one setting or section, several of them; everything where nothing is named.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
struct What {
    /// One setting, or a section.
    path: Option<String>,
    /// The same, as an older interface says it.
    key: Option<String>,
    /// Several of them.
    paths: Option<Vec<String>>,
}

/// Take back what was set at run time
///
/// One setting, several, or everything where the body names none.
#[utoipa::path(post, path = "/reset", tag = "configuration", request_body = Option<What>, responses(
    (status = 200, description = "What became of the change", body = AppliedView),
))]
async fn reset(
    caller: Caller<Write>,
    State(context): State<Context>,
    intent: Intent,
    body: JsonBody,
) -> Result<Answer, Problem> {
    let What { path, key, paths } = body.read(Operation::Reset, &context)?;
    let actor = intent.actor(&caller, &context)?;
    let is_all = path.is_none() && key.is_none() && paths.is_none();
    let named = path.into_iter().chain(key).chain(paths.into_iter().flatten());
    let batch = named.fold(Batch::new(), |batch, path| batch.unset(&path));
    let done =
        context.app.write(move |live| if is_all { live.reset(actor) } else { live.apply(&batch, actor) }).await?;
    Ok(applied(&context, &intent, Operation::Reset, &done))
}
