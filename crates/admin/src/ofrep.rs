//! OFREP 0.3: how OpenFeature's clients ask for flags from afar, one by one or all at once, and hear of changes.

mod body;
mod bulk;
mod errors;
mod evaluated;
mod feed;
mod single;
mod stream;

use axum::middleware::from_fn_with_state;
use axum::routing::post;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::context::Context;

pub(crate) use feed::Remote;

/// Where the stream of changes is.
const EVENTS: &str = "/ofrep/v1/events";

/// The protocol's routes.
pub(crate) fn routes(context: &Context) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(single::evaluate_one))
        // Clients that do not encode a key's slashes.
        .route("/ofrep/v1/evaluate/flags/{key}/{*rest}", post(single::evaluate_deep))
        .routes(routes!(bulk::evaluate_all))
        .routes(routes!(stream::follow))
        .layer(from_fn_with_state(context.clone(), errors::in_ofrep))
        .with_state(context.clone())
}
