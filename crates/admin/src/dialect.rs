//! The words of a mount: what an older interface calls things, beside our own names.

use serde_json::{Map, Value as Json};
use utoipa_axum::router::OpenApiRouter;

use crate::context::Context;
use crate::problem::Problem;

/// What a request asks for, so that a dialect can tell answers apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Operation {
    /// `GET /status`
    Status,
    /// `GET /config`
    Config,
    /// `PATCH|PUT|POST /config`
    UpdateConfig,
    /// `GET /values`
    Values,
    /// `GET /values/{path}`
    Value,
    /// `PUT /values/{path}`
    SetValue,
    /// `DELETE /values/{path}`
    UnsetValue,
    /// `POST /values/batch`
    Batch,
    /// `POST /validate`
    Validate,
    /// `GET /snapshots`
    Snapshots,
    /// `GET /snapshots/{id}`
    Snapshot,
    /// `POST /snapshots`
    CreateSnapshot,
    /// `DELETE /snapshots/{id}`
    DeleteSnapshot,
    /// `POST /snapshots/{id}/rollback`, `POST /history/{revision}/rollback`
    Rollback,
    /// `GET /notifications`
    Notifications,
    /// `GET /history`, `GET /history/{revision}`
    History,
    /// `POST /reset`
    Reset,
    /// `POST /export`
    Export,
    /// `POST /import`
    Import,
    /// `GET /feature-flags`
    Flags,
    /// `GET /feature-flags/{key}`
    Flag,
    /// `PUT|POST /feature-flags/{key}`
    SetFlag,
    /// `DELETE /feature-flags/{key}`
    UnsetFlag,
    /// `POST /feature-flags/{key}/evaluate`
    EvaluateFlag,
    /// `GET /rollout`
    Rollout,
    /// `POST /rollout`
    UpdateRollout,
    /// `POST /emergency-disable`
    EmergencyDisable,
    /// `POST /emergency-restore`
    EmergencyRestore,
    /// Everything that no older interface has.
    Other,
}

/// The words of an older interface. Every method leaves our own names as they are, and adds to them.
pub trait Dialect: Send + Sync + 'static {
    /// Adds to an answer that is an object.
    #[expect(unused_variables, reason = "most interfaces add to few answers")]
    fn answer(&self, operation: Operation, context: &Context, answer: &mut Map<String, Json>) {}

    /// Adds to a problem document.
    #[expect(unused_variables, reason = "most interfaces have no words for mistakes")]
    fn problem(&self, problem: &mut Map<String, Json>) {}

    /// Reads a request's body in the interface's own shape, and gives it in ours.
    ///
    /// # Errors
    /// What is wrong with the body.
    #[expect(unused_variables, reason = "most interfaces take what we take")]
    fn request(&self, operation: Operation, context: &Context, body: Json) -> Result<Json, Problem> {
        Ok(body)
    }

    /// Whether answers are written anew for it; not where it adds nothing to any.
    fn has_words(&self) -> bool {
        true
    }

    /// Routes that only this interface has.
    fn routes(&self) -> OpenApiRouter<Context> {
        OpenApiRouter::new()
    }
}

/// Our own words.
#[derive(Debug)]
pub(crate) struct Plain;

impl Dialect for Plain {
    fn has_words(&self) -> bool {
        false
    }
}
