//! `GET /audit`: every attempt to change something, also those that were refused.

use axum::extract::Query;
use axum::extract::State;
use axum::extract::rejection::QueryRejection;
use serde::{Deserialize, Serialize};
use strata_config_store::Timestamp;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::Answer;
use crate::audit::AuditEntry;
use crate::auth::{Administer, Caller};
use crate::context::Context;
use crate::dialect::Operation;
use crate::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::new().routes(routes!(list_audit))
}

/// Which entries.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// Of this actor.
    actor: Option<String>,
    /// Where the route's path holds this text.
    path: Option<String>,
    /// Answered with this status.
    status: Option<u16>,
    /// Not before this moment, in RFC 3339.
    #[param(value_type = Option<String>)]
    since: Option<Timestamp>,
    /// Before this moment, in RFC 3339.
    #[param(value_type = Option<String>)]
    until: Option<Timestamp>,
    /// At most so many: 100 where nothing is said.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
    /// Where the page before ended.
    cursor: Option<String>,
}

/// Attempts to change something.
#[derive(Serialize, ToSchema)]
struct AuditView {
    /// Newest first.
    entries: Vec<AuditEntry>,
    /// The cursor of the next page; null where this is the last.
    next: Option<String>,
}

/// Every attempt to change something, also refused ones
///
/// The newest 2,000 since the process began.
#[utoipa::path(get, path = "/audit", tag = "service", params(Wanted), responses(
    (status = 200, description = "The entries, newest first", body = AuditView),
))]
async fn list_audit(
    _caller: Caller<Administer>,
    State(context): State<Context>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Answer, Problem> {
    let Query(wanted) = wanted.map_err(|refused| Problem::malformed(refused.body_text()))?;
    let limit = wanted.limit.unwrap_or(100);
    if !(1..=1000).contains(&limit) {
        return Err(Problem::malformed("`limit` is from 1 to 1000"));
    }
    let before = wanted.cursor.as_deref().map(str::parse).transpose();
    let before = before.map_err(|_| Problem::malformed("`cursor` is none of ours"))?;
    let (entries, next) = context.app.audit.page(before, limit, |entry| wanted.has(entry));
    let entries = entries.iter().map(|entry| AuditEntry::clone(entry)).collect();
    Ok(Answer::new(Operation::Other, &AuditView { entries, next: next.map(|number| number.to_string()) }))
}

impl Wanted {
    fn has(&self, entry: &AuditEntry) -> bool {
        self.actor.as_ref().is_none_or(|actor| entry.actor.as_ref() == Some(actor))
            && self.path.as_ref().is_none_or(|path| entry.path.contains(path))
            && self.status.is_none_or(|status| entry.status == status)
            && self.since.is_none_or(|since| entry.at >= since)
            && self.until.is_none_or(|until| entry.at < until)
    }
}
