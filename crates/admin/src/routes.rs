//! The routes of a mount, one file for each part of the interface.

mod batch;
mod changing;
mod config;
mod patching;
mod paths;
mod tickets;
mod validate;
mod value;
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
        .merge(value::routes())
        .merge(batch::routes())
        .merge(validate::routes())
        .merge(tickets::routes());
    let routes = routes.merge(context.mount.dialect.routes());
    routes.layer(from_fn_with_state(context.clone(), in_words)).with_state(context.clone())
}
