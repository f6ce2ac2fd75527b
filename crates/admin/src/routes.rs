//! The routes of a mount, one file for each part of the interface.

mod config;
mod events;
mod tickets;
mod values;

use axum::middleware::from_fn_with_state;
use utoipa_axum::router::OpenApiRouter;

use crate::answer::in_words;
use crate::context::Context;

/// Everything below a mount's prefix.
pub(crate) fn mounted(context: &Context) -> OpenApiRouter {
    let routes = OpenApiRouter::new()
        .merge(config::routes())
        .merge(values::routes())
        .merge(tickets::routes())
        .merge(events::routes());
    let routes = routes.merge(context.mount.dialect.routes());
    routes.layer(from_fn_with_state(context.clone(), in_words)).with_state(context.clone())
}
