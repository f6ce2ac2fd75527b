//! Single values: read with all that is known of them, set and unset.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::Answer;
use crate::auth::{Caller, Read};
use crate::context::Context;
use crate::dialect::Operation;
use crate::wire::ValueView;

pub(super) fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::new().routes(routes!(list_values))
}

/// Values, with all that is known of them.
#[derive(Serialize, ToSchema)]
struct ValuesView {
    /// The store's revision that is in effect.
    revision: u64,
    values: Vec<ValueView>,
}

/// Every value, and where it came from
#[utoipa::path(get, path = "/values", tag = "values", responses((status = 200, description = "The values", body = ValuesView)))]
async fn list_values(_caller: Caller<Read>, State(context): State<Context>) -> Answer {
    let current = context.app.current();
    let declared = current.version.declared().iter().map(ValueView::of_declared);
    let values = current.explained().iter().map(ValueView::of).chain(declared).collect();
    let view = ValuesView { revision: current.version.revision(), values };
    Answer::new(Operation::Values, &view).etag(&current.etag)
}
