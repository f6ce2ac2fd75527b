//! Flags changed: as a whole, by their share, their use or their ramp, and removed.

use axum::extract::{Path, State};
use serde::Serialize;
use strata_config_reload::{Applied, DynLive};
use utoipa::ToSchema;

use super::change::{self, Change};
use super::{flags_of, view};
use crate::answer::Answer;
use crate::auth::{Caller, ChangeFlags};
use crate::context::Context;
use crate::dialect::Operation;
use crate::problem::Problem;
use crate::request::{Intent, JsonBody};
use crate::wire::{AppliedView, FlagView};

/// What became of the change of a flag.
#[derive(Serialize, ToSchema)]
struct AppliedFlagView {
    #[serde(flatten)]
    applied: AppliedView,
    /// The flag as it is now; null where there is none of this key.
    flag: Option<FlagView>,
}

/// What is to be changed of a flag: the whole of it, or one or several of the others.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape for the description; the body is read member by member")]
struct ChangeFlagBody {
    /// Anything that a flag's setting takes: `true`, `"25%"`, `"canary"`, or a definition in full.
    definition: Option<serde_json::Value>,
    /// The share of units that the fallthrough serves, in percent to the thousandth: `12.345`. The rest of the
    /// definition stays; a ramp ends.
    percentage: Option<f64>,
    /// Whether it is in use. The rest of the definition stays.
    enabled: Option<bool>,
    /// Shares by time: `{"steps": [{"at": "2026-11-21T08:00:00Z", "coverage": "5%"}]}`. The rest of the definition stays.
    ramp: Option<serde_json::Value>,
    /// `false` with a `definition`: only where there is such a flag already.
    create: Option<bool>,
}

/// Change a flag
///
/// With `definition`, it may be a new one, where the configuration has a map of flags.
#[utoipa::path(put, path = "/feature-flags/{key}", tag = "flags", request_body = ChangeFlagBody,
    params(("key" = String, Path, description = "The flag's key")), responses(
        (status = 200, description = "What became of the change, and the flag", body = AppliedFlagView),
        (status = 404, description = "There is no such flag, and no place for a new one"),
        (status = 409, description = "The flag is not a setting of its own; `settings` names those to change instead"),
        (status = 412, description = "The configuration is another than that of `If-Match`"),
        (status = 422, description = "The flag would be wrong: every mistake, with its JSON pointer"),
))]
pub(super) async fn put_flag(
    caller: Caller<ChangeFlags>,
    State(context): State<Context>,
    Path(key): Path<String>,
    intent: Intent,
    body: JsonBody,
) -> Result<Answer, Problem> {
    let change = Change::read(body.of(Operation::SetFlag, &context)?)?;
    let (applied, intent) = make(caller, &context, &key, intent, change).await?;
    answer(Operation::SetFlag, &context, &key, &applied, &intent)
}

/// Change a flag
///
/// As `PUT`.
#[utoipa::path(post, path = "/feature-flags/{key}", tag = "flags", request_body = ChangeFlagBody,
    params(("key" = String, Path, description = "The flag's key")), responses(
        (status = 200, description = "What became of the change, and the flag", body = AppliedFlagView),
        (status = 404, description = "There is no such flag, and no place for a new one"),
        (status = 409, description = "The flag is not a setting of its own; `settings` names those to change instead"),
        (status = 412, description = "The configuration is another than that of `If-Match`"),
        (status = 422, description = "The flag would be wrong: every mistake, with its JSON pointer"),
))]
pub(super) async fn post_flag(
    caller: Caller<ChangeFlags>,
    context: State<Context>,
    key: Path<String>,
    intent: Intent,
    body: JsonBody,
) -> Result<Answer, Problem> {
    put_flag(caller, context, key, intent, body).await
}

/// Remove what was set of a flag at run time
///
/// What weaker sources say of it shows again.
#[utoipa::path(delete, path = "/feature-flags/{key}", tag = "flags",
    params(("key" = String, Path, description = "The flag's key")), responses(
        (status = 200, description = "What became of the change, and the flag where there still is one", body = AppliedFlagView),
        (status = 404, description = "There is no such flag"),
        (status = 409, description = "The flag is not a setting of its own; `settings` names those to change instead"),
        (status = 412, description = "The configuration is another than that of `If-Match`"),
        (status = 422, description = "The configuration needs the flag"),
))]
pub(super) async fn delete_flag(
    caller: Caller<ChangeFlags>,
    State(context): State<Context>,
    Path(key): Path<String>,
    intent: Intent,
) -> Result<Answer, Problem> {
    let (applied, intent) = make(caller, &context, &key, intent, Change::Remove).await?;
    answer(Operation::UnsetFlag, &context, &key, &applied, &intent)
}

async fn make(
    caller: Caller<ChangeFlags>,
    context: &Context,
    key: &str,
    intent: Intent,
    change: Change,
) -> Result<(Applied, Intent), Problem> {
    let flags = flags_of(&context.app)?.clone();
    let actor = intent.actor(&caller, context)?;
    let is_conditional = intent.is_conditional();
    let key = key.to_owned();
    let made = match context.app.flag_writer.clone().filter(|writer| writer.holds(&key)) {
        Some(writer) => {
            let is_dry = intent.is_dry();
            let make = move |live: &dyn DynLive| change::make_elsewhere(&*writer, live, &flags, &key, &change, is_dry);
            context.app.blocking(make).await?
        }
        None => {
            let make = move |live: &dyn DynLive| change::make(live, &flags, &key, &change, &actor, is_conditional);
            context.app.blocking(make).await?
        }
    };
    Ok((made?, intent))
}

fn answer(
    operation: Operation,
    context: &Context,
    key: &str,
    applied: &Applied,
    intent: &Intent,
) -> Result<Answer, Problem> {
    let current = context.app.current();
    let flag = view(&context.app, flags_of(&context.app)?, key);
    let applied = AppliedView::of(applied, &current.etag, intent.is_dry());
    Ok(Answer::new(operation, &AppliedFlagView { applied, flag }).etag(&current.etag))
}
